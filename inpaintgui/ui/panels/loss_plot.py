"""The loss over the steps of the region being searched, as one line."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

_CAPACITY = 2000


class LossPlot(QWidget):
    """Draws what it is given since the last :meth:`clear`, from left to right, scaled to fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._region = 0
        self._values: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setToolTip(self.tr("Loss of the leading candidate over the steps"))

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(self._values)

    def clear(self) -> None:
        """Forget all."""
        self._values = []
        self.update()

    def add(self, region: int, value: float) -> None:
        """Another step; another region begins a new line."""
        if region != self._region:
            self._region, self._values = region, []
        if math.isfinite(value):
            self._values.append(value)
        if len(self._values) > _CAPACITY:
            del self._values[1::2]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 56)

    def minimumSizeHint(self) -> QSize:
        """Low: where the screen is, the window must not outgrow it for the moment in which a search ends."""
        return QSize(80, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Base))
        if len(self._values) > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), 1.5))
            painter.drawPolyline(self._line())
        painter.end()

    def _line(self) -> QPolygonF:
        low, high = min(self._values), max(self._values)
        span = (high - low) or 1.0
        width, height = self.width() - 8, self.height() - 8
        last = len(self._values) - 1
        return QPolygonF(
            [
                QPointF(4 + width * index / last, 4 + height * (high - value) / span)
                for index, value in enumerate(self._values)
            ]
        )

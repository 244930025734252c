"""What is shown while a large photo is decoded: a small picture of it, or of its upper part, in the photo's place."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from inpaintgui.contracts import Glimpse
from inpaintgui.ui.clipboard import image_of
from inpaintgui.ui.viewport import Viewport

log = logging.getLogger(__name__)


class OpeningPage(QWidget):
    """Shows a glimpse where the canvas will show the fitted photo."""

    painted = Signal(float)
    """The first glimpse of a photo is on the screen; seconds since the photo was asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._size, self._share = (1, 1), 1.0
        self._since, self._told = 0.0, 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.BusyCursor)

    def show_glimpse(self, glimpse: Glimpse, since: float) -> None:
        """Take another picture. since: when the photo was asked for, as time.perf_counter tells."""
        self._image, self._size, self._share = image_of(glimpse.pixels), (glimpse.width, glimpse.height), glimpse.share
        self._since = since
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().dark())
        if self._image is not None:
            view = Viewport(*self._size, self.width(), self.height(), self.devicePixelRatioF()).fitted()
            left, top = view.to_widget(0, 0)
            right, bottom = view.to_widget(*self._size)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(left, top, right - left, self._share * (bottom - top)), self._image)
            if self._since != self._told:
                self._told = self._since
                seconds = time.perf_counter() - self._since
                log.info("first picture after %.2f s", seconds)
                self.painted.emit(seconds)
        painter.end()

"""The photo as it was opened, beside the canvas: the same place at the same size."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from inpaintgui.ui import layers
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.controller import Controller


class OriginalView(QWidget):
    """Follows a canvas. Dragging moves the photo and the wheel zooms, in both."""

    def __init__(self, controller: Controller, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._canvas = controller, canvas
        self._layer: layers.PhotoLayer | None = None
        self._held: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Original"))
        self.setToolTip(self.tr("The photo as it was opened"))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        canvas.view_changed.connect(self.update)
        controller.changed.connect(lambda _change: self.update())
        controller.document_replaced.connect(self._on_document)
        self.hide()

    def _on_document(self) -> None:
        pyramid = self._controller.photo_pyramid
        self._layer = layers.PhotoLayer(pyramid) if pyramid is not None else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().dark())
        document = self._controller.document
        if self._layer is not None and document is not None:
            view = replace(self._canvas.view, width=self.width(), height=self.height())
            painter.setClipRect(event.rect())
            painter.scale(1 / view.ratio, 1 / view.ratio)
            background = layers.checkerboard()
            if self._layer.has_alpha:
                painter.fillRect(layers.image_rectangle(view), background)
            self._layer.draw(painter, view)
            self._layer.draw_originals(painter, view, background)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self._canvas.pan_by(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._held = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._canvas.wheelEvent(event)

"""The canvas: shows the photo with everything that lies on it, and turns pointer events into tool events."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from inpaintgui.contracts import Box
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.tools import ToolEvent
from inpaintgui.ui import layers
from inpaintgui.ui.controller import SQUARE, Controller
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.scene import Scene
from inpaintgui.ui.viewport import Viewport

log = logging.getLogger(__name__)

_WHEEL_STEP = 1.2
"""Zoom factor of one notch."""
_NOTCH = 120.0
_SLACK = 3
"""Logical pixels around a changed place that may be drawn differently: smooth scaling and the outline."""


class Canvas(QWidget):
    """Shows the controller's document."""

    view_changed = Signal()
    """Another zoom, or another part of the photo."""
    pointed = Signal(object)
    """(x, y) in image pixels under the pointer, or None when it has left."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.view = Viewport(0, 0, 1, 1)
        self._layer: layers.PhotoLayer | None = None
        self._preview: PreviewImage | None = None
        self._pointer: QPointF | None = None
        self._panning_from: QPointF | None = None
        self._space_held = self._original_held = self._is_drawing = False
        self._split: float | None = None
        self._fit_pending = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setMinimumSize(200, 150)
        controller.document_replaced.connect(self._on_document)
        controller.changed.connect(self._on_change)
        controller.tool_changed.connect(self._on_tool)
        controller.settings_changed.connect(self.update)
        controller.fills.preview.connect(self._on_preview)
        controller.fills.finished.connect(self._forget_preview)
        controller.fills.failed.connect(self._forget_preview)
        controller.fills.cancelled.connect(self._forget_preview)
        self._on_tool()

    # What is shown

    @property
    def preview(self) -> PreviewImage | None:
        """What a running fill looks like so far."""
        return self._preview

    @property
    def shows_original(self) -> bool:
        return self._original_held

    @property
    def split(self) -> float | None:
        """Where before meets after, as a part of the widget's width; None without comparison."""
        return self._split

    def set_compare(self, on: bool) -> None:
        """Show the original left of a line that can be dragged."""
        self._split = 0.5 if on else None
        self.update()

    def _on_document(self) -> None:
        document, pyramid = self._controller.document, self._controller.photo_pyramid
        self._preview = None
        if document is None or pyramid is None:
            self._layer = None
            return
        self._layer = layers.PhotoLayer(pyramid)
        self.view = Viewport(document.width, document.height, self.width(), self.height(), self.devicePixelRatioF())
        # Before the first layout the size is not known yet.
        self._fit_pending = not self.isVisible()
        self.fit()
        self._log_view()

    def _on_change(self, change: Change) -> None:
        if not change.box.is_empty:
            self.update(self._widget_rectangle(change.box))
        elif change.what & (Changed.MASK | Changed.OVERLAY | Changed.PIXELS):
            self.update()

    def _on_preview(self, preview: PreviewImage) -> None:
        first = self._preview is None
        self._preview = preview
        log.debug("preview shown")
        if first:  # the tint makes way for the preview everywhere
            self.update()
        else:
            self.update(self._widget_rectangle(preview.box))

    def _forget_preview(self) -> None:
        self._preview = None
        self.update()

    def _widget_rectangle(self, box: Box) -> QRect:
        left, top, right, bottom = self.view.widget_rectangle(box)
        exact = QRectF(left, top, right - left, bottom - top).adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
        return exact.intersected(QRectF(self.rect())).toAlignedRect()

    # The view

    def _set_view(self, view: Viewport) -> None:
        if view != self.view:
            self.view = view
            self._log_view()
            self.update()
            self.view_changed.emit()

    def _log_view(self) -> None:
        corner = self.mapToGlobal(QPoint(0, 0))
        log.debug("canvas at %d, %d, %s", corner.x(), corner.y(), self.view)

    def fit(self) -> None:
        """Show the whole photo."""
        self._set_view(self.view.fitted())
        self.update()
        self.view_changed.emit()

    def zoom_to(self, zoom: float) -> None:
        """Device pixels per image pixel, around the middle."""
        self._set_view(self.view.zoomed(zoom, self.width() / 2, self.height() / 2))

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, around the middle."""
        self._set_view(self.view.zoomed_by(factor, self.width() / 2, self.height() / 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        fits = self._fit_pending or self.view == self.view.fitted()
        self.view = self.view.resized(self.width(), self.height(), self.devicePixelRatioF())
        if fits:
            self.view = self.view.fitted()
        self._fit_pending = False
        self.view_changed.emit()
        self._log_view()
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        zooms = self._controller.settings.wheel_zooms or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if zooms:
            # Alt and some wheels turn the notch sideways.
            turned = delta.y() or delta.x()
            at = event.position()
            self._set_view(self.view.zoomed_by(_WHEEL_STEP ** (turned / _NOTCH), at.x(), at.y()))
        else:
            pixels = event.pixelDelta() if not event.pixelDelta().isNull() else delta / 2
            self._set_view(self.view.panned(pixels.x(), pixels.y()))
        event.accept()

    # Pointer

    def _tool_event(self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> ToolEvent:
        x, y = self.view.to_image(at.x(), at.y())
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        return ToolEvent(x, y, pressure=pressure, alt=alt, shift=shift)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button, at = event.button(), event.position()
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._space_held):
            self._panning_from = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton:
            self._begin(self._tool_event(at, event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())
        if self._panning_from is not None:
            moved = event.position() - self._panning_from
            self._panning_from = event.position()
            self._set_view(self.view.panned(moved.x(), moved.y()))
        elif self._is_drawing:
            self._controller.drag(self._tool_event(event.position(), event.modifiers()))
        elif self._split is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._move_split(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning_from is not None and event.button() in {
            Qt.MouseButton.MiddleButton,
            Qt.MouseButton.LeftButton,
        }:
            self._panning_from = None
            self._on_tool()
        elif self._is_drawing and event.button() == Qt.MouseButton.LeftButton:
            self._end(self._tool_event(event.position(), event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        # An accepted event brings no mouse event, which would have no pressure and, on some systems, would pan.
        if event.deviceType() is None or self._panning_from is not None or self._space_held:
            event.ignore()
            return
        tool_event = self._tool_event(event.position(), event.modifiers(), event.pressure())
        self._point_at(event.position())
        if event.type() == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin(tool_event)
        elif event.type() == QEvent.Type.TabletMove and self._is_drawing:
            self._controller.drag(tool_event)
        elif event.type() == QEvent.Type.TabletRelease and self._is_drawing:
            self._end(tool_event)
        else:
            event.ignore()
            return
        event.accept()

    def _begin(self, event: ToolEvent) -> None:
        if self._split is not None:  # comparing, not painting
            x, _ = self.view.to_widget(event.x, event.y)
            self._move_split(x)
            return
        self._is_drawing = True
        self._controller.press(event)

    def _end(self, event: ToolEvent) -> None:
        self._is_drawing = False
        self._controller.release(event)

    def _move_split(self, x: float) -> None:
        self._split = min(max(x / max(self.width(), 1), 0.0), 1.0)
        self.update()

    def _point_at(self, at: QPointF | None) -> None:
        self.update(self._ring_rectangle())
        self._pointer = at
        self.update(self._ring_rectangle())
        self.pointed.emit(None if at is None else self.view.to_image(at.x(), at.y()))

    def _ring_rectangle(self) -> QRect:
        if self._pointer is None or self._layer is None:
            return QRect()
        reach = self._ring_radius() + _SLACK
        corner = self._pointer - QPointF(reach, reach)
        return QRectF(corner.x(), corner.y(), 2 * reach, 2 * reach).toAlignedRect().intersected(self.rect())

    def _ring_radius(self) -> float:
        return self._controller.brush.size / 2 * self.view.scale

    def enterEvent(self, event: QEnterEvent) -> None:
        # Keys held over the canvas (Space, Tab, Alt) must reach it even if a number was typed in a panel before.
        if self.isActiveWindow() and QApplication.activeModalWidget() is None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    # Keys

    def focusNextPrevChild(self, _next: bool) -> bool:
        # Tab held shows the original; without a photo it moves on as everywhere.
        return False if self._layer is not None else super().focusNextPrevChild(_next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._layer is None or event.key() not in {Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Escape}:
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self._space_held = True
            self._on_tool()
        elif event.key() == Qt.Key.Key_Tab:
            self._hold_original(on=True)
        elif self._is_drawing:
            self._is_drawing = False
            self._controller.cancel_drag()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self._space_held = False
            self._on_tool()
        elif event.key() == Qt.Key.Key_Tab:
            self._hold_original(on=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # The release of a held key goes elsewhere now.
        self._space_held = False
        self._hold_original(on=False)
        self._on_tool()
        super().focusOutEvent(event)

    def _hold_original(self, *, on: bool) -> None:
        if on != self._original_held:
            self._original_held = on
            self.update()

    def _on_tool(self) -> None:
        if self._panning_from is None:
            shape = Qt.CursorShape.OpenHandCursor if self._space_held else Qt.CursorShape.CrossCursor
            self.setCursor(shape)
        self.update()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().dark())
        document, masks = self._controller.document, self._controller.mask_pyramid
        if self._layer is not None and document is not None and masks is not None:
            painter.setClipRegion(event.region())
            ratio = self.view.ratio
            painter.scale(1 / ratio, 1 / ratio)
            scene = Scene(
                view=self.view,
                photo=self._layer,
                document=document,
                masks=masks,
                style=layers.MaskStyle(self._controller.settings.mask_colour, self._controller.settings.mask_opacity),
                preview=self._preview,
                square=self._controller.square.square,
                original=self._original_held,
                split=self._split,
                ring=self._ring(),
            )
            scene.draw(painter, event.rect())
        painter.end()

    def _ring(self) -> tuple[float, float, float] | None:
        idle = self._panning_from is None and not self._space_held
        if self._pointer is None or not idle or self._controller.tool == SQUARE or self._controller.fills.busy:
            return None
        return self._pointer.x(), self._pointer.y(), self._ring_radius()

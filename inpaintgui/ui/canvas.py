"""The canvas: turns pointer and held keys into tool events, panning, zooming and comparing."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from inpaintgui.session.tools import ToolEvent
from inpaintgui.ui.canvas_view import CanvasView
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.toolbox import POLYGON

_WHEEL_STEP = 1.2
"""Zoom factor of one notch."""
_NOTCH = 120.0
_OUTLINE_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Backspace})
_REACH = 8.0
"""Logical pixels around a point that count as on it."""


class Canvas(CanvasView):
    """The view with its input."""

    pointed = Signal(object)
    """(x, y) in image pixels under the pointer, or None when it has left."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._panning_from: QPointF | None = None
        self._space_held = self._is_drawing = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        controller.tool_changed.connect(self._on_tool)
        self._on_tool()

    # Pointer

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

    def _tool_event(
        self,
        at: QPointF,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        *,
        clicks: int = 1,
        eraser: bool = False,
    ) -> ToolEvent:
        x, y = self.view.to_image(at.x(), at.y())
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        reach = _REACH / self.view.scale
        return ToolEvent(x, y, pressure=pressure, alt=alt, shift=shift, clicks=clicks, reach=reach, eraser=eraser)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button, at = event.button(), event.position()
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._space_held):
            self._panning_from = at
            self._shows_ring = False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton:
            self._begin(self._tool_event(at, event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._space_held:
            self._begin(self._tool_event(event.position(), event.modifiers(), clicks=2))
        else:
            self.mousePressEvent(event)

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
        elif self._split is None:
            self._controller.hover(self._tool_event(event.position(), event.modifiers()))

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
        # A polygon wants it all the same: Qt tells double clicks only among mouse events.
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        is_mouse = self._controller.tool == POLYGON and not eraser
        if is_mouse or self._panning_from is not None or self._space_held:
            event.ignore()
            return
        tool_event = self._tool_event(event.position(), event.modifiers(), event.pressure(), eraser=eraser)
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

    def event(self, event: QEvent) -> bool:
        # While an outline is open, Enter closes it and Esc and Backspace take it back: no action may take these keys.
        is_key = event.type() == QEvent.Type.ShortcutOverride and self._tool_is_busy
        if is_key and cast("QKeyEvent", event).key() in _OUTLINE_KEYS:
            event.accept()
            return True
        return self._gesture(event) or super().event(event)

    def _gesture(self, event: QEvent) -> bool:
        """Pinching on a touchpad zooms at the pointer."""
        if event.type() != QEvent.Type.NativeGesture or self._layer is None:
            return False
        gesture = cast("QNativeGestureEvent", event)
        if gesture.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        # Qt hands the gesture on with its position in the window, not in this widget.
        at = self.mapFromGlobal(gesture.globalPosition())
        self._set_view(self.view.zoomed(self.view.zoom * (1.0 + gesture.value()), at.x(), at.y()))
        return True

    @property
    def _tool_is_busy(self) -> bool:
        """Whether the tool has something unfinished although no button is down."""
        return self._controller.tools.current.active and not self._is_drawing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._tool_is_busy and event.key() in _OUTLINE_KEYS:
            self._outline_key(event.key())
            return
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

    def _outline_key(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self._controller.cancel_drag()
        elif key == Qt.Key.Key_Backspace:
            self._controller.drop_corner()
        else:
            self._controller.close_outline()

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
        self._shows_ring = self._panning_from is None and not self._space_held
        if self._panning_from is None:
            shape = Qt.CursorShape.OpenHandCursor if self._space_held else Qt.CursorShape.CrossCursor
            self.setCursor(shape)
        self.update()

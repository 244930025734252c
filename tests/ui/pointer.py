"""A hand for the canvas: mouse, wheel and pen events over image points, and a look at what is drawn."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QNativeGestureEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inpaintgui.contracts import Box

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def at(canvas, x, y):
    """The widget point over an image point."""
    return QPointF(*canvas.view.to_widget(x, y)).toPoint()


def drag(canvas, start, end, *, button=LEFT, modifiers=NONE):
    """With the mouse, between two image points."""
    start, end = at(canvas, *start), at(canvas, *end)
    QTest.mousePress(canvas, button, modifiers, start)
    for part in (0.25, 0.5, 0.75, 1.0):
        point = start + (end - start) * part
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, button, modifiers, end)


def wheel(canvas, point, notches, modifiers=NONE):
    point = QPointF(point)
    event = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def pinch(canvas, x, y, *, larger):
    """Two fingers on a touchpad, over an image point. larger: by which share of what it is.

    It goes to the window as from the system, and Qt has to find the widget.
    """
    pad = QPointingDevice(
        "pad",
        8,
        QInputDevice.DeviceType.TouchPad,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        2,
        0,
    )
    place = canvas.mapToGlobal(QPointF(*canvas.view.to_widget(x, y)))
    window = canvas.window()
    local = window.mapFromGlobal(place)
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, pad, 2, local, local, place, larger, QPointF())
    QApplication.sendEvent(window.windowHandle(), event)


def tablet(canvas, kind, x, y, pressure, *, eraser=False):
    """A pen event over an image point, of its tip or its other end; whether it was accepted."""
    pen = QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
    )
    point = QPointF(*canvas.view.to_widget(x, y))
    is_move = kind == QEvent.Type.TabletMove
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    changed = Qt.MouseButton.NoButton if is_move else LEFT
    event = QTabletEvent(kind, pen, point, canvas.mapToGlobal(point), pressure, 0, 0, 0.0, 0.0, 0, NONE, changed, held)
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def pen_stroke(canvas, start, end, pressure, *, eraser=False):
    """With the pen, between two image points."""
    (x0, y0), (x1, y1) = start, end
    assert tablet(canvas, QEvent.Type.TabletPress, x0, y0, pressure, eraser=eraser)
    for part in (0.5, 1.0):
        x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
        assert tablet(canvas, QEvent.Type.TabletMove, x, y, pressure, eraser=eraser)
    assert tablet(canvas, QEvent.Type.TabletRelease, x1, y1, 0.0, eraser=eraser)


def shown(canvas):
    """What the canvas draws, uint8 (H, W, 3). The pointer's ring is kept out."""
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def shown_photo(canvas):
    """The part of the canvas that the photo covers."""
    left, top, right, bottom = (round(side) for side in canvas.view.widget_rectangle(_whole(canvas)))
    return shown(canvas)[max(top, 0) : bottom, max(left, 0) : right]


def _whole(canvas):
    return Box(0, 0, canvas.view.image_width, canvas.view.image_height)


def enlarged(pixels, times):
    return pixels.repeat(times, axis=0).repeat(times, axis=1)

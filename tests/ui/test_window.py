"""The window as a picture: nothing is cut off at 1280 x 720, in any of its states."""

import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fakes import make_photo
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QProgressBar,
    QSpinBox,
    QToolBar,
    QWidget,
)

from inpaintgui.contracts import Phase
from inpaintgui.ui.welcome import sample_photos, sample_title

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def faults(window):
    """What is cut off, in words. A QToolBar hides what does not fit behind a button: that is a fault too."""
    QApplication.processEvents()
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or _is_behind(widget, window):
            continue
        name = f"{type(widget).__name__} {widget.objectName()!r} {getattr(widget, 'text', str)()!r}"
        if widget.objectName() == "qt_toolbar_ext_button":
            found.append(f"the tool bar overflows: {name}")
        if not isinstance(widget, QLabel | QAbstractButton | QComboBox | QSpinBox | QProgressBar):
            continue
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if not window.rect().contains(place):
            found.append(f"outside the window: {name} {place}")
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height():
                found.append(f"too low for its text: {name}")
        elif isinstance(widget, QLabel | QAbstractButton) and widget.text():
            hint = widget.sizeHint()
            if hint.width() > widget.width() or hint.height() > widget.height():
                found.append(f"smaller than its text: {name} {widget.size()} < {hint}")
    return found


def _is_behind(widget, window):
    """Whether it is part of a dock behind another tab: Qt keeps those visible, but far outside the window."""
    docks = (dock for dock in window.findChildren(QDockWidget) if dock.isAncestorOf(widget))
    return any(not dock.geometry().intersects(window.rect()) for dock in docks)


def overlaps(window):
    """Pairs of docks that lie over each other or over the canvas."""
    parts = [dock for dock in window.findChildren(QDockWidget) if dock.isVisible()] + [window.centralWidget()]
    places = [QRect(part.mapTo(window, QPoint(0, 0)), part.size()) for part in parts]
    return [
        (first, second) for number, first in enumerate(places) for second in places[:number] if first.intersects(second)
    ]


@pytest.fixture
def document(services, window, open_photo):
    services.photo = make_photo(1200, 800)
    made = open_photo("a photo with quite a long name that somebody gave it.jpeg")
    mask = np.zeros((800, 1200), np.uint8)
    mask[300:500, 400:700] = 255
    window.controller.apply(made.set_mask(mask, "Brush"))
    return made


def in_every_state(qtbot, services, window):
    """Yields its name in each state."""
    yield "ready"
    window.controller.choose_tool("square")
    view = window.canvas.view
    start, end = (QPointF(*view.to_widget(*point)).toPoint() for point in ((300, 200), (800, 700)))
    QTest.mousePress(window.canvas, LEFT, NONE, start)
    QTest.mouseRelease(window.canvas, LEFT, NONE, end)
    yield "with a context square"
    gate = services.gates[Phase.DETAIL] = threading.Event()
    with qtbot.waitSignal(window.controller.fills.progress, check_params_cb=lambda step: step.phase is Phase.DETAIL):
        window.controller.fill()
    yield "filling"
    with qtbot.waitSignal(window.controller.fills.finished):
        gate.set()
    yield "filled"
    window.actions_by_id["compare"].trigger()
    yield "comparing"


def test_nothing_is_cut_off_in_any_state(qtbot, services, window, document):
    def check(state):
        assert faults(window) == [], state
        assert overlaps(window) == [], state

    for state in in_every_state(qtbot, services, window):
        # A changed text is laid out by an event that may still be waiting.
        qtbot.waitUntil(partial(check, state))


def test_nothing_is_cut_off_while_no_photo_is_open(window):
    assert faults(window) == []
    assert overlaps(window) == []


def test_the_window_can_be_as_small_as_1280_by_720(window, document):
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 720
    assert (window.width(), window.height()) == (1280, 720)


def test_the_canvas_has_most_of_the_window(window, document):
    canvas = window.canvas
    assert canvas.width() * canvas.height() > 0.6 * window.width() * window.height()
    assert window.findChild(QToolBar).isVisible()
    assert all(dock.isVisible() for dock in window.findChildren(QDockWidget))


def test_the_empty_window_says_what_to_do(qtbot, services, window):
    welcome = window.welcome
    assert welcome.isVisible()
    assert not window.canvas.isVisible()
    assert any("Drop a photo" in label.text() for label in welcome.findChildren(QLabel))
    samples = sample_photos()
    assert samples, "no samples are shipped"
    button = next(made for made in welcome.findChildren(QAbstractButton) if made.text() == sample_title(samples[0]))
    assert not button.icon().isNull()
    with qtbot.waitSignal(window.files.opened) as opened:
        QTest.mouseClick(button, LEFT)
    assert opened.args == [samples[0]]
    assert not welcome.isVisible()


def test_masks_are_not_offered_as_samples():
    assert not [path for path in sample_photos() if "mask" in path.name]


def test_samples_without_a_folder_are_none(monkeypatch):
    monkeypatch.setattr("inpaintgui.paths.resources", lambda: Path("/nowhere"))
    assert sample_photos() == []

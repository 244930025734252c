"""The canvas under a real pointer: what is painted, erased, moved and zoomed, told by the document and the pixels."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.pointer import (
    ALT,
    CONTROL,
    LEFT,
    MIDDLE,
    NONE,
    SHIFT,
    at,
    drag,
    shown,
    wheel,
)

# Painting


def test_a_drag_paints_where_the_pointer_went(canvas, document):
    drag(canvas, (10, 20), (50, 20))
    assert (document.mask[20, 10:50] == 255).all()
    assert not document.mask[:13].any()
    assert not document.mask[27:].any()
    # A brush of 10 pixels reaches 5 pixels around the line.
    assert abs(document.mask_box.height - 10) <= 1
    assert [entry.name for entry in document.history.entries] == ["Brush"]


def test_a_click_is_a_round_dab(canvas, document):
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 30.5, 24.5))
    assert document.mask[24, 30] == 255
    assert np.count_nonzero(document.mask >= 128) == pytest.approx(np.pi * 25, rel=0.1)


def test_shift_click_draws_a_straight_line_from_the_last_stroke(canvas, document):
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 10.5, 10.5))
    QTest.mouseClick(canvas, LEFT, SHIFT, at(canvas, 50.5, 40.5))
    assert document.mask[25, 30] == 255


def test_the_eraser_erases(window, canvas, document):
    drag(canvas, (10, 20), (50, 20))
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert window.controller.tool == "eraser"
    drag(canvas, (30, 5), (30, 40))
    assert document.mask[20, 30] == 0
    assert document.mask[20, 12] == 255
    QTest.keyClick(canvas, Qt.Key.Key_B)
    assert window.controller.tool == "brush"


def test_alt_inverts_brush_and_eraser(window, canvas, document):
    drag(canvas, (10, 20), (50, 20))
    drag(canvas, (30, 5), (30, 40), modifiers=ALT)
    assert document.mask[20, 30] == 0
    window.controller.choose_tool("eraser")
    drag(canvas, (30, 20), (31, 20), modifiers=ALT)
    assert document.mask[20, 30] == 255


def test_bracket_keys_set_the_size(window, canvas, document):
    sizes = [window.controller.brush.size]
    for key in (Qt.Key.Key_BracketRight, Qt.Key.Key_BracketRight, Qt.Key.Key_BracketLeft):
        QTest.keyClick(canvas, key)
        sizes.append(window.controller.brush.size)
    assert sizes[0] < sizes[1] < sizes[2] > sizes[3] == sizes[1]
    assert window.controller.settings.brush_size == sizes[3]


def test_a_drag_across_the_edge_paints_what_lies_inside(canvas, document):
    drag(canvas, (-15, 24), (3, 24))
    assert document.mask[24, 0] == 255
    assert document.mask_box.right <= 10


def test_the_right_button_does_not_paint(canvas, document):
    drag(canvas, (10, 20), (50, 20), button=Qt.MouseButton.RightButton)
    assert not document.has_mask


def test_escape_takes_the_stroke_back(canvas, document):
    QTest.mousePress(canvas, LEFT, NONE, at(canvas, 20, 20))
    assert document.has_mask
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not document.has_mask
    QTest.mouseMove(canvas, at(canvas, 40, 20))
    QTest.mouseRelease(canvas, LEFT, NONE, at(canvas, 40, 20))
    assert not document.has_mask
    assert not document.can_undo


def test_the_squares_that_the_program_would_choose_are_shown_on_demand(qtbot, window, canvas, document):
    drag(canvas, (20, 20), (30, 20))
    contexts = window.controller.contexts
    assert contexts.shown == ()
    before = shown(canvas)
    with qtbot.waitSignal(contexts.changed, check_params_cb=lambda: bool(contexts.shown)):
        window.actions_by_id["show_squares"].trigger()
    (square,) = contexts.shown
    assert square.side == 40
    assert (shown(canvas) != before).any()
    window.actions_by_id["square"].trigger()
    x, y = square.point(20, 0)
    drag(canvas, (x, y), (x + 4, y + 2))
    (moved,) = window.controller.square.squares
    assert (moved.x - square.x, moved.y - square.y, moved.side) == pytest.approx((4, 2, 40), abs=0.2)
    assert contexts.shown == ()
    with qtbot.waitSignal(window.controller.fills.finished):
        window.actions_by_id["fill"].trigger()


def test_the_square_tool_sets_what_the_prior_sees(window, canvas, document):
    QTest.keyClick(canvas, Qt.Key.Key_S)
    drag(canvas, (10, 8), (40, 30))
    (square,) = window.controller.square.squares
    assert (square.x, square.y, square.side) == pytest.approx((10, 8, 30), abs=0.2)
    assert not document.has_mask
    window.actions_by_id["clear_square"].trigger()
    assert window.controller.square.squares == ()


# Moving and zooming


def test_middle_drag_pans_and_does_not_paint(canvas, document):
    before = canvas.view
    drag(canvas, (10, 10), (20, 15), button=MIDDLE)
    assert canvas.view.zoom == before.zoom
    assert before.left - canvas.view.left == pytest.approx(10, abs=0.2)
    assert before.top - canvas.view.top == pytest.approx(5, abs=0.2)
    assert not document.has_mask


def test_space_drag_pans_until_space_is_released(canvas, document):
    before = canvas.view
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(canvas, (10, 10), (20, 10))
    assert before.left - canvas.view.left == pytest.approx(10, abs=0.2)
    assert not document.has_mask
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    drag(canvas, (10, 10), (20, 10))
    assert document.has_mask


@pytest.mark.parametrize("modifiers", [NONE, CONTROL])
def test_the_wheel_zooms_at_the_pointer(canvas, document, modifiers):
    point = at(canvas, 20, 30)
    before = canvas.view
    wheel(canvas, point, 3, modifiers)
    assert canvas.view.zoom == pytest.approx(before.zoom * 1.2**3)
    assert canvas.view.to_widget(20, 30) == pytest.approx((point.x(), point.y()), abs=1.5)
    wheel(canvas, point, -3, modifiers)
    assert canvas.view.zoom == pytest.approx(before.zoom)


def test_the_wheel_pans_where_the_user_wants_that_and_zooms_with_control(window, canvas):
    window.controller.set_setting("wheel_zooms", False)
    before = canvas.view
    wheel(canvas, at(canvas, 20, 30), 1)
    assert canvas.view.zoom == before.zoom
    assert canvas.view.top < before.top
    wheel(canvas, at(canvas, 20, 30), 1, CONTROL)
    assert canvas.view.zoom > before.zoom


def test_keys_for_100_percent_and_fit(canvas):
    fitted = canvas.view
    QTest.keyClick(canvas, Qt.Key.Key_0, CONTROL)
    assert canvas.view.zoom == 1.0
    QTest.keyClick(canvas, Qt.Key.Key_F, CONTROL)
    assert canvas.view == fitted


def test_a_fitted_photo_stays_fitted_when_the_window_grows(window, canvas):
    window.resize(1500, 900)
    QApplication.processEvents()
    assert canvas.view.width == canvas.width()
    assert canvas.view == canvas.view.fitted()


def test_losing_the_focus_releases_held_keys(canvas, document):
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.keyPress(canvas, Qt.Key.Key_Tab)
    canvas.clearFocus()
    assert not canvas.shows_original
    drag(canvas, (10, 20), (50, 20))
    assert document.has_mask

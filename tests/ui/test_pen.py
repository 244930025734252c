"""What a pen tablet's events do: they paint as they are pressed, and never pan."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from ui.pointer import pen_stroke, tablet

from inpaintgui.session.combining import Combine

TOOLS = ("brush", "eraser", "exclude", "lasso", "rectangle", "ellipse", "wand", "smart", "square")
"""All but the polygon, which is drawn with clicks."""


def test_a_pen_paints_as_wide_as_it_is_pressed_and_does_not_pan(canvas, document):
    view = canvas.view
    assert tablet(canvas, QEvent.Type.TabletPress, 5, 24, 0.2)
    assert tablet(canvas, QEvent.Type.TabletMove, 20, 24, 0.2)
    assert tablet(canvas, QEvent.Type.TabletMove, 40, 24, 1.0)
    assert tablet(canvas, QEvent.Type.TabletMove, 50, 24, 1.0)
    assert tablet(canvas, QEvent.Type.TabletRelease, 50, 24, 0.0)
    thin, thick = (np.count_nonzero(document.mask[:, x] >= 128) for x in (10, 45))
    assert 1 <= thin <= 3
    assert 9 <= thick <= 11
    assert canvas.view == view
    assert len(document.history.entries) == 1


def test_a_hovering_pen_does_not_paint(canvas, document):
    assert not tablet(canvas, QEvent.Type.TabletMove, 30, 20, 0.0)
    assert not document.has_mask


def test_pressure_changes_the_hardness_where_that_is_set(window, canvas, document):
    window.controller.set_setting("pen_pressure", "hardness")
    pen_stroke(canvas, (10, 12), (50, 12), 0.1)
    pen_stroke(canvas, (10, 34), (50, 34), 1.0)
    soft, hard = document.mask[:24, 30], document.mask[24:, 30]
    assert abs(np.count_nonzero(soft) - np.count_nonzero(hard)) <= 2
    assert np.count_nonzero((soft > 0) & (soft < 255)) >= 6
    assert np.count_nonzero((hard > 0) & (hard < 255)) <= 2


def test_pressure_changes_nothing_where_that_is_set(window, canvas, document):
    window.controller.set_setting("pen_pressure", "nothing")
    pen_stroke(canvas, (10, 12), (50, 12), 0.1)
    pen_stroke(canvas, (10, 34), (50, 34), 1.0)
    np.testing.assert_array_equal(document.mask[7:18, 20:40], document.mask[29:40, 20:40])


@pytest.mark.parametrize("tool", ["brush", "eraser"])
def test_the_eraser_end_erases_with_either_tool(window, canvas, document, tool):
    pen_stroke(canvas, (10, 20), (50, 20), 1.0)
    window.controller.choose_tool(tool)
    pen_stroke(canvas, (25, 20), (35, 20), 1.0, eraser=True)
    assert document.mask[20, 30] == 0
    assert document.mask[20, 12] == document.mask[20, 48] == 255
    assert [entry.name for entry in document.history.entries] == ["Brush", "Eraser"]
    assert window.controller.tool == tool


def test_the_eraser_end_allows_excluded_sources_again(window, canvas, document):
    window.controller.choose_tool("exclude")
    pen_stroke(canvas, (10, 20), (50, 20), 1.0)
    pen_stroke(canvas, (25, 20), (35, 20), 1.0, eraser=True)
    assert document.exclusion[20, 12] == 255
    assert document.exclusion[20, 30] == 0


@pytest.mark.parametrize("combine", list(Combine))
def test_the_eraser_end_takes_selections_away(window, canvas, document, combine):
    pen_stroke(canvas, (10, 20), (50, 20), 1.0)
    window.controller.choose_tool("rectangle")
    window.controller.set_combine(combine)
    pen_stroke(canvas, (20, 10), (40, 30), 1.0, eraser=True)
    assert document.mask[20, 30] == 0
    assert document.mask[20, 12] == document.mask[20, 48] == 255


@pytest.mark.parametrize("eraser", [False, True])
@pytest.mark.parametrize("tool", TOOLS)
def test_no_tool_lets_a_pen_pan(window, canvas, document, tool, eraser):
    window.actions_by_id["actual_size"].trigger()
    window.controller.set_setting("wheel_zooms", False)
    window.controller.choose_tool(tool)
    view = canvas.view
    pen_stroke(canvas, (10, 20), (40, 30), 0.7, eraser=eraser)
    assert canvas.view == view


def test_a_polygon_is_left_to_the_mouse_events_that_come_of_a_pen(window, canvas, document):
    """Only among them are double clicks told, and one closes the polygon."""
    window.controller.choose_tool("polygon")
    assert not tablet(canvas, QEvent.Type.TabletPress, 10, 10, 0.5)


def test_a_pen_pans_while_space_is_held(window, canvas, document):
    """By the mouse events that follow what is not accepted."""
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert not tablet(canvas, QEvent.Type.TabletPress, 10, 10, 0.5)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert not document.has_mask

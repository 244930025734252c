from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.contracts import Box, ContextSquare
from inpaintgui.session.brush import BrushTool
from inpaintgui.session.changes import NOTHING, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.frame import TURN_REACH, SquareTool
from inpaintgui.session.tools import ToolEvent
from tests.session.dragging import drag


def test_one_drag_is_one_step(document):
    change = drag(BrushTool(10), document, ToolEvent(20, 20), ToolEvent(60, 20), ToolEvent(60, 70))
    assert change.what == Changed.MASK | Changed.HISTORY
    assert [(entry.name, entry.kind) for entry in document.history.entries] == [("Brush", "stroke")]
    assert document.mask_box == Box(15, 15, 65, 75)
    assert document.mask[20, 40] == document.mask[50, 60] == 255
    assert document.mask[50, 40] == 0


def test_a_click_paints_a_disc(document):
    drag(BrushTool(20), document, ToolEvent(50, 50))
    assert np.count_nonzero(document.mask) == pytest.approx(np.pi * 100, rel=0.05)


@pytest.mark.parametrize(("erase", "alt"), [(True, False), (False, True)])
def test_eraser_and_alt_take_away(document, erase, alt):
    drag(BrushTool(40), document, ToolEvent(50, 50))
    drag(BrushTool(20, erase=erase), document, ToolEvent(50, 50, alt=alt))
    assert document.mask[50, 50] == 0
    assert document.mask[50, 35] == 255
    assert document.history.entries[-1].name == "Eraser"


def test_alt_turns_the_eraser_into_a_brush(document):
    drag(BrushTool(20, erase=True), document, ToolEvent(50, 50, alt=True))
    assert document.mask[50, 50] == 255


def test_alt_counts_at_the_press(document):
    drag(BrushTool(10), document, ToolEvent(20, 20), ToolEvent(60, 20, alt=True))
    assert document.mask[20, 55] == 255


def test_pressure_scales_the_size_and_the_lifted_pen_does_not_thin_the_end(document):
    tool = BrushTool(40)
    tool.press(ToolEvent(50, 50, pressure=0.5), document)
    assert document.mask_box == Box(40, 40, 60, 60)
    tool.move(ToolEvent(100, 50, pressure=1.0), document)
    tool.release(ToolEvent(120, 50, pressure=0.0), document)
    assert document.mask_box == Box(30, 30, 140, 70)


def test_shift_draws_a_line_from_the_last_stroke(document):
    tool = BrushTool(4)
    drag(tool, document, ToolEvent(10, 10))
    drag(tool, document, ToolEvent(110, 10, shift=True))
    assert document.mask[10, 10:110].all()
    assert len(document.history.entries) == 2


def test_shift_has_nothing_to_go_on_at_first_or_in_another_document(document, make_photo):
    tool = BrushTool(4)
    drag(tool, document, ToolEvent(100, 50, shift=True))
    assert document.mask_box == Box(98, 48, 102, 52)
    other = Document(make_photo(200, 100))
    drag(tool, other, ToolEvent(10, 10, shift=True))
    assert other.mask_box == Box(8, 8, 12, 12)


def test_cancel_leaves_no_trace(document):
    drag(BrushTool(30), document, ToolEvent(50, 50))
    before = document.mask.copy()
    tool = BrushTool(10, erase=True)
    tool.press(ToolEvent(50, 50), document)
    tool.move(ToolEvent(70, 50), document)
    assert tool.active
    change = tool.cancel(ToolEvent(0, 0), document)
    assert change.what == Changed.MASK
    np.testing.assert_array_equal(document.mask, before)
    assert not tool.active
    assert not document.stroke_open
    assert len(document.history.entries) == 1


def test_events_out_of_turn_do_nothing(document):
    for tool in (BrushTool(), SquareTool()):
        event = ToolEvent(50, 50)
        assert tool.move(event, document) == tool.release(event, document) == tool.cancel(event, document) == NOTHING
    assert not document.has_mask


def test_moving_on_after_the_document_closed_the_stroke_does_nothing(document):
    tool = BrushTool(10)
    tool.press(ToolEvent(20, 20), document)
    document.undo()
    assert tool.move(ToolEvent(60, 20), document) == NOTHING
    assert not tool.active
    assert tool.release(ToolEvent(60, 20), document) == NOTHING
    assert not document.has_mask


ROUNDING = 1e-9


@given(st.floats(-10, 5000), st.integers(0, 200), st.booleans())
def test_size_stays_within_its_limits_and_steps_move_it(size, presses, up):
    tool = BrushTool(size)
    for _ in range(presses):
        before = tool.size
        (tool.larger if up else tool.smaller)()
        assert 1 <= tool.size <= 2000
        if up:
            assert tool.size == 2000 or 1 - ROUNDING <= tool.size - before <= 0.125 * before + 1
        else:
            assert tool.size == 1 or 1 - ROUNDING <= before - tool.size <= 0.125 * before + 1


def test_hardness_is_clamped():
    assert BrushTool(hardness=3).hardness == 1
    assert BrushTool(hardness=-1).hardness == 0


@pytest.mark.parametrize(
    ("to", "square"),
    [
        ((90, 70), ContextSquare(50, 40, 40)),
        ((90, 45), ContextSquare(50, 40, 40)),
        ((20, 30), ContextSquare(20, 10, 30)),
        ((300, 20), ContextSquare(50, -210, 250)),
    ],
)
def test_square_follows_the_drag(document, to, square):
    tool = SquareTool()
    change = drag(tool, document, ToolEvent(50, 40), ToolEvent(*to))
    assert tool.squares == (square,)
    assert change.what == Changed.OVERLAY
    assert change.box == change.box.intersect(document.box)
    assert not tool.active


def test_alt_drags_the_square_from_its_centre(document):
    tool = SquareTool()
    drag(tool, document, ToolEvent(50, 40), ToolEvent(60, 45, alt=True))
    assert tool.squares == (ContextSquare(40, 30, 20),)


def test_click_gives_the_choice_back_and_cancel_restores(document):
    tool = SquareTool()
    drag(tool, document, ToolEvent(50, 40), ToolEvent(90, 80))
    kept = tool.squares
    tool.press(ToolEvent(10, 10), document)
    tool.move(ToolEvent(60, 60), document)
    tool.cancel(ToolEvent(60, 60), document)
    assert tool.squares == kept
    change = drag(tool, document, ToolEvent(10, 10))
    assert tool.squares == ()
    assert change.what == Changed.OVERLAY


def test_each_region_can_have_a_square_of_its_own(document):
    tool = SquareTool()
    drag(tool, document, ToolEvent(10, 10), ToolEvent(40, 40))
    drag(tool, document, ToolEvent(100, 10), ToolEvent(140, 50))
    assert tool.squares == (ContextSquare(10, 10, 30), ContextSquare(100, 10, 40))
    drag(tool, document, ToolEvent(60, 5), ToolEvent(170, 100))  # around the second: in its place
    assert tool.squares == (ContextSquare(10, 10, 30), ContextSquare(60, 5, 110))


def test_a_square_is_moved_resized_and_turned(document):
    tool = SquareTool()
    drag(tool, document, ToolEvent(50, 40), ToolEvent(90, 80))
    drag(tool, document, ToolEvent(70, 60), ToolEvent(75, 62))
    assert tool.squares == (ContextSquare(55, 42, 40),)
    drag(tool, document, ToolEvent(95, 82), ToolEvent(105, 90))
    assert tool.squares == (ContextSquare(55, 42, 50),)
    handle = ToolEvent(80, 42 - TURN_REACH * 50)
    drag(tool, document, handle, ToolEvent(200, 66))
    (turned,) = tool.squares
    assert turned.angle == pytest.approx(90, abs=1)
    assert turned.centre == (80, 67)
    assert turned.side == 50
    handle = ToolEvent(*turned.point(25, -TURN_REACH * 50))
    drag(tool, document, handle, ToolEvent(110, 10, shift=True))
    assert tool.squares[0].angle == 30
    corner = tool.squares[0].corners[2]
    drag(tool, document, ToolEvent(*corner), ToolEvent(corner[0] + 3, corner[1] + 9))
    (resized,) = tool.squares
    assert resized.angle == 30
    assert resized.corners[0] == pytest.approx(ContextSquare(55, 42, 50, 30).corners[0])
    assert resized.contains(corner[0] + 2.9, corner[1] + 8.9)


def test_a_square_of_the_program_is_taken_by_its_sides_only(document):
    tool = SquareTool()
    chosen = ContextSquare(20, 20, 60)
    tool.automatic = (chosen,)
    drag(tool, document, ToolEvent(50, 20, reach=3), ToolEvent(60, 25, reach=3))
    assert (tool.squares, tool.automatic) == ((ContextSquare(30, 25, 60),), ())
    tool.clear()
    tool.automatic = (chosen,)
    drag(tool, document, ToolEvent(40, 40, reach=3), ToolEvent(60, 60, reach=3))  # within: a new one
    assert tool.squares == (ContextSquare(40, 40, 20),)


def test_square_leaves_the_document_alone(document):
    drag(SquareTool(), document, ToolEvent(50, 40), ToolEvent(90, 80))
    assert document.revision == 0
    assert document.history.entries == ()

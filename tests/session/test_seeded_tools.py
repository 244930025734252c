import numpy as np
import pytest

from inpaintgui.contracts import Box
from inpaintgui.session.brush import BrushTool, PenPressure
from inpaintgui.session.changes import NOTHING
from inpaintgui.session.combining import Combine
from inpaintgui.session.frame import SquareTool
from inpaintgui.session.saved_masks import SavedMasks
from inpaintgui.session.seeded import SmartTool, WandTool
from inpaintgui.session.tools import LineKind, ToolEvent
from tests.session.dragging import drag


def test_the_wand_leaves_one_order_per_click(document):
    tool = WandTool()
    tool.tolerance, tool.contiguous = 9, False
    tool.press(ToolEvent(12.7, 30.2, alt=True), document)
    taken = tool.take_order()
    assert (taken.order.x, taken.order.y, taken.order.tolerance, taken.order.contiguous) == (12, 30, 9, False)
    assert taken.combine is Combine.SUBTRACT
    assert tool.take_order() is None
    tool.press(ToolEvent(-3, 30), document)
    assert tool.take_order() is None


def test_scribbles_add_up_until_they_are_forgotten(document):
    tool = SmartTool()
    drag(tool, document, ToolEvent(20, 20), ToolEvent(40, 30))
    first = tool.take_order()
    assert len(first.order.scribbles) == 1
    assert not first.continues
    drag(tool, document, ToolEvent(60, 20, alt=True), ToolEvent(70, 30))
    second = tool.take_order()
    assert [scribble.keep for scribble in second.order.scribbles] == [True, False]
    assert second.continues
    assert [line.kind for line in tool.sketch] == [LineKind.KEEP, LineKind.DROP]
    tool.cancel(ToolEvent(0, 0), document)
    assert not tool.refining
    drag(tool, document, ToolEvent(60, 20, alt=True), ToolEvent(70, 30))
    assert tool.take_order() is None, "there is nothing to keep"


def test_a_box_begins_and_scribbles_refine(document):
    tool = SmartTool()
    tool.boxes = True
    drag(tool, document, ToolEvent(50, 40), ToolEvent(20.5, 10.2))
    assert tool.take_order().order.box == Box(20, 10, 50, 40)
    drag(tool, document, ToolEvent(30, 30), ToolEvent(40, 30))
    order = tool.take_order().order
    assert order.box == Box(20, 10, 50, 40)
    assert len(order.scribbles) == 1


def test_a_cancelled_scribble_leaves_no_order(document):
    tool = SmartTool()
    tool.press(ToolEvent(20, 20), document)
    tool.move(ToolEvent(30, 20), document)
    tool.cancel(ToolEvent(30, 20), document)
    assert tool.release(ToolEvent(30, 20), document) == NOTHING
    assert tool.take_order() is None


def test_smoothing_calms_the_line_and_catches_up(document):
    tool = BrushTool(10, smoothing=1.0)
    wiggle = [ToolEvent(20 + step, 50 + (4 if step % 2 else -4)) for step in range(0, 100, 3)]
    drag(tool, document, ToolEvent(20, 50), *wiggle, ToolEvent(120, 50))
    calm = document.mask_box
    assert calm.height <= 13
    assert calm.right == 125
    document.undo()
    drag(BrushTool(10), document, ToolEvent(20, 50), *wiggle, ToolEvent(120, 50))
    assert document.mask_box.height >= 17


def test_pressure_can_change_the_hardness_instead(document):
    tool = BrushTool(40, pressure=PenPressure.HARDNESS)
    drag(tool, document, ToolEvent(50, 50, pressure=0.25))
    assert document.mask[50, 50] == 255
    assert 0 < document.mask[50, 65] < 255
    document.undo()
    drag(BrushTool(40, pressure=PenPressure.NOTHING), document, ToolEvent(50, 50, pressure=0.1))
    assert document.mask[50, 65] == 255


def test_the_square_is_moved_and_resized(document):
    tool = SquareTool()
    drag(tool, document, ToolEvent(20, 20), ToolEvent(60, 60))
    drag(tool, document, ToolEvent(40, 40), ToolEvent(50, 35))
    assert (tool.squares[0].x, tool.squares[0].y, tool.squares[0].side) == (30, 15, 40)
    drag(tool, document, ToolEvent(69, 54, reach=4), ToolEvent(50, 35))
    assert (tool.squares[0].x, tool.squares[0].y, tool.squares[0].side) == (30, 15, 20)
    assert len(tool.sketch) == 6
    tool.press(ToolEvent(40, 25), document)
    tool.move(ToolEvent(90, 90), document)
    tool.cancel(ToolEvent(90, 90), document)
    assert (tool.squares[0].x, tool.squares[0].y) == (30, 15)


def test_kept_masks_come_back_as_copies():
    kept = SavedMasks(30, 40)
    mask = np.zeros((30, 40), np.uint8)
    mask[5:10, 7:20] = 90
    kept.keep("sky", mask, Box(7, 5, 20, 10))
    kept.keep("none", np.zeros((30, 40), np.uint8), Box(0, 0, 0, 0))
    back = kept.mask("sky")
    np.testing.assert_array_equal(back, mask)
    back[:] = 1
    np.testing.assert_array_equal(kept.mask("sky"), mask)
    assert not kept.mask("none").any()
    assert list(kept) == ["sky", "none"]
    kept.forget("sky")
    assert len(kept) == 1
    with pytest.raises(KeyError):
        kept.mask("sky")

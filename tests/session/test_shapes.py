import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inpaintgui.contracts import Box
from inpaintgui.session.changes import Changed
from inpaintgui.session.combining import Combine, combined
from inpaintgui.session.document import Document
from inpaintgui.session.polygon import ellipse_points, fill_polygon, rectangle_points
from inpaintgui.session.shapes import BoxTool, LassoTool, PolygonTool
from inpaintgui.session.tools import ToolEvent

BOUNDS = Box(0, 0, 40, 30)
coordinate = st.floats(-20, 60, allow_nan=False)
points = st.lists(st.tuples(coordinate, coordinate), min_size=0, max_size=9)


@pytest.fixture
def document(make_photo):
    return Document(make_photo(200, 100))


def inside(outline, x, y):
    """Even-odd rule, one ray to the left."""
    crossings = 0
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= x:
            crossings += 1
    return crossings % 2 == 1


def on_an_edge(outline, x, y):
    """Whether the point lies within a millionth of a pixel of an edge's line, at its height."""
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and abs(x0 + (y - y0) * (x1 - x0) / (y1 - y0) - x) < 1e-6:
            return True
    return False


@given(points)
@example([(0.0, 0.0), (0.0, 0.0), (6.766469653492976, 6.766469653492976)])
def test_a_polygon_holds_exactly_the_centres_inside(outline):
    box, values = fill_polygon(outline, BOUNDS)
    assert box.intersect(BOUNDS) == box
    full = np.zeros((30, 40), np.uint8)
    full[box.slices] = values
    expected = np.array(
        [[len(outline) > 2 and inside(outline, x + 0.5, y + 0.5) for x in range(40)] for y in range(30)]
    )
    # On which side of an edge a centre lies that it runs through is a matter of rounding.
    told = ~np.array([[on_an_edge(outline, x + 0.5, y + 0.5) for x in range(40)] for y in range(30)])
    np.testing.assert_array_equal((full > 0)[told], expected[told])


def test_an_ellipse_has_its_area_and_touches_its_box():
    box, values = fill_polygon(ellipse_points((10, 20), (910, 620)), Box(0, 0, 1000, 1000))
    assert box == Box(10, 20, 910, 620)
    assert np.count_nonzero(values) == pytest.approx(math.pi * 450 * 300, rel=1e-3)


def test_a_rectangle_can_be_drawn_in_any_direction():
    for start, end in (((5, 6), (15, 26)), ((15, 26), (5, 6)), ((15, 6), (5, 26))):
        box, values = fill_polygon(rectangle_points(start, end), BOUNDS)
        assert box == Box(5, 6, 15, 26)
        assert (values == 255).all()


def drag(tool, document, *events):
    change = tool.press(events[0], document)
    for event in events[1:]:
        change |= tool.move(event, document)
    return change | tool.release(events[-1], document)


@pytest.mark.parametrize("tool", [BoxTool.rectangle(), BoxTool.ellipse(), LassoTool()])
def test_one_drag_is_one_step(document, tool):
    events = [ToolEvent(20, 20), ToolEvent(60, 20), ToolEvent(60, 60), ToolEvent(50, 70)]
    assert not tool.sketch
    tool.press(events[0], document)
    tool.move(events[2], document)
    assert tool.active
    assert tool.sketch
    assert not document.has_mask
    tool.cancel(events[2], document)
    assert not tool.active
    change = drag(tool, document, *events)
    assert Changed.MASK in change.what
    assert [entry.name for entry in document.history.entries] == [tool.name]
    assert document.mask[40, 45] == 255


def test_a_click_selects_nothing(document):
    for tool in (BoxTool.rectangle(), LassoTool()):
        drag(tool, document, ToolEvent(20, 20))
    assert not document.history.entries


def test_shift_makes_sides_equal(document):
    drag(BoxTool.rectangle(), document, ToolEvent(20, 20), ToolEvent(50, 30, shift=True))
    assert document.mask_box == Box(20, 20, 50, 50)


def test_keys_at_the_press_say_how_it_meets_the_mask(document):
    drag(BoxTool.rectangle(), document, ToolEvent(20, 20), ToolEvent(60, 60))
    drag(BoxTool.rectangle(), document, ToolEvent(40, 10, alt=True), ToolEvent(80, 80))
    assert document.mask_box == Box(20, 20, 40, 60)
    drag(BoxTool.rectangle(), document, ToolEvent(0, 30, alt=True, shift=True), ToolEvent(30, 60))
    assert document.mask_box == Box(20, 30, 30, 60)


def test_a_polygon_grows_by_clicks_and_closes(document):
    tool = PolygonTool()
    for x, y in ((20, 20), (60, 20), (60, 60)):
        drag(tool, document, ToolEvent(x, y, reach=3))
    assert tool.active
    tool.hover(ToolEvent(30, 50), document)
    assert tool.sketch[0].points[-1] == (30, 50)
    tool.step_back(document)
    drag(tool, document, ToolEvent(60, 70, reach=3))
    drag(tool, document, ToolEvent(21, 21, reach=3))
    assert not tool.active
    assert (document.mask_box.left, document.mask_box.top, document.mask_box.right) == (20, 20, 60)
    assert document.mask_box.bottom > 67
    for x, y in ((100, 20), (150, 20), (150, 60)):
        drag(tool, document, ToolEvent(x, y, reach=3))
    tool.press(ToolEvent(150, 60, clicks=2), document)
    assert not tool.active
    assert document.mask_box.right == 150


def test_the_last_corner_can_be_taken_back_to_nothing(document):
    tool = PolygonTool()
    drag(tool, document, ToolEvent(20, 20))
    tool.step_back(document)
    assert not tool.active
    tool.step_back(document)
    assert not document.history.entries


masks = st.integers(0, 2**32 - 1)
boxes = st.tuples(st.integers(-5, 12), st.integers(-5, 12), st.integers(1, 15), st.integers(1, 15))


@given(masks, boxes, st.sampled_from(Combine), st.booleans())
def test_combining_agrees_with_whole_masks(seed, place, how, forget):
    random = np.random.default_rng(seed)
    old = random.choice(np.array([0, 0, 90, 255], np.uint8), (12, 14))
    old_box = Box(0, 0, 14, 12)
    left, top, width, height = place
    box = Box(left, top, left + width, top + height)
    values = random.integers(0, 256, (height, width), np.uint8)
    full = np.zeros((40, 40), np.uint8)
    full[top + 10 : top + 10 + height, left + 10 : left + 10 + width] = values
    new = full[10:22, 10:24]
    known = np.zeros_like(old) if forget else old
    expected = {
        Combine.ADD: np.maximum(known, new),
        Combine.SUBTRACT: np.minimum(known, 255 - new),
        Combine.INTERSECT: np.minimum(known, new),
        Combine.REPLACE: new,
    }[how]
    area, part = combined(old, box, values, how, old_box=old_box, forget=forget)
    result = old.copy()
    result[area.slices] = part
    np.testing.assert_array_equal(result, expected)


def test_a_hidden_mask_belongs_to_the_last_fill(document):
    drag(BoxTool.rectangle(), document, ToolEvent(20, 20), ToolEvent(60, 60))
    document.show_mask(False)
    drag(BoxTool.rectangle(), document, ToolEvent(100, 20), ToolEvent(120, 60))
    assert document.mask_box == Box(100, 20, 120, 60)
    assert document.mask_visible
    document.undo()
    assert document.mask_box == Box(20, 20, 60, 60)
    assert not document.mask_visible

"""Labels never lie on each other, and stay in view."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from inpaintgui.ui.chip_places import chip_places

AREA, SIZE = QRect(0, 0, 900, 500), QSize(120, 28)
BAR = QRect(300, 8, 300, 36)
BOX = st.builds(QRect, st.integers(-100, 950), st.integers(-100, 520), st.integers(1, 400), st.integers(1, 400)).filter(
    AREA.intersects
)


def rectangles(boxes):
    return [QRect(place, SIZE) for place in chip_places(boxes, [SIZE] * len(boxes), AREA, [BAR])]


def test_a_label_is_above_its_box():
    (only,) = rectangles([QRect(50, 200, 100, 100)])
    assert (only.left(), only.bottom()) == (50, 195)


def test_a_box_at_the_top_has_its_label_below_and_one_that_fills_the_view_inside():
    (only,) = rectangles([QRect(50, 2, 200, 100)])
    assert (only.left(), only.top()) == (50, 106)
    (only,) = rectangles([QRect(50, 2, 700, 600)])
    assert QRect(50, 2, 700, 600).contains(only)


@given(st.lists(BOX, min_size=1, max_size=4))
def test_labels_stay_in_view(boxes):
    assert all(AREA.contains(one) for one in rectangles(boxes))


@given(st.integers(0, 700), st.integers(60, 250), st.integers(2, 8))
def test_labels_of_the_same_place_do_not_overlap(left, top, count):
    placed = rectangles([QRect(left, top, 40, 40)] * count)
    assert not any(one.intersects(other) for k, one in enumerate(placed) for other in [*placed[:k], BAR])

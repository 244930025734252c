"""The one place that converts coordinates: both ways agree, on any screen, however the user zooms and pans."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inpaintgui.contracts import Box
from inpaintgui.ui.viewport import MAX_ZOOM, SMALLEST_SIDE, Viewport

SIDES = st.integers(1, 12_000)
RATIOS = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
ZOOMS = st.floats(0.005, MAX_ZOOM)
PARTS = st.floats(0, 1)


@st.composite
def views(draw):
    """A settled view of an image, zoomed anywhere."""
    view = Viewport(draw(SIDES), draw(SIDES), draw(st.integers(50, 4000)), draw(st.integers(50, 2500)), draw(RATIOS))
    x, y = draw(PARTS) * view.width, draw(PARTS) * view.height
    return view.fitted().zoomed(draw(ZOOMS), x, y)


@given(views(), PARTS, PARTS)
def test_there_and_back_is_the_same_point(view, across, down):
    x, y = across * view.width, down * view.height
    assert view.to_widget(*view.to_image(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(views(), ZOOMS, PARTS, PARTS)
def test_zooming_keeps_the_point_under_the_pointer(view, zoom, across, down):
    x, y = across * view.width, down * view.height
    before = view.to_image(x, y)
    after = view.zoomed(zoom, x, y)
    half_width, half_height = (side * after.ratio / after.zoom / 2 for side in (view.width, view.height))
    scale = after.ratio / after.zoom
    free = -half_width < before[0] - x * scale < view.image_width - half_width
    if not (free and -half_height < before[1] - y * scale < view.image_height - half_height):
        assert not after.visible.is_empty  # the photo would leave the view, and is held at its edge
        return
    moved = after.to_widget(*before)
    # The corner snaps to whole device pixels.
    assert moved == pytest.approx((x, y), abs=0.5 / view.ratio + 1e-6)


@given(views())
def test_at_every_zoom_the_corner_lies_on_a_device_pixel(view):
    for corner in (view.left * view.zoom, view.top * view.zoom):
        assert corner == pytest.approx(round(corner), abs=1e-6)


@given(views(), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_the_photo_cannot_be_lost_by_panning(view, dx, dy):
    assert not view.panned(dx, dy).visible.is_empty


@given(views(), st.integers(-300, 300), st.integers(-300, 300))
def test_panning_moves_by_what_the_hand_moved(view, dx, dy):
    moved = view.panned(dx, dy)
    x, y = view.image_width / 2, view.image_height / 2
    scale = view.ratio / view.zoom
    free = -view.width * scale / 2 < view.left - dx * scale < view.image_width - view.width * scale / 2
    if not (free and -view.height * scale / 2 < view.top - dy * scale < view.image_height - view.height * scale / 2):
        assert not moved.visible.is_empty  # it is held at its edge
        return
    before, after = view.to_widget(x, y), moved.to_widget(x, y)
    expected = (before[0] + dx, before[1] + dy)
    assert after == pytest.approx(expected, abs=0.5 / view.ratio + 1e-6)


@given(views())
def test_fitting_shows_everything_in_the_middle(view):
    fitted = view.fitted()
    assert fitted.visible == Box(0, 0, view.image_width, view.image_height)
    middle = fitted.to_widget(view.image_width / 2, view.image_height / 2)
    assert middle == pytest.approx((view.width / 2, view.height / 2), abs=1.0)
    assert fitted.fitted() == fitted


@given(views(), st.floats(0.1, 10))
def test_zoom_stays_within_its_bounds_and_stops_at_100_percent(view, factor):
    zoomed = view.zoomed_by(factor, 10, 10)
    low = min(1.0, SMALLEST_SIDE / max(view.image_width, view.image_height))
    assert low <= zoomed.zoom <= MAX_ZOOM
    if min(view.zoom, zoomed.zoom) < 1 < max(view.zoom, zoomed.zoom):
        assert math.isclose(view.zoom, 1.0)


@given(views(), PARTS, PARTS, PARTS, PARTS)
def test_the_box_of_a_rectangle_holds_all_that_it_touches(view, x0, y0, x1, y1):
    left, right = sorted((x0 * view.width, x1 * view.width))
    top, bottom = sorted((y0 * view.height, y1 * view.height))
    box = view.image_box(left, top, right, bottom)
    for x, y in ((left, top), (right, bottom), ((left + right) / 2, (top + bottom) / 2)):
        ix, iy = view.to_image(x, y)
        if 0 <= ix < view.image_width and 0 <= iy < view.image_height:
            assert box.left <= ix <= box.right
            assert box.top <= iy <= box.bottom
    if not box.is_empty:
        rectangle = view.widget_rectangle(box)
        pixel = view.scale + 1e-6
        assert rectangle[0] >= left - pixel
        assert rectangle[3] <= bottom + pixel


@given(views(), st.integers(50, 4000), st.integers(50, 2500), RATIOS)
def test_another_size_or_screen_keeps_the_middle(view, width, height, ratio):
    middle = view.to_image(view.width / 2, view.height / 2)
    # A photo that was half out of view, to the pixel, is snapped first.
    assume(0 <= middle[0] <= view.image_width and 0 <= middle[1] <= view.image_height)
    resized = view.resized(width, height, ratio)
    assert (resized.width, resized.height, resized.ratio, resized.zoom) == (width, height, ratio, view.zoom)
    assert resized.to_image(width / 2, height / 2) == pytest.approx(middle, abs=0.5 / view.zoom + 1e-6)


def test_100_percent_is_one_device_pixel_per_image_pixel():
    view = Viewport(100, 100, 400, 300, ratio=2.0).zoomed(1.0, 0, 0)
    left, _, right, _ = view.widget_rectangle(Box(10, 0, 20, 1))
    assert right - left == 5  # logical pixels: ten of the screen's


def test_small_photos_are_fitted_in_whole_steps():
    assert Viewport(64, 48, 900, 600).fitted().zoom == 12.0
    assert Viewport(4, 4, 900, 600).fitted().zoom == 16.0

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.contracts import Box
from inpaintgui.session.raster import dabs

BOUNDS = Box(0, 0, 90, 70)
NEAR = st.floats(-150, 250)
POINTS = st.tuples(NEAR, NEAR)


def painted(start, end, *, radius, hardness=1.0, bounds=BOUNDS):
    mask = np.zeros((bounds.height, bounds.width), np.uint8)
    for box, dab in dabs(start, end, radius=radius, hardness=hardness, bounds=bounds):
        assert box.intersect(bounds) == box
        assert dab.shape == (box.height, box.width)
        np.maximum(mask[box.slices], dab, out=mask[box.slices])
    return mask


def distances(start, end, bounds=BOUNDS):
    """From every pixel's centre to the segment, the slow and plain way."""
    y, x = np.mgrid[bounds.top : bounds.bottom, bounds.left : bounds.right] + 0.5
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    t = np.zeros_like(x) if length2 == 0 else np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / length2, 0, 1)
    return np.hypot(x - start[0] - t * dx, y - start[1] - t * dy)


@given(POINTS, POINTS, st.floats(1, 60))
@settings(max_examples=80, deadline=None)
def test_hard_dab_is_every_centre_within_the_radius(start, end, radius):
    mask, distance = painted(start, end, radius=radius), distances(start, end)
    clear = np.abs(distance - radius) > 1e-3
    np.testing.assert_array_equal(mask[clear] == 255, distance[clear] < radius)
    assert set(np.unique(mask)) <= {0, 255}


@given(POINTS, POINTS, st.floats(1, 60), st.floats(0, 0.95))
@settings(max_examples=80, deadline=None)
def test_soft_dab_falls_linearly(start, end, radius, hardness):
    mask = painted(start, end, radius=radius, hardness=hardness)
    expected = np.clip((radius - distances(start, end)) / (radius * (1 - hardness)), 0, 1) * 255
    np.testing.assert_allclose(mask, expected, atol=1.01)


@given(st.floats(0, 89.99), st.floats(0, 69.99), st.floats(0.01, 0.9))
@settings(max_examples=80, deadline=None)
def test_smallest_brush_marks_the_pixel_under_the_pointer_or_a_neighbour_at_its_edge(x, y, radius):
    mask = painted((x, y), (x, y), radius=radius)
    assert mask[int(y), int(x)] == 255
    assert np.count_nonzero(mask) <= 5


def test_long_segment_paints_what_short_ones_paint_and_leaves_no_gap():
    bounds = Box(0, 0, 1500, 1000)
    mask = painted((10, 10), (1490, 990), radius=3, bounds=bounds)
    distance = distances((10, 10), (1490, 990), bounds)
    clear = np.abs(distance - 3) > 1e-3
    np.testing.assert_array_equal(mask[clear] == 255, distance[clear] < 3)


def test_long_segment_costs_its_area_not_its_bounding_box():
    bounds = Box(0, 0, 6000, 4000)
    visited = sum(box.width * box.height for box, _ in dabs((0, 0), (6000, 4000), radius=5, hardness=1, bounds=bounds))
    assert visited < 6000 * 4000 / 20


@given(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)))
@settings(max_examples=80, deadline=None)
def test_far_away_points_are_cheap_and_stay_inside(start, end):
    assert len(list(dabs(start, end, radius=20, hardness=1, bounds=BOUNDS))) <= 4


@pytest.mark.parametrize(
    ("start", "end"), [((-50, -50), (-50, 200)), ((200, 0), (300, 70)), ((-100, 30), (30, -100)), ((45, 500), (45, 90))]
)
def test_segment_beside_the_image_paints_nothing(start, end):
    assert not painted(start, end, radius=12).any()


@pytest.mark.parametrize(
    "arguments",
    [{"radius": 0}, {"radius": -1}, {"radius": math.inf}, {"radius": 1, "hardness": 1.1}, {"start": (math.nan, 0)}],
)
def test_impossible_brushes_are_refused(arguments):
    full = {"start": (0, 0), "end": (1, 1), "radius": 3, "hardness": 1.0, "bounds": BOUNDS} | arguments
    with pytest.raises(ValueError):
        list(dabs(full.pop("start"), full.pop("end"), **full))


def test_big_dab_is_fast_enough_to_follow_a_pen():
    bounds = Box(0, 0, 6000, 4000)
    seconds = []
    for _ in range(30):
        begin = time.perf_counter()
        list(dabs((500, 500), (514, 514), radius=100, hardness=0.5, bounds=bounds))
        seconds.append(time.perf_counter() - begin)
    assert min(seconds) < 0.004

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.contracts import Box, ContextSquare
from inpaintgui.engine.regions import (
    MOST_REGIONS,
    context_square,
    find_regions,
    search_problem,
    square_box,
)
from inpaintgui.engine.views import enlarge


def mask_of(shape: tuple[int, int], *boxes: Box) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    for box in boxes:
        mask[box.slices] = 255
    return mask


def test_groups_apart_are_regions_in_reading_order() -> None:
    boxes = (Box(10, 10, 20, 30), Box(60, 12, 80, 20), Box(30, 70, 35, 75))
    regions = find_regions(mask_of((100, 100), *reversed(boxes)))
    assert tuple(r.box for r in regions) == boxes
    assert all(r.hole.all() for r in regions)


def test_near_groups_are_one_region() -> None:
    (region,) = find_regions(mask_of((50, 50), Box(10, 10, 20, 20), Box(25, 10, 30, 20)))
    assert region.box == Box(10, 10, 30, 20)
    assert not region.hole[:, 10:15].any()


def test_an_empty_mask_has_no_regions() -> None:
    assert find_regions(np.zeros((5, 5), np.uint8)) == ()


@given(st.integers(0, 2**32 - 1), st.floats(0.0005, 0.3), st.integers(5, 300), st.integers(5, 300))
@settings(max_examples=60, deadline=None)
def test_regions_divide_the_mask(seed: int, share: float, height: int, width: int) -> None:
    mask = (np.random.default_rng(seed).random((height, width)) < share).astype(np.uint8) * 200
    regions = find_regions(mask)
    assert len(regions) <= MOST_REGIONS
    times_covered = np.zeros(mask.shape, int)
    for region in regions:
        assert region.hole.shape == (region.box.height, region.box.width)
        assert region.hole.any(axis=0)[[0, -1]].all()
        assert region.hole.any(axis=1)[[0, -1]].all()
        times_covered[region.box.slices] += region.hole
    assert np.array_equal(times_covered, (mask > 0).astype(int))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_context_squares(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 5000)), data.draw(st.integers(1, 5000))
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    hole = Box(left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height)))
    square = context_square(hole, Box(0, 0, width, height), resolution=64)
    box = square_box(square)
    assert box.width == box.height == square.side
    assert box.intersect(hole) == hole  # covers the hole
    longest = max(hole.width, hole.height)
    if min(width, height) >= max(3 * longest, 64):
        assert box.intersect(Box(0, 0, width, height)) == box  # stays in the photo where it can
        assert square.side == max(3 * longest, 64)


def test_the_problem_is_the_area_mean_of_known_pixels() -> None:
    pixels = np.full((32, 32, 3), 100, np.uint8)
    pixels[:, 16:] = 200
    mask = np.zeros((32, 32), np.uint8)
    mask[8:16, 8:16] = 255
    pixels[mask > 0] = 7  # what was painted over must not leak
    problem = search_problem(pixels, mask, ContextSquare(0, 0, 32), 8)
    expected = np.full((8, 8), 100 / 255)
    expected[:, 4:] = 200 / 255
    assert problem.hole.sum() == 4
    assert problem.hole[2:4, 2:4].all()
    assert np.array_equal(problem.known, ~problem.hole)
    np.testing.assert_allclose(
        problem.target[problem.known], np.repeat(expected[problem.known][:, None], 3, 1), atol=1e-6
    )


def test_pixels_beyond_the_photo_are_neither_known_nor_hole() -> None:
    pixels = np.full((20, 40, 3), 0xFFFF, np.uint16)
    mask = np.zeros((20, 40), np.uint8)
    mask[5:10, 5:10] = 1
    problem = search_problem(pixels, mask, ContextSquare(0, -10, 40), 20)
    assert not problem.known[:5].any()
    assert not problem.hole[:5].any()
    assert problem.known[5:15].mean() > 0.9
    assert problem.target[problem.known].min() == pytest.approx(1.0)


def test_a_square_wholly_beyond_the_photo_knows_nothing() -> None:
    problem = search_problem(np.zeros((9, 9, 1), np.uint8), np.ones((9, 9), np.uint8), ContextSquare(100, 100, 20), 8)
    assert not problem.known.any()
    assert not problem.hole.any()


@given(st.integers(64, 400), st.integers(-50, 50), st.integers(-50, 50))
@settings(max_examples=30, deadline=None)
def test_enlarging_undoes_reducing(side: int, x: int, y: int) -> None:
    """A smooth ramp comes back in place: half a pixel of offset would show."""
    rows, columns = np.mgrid[0:500, 0:500].astype(np.float32)
    photo = np.stack([rows, columns, rows + columns], axis=2) / 1000
    box = Box(60 + x, 60 + y, 60 + x + side, 60 + y + side).intersect(Box(0, 0, 500, 500))
    side = min(box.width, box.height)
    square = ContextSquare(box.left, box.top, side)
    pixels = np.rint(photo * 65535).astype(np.uint16)
    problem = search_problem(pixels, np.zeros((500, 500), np.uint8), square, 32)
    inner = square_box(square).grow(-max(8, side // 8))
    back = enlarge(problem.target, square, inner)
    assert np.abs(back - photo[inner.slices]).max() < 2.5e-3


@pytest.mark.parametrize("side", [60, 400])
def test_a_turned_square_sees_what_an_upright_one_sees_of_the_turned_photo(side: int) -> None:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (9, 9, 3)).astype(np.float32)
    pixels = cv2.resize(coarse, (480, 480), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
    mask = mask_of((480, 480), Box(220, 230, 262, 270))
    square = ContextSquare(240 - side / 2, 240 - side / 2, side)
    about = cv2.getRotationMatrix2D((239.5, 239.5), -30, 1)  # clockwise, about the middle of the photo
    turned, turned_mask = cv2.warpAffine(pixels, about, (480, 480)), cv2.warpAffine(mask, about, (480, 480))
    upright = search_problem(pixels, mask, square, 32)
    seen = search_problem(turned, (turned_mask > 127).astype(np.uint8) * 255, replace(square, angle=30), 32)
    both = upright.known & seen.known
    assert both.mean() > 0.95 * upright.known.mean()
    assert (upright.hole ^ seen.hole).mean() < 0.05
    assert np.abs(upright.target - seen.target)[both].mean() < 0.01


def test_what_lies_beyond_the_photo_is_neither_known_nor_hole_for_a_turned_square() -> None:
    pixels = np.full((100, 100, 3), 90, np.uint8)
    problem = search_problem(pixels, mask_of((100, 100), Box(40, 40, 60, 60)), ContextSquare(-50, -50, 200, 45), 64)
    assert not problem.known[0, 0]
    assert not problem.hole[0, 0]
    assert problem.hole[32, 32]
    assert np.abs(problem.target[problem.known] - 90 / 255).max() < 0.01


def test_enlarging_turns_back() -> None:
    rng = np.random.default_rng(1)
    pixels = cv2.resize(rng.random((6, 6, 3)).astype(np.float32), (200, 200), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    photo = (pixels * 255).astype(np.uint8)
    square, box = ContextSquare(40, 30, 120, -20), Box(80, 70, 120, 110)
    answer = search_problem(photo, np.zeros((200, 200), np.uint8), square, 64).target
    assert np.abs(enlarge(answer, square, box) - pixels[box.slices]).mean() < 0.015

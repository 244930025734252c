"""Where faces are looked for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui import paths
from inpaintgui.contracts import Box, ContextSquare, Pixels, run_to_end
from inpaintgui.engine.faces import CASCADE_SIDE, INSIDE_FACE, Face, _windows, find_faces, finding_faces
from inpaintgui.engine.image_io import load_photo

PHOTO = Box(0, 0, 700, 500)


def sample(name: str) -> Pixels:
    return load_photo(paths.resources() / "samples" / f"{name}.jpg").pixels


def near(pixels: Pixels, holes: Sequence[Box]) -> tuple[Face, ...]:
    return run_to_end(finding_faces(pixels, holes))


@pytest.mark.parametrize("name", ["portrait", "astronaut"])
@pytest.mark.parametrize("place", [(0.2, 0.25, 0.35), (0.5, 0.55, 0.3), (0.1, 0.1, 0.8)])
def test_near_a_hole_the_same_face_is_found_as_in_the_whole_photo(name: str, place: tuple[float, float, float]) -> None:
    pixels = sample(name)
    face = find_faces(pixels)[0].square
    x, y, side = (round(share * face.side) for share in place)
    left, top = round(face.x) + x, round(face.y) + y
    found = near(pixels, [Box(left, top, left + side, top + side)])
    assert [one.square.side for one in found] == [pytest.approx(face.side, rel=0.08)]
    assert (found[0].square.x, found[0].square.y) == pytest.approx((face.x, face.y), abs=0.08 * face.side)


def test_a_face_far_from_every_hole_is_not_looked_for() -> None:
    pixels = sample("astronaut")
    height, width = pixels.shape[:2]
    assert find_faces(pixels)
    assert near(pixels, [Box(0, height - 20, 20, height), Box(width - 20, height - 20, width, height)]) == ()
    assert near(pixels, []) == ()


def test_two_faces_are_found_beside_two_holes() -> None:
    pixels = sample("portrait")
    face = find_faces(pixels)[0].square
    both = np.concatenate((pixels, pixels), axis=1)
    hole = Box(round(face.x + 40), round(face.y + 50), round(face.x + 70), round(face.y + 80))
    assert len(near(both, [hole, hole.moved(pixels.shape[1], 0)])) == 2
    assert len(near(both, [hole])) == 1


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, min(PHOTO.right, x + w), min(PHOTO.bottom, y + h)),
    st.integers(0, 690),
    st.integers(0, 490),
    st.integers(1, 300),
    st.integers(1, 300),
)


@given(st.integers(36, 400), st.lists(boxes, max_size=5))
def test_no_place_is_searched_twice(side: int, holes: list[Box]) -> None:
    windows = _windows(side, holes, PHOTO)
    assert all(one.intersect(other).is_empty for one, other in itertools.combinations(windows, 2))
    assert all(window.intersect(PHOTO) == window for window in windows)


shares = st.floats(0, 1)


@given(st.integers(40, 450), shares, shares, shares, shares, shares, shares)
def test_every_frame_that_a_hole_belongs_to_is_searched(
    side: int, x: float, y: float, width: float, height: float, across: float, down: float
) -> None:
    frame = side / CASCADE_SIDE
    square = ContextSquare(x * (PHOTO.width - frame), y * (PHOTO.height - frame), frame)
    lengths = [30 + share * (frame - 30) for share in (width, height)]
    # Each side of the hole lies to nine tenths at least in the frame, its area to more than INSIDE_FACE.
    left, top = (
        start + share * (frame - 0.8 * length) - 0.1 * length
        for start, share, length in zip((square.x, square.y), (across, down), lengths, strict=True)
    )
    hole = Box(math.ceil(left), math.ceil(top), math.floor(left + lengths[0]), math.floor(top + lengths[1]))
    assert Face(square).share_inside(hole) >= INSIDE_FACE
    (window,) = _windows(side, [hole], PHOTO)
    assert window.left <= square.x + 1
    assert window.right >= square.x + frame - 1
    assert window.top <= square.y + 1
    assert window.bottom >= square.y + frame - 1

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.masks import NAMED, hole_maker


@settings(deadline=None)
@given(kind=st.sampled_from(sorted(NAMED)), resolution=st.sampled_from((16, 64, 128)), index=st.integers(0, 10_000))
def test_a_hole_is_a_function_of_its_number(kind: str, resolution: int, index: int) -> None:
    hole = hole_maker(kind, resolution)(index)
    assert hole.shape == (resolution, resolution)
    assert hole.dtype == np.bool_
    assert hole.any()
    assert not hole.all()
    assert (hole_maker(kind, resolution)(index) == hole).all()


def test_the_centre_is_half_as_wide() -> None:
    hole = hole_maker("center", 64)(5)
    assert hole[16:48, 16:48].all()
    assert hole.sum() == 32 * 32


def test_a_half_is_one_of_four() -> None:
    halves = {hole_maker("half", 16)(index).tobytes() for index in range(40)}
    upper = np.zeros((16, 16), np.bool_)
    upper[:8] = True
    assert halves == {np.rot90(upper, turns).copy().tobytes() for turns in range(4)}


def test_loose_pixels_are_four_fifths_and_differ() -> None:
    holes = [hole_maker("random80", 64)(index) for index in range(3)]
    assert [int(hole.sum()) for hole in holes] == [3277] * 3
    assert (holes[0] != holes[1]).any()


@given(side=st.integers(1, 63))
def test_a_box_has_the_side_it_says(side: int) -> None:
    hole = hole_maker(f"box{side}", 64)(0)
    assert hole.sum() == side * side
    rows = np.flatnonzero(hole.any(axis=1))
    assert abs(int(rows[0]) - (63 - int(rows[-1]))) <= 1


def test_masks_of_a_file_are_taken_in_turn(tmp_path: Path) -> None:
    left, upper = np.zeros((2, 128, 160), np.uint8)
    left[:, :80] = 255
    upper[:64] = 255
    masks = {"a.png": left, "b-empty.png": np.zeros((9, 9), np.uint8), "c.png": upper}
    path = tmp_path / "masks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("0-broken.png", b"no mask")
        for name, mask in masks.items():
            archive.writestr(name, cv2.imencode(".png", mask)[1].tobytes())
    make = hole_maker(str(path), 16)
    expected = np.arange(16) < 8
    assert (make(0) == expected[None, :]).all()
    assert (make(1) == expected[:, None]).all()
    assert (make(2) == make(0)).all()


@pytest.mark.parametrize("kind", ["circle", "box0", "box", "box64", "box200", "nowhere.zip"])
def test_other_masks_are_bad_input(kind: str) -> None:
    with pytest.raises(BadInputError):
        hole_maker(kind, 64)


def test_a_file_without_masks_is_bad_input(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "white.png"), np.full((9, 9), 255, np.uint8))
    with pytest.raises(BadInputError, match="no mask"):
        hole_maker(str(tmp_path), 16)
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(BadInputError, match="cannot be read"):
        hole_maker(str(tmp_path / "text.zip"), 16)

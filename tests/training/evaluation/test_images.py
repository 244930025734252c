from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inpaintgui.errors import BadInputError
from inpaintgui.training.datasets import is_held_out
from inpaintgui.training.evaluation.images import load_squares, resized_square


def test_the_largest_centred_square_is_reduced_by_area() -> None:
    wide = np.zeros((8, 20, 3), np.uint8)
    wide[:, 6:14] = np.arange(8, dtype=np.uint8)[:, None, None] * 10
    square = resized_square(wide, 4)
    assert square.shape == (4, 4, 3)
    assert square[:, 0, 0].tolist() == [5, 25, 45, 65]
    assert (square == square[:, :1]).all()


def test_the_split_is_that_of_the_trainings(pictures_zip: Path) -> None:
    held_out = load_squares(pictures_zip, 16, limit=None, held_out=True)
    others = load_squares(pictures_zip, 16, limit=None, held_out=False)
    assert len(held_out) >= 5
    assert all(is_held_out(name) for name in held_out.names)
    assert not any(is_held_out(name) for name in others.names)
    assert len(held_out) + len(others) == 200
    assert held_out.pixels.shape == (len(held_out), 16, 16, 3)


def test_a_bad_image_is_skipped_and_named(pictures_zip: Path) -> None:
    chosen = load_squares(pictures_zip, 16, limit=3)
    assert chosen.skipped == ("a/000-broken.png",)
    assert len(chosen) == 2
    assert len(chosen.pixels) == 2


def test_a_limit_spreads_over_all_names(tmp_path: Path) -> None:
    for name in "abcdefgh":
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((9, 9, 3), ord(name), np.uint8))
    chosen = load_squares(tmp_path, 8, limit=4)
    assert chosen.names == ("a.png", "c.png", "e.png", "g.png")
    assert chosen.pixels[:, 0, 0, 0].tolist() == [ord(name) for name in "aceg"]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive"])
def test_a_source_without_images_is_bad_input(content: bytes | None, tmp_path: Path) -> None:
    source = tmp_path / "images.zip"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(BadInputError, match=r"images\.zip"):
        load_squares(source, 16, limit=None)


def test_nothing_held_out_is_said(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
    with pytest.raises(BadInputError, match="no held-out image"):
        load_squares(tmp_path, 8, limit=None, held_out=True)

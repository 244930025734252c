from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.errors import TrainingError
from inpaintgui.training.holes import (
    FACE_HOLES,
    SCENE_HOLES,
    SILHOUETTE_SIDE,
    SIMPLE_KINDS,
    HoleSampler,
    load_silhouettes,
)

FIGURE = np.zeros((60, 20), np.uint8)
FIGURE[:, 8:12] = 255


@given(
    side=st.sampled_from([16, 32, 64]),
    kind=st.sampled_from([*SIMPLE_KINDS, "silhouette"]),
    seed=st.integers(0, 99),
    position=st.integers(0, 10**7),
)
def test_a_hole_is_neither_empty_nor_everything_and_repeats(side: int, kind: str, seed: int, position: int) -> None:
    sampler = HoleSampler(side, {kind: 1.0}, seed, (FIGURE,))
    hole = sampler.hole_at(position)
    assert hole.shape == (side, side)
    assert hole.dtype == np.bool_
    assert hole.any()
    assert not hole.all()
    assert np.array_equal(hole, sampler.hole_at(position))


@pytest.mark.parametrize("mixture", [SCENE_HOLES, FACE_HOLES])
def test_mixtures_are_complete_and_differ_from_position_to_position(mixture: dict[str, float]) -> None:
    assert sum(mixture.values()) == pytest.approx(1)
    assert set(mixture) <= {*SIMPLE_KINDS, "silhouette"}
    sampler = HoleSampler(32, mixture, 0, (FIGURE,))
    assert len({sampler.hole_at(k).tobytes() for k in range(50)}) > 45


def test_silhouettes_are_cut_out_and_photographs_left_out(tmp_path: Path) -> None:
    mask = np.zeros((300, 200), np.uint8)
    mask[40:240, 50:90] = 255
    files = {"0.png": mask, "0.jpg": np.full((300, 200, 3), 255, np.uint8), "1.png": np.zeros((9, 9), np.uint8)}
    path = tmp_path / "people.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, image in files.items():
            archive.writestr(name, cv2.imencode(Path(name).suffix, image)[1].tobytes())
    (shape,) = load_silhouettes(path)
    assert shape.shape == (SILHOUETTE_SIDE, round(40 * SILHOUETTE_SIDE / 200))
    assert shape.min() > 200


def test_without_masks_there_are_no_silhouettes(image_folder: Path, tmp_path: Path) -> None:
    black = tmp_path / "black"
    black.mkdir()
    cv2.imwrite(str(black / "a.png"), np.zeros((8, 8), np.uint8))
    with pytest.raises(TrainingError, match="no PNG masks"):
        load_silhouettes(black)

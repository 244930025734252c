"""Pairs in which people are red ellipses, and green scenes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

PAIRS, SCENES = 24, 30


def write_pair(folder: Path, name: str, rng: np.random.Generator, *, side: int = 64) -> None:
    photo = rng.integers(60, 140, (side, side, 3)).astype(np.uint8)
    mask = np.zeros((side, side), np.uint8)
    centre = tuple(int(v) for v in rng.integers(24, 40, 2))
    cv2.ellipse(mask, centre, (9, 20), 0, 0, 360, 255, -1)
    photo[mask > 0] = (20, 20, 230)  # red, as OpenCV writes it
    assert cv2.imwrite(str(folder / f"{name}.jpg"), photo)
    assert cv2.imwrite(str(folder / f"{name}.png"), mask)


@pytest.fixture(scope="session")
def pairs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    rng = np.random.default_rng(0)
    for number in range(PAIRS):
        write_pair(folder, f"{number:04}", rng)
    return folder


@pytest.fixture(scope="session")
def scenes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    rng = np.random.default_rng(1)
    for number in range(SCENES):
        scene = rng.integers(0, 90, (48, 64, 3)).astype(np.uint8)
        scene[..., 1] += 100
        assert cv2.imwrite(str(folder / f"{number:04}.jpg"), scene)
    return folder

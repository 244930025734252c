from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest


def write_images(folder: Path, count: int, seed: int = 0, side: int = 24) -> None:
    """Smooth random pictures of slightly different sizes."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(count):
        small = rng.integers(0, 255, (4, 4, 3)).astype(np.uint8)
        picture = cv2.resize(small, (side + k % 3, side + k % 2), interpolation=cv2.INTER_CUBIC)
        assert cv2.imwrite(str(folder / f"{k:03}.png"), picture)


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    write_images(folder, 40)
    return folder


@pytest.fixture
def image_zip(image_folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(image_folder.iterdir()):
            archive.write(file, f"sub/{file.name}")
    return path

"""Small pictures of large JPEGs, decoded first."""

import cv2
import numpy as np
import pytest

from inpaintgui.engine import glimpse as module
from inpaintgui.engine.glimpse import glimpse
from inpaintgui.engine.image_io import load_photo


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch):
    monkeypatch.setattr(module, "LEAST_MEGAPIXELS", 0.05)


def write(path, height=320, width=480, orientation=1):
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    pixels = np.dstack(
        [
            np.full((height, width), 30, np.uint8),
            np.tile(ramp, (height, 1)),
            np.zeros_like(ramp) + np.zeros((height, 1), np.uint8),
        ]
    )
    data = cv2.imencode(".jpg", pixels)[1].tobytes()
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation]) + b"\0\0\0\0\0\0\0"
    block = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    path.write_bytes(data[:2] + block + data[2:])
    return path


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_glimpse_is_the_photo_in_small(tmp_path, orientation):
    path = write(tmp_path / "a.jpg", orientation=orientation)
    photo, seen = load_photo(path), glimpse(path)
    assert (seen.width, seen.height) == (photo.width, photo.height)
    assert seen.pixels.shape == (photo.height // 8, photo.width // 8, 3)
    reduced = cv2.resize(photo.pixels, seen.pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(seen.pixels.astype(int) - reduced).mean() < 3


def test_only_large_jpegs_are_worth_a_glimpse(tmp_path):
    small, other, broken = tmp_path / "small.jpg", tmp_path / "other.png", write(tmp_path / "broken.jpg")
    cv2.imwrite(str(small), np.zeros((40, 40, 3), np.uint8))
    cv2.imwrite(str(other), np.zeros((400, 400, 3), np.uint8))
    broken.write_bytes(broken.read_bytes()[:300])
    for path in (small, other, broken, tmp_path / "missing.jpg"):
        assert glimpse(path) is None

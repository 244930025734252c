"""The sample photos are complete: a mask each, an entry with the licence, and small enough to ship."""

import cv2
import numpy as np
import pytest

from inpaintgui import paths
from inpaintgui.engine.image_io import load_mask, load_photo

FOLDER = paths.resources() / "samples"
PHOTOS = sorted(FOLDER.glob("*.jpg"))


def test_there_is_a_face_and_a_landscape():
    assert {"portrait", "astronaut", "mountain", "hilltop"} == {photo.stem for photo in PHOTOS}


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_a_photo_has_a_mask_and_an_entry(path):
    photo = load_photo(path)
    mask = load_mask(FOLDER / f"{path.stem}-mask.png", (photo.height, photo.width))
    assert 0.005 < np.mean(mask == 255) < 0.25
    assert set(np.unique(mask)) == {0, 255}
    entry = [line for line in (FOLDER / "README.md").read_text("utf-8").splitlines() if f"`{path.name}`" in line]
    assert len(entry) == 1
    assert f"{photo.width}×{photo.height}" in entry[0]
    assert any(licence in entry[0] for licence in ("CC BY 4.0", "CC0 1.0", "public domain"))


@pytest.mark.parametrize("name", ["portrait", "astronaut"])
def test_the_mask_lies_on_a_face_that_can_be_found(name):
    pixels = load_photo(FOLDER / f"{name}.jpg").pixels
    mask = load_mask(FOLDER / f"{name}-mask.png", pixels.shape[:2])
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    ((x, y, width, height),) = cascade.detectMultiScale(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 1.1, 5)
    assert mask[y : y + height, x : x + width].sum() == mask.sum()


def test_the_folder_stays_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 2.5e6

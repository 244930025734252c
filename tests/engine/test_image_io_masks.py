"""White is hole, whatever the mask's file is like."""

import numpy as np
import pytest
from PIL import Image

from inpaintgui.engine.image_io import load_mask, save_mask
from inpaintgui.errors import BadInputError, SaveError

LEVELS = np.array([[0, 1, 127, 128, 200, 255]], np.uint8)
HOLE = np.array([[0, 0, 0, 255, 255, 255]], np.uint8)
SHAPE = LEVELS.shape


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".bmp", ".webp"])
def test_grey_is_thresholded_at_128(tmp_path, suffix):
    save_mask(tmp_path / f"m{suffix}", LEVELS)
    assert np.array_equal(load_mask(tmp_path / f"m{suffix}", SHAPE), HOLE)


def test_16_bits(tmp_path):
    Image.fromarray(LEVELS.astype(np.uint16) * 257).save(tmp_path / "m.png")
    assert np.array_equal(load_mask(tmp_path / "m.png", SHAPE), HOLE)


def test_one_bit(tmp_path):
    Image.fromarray(LEVELS >= 128).save(tmp_path / "m.png")
    assert np.array_equal(load_mask(tmp_path / "m.png", SHAPE), HOLE)


def test_colours_count_by_their_luminance(tmp_path):
    colours = np.array([[[255, 255, 255], [255, 255, 0], [0, 255, 0], [255, 0, 0], [0, 0, 255], [0, 0, 0]]], np.uint8)
    Image.fromarray(colours).save(tmp_path / "m.png")
    assert load_mask(tmp_path / "m.png", (1, 6)).tolist() == [[255, 255, 255, 0, 0, 0]]


def test_alpha_is_ignored_when_the_colours_say_something(tmp_path):
    pixels = np.stack([LEVELS, LEVELS, LEVELS, 255 - LEVELS], axis=2)
    Image.fromarray(pixels).save(tmp_path / "m.png")
    assert np.array_equal(load_mask(tmp_path / "m.png", SHAPE), HOLE)


@pytest.mark.parametrize("paint", [0, 90, 255])
def test_alpha_counts_when_the_colour_is_flat(tmp_path, paint):
    pixels = np.full((*SHAPE, 4), paint, np.uint8)
    pixels[..., 3] = LEVELS
    Image.fromarray(pixels).save(tmp_path / "m.png")
    assert np.array_equal(load_mask(tmp_path / "m.png", SHAPE), HOLE)


def test_an_all_white_opaque_mask_is_all_hole(tmp_path):
    Image.new("RGBA", (6, 1), (255, 255, 255, 255)).save(tmp_path / "m.png")
    assert load_mask(tmp_path / "m.png", SHAPE).min() == 255


def test_another_size_is_refused_with_both_sizes(tmp_path):
    save_mask(tmp_path / "m.png", np.zeros((40, 30), np.uint8))
    with pytest.raises(BadInputError, match=r"is 30 × 40 pixels, but the photo is 640 × 480\."):
        load_mask(tmp_path / "m.png", (480, 640))


def test_feather_is_kept_in_the_file(tmp_path):
    save_mask(tmp_path / "m.png", LEVELS)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "m.png")), LEVELS)


def test_a_mask_is_not_saved_as_jpeg(tmp_path):
    with pytest.raises(SaveError, match="PNG"):
        save_mask(tmp_path / "m.jpg", LEVELS)
    assert list(tmp_path.iterdir()) == []

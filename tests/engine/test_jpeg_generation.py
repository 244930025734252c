"""What coding a JPEG again costs outside the hole: the same tables, and nearly all pixels as they were."""

import numpy as np
import pytest

from inpaintgui.contracts import Photo
from inpaintgui.engine.image_header import read_header
from inpaintgui.engine.image_io import load_photo, save_photo
from inpaintgui.paths import resources

PHOTO = load_photo(resources() / "samples" / "mountain.jpg").pixels[:512, :768]


@pytest.mark.parametrize(("quality", "unchanged"), [(75, 0.98), (90, 0.97), (95, 0.88)])
@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:0"])
def test_pixels_outside_the_hole_nearly_all_stay(tmp_path, quality, unchanged, sampling):
    first, second = tmp_path / "first.jpg", tmp_path / "second.jpg"
    save_photo(first, Photo(PHOTO, jpeg_quality=quality, jpeg_sampling=sampling))
    opened = load_photo(first)
    pixels = opened.pixels.copy()
    pixels[160:320, 160:320] = 128
    outside = np.ones(pixels.shape[:2], bool)
    outside[144:336, 144:336] = False  # blocks of both kinds that the hole touches
    save_photo(second, Photo(pixels, jpeg_quality=opened.jpeg_quality, jpeg_sampling=opened.jpeg_sampling))
    assert read_header(first.read_bytes()).jpeg == read_header(second.read_bytes()).jpeg
    again = load_photo(second).pixels
    assert (again == opened.pixels)[outside].mean() >= unchanged


def test_a_lossless_format_keeps_every_pixel_of_a_jpeg(tmp_path):
    for suffix in (".png", ".tiff", ".webp", ".bmp"):
        save_photo(tmp_path / f"a{suffix}", Photo(PHOTO))
        assert np.array_equal(load_photo(tmp_path / f"a{suffix}").pixels, PHOTO)

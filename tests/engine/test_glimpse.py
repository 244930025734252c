"""Small pictures of large photos, before those are ready."""

import struct

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from inpaintgui.contracts import Photo, PhotoMetadata
from inpaintgui.engine import glimpse as module
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.glimpse import glimpse, reduced
from inpaintgui.engine.image_io import load_photo, save_photo


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch):
    monkeypatch.setattr(module, "LEAST_MEGAPIXELS", 0.05)


def smooth(height, width):
    """Ramps in three directions, uint8 (H, W, 3)."""
    down, across = np.mgrid[:height, :width]
    return np.dstack([down * 255 // height, across * 255 // width, (down + across) // 4]).astype(np.uint8)


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


@pytest.mark.parametrize("compression", [1, 5, 8])
def test_of_a_tiff_with_thin_strips_every_eighth_row_is_decoded(tmp_path, compression):
    path = tmp_path / "a.tif"
    cv2.imwrite(str(path), smooth(331, 480), [cv2.IMWRITE_TIFF_COMPRESSION, compression])
    photo, seen = load_photo(path), glimpse(path)
    assert (seen.width, seen.height) == (480, 331)
    np.testing.assert_array_equal(seen.pixels[:41], photo.pixels[::8, ::8][:41])


@pytest.mark.parametrize("kind", ["RGB", "L", "RGBA", "I;16"])
@pytest.mark.parametrize(("compression", "rows"), [(None, 400), (None, 16), ("tiff_lzw", 2), ("tiff_deflate", 7)])
def test_kinds_of_tiffs(tmp_path, kind, compression, rows):
    path = tmp_path / "a.tif"
    pixels = smooth(331, 480)
    grey = pixels[..., 0].copy()
    image = Image.fromarray(grey.astype(np.uint16) * 257) if kind == "I;16" else Image.fromarray(pixels).convert(kind)
    options = {} if compression is None else {"compression": compression}
    image.save(path, tiffinfo={278: rows}, **options)
    photo, seen = load_photo(path), glimpse(path)
    whole = reduced(photo.pixels)
    assert np.abs(seen.pixels[:41, :60].astype(int) - whole[:41]).mean() < 4


@pytest.mark.parametrize("damage", ["thick", "turned", "tiled", "motorola"])
def test_tiffs_that_have_to_be_decoded_whole(tmp_path, damage):
    path, pixels = tmp_path / "a.tif", smooth(320, 480)
    options = {
        "thick": {"compression": "zlib", "rowsperstrip": 64},
        "turned": {"compression": "zlib", "rowsperstrip": 1, "extratags": [(274, "H", 1, 6, True)]},
        "tiled": {"tile": (64, 64)},
        "motorola": {"byteorder": ">"},
    }[damage]
    tifffile.imwrite(path, pixels, photometric="rgb", **options)
    assert glimpse(path) is None
    assert load_photo(path).pixels.size == pixels.size


@pytest.mark.parametrize("compression", [1, 5])
def test_strips_that_are_all_the_whole_file_are_not_copied(tmp_path, compression):
    path = tmp_path / "a.tif"
    cv2.imwrite(str(path), smooth(331, 480), [cv2.IMWRITE_TIFF_COMPRESSION, compression])
    data = bytearray(path.read_bytes())
    tag = tiff_tags.read_tags(bytes(data))[279]
    struct.pack_into(f"<{len(tag.numbers)}I", data, tag.position, *[len(data) - 8] * len(tag.numbers))
    data += bytes(8)
    struct.pack_into(
        f"<{len(tag.numbers)}I", data, tiff_tags.read_tags(bytes(data))[273].position, *[8] * len(tag.numbers)
    )
    path.write_bytes(data)
    assert glimpse(path) is None


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.webp"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_what_is_decoded_is_shown_before_it_is_ready(tmp_path, name, dtype):
    pixels = smooth(331, 480).astype(dtype) * (1 if dtype is np.uint8 else 257)
    save_photo(tmp_path / name, Photo(pixels))
    shown = []
    photo = load_photo(tmp_path / name, shown.append)
    np.testing.assert_array_equal(load_photo(tmp_path / name).pixels, photo.pixels)
    last = shown[-1]
    assert (last.width, last.height, last.share) == (480, 331, 1.0)
    np.testing.assert_array_equal(last.pixels, reduced(photo.pixels))
    if name == "a.png":
        shares = [seen.share for seen in shown[:-1]]
        assert len(shares) == 14
        assert shares == sorted(shares)
        for seen in shown[:-2]:
            np.testing.assert_array_equal(seen.pixels, reduced(photo.pixels[: round(seen.share * 331)]))


def test_a_turned_photo_is_shown_upright(tmp_path):
    exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    save_photo(tmp_path / "a.png", Photo(smooth(320, 480), PhotoMetadata(exif=exif)))
    shown = []
    photo = load_photo(tmp_path / "a.png", shown.append)
    assert photo.pixels.shape == (480, 320, 3)
    (seen,) = shown
    assert (seen.width, seen.height) == (320, 480)
    np.testing.assert_array_equal(seen.pixels, reduced(photo.pixels))


def test_of_a_jpeg_there_was_a_glimpse_already(tmp_path):
    shown = []
    load_photo(write(tmp_path / "a.jpg"), shown.append)
    assert shown == []


def test_what_is_worth_no_glimpse(tmp_path):
    small, other, broken = tmp_path / "small.jpg", tmp_path / "other.png", write(tmp_path / "broken.jpg")
    cv2.imwrite(str(small), np.zeros((40, 40, 3), np.uint8))
    cv2.imwrite(str(other), np.zeros((400, 400, 3), np.uint8))
    broken.write_bytes(broken.read_bytes()[:300])
    for path in (small, other, broken, tmp_path / "missing.jpg"):
        assert glimpse(path) is None
    shown = []
    load_photo(small, shown.append)
    assert shown == []

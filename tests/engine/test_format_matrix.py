"""Every format, depth, kind of pixels and piece of metadata through a fill: outside the hole nothing changes."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from inpaintgui.contracts import Photo, PhotoMetadata
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.image_io import load_photo, save_photo

HOLE = np.s_[16:32, 24:40]
CHANNELS = {"grey": 1, "RGB": 3, "alpha": 4}
MATRIX = [
    (suffix, depth, kind)
    for suffix, depths in {".png": (8, 16), ".tiff": (8, 16), ".webp": (8,), ".bmp": (8,), ".jpg": (8,)}.items()
    for depth in depths
    for kind in CHANNELS
    if (suffix, kind) not in ((".webp", "grey"), (".jpg", "alpha"))
]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
PROFILES = {
    True: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    False: ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()[:16] + b"GRAY" + bytes(200),
}


def metadata(kind, *, orientation=1):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker"
    exif[ExifTags.Base.Orientation] = orientation
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    return PhotoMetadata(exif=block, xmp=XMP, icc=PROFILES[kind != "grey"], density=(300.0, 150.0))


def scene(depth, kind):
    random = np.random.default_rng(depth)
    dtype = np.uint8 if depth == 8 else np.uint16
    pixels = random.integers(0, 2**depth, (48, 64, CHANNELS[kind]), dtype=dtype)
    return np.repeat(np.repeat(pixels[:6, :8], 8, axis=0), 8, axis=1)


def digest(pixels):
    outside = np.ones(pixels.shape[:2], bool)
    outside[HOLE] = False
    return hashlib.sha256(np.ascontiguousarray(pixels[outside]).tobytes()).hexdigest()


@pytest.mark.parametrize(("suffix", "depth", "kind"), MATRIX)
def test_pixels_outside_the_hole(tmp_path, suffix, depth, kind):
    """Opened, filled, saved and opened again: the hash of what is outside of the hole is that of before."""
    save_photo(tmp_path / f"a{suffix}", Photo(scene(depth, kind), metadata(kind)))
    opened = load_photo(tmp_path / f"a{suffix}")
    assert opened.pixels.dtype == (np.uint8 if depth == 8 else np.uint16)
    assert opened.pixels.shape[2] == CHANNELS[kind]
    pixels = opened.pixels.copy()
    pixels[HOLE] = 0
    save_photo(tmp_path / f"b{suffix}", replace(opened, pixels=pixels))
    again = load_photo(tmp_path / f"b{suffix}")
    # A JPEG keeps whole blocks, and this hole is whole blocks.
    assert digest(again.pixels) == digest(opened.pixels)
    assert np.abs(again.pixels[HOLE].astype(int)).max() <= (3 if suffix == ".jpg" else 0)


@pytest.mark.parametrize(("suffix", "depth", "kind"), MATRIX)
def test_metadata(tmp_path, suffix, depth, kind):
    """EXIF, XMP, ICC and the density survive two files of the same format, where it has a place for them."""
    said = metadata(kind)
    save_photo(tmp_path / f"a{suffix}", Photo(scene(depth, kind), said))
    save_photo(tmp_path / f"b{suffix}", load_photo(tmp_path / f"a{suffix}"))
    kept = load_photo(tmp_path / f"b{suffix}").metadata
    if suffix == ".bmp":
        assert kept == PhotoMetadata()
        return
    assert tiff_tags.read_tags(kept.exif)[ExifTags.Base.Make].value == b"Maker\0"
    assert kept.xmp == XMP
    assert kept.icc == said.icc
    assert kept.density == (None if suffix == ".webp" else said.density)
    if kept.density:
        with Image.open(tmp_path / f"b{suffix}") as witness:
            assert np.allclose([float(side) for side in witness.info["dpi"]], (300, 150), atol=0.02)


@pytest.mark.parametrize(("suffix", "depth", "kind"), [row for row in MATRIX if row[0] not in (".bmp", ".jpg")])
@pytest.mark.parametrize("orientation", [3, 6])
def test_an_orientation_is_applied_once(tmp_path, suffix, depth, kind, orientation):
    """Written as another program does: turned pixels and the tag. (JPEG has its own test.)"""
    upright = scene(depth, kind)
    stored = np.ascontiguousarray(np.rot90(upright, {3: 2, 6: 1}[orientation]))
    save_photo(tmp_path / f"a{suffix}", Photo(stored, metadata(kind, orientation=orientation)))
    if suffix == ".tiff":
        file = (tmp_path / "a.tiff").read_bytes()
        tag = tiff_tags.Tag(3, orientation.to_bytes(2, "little"))
        (tmp_path / "a.tiff").write_bytes(tiff_tags.add_tags(file, {tiff_tags.ORIENTATION: tag}))
    opened = load_photo(tmp_path / f"a{suffix}")
    assert np.array_equal(opened.pixels, upright)
    save_photo(tmp_path / f"b{suffix}", opened)
    assert np.array_equal(load_photo(tmp_path / f"b{suffix}").pixels, upright)


@pytest.mark.parametrize("source", [".png", ".tiff", ".jpg"])
@pytest.mark.parametrize("target", [".png", ".tiff", ".jpg"])
def test_the_density_moves_between_formats(tmp_path, source, target):
    Image.fromarray(scene(8, "RGB")).save(tmp_path / f"a{source}", dpi=(300, 150))
    opened = load_photo(tmp_path / f"a{source}")
    assert opened.metadata.density == (300.0, 150.0)
    save_photo(tmp_path / f"b{target}", opened)
    with Image.open(tmp_path / f"b{target}") as witness:
        assert np.allclose([float(side) for side in witness.info["dpi"]], (300, 150), atol=0.02)

"""HEIC and AVIF, written by Pillow, pillow-heif and OpenCV, are opened upright, with metadata and all bits."""

import contextlib
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageCms

from inpaintgui.cli import run
from inpaintgui.contracts import Photo
from inpaintgui.engine import image_header, tiff_tags
from inpaintgui.engine.heif_boxes import HeifError, heif_kind, read_boxes
from inpaintgui.engine.image_io import load_photo, photo_from_bytes, save_photo
from inpaintgui.errors import ImageFileError, SaveError
from tests.engine.orientations import CORNERS, STORED_AS

ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
RAMP = np.linspace(0, 65535, 48 * 64 * 3).reshape(48, 64, 3).astype(np.uint16)


def exif(orientation=1):
    block = Image.Exif()
    block[ExifTags.Base.Make] = "Maker of phones"
    block[ExifTags.Base.Orientation] = orientation
    return block


def write(path, pixels, orientation=1):
    said = {"icc_profile": ICC, "xmp": XMP}
    if path.suffix == ".avif":
        Image.fromarray(pixels).save(path, quality=100, subsampling="4:4:4", exif=exif(orientation), **said)
    else:
        pillow_heif.from_pillow(Image.fromarray(pixels)).save(
            path, quality=-1, chroma=444, exif=exif(orientation).tobytes(), **said
        )


@pytest.mark.parametrize("suffix", [".heic", ".avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_with_metadata(tmp_path, suffix, orientation):
    path = tmp_path / f"a{suffix}"
    write(path, np.ascontiguousarray(STORED_AS[orientation](CORNERS)), orientation)
    photo = load_photo(path)
    assert photo.pixels.shape == CORNERS.shape
    assert np.abs(photo.pixels.astype(int) - CORNERS).max() <= 3
    assert photo.metadata.icc == ICC
    assert photo.metadata.xmp == XMP
    tags = tiff_tags.read_tags(photo.metadata.exif)
    assert tags[ExifTags.Base.Make].value == b"Maker of phones\0"
    assert tiff_tags.orientation(tags) == 1
    save_photo(tmp_path / "b.png", photo)
    with Image.open(tmp_path / "b.png") as witness:
        assert witness.info["icc_profile"] == ICC
        assert witness.getexif()[ExifTags.Base.Make] == "Maker of phones"
    assert np.array_equal(load_photo(tmp_path / "b.png").pixels, photo.pixels)


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_every_bit_of_an_avif_counts(tmp_path, bits):
    stored = (RAMP >> (16 - bits)).astype(np.uint8 if bits == 8 else np.uint16)
    flags = [cv2.IMWRITE_AVIF_DEPTH, bits, cv2.IMWRITE_AVIF_QUALITY, 100]
    (tmp_path / "a.avif").write_bytes(cv2.imencode(".avif", stored[..., ::-1], flags)[1].tobytes())
    pixels = load_photo(tmp_path / "a.avif").pixels
    if bits == 8:
        assert np.array_equal(pixels, stored)
        return
    assert np.array_equal(pixels, np.rint(stored * (65535 / (2**bits - 1))).astype(np.uint16))
    assert pixels.min() == 0
    assert pixels.max() == 65535


def test_ten_bits_of_a_heic_fill_sixteen(tmp_path):
    pillow_heif.from_bytes("RGB;16", (64, 48), RAMP.tobytes()).save(tmp_path / "a.heic", quality=-1, chroma=444)
    pixels = load_photo(tmp_path / "a.heic").pixels
    assert pixels.dtype == np.uint16
    assert pixels.max() == 65535
    assert np.abs(pixels.astype(int) - RAMP).max() <= 2 * 65535 / 1023
    assert len(np.unique(pixels)) > 900


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("RGBA", 4)])
def test_grey_and_alpha(tmp_path, mode, channels):
    picture = Image.fromarray(np.dstack([CORNERS, np.full((48, 64), 77, np.uint8)])).convert(mode)
    pillow_heif.from_pillow(picture).save(tmp_path / "a.heic", quality=-1, chroma=444)
    pixels = load_photo(tmp_path / "a.heic").pixels
    assert pixels.shape == (48, 64, channels)
    assert np.abs(pixels.astype(int) - np.asarray(picture).reshape(48, 64, channels)).max() <= 3


def test_without_the_decoder_it_is_said_what_to_install(tmp_path, monkeypatch):
    write(tmp_path / "a.heic", CORNERS)
    monkeypatch.setattr(image_header, "find_spec", lambda name: None)
    with pytest.raises(ImageFileError, match=r"pip install 'inpaintgui\[heif\]'"):
        load_photo(tmp_path / "a.heic")


def test_they_are_not_written(tmp_path):
    with pytest.raises(SaveError, match="must end in one of"):
        save_photo(tmp_path / "a.heic", Photo(CORNERS))


def test_sequences_are_refused(tmp_path):
    write(tmp_path / "a.avif", CORNERS)
    data = (tmp_path / "a.avif").read_bytes()
    (tmp_path / "b.avif").write_bytes(data[:8] + b"avis" + data[12:])
    with pytest.raises(ImageFileError, match="animation"):
        load_photo(tmp_path / "b.avif")


@pytest.mark.parametrize("suffix", [".heic", ".avif"])
def test_every_cut_ends_in_a_sentence(tmp_path, suffix):
    write(tmp_path / f"a{suffix}", CORNERS)
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert heif_kind(data) is not None
    for end in [*range(0, 700, 7), len(data) // 2, len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:end])
        with pytest.raises(ImageFileError):
            load_photo(tmp_path / "cut")


def test_a_file_that_claims_any_size_is_refused_before_it_is_decoded(tmp_path):
    write(tmp_path / "a.avif", CORNERS)
    data = (tmp_path / "a.avif").read_bytes()
    place = data.index(b"ispe") + 8
    (tmp_path / "b.avif").write_bytes(data[:place] + (60_000).to_bytes(4, "big") * 2 + data[place + 8 :])
    with pytest.raises(ImageFileError, match="400 megapixels"):
        load_photo(tmp_path / "b.avif")


def test_a_heic_without_pictures_is_refused(tmp_path):
    """The decoder has no picture to give if the one that there is has no configuration."""
    write(tmp_path / "a.heic", CORNERS)
    data = (tmp_path / "a.heic").read_bytes()
    assert data.count(b"hvcC") == 1
    (tmp_path / "b.heic").write_bytes(data.replace(b"hvcC", b"dvcC"))
    with pytest.raises(ImageFileError):
        load_photo(tmp_path / "b.heic")


@pytest.mark.parametrize("seed", range(40))
def test_changed_boxes_raise_nothing_else(tmp_path, seed):
    write(tmp_path / "a.heic", CORNERS)
    data = bytearray((tmp_path / "a.heic").read_bytes())
    random = np.random.default_rng(seed)
    for place in random.integers(8, data.index(b"mdat"), 6):
        data[place] = random.integers(256)
    try:
        assert 1 <= read_boxes(bytes(data)).orientation <= 8
    except HeifError:
        with pytest.raises(ImageFileError):
            photo_from_bytes(bytes(data), Path("a.heic"))
    else:
        with contextlib.suppress(ImageFileError):
            assert photo_from_bytes(bytes(data), Path("a.heic")).pixels.ndim == 3


def test_a_heic_is_filled_into_a_png(tmp_path):
    write(tmp_path / "a.heic", CORNERS)
    mask = np.zeros((48, 64), np.uint8)
    mask[20:28, 28:36] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    arguments = [tmp_path / "a.heic", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png", "--preset", "draft"]
    assert run(["fill", *map(str, arguments), "--device", "cpu"]) == 0
    before, after = load_photo(tmp_path / "a.heic").pixels, load_photo(tmp_path / "out.png").pixels
    assert np.array_equal(before[mask == 0], after[mask == 0])

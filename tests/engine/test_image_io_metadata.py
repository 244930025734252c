"""EXIF, XMP and ICC survive; the orientation is applied exactly once."""

import io

import cv2
import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image, ImageCms, ImageOps

from inpaintgui.contracts import Photo, PhotoMetadata
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.image_io import load_photo, save_photo
from tests.engine.orientations import CORNERS, STORED_AS

RGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>'
WITH_METADATA = [".jpg", ".png", ".webp", ".tiff"]


def exif_block(orientation=1, byteorder="<"):
    exif = Image.Exif()
    exif.endian = byteorder
    exif[ExifTags.Base.Make] = "Maker of cameras"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.004
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"ASCII\0\0\0hello"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return exif.tobytes().removeprefix(b"Exif\0\0")


def exif_for(suffix, orientation, byteorder):
    """The block as Pillow wants it for a format."""
    return (b"Exif\0\0" if suffix == ".jpg" else b"") + exif_block(orientation, byteorder)


def write_with(path, pixels, orientation, byteorder="<"):
    """A file of another writer: Pillow for all formats, tifffile for 16 bits."""
    if pixels.dtype == np.uint16 and path.suffix == ".png":
        block = np.frombuffer(exif_block(orientation, byteorder), np.uint8)
        kinds = [cv2.IMAGE_METADATA_EXIF]
        _, data = cv2.imencodeWithMetadata(".png", np.ascontiguousarray(pixels[..., ::-1]), kinds, [block])
        path.write_bytes(data.tobytes())
    elif pixels.dtype == np.uint16:
        tags = [(274, 3, 1, orientation, True)]
        tifffile.imwrite(path, pixels, photometric="rgb", byteorder=byteorder, extratags=tags)
    else:
        lossless = (
            {"quality": 100, "subsampling": 0}
            if path.suffix == ".jpg"
            else {"lossless": True}
            if path.suffix == ".webp"
            else {}
        )
        exif = exif_for(path.suffix, orientation, byteorder)
        Image.fromarray(np.ascontiguousarray(pixels)).save(path, exif=exif, **lossless)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", WITH_METADATA)
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_the_orientation_is_applied_exactly_once(tmp_path, orientation, suffix, byteorder):
    path = tmp_path / f"turned{suffix}"
    write_with(path, STORED_AS[orientation](CORNERS), orientation, byteorder)
    photo = load_photo(path)
    assert photo.pixels.shape == CORNERS.shape
    assert np.abs(photo.pixels.astype(int) - CORNERS).max() <= (4 if suffix == ".jpg" else 0)

    save_photo(tmp_path / f"saved{suffix}", photo)
    with Image.open(tmp_path / f"saved{suffix}") as witness:
        kept = orientation if suffix == ".jpg" else 1  # a JPEG from a JPEG stays as it was stored
        assert witness.getexif().get(ExifTags.Base.Orientation, 1) == kept
        assert ImageOps.exif_transpose(witness).size == (64, 48)
        assert witness.getexif()[ExifTags.Base.Make] == "Maker of cameras"
    assert load_photo(tmp_path / f"saved{suffix}").pixels.shape == CORNERS.shape


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_16_bit_files_are_turned_too(tmp_path, orientation, suffix):
    upright = CORNERS.astype(np.uint16) * 257
    upright[0, 0] = 1, 2, 3
    write_with(tmp_path / f"turned{suffix}", STORED_AS[orientation](upright), orientation)
    assert np.array_equal(load_photo(tmp_path / f"turned{suffix}").pixels, upright)


@pytest.mark.parametrize("suffix", WITH_METADATA)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [3, 4])
def test_all_blocks_survive_a_round_trip(tmp_path, suffix, dtype, channels):
    pixels = np.full((12, 16, channels), np.iinfo(dtype).max, dtype)
    metadata = PhotoMetadata(exif=exif_block(), xmp=XMP, icc=RGB_PROFILE)
    save_photo(tmp_path / f"a{suffix}", Photo(pixels, metadata))
    first = load_photo(tmp_path / f"a{suffix}")
    assert (first.metadata.xmp, first.metadata.icc) == (XMP, RGB_PROFILE)
    if suffix == ".tiff":
        said, meant = tiff_tags.read_tags(first.metadata.exif), tiff_tags.read_tags(metadata.exif)
        assert said[271].value == meant[271].value
    else:
        assert first.metadata.exif == metadata.exif
    save_photo(tmp_path / f"b{suffix}", first)
    assert load_photo(tmp_path / f"b{suffix}").metadata == first.metadata


@pytest.mark.parametrize("source", WITH_METADATA)
@pytest.mark.parametrize("target", WITH_METADATA)
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_another_reader_finds_exif_after_a_change_of_format(tmp_path, source, target, byteorder):
    exif = exif_for(source, 6, byteorder)
    Image.fromarray(CORNERS).save(tmp_path / f"in{source}", exif=exif, icc_profile=RGB_PROFILE)
    save_photo(tmp_path / f"out{target}", load_photo(tmp_path / f"in{source}"))
    with Image.open(tmp_path / f"out{target}") as witness:
        exif = witness.getexif()
        assert exif[ExifTags.Base.Make] == "Maker of cameras"
        assert float(exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime]) == pytest.approx(0.004)
        assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] == b"ASCII\0\0\0hello"
        assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"
        assert witness.info["icc_profile"] == RGB_PROFILE


def test_a_large_profile_survives_in_jpeg(tmp_path):
    large = RGB_PROFILE + bytes(150_000)
    save_photo(tmp_path / "a.jpg", Photo(CORNERS, PhotoMetadata(icc=large)))
    assert load_photo(tmp_path / "a.jpg").metadata.icc == large
    with Image.open(tmp_path / "a.jpg") as witness:
        assert witness.info["icc_profile"] == large


def test_a_profile_for_another_colour_model_is_dropped(tmp_path):
    grey = Photo(np.zeros((8, 8, 1), np.uint8), PhotoMetadata(icc=RGB_PROFILE))
    for suffix in WITH_METADATA:
        save_photo(tmp_path / f"grey{suffix}", grey)
        assert load_photo(tmp_path / f"grey{suffix}").metadata.icc is None


def test_the_preview_inside_exif_is_dropped(tmp_path):
    """It shows the picture as it was before something was removed from it."""
    preview = io.BytesIO()
    Image.fromarray(CORNERS).save(preview, "JPEG")
    tags = tiff_tags.read_tags(exif_block())
    block = bytearray(tiff_tags.build_exif({271: tags[271]}))
    link = 8 + 2 + 12
    second = len(block)
    start = second + 2 + 24 + 4
    block[link : link + 4] = second.to_bytes(4, "little")
    block += (2).to_bytes(2, "little")
    for number, value in ((513, start), (514, len(preview.getvalue()))):
        block += number.to_bytes(2, "little") + (4).to_bytes(2, "little") + (1).to_bytes(4, "little")
        block += value.to_bytes(4, "little")
    block += bytes(4) + preview.getvalue()
    Image.fromarray(CORNERS).save(tmp_path / "with.jpg", exif=b"Exif\0\0" + bytes(block))
    with Image.open(tmp_path / "with.jpg") as witness:
        assert witness.getexif().get_ifd(ExifTags.IFD.IFD1)[514] == len(preview.getvalue())

    exif = load_photo(tmp_path / "with.jpg").metadata.exif
    assert tiff_tags.read_tags(exif)[271].value == tags[271].value
    assert b"\xff\xd8" not in exif
    assert exif[link : link + 4] == bytes(4)


def test_a_broken_exif_block_does_not_hide_the_photo(tmp_path):
    block = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(20)
    Image.fromarray(CORNERS).save(tmp_path / "broken.jpg", exif=block, quality=100)
    photo = load_photo(tmp_path / "broken.jpg")
    assert photo.pixels.shape == CORNERS.shape
    assert photo.metadata.exif is None


# What could not be kept is said


def test_what_a_format_cannot_hold_is_said(tmp_path):
    deep = np.random.default_rng(0).integers(0, 65536, (8, 8, 3)).astype(np.uint16)
    for name in ("a.jpg", "a.webp", "a.bmp"):
        (note,) = save_photo(tmp_path / name, Photo(deep))
        assert "16 bits per channel" in note
    assert save_photo(tmp_path / "a.png", Photo(deep)) == save_photo(tmp_path / "a.tif", Photo(deep)) == ()
    with_profile = Photo(np.zeros((8, 8, 3), np.uint8), PhotoMetadata(icc=bytes(128)))
    assert save_photo(tmp_path / "a.bmp", with_profile) == ("BMP holds no metadata and no colour profile.",)


@pytest.mark.parametrize(("mode", "name", "count"), [("CMYK", "b.png", 1), ("CMYK", "b.jpg", 2), ("L", "b.png", 0)])
def test_a_cmyk_photo_that_becomes_rgb_is_said(tmp_path, mode, name, count):
    Image.fromarray(np.full((16, 16, 3), 90, np.uint8)).convert(mode).save(tmp_path / "a.jpg")
    notes = save_photo(tmp_path / name, load_photo(tmp_path / "a.jpg"))
    assert len(notes) == count
    assert count == 0 or notes[-1] == "The photo was CMYK; the file is RGB."

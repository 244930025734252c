"""A JPEG that was filled keeps the coefficients of every block that no hole touched."""

import dataclasses

import jpeglib
import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from inpaintgui.contracts import Photo
from inpaintgui.engine import jpeg_blocks
from inpaintgui.engine.image_io import load_photo, save_photo
from inpaintgui.paths import resources

with Image.open(resources() / "samples" / "mountain.jpg") as sample:
    SCENE = sample.crop((100, 300, 100 + 333, 300 + 251)).copy()
"""Neither side is a whole number of blocks."""
HOLE = np.s_[100:141, 200:277]
KINDS = {
    "4:4:4": {"subsampling": 0},
    "4:2:2": {"subsampling": 1},
    "4:2:0": {"subsampling": 2},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_blocks": 7},
    "own tables": {"qtables": [list(range(1, 65)), [7] * 64], "subsampling": 2},
}


def coefficients(path):
    jpeg = jpeglib.read_dct(str(path))
    jpeg.load()
    return [part for part in (jpeg.Y, jpeg.Cb, jpeg.Cr) if part is not None], jpeg.qt


def filled(photo, hole=HOLE):
    pixels = photo.pixels.copy()
    pixels[hole] = pixels[hole][::-1, ::-1] // 2
    return dataclasses.replace(photo, pixels=pixels)


def touched_blocks(part, changed):
    """Which blocks of a component hold a changed pixel: bool, by the share of the picture that a block covers."""
    rows, columns = part.shape[:2]
    high = 8 if rows * 8 >= changed.shape[0] else 16
    wide = 8 if columns * 8 >= changed.shape[1] else 16
    padded = np.zeros((rows * high, columns * wide), bool)
    padded[: changed.shape[0], : changed.shape[1]] = changed
    return padded.reshape(rows, high, columns, wide).any(axis=(1, 3))


@pytest.mark.parametrize("kind", KINDS)
def test_untouched_blocks_keep_their_coefficients(tmp_path, kind):
    SCENE.save(tmp_path / "a.jpg", quality=88, **KINDS[kind])
    opened = load_photo(tmp_path / "a.jpg")
    edited = filled(opened)
    assert save_photo(tmp_path / "b.jpg", edited) == ()
    (before, tables), (after, same_tables) = coefficients(tmp_path / "a.jpg"), coefficients(tmp_path / "b.jpg")
    assert np.array_equal(tables, same_tables)
    changed = (edited.pixels != opened.pixels).any(axis=2)
    for old, new in zip(before, after, strict=True):
        differing = (old != new).any(axis=(2, 3))
        touched = touched_blocks(old, changed)
        assert not (differing & ~touched).any()
        assert differing.sum() > 0.5 * touched.sum()
    again = load_photo(tmp_path / "b.jpg").pixels
    # Chroma is interpolated between samples: a changed one shines up to two pixels into the block beside it.
    top, left, bottom, right = 96 // 16 * 16 - 2, 192 - 2, 144 + 2, 288 + 2
    outside = np.ones(changed.shape, bool)
    outside[top:bottom, left:right] = False
    assert np.array_equal(again[outside], opened.pixels[outside])


@pytest.mark.parametrize("kind", KINDS)
def test_the_fill_is_as_good_as_coded_from_scratch(tmp_path, kind):
    SCENE.save(tmp_path / "a.jpg", quality=88, **KINDS[kind])
    edited = filled(load_photo(tmp_path / "a.jpg"))
    save_photo(tmp_path / "b.jpg", edited)
    Image.fromarray(edited.pixels).save(tmp_path / "scratch.jpg", quality=88, **KINDS[kind])
    wanted = edited.pixels[HOLE].astype(float)
    ours, theirs = (
        np.abs(load_photo(tmp_path / name).pixels[HOLE] - wanted).mean() for name in ("b.jpg", "scratch.jpg")
    )
    assert ours <= 1.05 * theirs


def test_grey(tmp_path):
    SCENE.convert("L").save(tmp_path / "a.jpg", quality=70)
    opened = load_photo(tmp_path / "a.jpg")
    edited = filled(opened)
    assert save_photo(tmp_path / "b.jpg", edited) == ()
    (before, _), (after, _) = coefficients(tmp_path / "a.jpg"), coefficients(tmp_path / "b.jpg")
    touched = touched_blocks(before[0], (edited.pixels != opened.pixels).any(axis=2))
    assert np.array_equal(before[0][~touched], after[0][~touched])
    assert not np.array_equal(before[0][touched], after[0][touched])
    aligned = np.ones(opened.pixels.shape[:2], bool)
    aligned[96:144, 200:280] = False
    assert np.array_equal(load_photo(tmp_path / "b.jpg").pixels[aligned], opened.pixels[aligned])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stays_as_it_was_stored(tmp_path, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Maker"
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    SCENE.save(
        tmp_path / "a.jpg", quality=90, exif=exif, icc_profile=icc, xmp=b"<x/>", comment=b"hello", dpi=(300, 300)
    )
    opened = load_photo(tmp_path / "a.jpg")
    edited = filled(opened, np.s_[100:110, 50:70])
    assert save_photo(tmp_path / "b.jpg", edited) == ()
    (before, _), (after, _) = coefficients(tmp_path / "a.jpg"), coefficients(tmp_path / "b.jpg")
    shares = [(old != new).any(axis=(2, 3)).mean() for old, new in zip(before, after, strict=True)]
    assert all(0 < share < 0.03 for share in shares)
    again = load_photo(tmp_path / "b.jpg")
    assert again.metadata == opened.metadata
    assert np.abs(again.pixels.astype(int) - edited.pixels).mean() < 0.2
    with Image.open(tmp_path / "b.jpg") as witness:
        assert witness.getexif()[ExifTags.Base.Orientation] == orientation
        assert witness.getexif()[ExifTags.Base.Make] == "Maker"
        assert witness.info["icc_profile"] == icc


def test_nothing_changed(tmp_path):
    SCENE.save(tmp_path / "a.jpg", quality=30)
    photo = load_photo(tmp_path / "a.jpg")
    save_photo(tmp_path / "b.jpg", photo)
    assert all(map(np.array_equal, coefficients(tmp_path / "a.jpg")[0], coefficients(tmp_path / "b.jpg")[0]))


def test_corners_and_several_holes(tmp_path):
    SCENE.save(tmp_path / "a.jpg", quality=88)
    opened = load_photo(tmp_path / "a.jpg")
    pixels = opened.pixels.copy()
    pixels[:3, :3] = pixels[-1, -1] = pixels[120, 160] = 0
    save_photo(tmp_path / "b.jpg", dataclasses.replace(opened, pixels=pixels))
    (before, _), (after, _) = coefficients(tmp_path / "a.jpg"), coefficients(tmp_path / "b.jpg")
    places = np.argwhere((before[0] != after[0]).any(axis=(2, 3))).tolist()
    assert places == [[0, 0], [15, 20], [31, 41]]


def test_what_cannot_be_kept_is_said(tmp_path, monkeypatch):
    """A JPEG whose colours are stored as CMYK has no blocks that RGB pixels could go into."""
    SCENE.convert("CMYK").save(tmp_path / "cmyk.jpg", quality=90)
    photo = load_photo(tmp_path / "cmyk.jpg")
    note, also = save_photo(tmp_path / "b.jpg", filled(photo))
    assert also == "The photo was CMYK; the file is RGB."
    assert note == ("The whole JPEG was compressed again, because its colours are not stored as brightness and chroma.")
    SCENE.save(tmp_path / "a.jpg", quality=90)
    photo = load_photo(tmp_path / "a.jpg")
    (note,) = save_photo(tmp_path / "b.jpg", dataclasses.replace(photo, pixels=photo.pixels[:-1]))
    assert note.endswith("because it has another size or depth now.")
    assert load_photo(tmp_path / "b.jpg").height == SCENE.height - 1

    def missing():
        raise jpeg_blocks.BlocksError("the library jpeglib is not installed")

    monkeypatch.setattr(jpeg_blocks, "_library", missing)
    (note,) = save_photo(tmp_path / "b.jpg", photo)
    assert "jpeglib is not installed" in note
    assert np.array_equal(load_photo(tmp_path / "b.jpg").pixels.shape, photo.pixels.shape)


def test_a_photo_from_elsewhere_is_coded_whole(tmp_path):
    assert save_photo(tmp_path / "a.jpg", Photo(np.asarray(SCENE))) == ()
    assert load_photo(tmp_path / "a.jpg").jpeg_quality == 95

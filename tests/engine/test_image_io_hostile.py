"""Whatever a metadata block says, the photo opens and only the expected errors leave the parsers."""

import contextlib
import struct
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from inpaintgui.contracts import Photo, PhotoMetadata
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.image_io import load_photo, save_photo
from inpaintgui.errors import ImageFileError

PIXELS = np.random.default_rng(5).integers(0, 256, (9, 7, 3), dtype=np.uint8)
FREELY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def exif_block():
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker of cameras"
    exif[ExifTags.Base.Orientation] = 1
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.004
    return exif.tobytes().removeprefix(b"Exif\0\0")


EXIF = exif_block()
DAMAGE = st.lists(st.tuples(st.integers(0, len(EXIF) - 1), st.integers(0, 255)), min_size=1, max_size=6)


def damaged(data, changes):
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    return bytes(changed)


@FREELY
@given(block=st.binary(max_size=200))
def test_any_bytes_are_a_structure_or_an_error(block):
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        with contextlib.suppress(tiff_tags.TiffTagsError):
            tiff_tags.read_tags(start + block)


@FREELY
@given(changes=DAMAGE)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_damaged_exif_never_hides_the_photo(tmp_path, suffix, changes):
    path = tmp_path / f"a{suffix}"
    save_photo(path, Photo(PIXELS, PhotoMetadata(exif=damaged(EXIF, changes))))
    assert sorted(load_photo(path).pixels.shape[:2]) == [7, 9]


@FREELY
@given(changes=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_tiff_is_read_or_refused(tmp_path, changes):
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="rgb", description="a small picture")
    (tmp_path / "a.tif").write_bytes(damaged((tmp_path / "a.tif").read_bytes(), changes))
    with contextlib.suppress(ImageFileError):
        assert load_photo(tmp_path / "a.tif").pixels.ndim == 3


@FREELY
@given(content=st.binary(max_size=60), kind=st.sampled_from([b"iCCP", b"eXIf", b"iTXt"]))
def test_any_content_of_a_png_chunk_is_survived_in_silence(tmp_path, capfd, kind, content):
    save_photo(tmp_path / "a.png", Photo(PIXELS))
    data = (tmp_path / "a.png").read_bytes()
    content = b"XML:com.adobe.xmp\0" + content if kind == b"iTXt" else content
    check = struct.pack(">I", zlib.crc32(kind + content))
    (tmp_path / "a.png").write_bytes(data[:33] + struct.pack(">I", len(content)) + kind + content + check + data[33:])
    assert np.array_equal(load_photo(tmp_path / "a.png").pixels, PIXELS)
    assert capfd.readouterr().err == ""


def test_an_orientation_of_another_type_counts_as_upright(tmp_path):
    block = tiff_tags.build_exif({274: tiff_tags.Tag(2, b"six\0")})
    save_photo(tmp_path / "a.png", Photo(PIXELS, PhotoMetadata(exif=block)))
    assert np.array_equal(load_photo(tmp_path / "a.png").pixels, PIXELS)


@FREELY
@given(
    values=st.dictionaries(
        st.integers(1, 65535).filter(lambda number: number not in {34665, 34853, 40965}),
        st.one_of(
            st.binary(min_size=1, max_size=20).map(lambda value: tiff_tags.Tag(7, value)),
            st.integers(0, 65535).map(lambda value: tiff_tags.Tag(3, value.to_bytes(2, "little"))),
        ),
        max_size=8,
    )
)
def test_tags_that_are_built_are_read_back(values):
    again = tiff_tags.read_tags(tiff_tags.build_exif(values))
    assert {number: (tag.kind, tag.value) for number, tag in again.items()} == {
        number: (tag.kind, tag.value) for number, tag in values.items()
    }

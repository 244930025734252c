"""Pixels go through files unchanged where the format is lossless."""

import io

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from inpaintgui.contracts import Photo
from inpaintgui.engine.image_io import load_photo, save_photo

DEPTHS = {".png": (8, 16), ".tiff": (8, 16), ".webp": (8,), ".bmp": (8,)}
LOSSLESS = [
    (suffix, depth, channels)
    for suffix, depths in DEPTHS.items()
    for depth in depths
    for channels in (1, 3, 4)
    if (suffix, channels) != (".webp", 1)
]


def random_pixels(shape, depth=8, seed=0):
    top = 2**depth
    return np.random.default_rng(seed).integers(0, top, shape, dtype=np.uint8 if depth == 8 else np.uint16)


@pytest.mark.parametrize(("suffix", "depth", "channels"), LOSSLESS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lossless_formats_keep_every_pixel(tmp_path, suffix, depth, channels, data):
    sides = st.integers(1, 40)
    dtype = np.uint8 if depth == 8 else np.uint16
    pixels = data.draw(hnp.arrays(dtype, (data.draw(sides), data.draw(sides), channels)))
    path = tmp_path / f"photo{suffix}"
    save_photo(path, Photo(pixels))
    back = load_photo(path).pixels
    assert back.dtype == dtype
    assert back.shape == pixels.shape
    assert back.tobytes() == pixels.tobytes()


@pytest.mark.parametrize(
    ("suffix", "depth"), [(suffix, depth) for suffix, depth, channels in LOSSLESS if channels == 4]
)
def test_alpha_that_is_all_opaque_stays_alpha(tmp_path, suffix, depth):
    pixels = random_pixels((5, 7, 4), depth)
    pixels[..., 3] = 2**depth - 1
    save_photo(tmp_path / f"a{suffix}", Photo(pixels))
    assert np.array_equal(load_photo(tmp_path / f"a{suffix}").pixels, pixels)


def test_grey_webp_comes_back_as_equal_rgb(tmp_path):
    pixels = random_pixels((20, 30, 1))
    save_photo(tmp_path / "grey.webp", Photo(pixels))
    assert np.array_equal(load_photo(tmp_path / "grey.webp").pixels, np.repeat(pixels, 3, axis=2))


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".webp"])
def test_grey_with_alpha_is_written_as_rgba(tmp_path, suffix):
    pixels = random_pixels((20, 30, 2))
    save_photo(tmp_path / f"a{suffix}", Photo(pixels))
    assert np.array_equal(load_photo(tmp_path / f"a{suffix}").pixels, pixels[..., [0, 0, 0, 1]])


def test_colours_are_not_swapped(tmp_path):
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[..., 0] = 200
    for suffix in (".png", ".tiff", ".bmp", ".webp", ".jpg"):
        save_photo(tmp_path / f"red{suffix}", Photo(pixels))
        with Image.open(tmp_path / f"red{suffix}") as witness:
            red, _, blue = witness.convert("RGB").getpixel((4, 4))
        assert red > 190
        assert blue < 10
        assert np.array_equal(load_photo(tmp_path / f"red{suffix}").pixels[4, 4] > 100, [True, False, False])


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_another_writers_png_is_read_exactly(tmp_path, mode):
    channels = len(mode)
    pixels = random_pixels((21, 34, channels))
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels, mode=None).save(tmp_path / "w.png")
    assert np.array_equal(load_photo(tmp_path / "w.png").pixels, pixels)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_another_writers_tiff_is_read_exactly(tmp_path, depth, channels, byteorder):
    pixels = random_pixels((21, 34, channels), depth)
    tifffile.imwrite(
        tmp_path / "w.tif",
        pixels[..., 0] if channels == 1 else pixels,
        photometric="minisblack" if channels == 1 else "rgb",
        extrasamples=["unassalpha"] if channels == 4 else None,
        byteorder=byteorder,
        compression="adobe_deflate",
    )
    assert np.array_equal(load_photo(tmp_path / "w.tif").pixels, pixels)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_another_reader_sees_the_same_tiff(tmp_path, depth, channels):
    pixels = random_pixels((21, 34, channels), depth)
    save_photo(tmp_path / "w.tif", Photo(pixels))
    with Image.open(tmp_path / "w.tif") as witness:
        assert witness.size == (34, 21)
        extra = witness.tag_v2.get(338)
    assert extra == ((2,) if channels == 4 else None)
    again = cv2.imread(str(tmp_path / "w.tif"), cv2.IMREAD_UNCHANGED | cv2.IMREAD_ANYDEPTH)
    if channels == 3:
        assert np.array_equal(again[..., ::-1], pixels)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_tiff_where_white_is_zero(tmp_path, depth):
    pixels = random_pixels((21, 34), depth)
    tifffile.imwrite(tmp_path / "w.tif", pixels, photometric="miniswhite")
    assert np.array_equal(load_photo(tmp_path / "w.tif").pixels[..., 0], np.iinfo(pixels.dtype).max - pixels)


def test_premultiplied_tiff_alpha_is_divided_out(tmp_path):
    straight = np.full((8, 8, 4), 200, np.uint8)
    straight[..., 3] = 102
    premultiplied = straight.copy()
    premultiplied[..., :3] = 80
    tifffile.imwrite(tmp_path / "p.tif", premultiplied, photometric="rgb", extrasamples=["assocalpha"])
    assert np.array_equal(load_photo(tmp_path / "p.tif").pixels, straight)


def test_palette_png_becomes_rgb(tmp_path):
    image = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).convert("P")
    image.putpalette([component for index in range(256) for component in (index, 255 - index, 7)])
    image.save(tmp_path / "palette.png")
    pixels = load_photo(tmp_path / "palette.png").pixels
    assert np.array_equal(pixels, np.asarray(image.convert("RGB")))


def test_one_bit_png_becomes_grey(tmp_path):
    flags = random_pixels((16, 16), 8) > 128
    Image.fromarray(flags).save(tmp_path / "bits.png")
    assert np.array_equal(load_photo(tmp_path / "bits.png").pixels[..., 0], np.where(flags, 255, 0))


def test_cmyk_jpeg_is_read_as_rgb(tmp_path):
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "cmyk.jpg", quality=95)
    red, green, blue = load_photo(tmp_path / "cmyk.jpg").pixels[8, 8]
    assert red > 230
    assert green < 30
    assert blue < 30


def test_16_bits_are_rounded_for_8_bit_formats(tmp_path):
    values = np.array([0, 128, 129, 257, 32896, 65406, 65535], np.uint16).reshape(1, 7, 1)
    save_photo(tmp_path / "a.bmp", Photo(values))
    assert load_photo(tmp_path / "a.bmp").pixels.ravel().tolist() == [0, 0, 1, 1, 128, 254, 255]


@pytest.mark.parametrize("quality", [35, 50, 75, 90, 95, 100])
@pytest.mark.parametrize(("code", "sampling"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_jpeg_quality_and_sampling_are_kept(tmp_path, quality, code, sampling):
    Image.fromarray(random_pixels((64, 64, 3))).save(tmp_path / "in.jpg", quality=quality, subsampling=code)
    photo = load_photo(tmp_path / "in.jpg")
    assert (photo.jpeg_quality, photo.jpeg_sampling) == (quality, sampling)
    save_photo(tmp_path / "out.jpg", photo)
    with Image.open(tmp_path / "in.jpg") as before, Image.open(tmp_path / "out.jpg") as after:
        assert after.quantization[0] == before.quantization[0]
        assert after.layer[0][1:3] == before.layer[0][1:3]


def test_a_new_jpeg_is_4_4_4_at_quality_95(tmp_path):
    save_photo(tmp_path / "new.jpg", Photo(random_pixels((32, 32, 3))))
    photo = load_photo(tmp_path / "new.jpg")
    assert (photo.jpeg_quality, photo.jpeg_sampling) == (95, "4:4:4")


def test_a_grey_jpeg_stays_grey(tmp_path):
    Image.new("L", (16, 16), 120).save(tmp_path / "grey.jpg")
    photo = load_photo(tmp_path / "grey.jpg")
    assert photo.pixels.shape == (16, 16, 1)
    assert photo.jpeg_sampling is None
    save_photo(tmp_path / "again.jpg", photo)
    with Image.open(tmp_path / "again.jpg") as witness:
        assert witness.mode == "L"


def test_any_unicode_path_works(tmp_path):
    folder = tmp_path / "Ürlaub 海滩 🏖"
    folder.mkdir()
    pixels = random_pixels((9, 9, 3))
    save_photo(folder / "фото ñ.png", Photo(pixels))
    assert np.array_equal(load_photo(folder / "фото ñ.png").pixels, pixels)


def test_an_opaque_alpha_may_be_saved_as_jpeg(tmp_path):
    pixels = np.full((8, 8, 4), 255, np.uint8)
    save_photo(tmp_path / "opaque.jpg", Photo(pixels))
    assert load_photo(tmp_path / "opaque.jpg").pixels.shape == (8, 8, 3)


def test_suffix_case_does_not_matter(tmp_path):
    save_photo(tmp_path / "PHOTO.JPG", Photo(random_pixels((8, 8, 3))))
    with Image.open(io.BytesIO((tmp_path / "PHOTO.JPG").read_bytes())) as witness:
        assert witness.format == "JPEG"

"""PNGs decoded in bands are the PNGs that libpng decodes."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from inpaintgui.engine import png_bands
from inpaintgui.engine.png_bands import BandsError, decode_in_bands

KINDS = {1: 0, 3: 2, 4: 6}
"""Colour type by channels."""


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def file_of(rows, width, height, *, colour=2, bits=8, interlace=0, extra=b"", parts=1):
    """A PNG around filtered rows (bytes). parts: how many IDAT chunks."""
    data = zlib.compress(rows)
    step = -(-len(data) // parts)
    chunks = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace)) + extra
    for start in range(0, len(data), step):
        chunks += chunk(b"IDAT", data[start : start + step])
    return b"\x89PNG\r\n\x1a\n" + chunks + chunk(b"IEND", b"")


def noise(height, row_bytes, seed=0, filters=5):
    """Rows of noise, each with any of the filters: whatever they are, they mean some picture."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, 256, (height, 1 + row_bytes), dtype=np.uint8)
    rows[:, 0] = random.integers(0, filters, height)
    return rows.tobytes()


@pytest.mark.parametrize("channels", sorted(KINDS))
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(("width", "height", "parts"), [(37, 300, 1), (1, 9, 3), (50, 7, 2), (20, 513, 40)])
def test_the_same_pixels_as_libpng(channels, bits, width, height, parts):
    rows = noise(height, width * channels * bits // 8)
    file = file_of(rows, width, height, colour=KINDS[channels], bits=bits, parts=parts)
    bands = []
    pixels = decode_in_bands(file, lambda band: bands.append(band.copy()))
    expected = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED).reshape(height, width, channels)
    expected = expected[..., [2, 1, 0, 3][:channels] if channels > 1 else [0]]
    assert pixels.dtype == expected.dtype
    np.testing.assert_array_equal(pixels, expected)
    np.testing.assert_array_equal(np.concatenate(bands), expected)
    assert all(len(band) % 8 == 0 for band in bands[:-1])


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": 4},
        {"colour": 3, "extra": chunk(b"PLTE", bytes(12))},
        {"interlace": 1},
        {"colour": 0, "bits": 4},
        {"extra": chunk(b"tRNS", bytes(6))},
    ],
)
def test_other_kinds_are_left_to_libpng(changes):
    assert decode_in_bands(file_of(noise(16, 48), 16, 16, **changes), print) is None


def test_damage_is_said():
    whole = noise(100, 60)
    with pytest.raises(BandsError, match="too short"):
        decode_in_bands(file_of(whole[: 61 * 99], 20, 100), id)
    with pytest.raises(BandsError, match="unknown filter"):
        decode_in_bands(file_of(whole[: 61 * 99] + b"\5" + bytes(60), 20, 100), id)
    file = bytearray(file_of(whole, 20, 100))
    file[60:80] = bytes(20)
    with pytest.raises(BandsError, match="damaged"):
        decode_in_bands(bytes(file), id)


def test_no_more_is_unpacked_than_belongs_to_the_picture():
    """Whatever a small file would unpack to."""
    whole = noise(64, 60)
    bomb = whole + bytes(1 << 28)
    pixels = decode_in_bands(file_of(bomb, 20, 64), id)
    np.testing.assert_array_equal(pixels, decode_in_bands(file_of(whole, 20, 64), id))


def test_once_warm_nothing_is_compiled_any_more():
    png_bands.warm_up()
    known = set(png_bands._unfilter.signatures)
    for bits, channels in ((8, 3), (16, 4)):
        decode_in_bands(file_of(noise(300, 4 * bits // 8 * channels), 4, 300, colour=KINDS[channels], bits=bits), id)
    assert set(png_bands._unfilter.signatures) == known

"""What an image file says about itself before its pixels are decoded: format, size, and whether it is whole.

Decoders forgive a file that ends too early and fill the rest with grey. A photo editor must not, so each container is
walked here first. References: ITU-T T.81 (JPEG), PNG 3rd edition, TIFF 6.0, the WebP container specification.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec

from inpaintgui.engine.heif_boxes import HeifError, HeifKind, heif_kind, read_boxes
from inpaintgui.engine.tiff_tags import TiffTagsError, read_tags
from inpaintgui.sentences import Sentence, say


class ImageFormat(StrEnum):
    """The formats that are read; all but HEIC and AVIF are written, too."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    BMP = "BMP"
    HEIC = "HEIC"
    AVIF = "AVIF"


class HeaderError(ValueError):
    """The file cannot be used. The text ends the sentence ``"PATH" ...``."""


@dataclass(frozen=True)
class JpegTables:
    """quantisation: tables by number, 64 values each in zigzag order. sampling: such as "4:2:0"; "" for grey.

    channels: 1 grey, 3 colours, 4 CMYK or the like.
    """

    quantisation: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sampling: str = ""
    channels: int = 3


@dataclass(frozen=True)
class ImageHeader:
    """width, height: as stored, before the orientation is applied. grey_alpha: a PNG with grey and alpha only."""

    format: ImageFormat
    width: int
    height: int
    grey_alpha: bool = False
    jpeg: JpegTables | None = None


HEIC_DECODER = "pillow_heif"
_TRUNCATED = say("ends too early; it is damaged or was not copied completely.")
_DAMAGED = say("is damaged.")
_ANIMATED = say("is an animation; only still images can be opened.")

_OTHER_FORMATS: tuple[tuple[int, bytes, Sentence], ...] = (
    (0, b"GIF8", say("GIF image")),
    (4, b"ftypmif1", say("HEIF image")),
    (0, b"\0\0\0\x0cJXL ", say("JPEG XL image")),
    (0, b"\xff\x0a", say("JPEG XL image")),
    (0, b"\0\0\0\x0cjP  ", say("JPEG 2000 image")),
    (0, b"II+\0", say("BigTIFF image")),
    (0, b"MM\0+", say("BigTIFF image")),
    (0, b"8BPS", say("Photoshop document")),
    (0, b"gimp xcf", say("GIMP document")),
    (0, b"%PDF", say("PDF document")),
)


def read_header(data: bytes) -> ImageHeader:
    """Format and size of the image in ``data``, the complete file. Raises HeaderError if it cannot be used."""
    reader = _reader_for(data)
    if reader is None:
        for offset, magic, name in _OTHER_FORMATS:
            if data.startswith(magic, offset):
                raise HeaderError(
                    say("is a {name}, which cannot be opened; convert it to PNG, JPEG, TIFF or WebP first.", name=name)
                )
        raise HeaderError(
            say("is not an image in a format that can be opened (JPEG, PNG, TIFF, WebP, BMP, HEIC, AVIF).")
        )
    try:
        header = reader(data)
    except (struct.error, IndexError) as error:
        raise HeaderError(_TRUNCATED) from error
    if header.width < 1 or header.height < 1:
        raise HeaderError(_DAMAGED)
    return header


def _reader_for(data: bytes) -> Callable[[bytes], ImageHeader] | None:
    if data.startswith(b"\xff\xd8\xff"):
        return _read_jpeg
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _read_png
    if data.startswith((b"II*\0", b"MM\0*")):
        return _read_tiff
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _read_webp
    if heif_kind(data) is not None:
        return _read_heif
    return _read_bmp if data.startswith(b"BM") else None


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN, _END, _QUANTISATION = 0xDA, b"\xff\xd9", 0xDB


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Marker, position and content of a JPEG's segments up to the first scan."""
    position = 2
    while True:
        if data[position] != 0xFF:
            raise HeaderError(_DAMAGED)
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _NO_LENGTH:
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        yield marker, position, data[position + 4 : position + 2 + length]
        if marker == _SCAN:
            return
        position += 2 + length


def _read_jpeg(data: bytes) -> ImageHeader:
    size: tuple[int, int] | None = None
    tables: dict[int, tuple[int, ...]] = {}
    sampling, channels = "", 0
    for marker, position, content in jpeg_segments(data):
        if marker == _QUANTISATION:
            tables |= _quantisation_tables(content)
        elif marker in _FRAMES:
            precision, height, width, components = struct.unpack_from(">BHHB", content)
            if precision != 8:
                raise HeaderError(
                    say("is a JPEG with {precision} bits per channel; only 8 can be opened.", precision=precision)
                )
            size, sampling, channels = (width, height), _sampling(content[6 : 6 + 3 * components]), components
        elif marker == _SCAN and data.find(_END, position) < 0:
            raise HeaderError(_TRUNCATED)
    if size is None:
        raise HeaderError(_DAMAGED)
    return ImageHeader(ImageFormat.JPEG, *size, jpeg=JpegTables(tables, sampling, channels))


def _quantisation_tables(content: bytes) -> dict[int, tuple[int, ...]]:
    tables = {}
    position = 0
    while position < len(content):
        wide, number = content[position] >> 4, content[position] & 15
        tables[number] = struct.unpack_from(">64H" if wide else "64B", content, position + 1)
        position += 129 if wide else 65
    return tables


def _sampling(components: bytes) -> str:
    """Such as "4:2:0" for three components, from their sampling factors; empty for anything else."""
    if len(components) != 9 or components[4] != 0x11 or components[7] != 0x11:
        return ""
    return {0x11: "4:4:4", 0x21: "4:2:2", 0x22: "4:2:0", 0x12: "4:4:0", 0x41: "4:1:1"}.get(components[1], "")


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind of each of a PNG's chunks, where its content starts, and how long that is."""
    position, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        yield kind, position + 8, length
        position += 12 + length


def _read_png(data: bytes) -> ImageHeader:
    width, height, _, colour = struct.unpack_from(">IIBB", data, 16)
    for kind, start, length in png_chunks(data):
        (checksum,) = struct.unpack_from(">I", data, start + length)
        if zlib.crc32(memoryview(data)[start - 4 : start + length]) != checksum:
            raise HeaderError(_DAMAGED)
        if kind == b"acTL":
            raise HeaderError(_ANIMATED)
    return ImageHeader(ImageFormat.PNG, width, height, grey_alpha=colour == 4)


_TIFF_WIDTH, _TIFF_HEIGHT, _BITS, _PHOTOMETRIC, _SAMPLES, _PLANES, _SAMPLE_FORMAT = 256, 257, 258, 262, 277, 284, 339
_STRIPS, _TILES = (273, 279), (324, 325)
_CMYK, _CIE_LAB, _SEPARATE = 5, 8, 2


def _read_tiff(data: bytes) -> ImageHeader:
    try:
        tags = read_tags(data)
    except TiffTagsError as error:
        raise HeaderError(_TRUNCATED) from error

    def numbers(tag: int, default: int) -> tuple[int, ...]:
        return tags[tag].numbers if tag in tags else (default,)

    bits, samples = numbers(_BITS, 1)[0], numbers(_SAMPLES, 1)[0]
    if numbers(_PHOTOMETRIC, 1)[0] in (_CMYK, _CIE_LAB):
        raise HeaderError(say("is a CMYK or Lab TIFF; convert it to RGB first."))
    if bits not in (1, 2, 4, 8, 16) or any(kind != 1 for kind in numbers(_SAMPLE_FORMAT, 1)):
        raise HeaderError(
            say("is a TIFF with floating-point, signed or unusual samples; convert it to 8 or 16 bits first.")
        )
    if samples == 2:
        raise HeaderError(say("is a grey TIFF with transparency; convert it to PNG or to RGB first."))
    if samples > 1 and bits == 16 and numbers(_PLANES, 1)[0] == _SEPARATE:
        raise HeaderError(say("is a 16-bit TIFF with a plane per channel; save it with interleaved channels first."))
    for starts, lengths in (_STRIPS, _TILES):
        if starts in tags and lengths in tags:
            ends = map(sum, zip(tags[starts].numbers, tags[lengths].numbers, strict=False))
            if max(ends, default=0) > len(data):
                raise HeaderError(_TRUNCATED)
    return ImageHeader(ImageFormat.TIFF, numbers(_TIFF_WIDTH, 0)[0], numbers(_TIFF_HEIGHT, 0)[0])


def _read_webp(data: bytes) -> ImageHeader:
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise HeaderError(_TRUNCATED)
    kind = data[12:16]
    if kind == b"VP8X":
        if data[20] & 2:
            raise HeaderError(_ANIMATED)
        width, height = (1 + int.from_bytes(data[start : start + 3], "little") for start in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        raise HeaderError(_DAMAGED)
    return ImageHeader(ImageFormat.WEBP, width, height)


def _read_bmp(data: bytes) -> ImageHeader:
    file_bytes, _, pixels, header_bytes = struct.unpack_from("<IIII", data, 2)
    if header_bytes == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    if max(pixels, min(file_bytes, 0x7FFFFFFF)) > len(data):
        raise HeaderError(_TRUNCATED)
    return ImageHeader(ImageFormat.BMP, width, abs(height))


def _read_heif(data: bytes) -> ImageHeader:
    kind = heif_kind(data)
    if kind is HeifKind.SEQUENCE:
        raise HeaderError(_ANIMATED)
    if kind is HeifKind.HEIC and find_spec(HEIC_DECODER) is None:
        raise HeaderError(
            say("is a HEIC image; to open such files, install their decoder: pip install 'inpaintgui[heif]'.")
        )
    try:
        info = read_boxes(data)
    except HeifError as error:
        raise HeaderError(_TRUNCATED) from error
    return ImageHeader(ImageFormat(str(kind)), info.width, info.height)

"""EXIF, XMP and ICC blocks inside JPEG, PNG and WebP files: read from the containers, and inserted into new ones.

References: EXIF 2.3 section 4.7.2 and Adobe's XMP specification part 3 (JPEG), ICC.1 annex B (profiles in JPEG in
several segments), PNG 3rd edition (iCCP, eXIf, iTXt), the WebP container specification. An EXIF block is kept as a
bare TIFF structure. Extended XMP, JPEG's second packet for more than 64 KiB, is not read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

from inpaintgui import limits
from inpaintgui.contracts import PhotoMetadata
from inpaintgui.engine.image_header import ImageFormat, jpeg_segments, png_chunks
from inpaintgui.sentences import say

_EXIF, _XMP, _ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
_JFIF, _JFIF_UNITS, _METRES_PER_INCH = b"JFIF\0", {1: 1.0, 2: 2.54}, 0.0254
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_APPLICATIONS, _COMMENT = range(0xE0, 0xF0), 0xFE
_SEGMENT_BYTES = 65533
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_WEBP_ICC, _WEBP_ALPHA, _WEBP_EXIF, _WEBP_XMP = 0x20, 0x10, 0x08, 0x04


class BlockTooLargeError(ValueError):
    """A block does not fit into the format. The text names it."""


def read_blocks(data: bytes, image_format: ImageFormat) -> PhotoMetadata:
    """The blocks of a file whose header was read without error; none for a format that has no place for them here."""
    readers: dict[ImageFormat, Callable[[bytes], PhotoMetadata]] = {
        ImageFormat.JPEG: _read_jpeg,
        ImageFormat.PNG: _read_png,
        ImageFormat.WEBP: _read_webp,
    }
    reader = readers.get(image_format)
    return reader(data) if reader else PhotoMetadata()


def insert_blocks(data: bytes, image_format: ImageFormat, metadata: PhotoMetadata) -> bytes:
    """A new file with the blocks in it; ``data`` has none yet. BMP stays as it is. Raises BlockTooLargeError."""
    writers: dict[ImageFormat, Callable[[bytes, PhotoMetadata], bytes]] = {
        ImageFormat.JPEG: _insert_jpeg,
        ImageFormat.PNG: _insert_png,
        ImageFormat.WEBP: _insert_webp,
    }
    writer = writers.get(image_format)
    return writer(data, metadata) if writer and metadata != PhotoMetadata() else data


def _read_jpeg(data: bytes) -> PhotoMetadata:
    exif = xmp = density = None
    profile: dict[int, bytes] = {}
    for marker, _, content in jpeg_segments(data):
        if marker == _APP0 and content.startswith(_JFIF) and len(content) >= 12:
            unit, across, down = struct.unpack_from(">BHH", content, 7)
            density = _per_inch(across, down, _JFIF_UNITS.get(unit))
        elif marker == _APP1 and content.startswith(_EXIF) and exif is None:
            exif = content[len(_EXIF) :]
        elif marker == _APP1 and content.startswith(_XMP) and xmp is None:
            xmp = content[len(_XMP) :]
        elif marker == _APP2 and content.startswith(_ICC) and len(content) > len(_ICC) + 2:
            profile[content[len(_ICC)]] = content[len(_ICC) + 2 :]
    return PhotoMetadata(exif, xmp, b"".join(profile[number] for number in sorted(profile)) or None, density)


def _insert_jpeg(data: bytes, metadata: PhotoMetadata) -> bytes:
    segments = b""
    for name, prefix, block in (("EXIF", _EXIF, metadata.exif), ("XMP", _XMP, metadata.xmp)):
        if block and len(prefix) + len(block) > _SEGMENT_BYTES:
            raise BlockTooLargeError(say("its {name} block is larger than the 64 KiB that JPEG allows", name=name))
        segments += _segment(_APP1, prefix + block) if block else b""
    if metadata.icc:
        step = _SEGMENT_BYTES - len(_ICC) - 2
        parts = [metadata.icc[start : start + step] for start in range(0, len(metadata.icc), step)]
        if len(parts) > 255:
            raise BlockTooLargeError(say("its colour profile is larger than JPEG allows"))
        for number, part in enumerate(parts, 1):
            segments += _segment(_APP2, _ICC + bytes([number, len(parts)]) + part)
    position = 2
    for marker, start, content in jpeg_segments(data):
        if marker == _APP0:
            position = start + 4 + len(content)
            if metadata.density and content.startswith(_JFIF):
                data = data[: start + 11] + _jfif_density(metadata.density) + data[start + 16 :]
            break
    return data[:position] + segments + data[position:]


def _jfif_density(density: tuple[float, float]) -> bytes:
    return struct.pack(">BHH", 1, *(min(max(round(side), 1), 0xFFFF) for side in density))


def _per_inch(across: int, down: int, units_per_inch: float | None) -> tuple[float, float] | None:
    """Pixels per inch; None where only the shape of a pixel is told. One decimal outlives the units of all formats."""
    if units_per_inch is None or not across or not down:
        return None
    return round(across * units_per_inch, 1), round(down * units_per_inch, 1)


def without_metadata(data: bytes) -> bytes:
    """A JPEG reduced to what its pixels need: without application segments but JFIF's and Adobe's, and comments."""
    parts, end = [data[:2]], 2
    for marker, start, content in jpeg_segments(data):
        needless = marker == _COMMENT or (marker in _APPLICATIONS and marker not in (_APP0, _APP14))
        end = start + 4 + len(content)
        parts += [] if needless else [data[start:end]]
    return b"".join(parts) + data[end:]


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _read_png(data: bytes) -> PhotoMetadata:
    exif = xmp = icc = density = None
    for kind, start, length in png_chunks(data):
        content = data[start : start + length] if kind in {b"eXIf", b"iTXt", b"iCCP", b"pHYs"} else b""
        if kind == b"eXIf":
            exif = content.removeprefix(_EXIF)
        elif kind == b"iTXt" and content.startswith(_XMP_KEYWORD + b"\0"):
            xmp = _international_text(content)
        elif kind == b"iCCP":
            icc = _inflated(content.partition(b"\0")[2][1:])
        elif kind == b"pHYs" and len(content) == 9:
            across, down, unit = struct.unpack(">IIB", content)
            density = _per_inch(across, down, _METRES_PER_INCH if unit == 1 else None)
    return PhotoMetadata(exif, xmp, icc, density)


def without_blocks(data: bytes) -> bytes:
    """A PNG reduced to what its pixels need: libpng writes to stderr about a block that it dislikes."""
    parts = [data[:8]]
    for kind, start, length in png_chunks(data):
        if kind in _PIXEL_CHUNKS:
            parts.append(data[start - 8 : start + length + 4])
    return b"".join(parts)


def _international_text(content: bytes) -> bytes | None:
    """The text of an iTXt chunk: keyword, compression flag and method, language, translated keyword, text."""
    compressed = content[len(_XMP_KEYWORD) + 1 : len(_XMP_KEYWORD) + 2] == b"\1"
    fields = content[len(_XMP_KEYWORD) + 3 :].split(b"\0", 2)
    if len(fields) < 3:
        return None
    return _inflated(fields[2]) if compressed else fields[2]


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, limits.INFLATED_BLOCK) or None
    except zlib.error:
        return None


def _insert_png(data: bytes, metadata: PhotoMetadata) -> bytes:
    after_header = 8 + 25
    chunks = b""
    if metadata.icc:
        chunks += _png_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc))
    if metadata.density:
        across, down = (min(round(side / _METRES_PER_INCH), 0xFFFFFFFF) for side in metadata.density)
        chunks += _png_chunk(b"pHYs", struct.pack(">IIB", across, down, 1))
    if metadata.exif:
        chunks += _png_chunk(b"eXIf", metadata.exif)
    if metadata.xmp:
        chunks += _png_chunk(b"iTXt", _XMP_KEYWORD + bytes(5) + metadata.xmp)
    return data[:after_header] + chunks + data[after_header:]


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _read_webp(data: bytes) -> PhotoMetadata:
    chunks = dict(_webp_chunks(data))
    exif = chunks.get(b"EXIF")
    return PhotoMetadata(exif.removeprefix(_EXIF) if exif else None, chunks.get(b"XMP "), chunks.get(b"ICCP"))


def with_alpha(data: bytes) -> bytes:
    """A bare lossless WebP that says that it has alpha; libwebp says so only where something is transparent."""
    return data[:24] + bytes([data[24] | 0x10]) + data[25:]


def _insert_webp(data: bytes, metadata: PhotoMetadata) -> bytes:
    """Wrap a bare lossless WebP in the extended container."""
    bits = int.from_bytes(data[21:25], "little")
    width, height, has_alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    flags = _WEBP_ALPHA * has_alpha
    for flag, block in ((_WEBP_ICC, metadata.icc), (_WEBP_EXIF, metadata.exif), (_WEBP_XMP, metadata.xmp)):
        flags |= flag if block else 0
    body = _webp_chunk(b"VP8X", struct.pack("<I", flags) + width.to_bytes(3, "little") + height.to_bytes(3, "little"))
    body += _webp_chunk(b"ICCP", metadata.icc) if metadata.icc else b""
    body += data[12:]
    body += _webp_chunk(b"EXIF", metadata.exif) if metadata.exif else b""
    body += _webp_chunk(b"XMP ", metadata.xmp) if metadata.xmp else b""
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)

"""Tags of TIFF files and EXIF blocks, which share one structure (TIFF 6.0, section 2; EXIF 2.3, section 4.6).

A directory (IFD) is a list of 12-byte entries: tag, type, count, and the value or where it stands. Values are kept here
as little-endian bytes whatever the file's byte order was.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

BITS_PER_SAMPLE = 258
PHOTOMETRIC = 262
ORIENTATION = 274
EXTRA_SAMPLES = 338
XMP = 700
ICC_PROFILE = 34675
_EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 34665, 34853, 40965
_SUB_IFDS = (_EXIF_IFD, _GPS_IFD, _INTEROP_IFD)
_THUMBNAIL_OFFSET, _THUMBNAIL_LENGTH = 513, 514

_DESCRIPTIVE = frozenset({270, 271, 272, 282, 283, 296, 305, 306, 315, 18246, 18249, 33432, _EXIF_IFD, _GPS_IFD})
"""What the main directory says about the photo rather than about its storage; 40091 to 40095 are Windows' own."""
_WINDOWS = range(40091, 40096)

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SWAP_BYTES = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
_LETTERS = {1: "B", 3: "H", 4: "I"}
_SHORT, _LONG, _RATIONAL = 3, 4, 5
_ACROSS, _DOWN, _UNIT = 282, 283, 296
_INCH, _CENTIMETRE = 2, 3
_MAX_DEPTH = 3


@dataclass(frozen=True)
class Tag:
    """One entry. kind: TIFF's type number. value: little-endian bytes. position: of the value in the block."""

    kind: int
    value: bytes
    position: int = 0
    directory: Mapping[int, Tag] | None = None

    @property
    def count(self) -> int:
        return len(self.value) // _TYPE_BYTES[self.kind]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The value of an integer tag (BYTE, SHORT, LONG)."""
        letter = _LETTERS.get(self.kind)
        return struct.unpack(f"<{self.count}{letter}", self.value) if letter else ()

    def first(self, default: int) -> int:
        """The first number; ``default`` if the tag is empty or of another type."""
        return self.numbers[0] if self.numbers else default


class TiffTagsError(ValueError):
    """The block is not TIFF-structured, or an entry points outside of it."""


def byte_order(block: bytes) -> str:
    """``"<"`` or ``">"``. Raises TiffTagsError if the block does not begin like a TIFF file."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        raise TiffTagsError("not a TIFF structure")
    return order


def read_tags(block: bytes) -> dict[int, Tag]:
    """The first directory of a TIFF file or EXIF block, with its sub-directories. Raises TiffTagsError."""
    order = byte_order(block)
    tags, _ = _read_directory(block, struct.unpack_from(order + "I", block, 4)[0], order, _MAX_DEPTH)
    return tags


def _read_directory(block: bytes, offset: int, order: str, depth: int) -> tuple[dict[int, Tag], int]:
    """Tags of the directory at ``offset`` and where its link to the next directory stands.

    A hostile block can name the same bytes in thousands of entries; honest values together never outgrow the block.
    """
    budget = 2 * len(block)
    try:
        (count,) = struct.unpack_from(order + "H", block, offset)
        tags: dict[int, Tag] = {}
        for start in range(offset + 2, offset + 2 + 12 * count, 12):
            number, kind = struct.unpack_from(order + "HH", block, start)
            if kind in _TYPE_BYTES and number not in tags:
                tags[number] = _read_tag(block, start, order, depth)
                budget -= len(tags[number].value)
                if budget < 0:
                    raise TiffTagsError("the values overlap")
    except struct.error as error:
        raise TiffTagsError("a directory lies outside of the block") from error
    return tags, offset + 2 + 12 * count


def _read_tag(block: bytes, start: int, order: str, depth: int) -> Tag:
    number, kind, items = struct.unpack_from(order + "HHI", block, start)
    size = items * _TYPE_BYTES[kind]
    position = start + 8 if size <= 4 else struct.unpack_from(order + "I", block, start + 8)[0]
    value = block[position : position + size]
    if len(value) != size:
        raise TiffTagsError("a value lies outside of the block")
    if order == ">" and kind in _SWAP_BYTES:
        width = _SWAP_BYTES[kind]
        value = np.frombuffer(value, f">u{width}").astype(f"<u{width}").tobytes()
    directory = None
    if number in _SUB_IFDS and kind in (4, 13) and items == 1 and depth:
        directory, _ = _read_directory(block, struct.unpack("<I", value)[0], order, depth - 1)
    return Tag(kind, value, position, directory)


def with_number(block: bytes, tag: Tag, number: int) -> bytes:
    """The block with the first BYTE, SHORT or LONG of ``tag`` replaced in place; as it is if the tag has none."""
    if not tag.numbers:
        return block
    changed = bytearray(block)
    struct.pack_into(byte_order(block) + _LETTERS[tag.kind], changed, tag.position, number)
    return bytes(changed)


def orientation(tags: Mapping[int, Tag]) -> int:
    """EXIF orientation 1 to 8; 1 if it is absent or nonsense."""
    tag = tags.get(ORIENTATION)
    number = tag.first(1) if tag else 1
    return number if 1 <= number <= 8 else 1


def density(tags: Mapping[int, Tag]) -> tuple[float, float] | None:
    """Pixels per inch across and down; None if the tags do not tell, or only the shape of a pixel."""
    per_inch = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(tags[_UNIT].first(_INCH) if _UNIT in tags else _INCH)
    sides = []
    for number in (_ACROSS, _DOWN):
        tag = tags.get(number)
        above, below = struct.unpack("<II", tag.value) if tag and tag.kind == _RATIONAL and tag.count == 1 else (0, 0)
        if not above or not below or per_inch is None:
            return None
        sides.append(round(above / below * per_inch, 1))
    return sides[0], sides[1]


def density_tags(across: float, down: float) -> dict[int, Tag]:
    """The tags for a density in pixels per inch."""
    tags = {_UNIT: Tag(_SHORT, struct.pack("<H", _INCH))}
    for number, side in ((_ACROSS, across), (_DOWN, down)):
        tags[number] = Tag(_RATIONAL, struct.pack("<II", min(round(side * 100), 0xFFFFFFFF), 100))
    return tags


def without_thumbnail(block: bytes) -> bytes:
    """The EXIF block with its embedded preview blanked and unlinked: it would still show what a fill removed."""
    order = byte_order(block)
    _, link = _read_directory(block, struct.unpack_from(order + "I", block, 4)[0], order, 0)
    if len(block) < link + 4:
        return block
    (second,) = struct.unpack_from(order + "I", block, link)
    if second == 0:
        return block
    changed = bytearray(block)
    struct.pack_into("I", changed, link, 0)
    tags, _ = _read_directory(block, second, order, 0)
    if _THUMBNAIL_OFFSET in tags and _THUMBNAIL_LENGTH in tags:
        start, length = tags[_THUMBNAIL_OFFSET].first(0), tags[_THUMBNAIL_LENGTH].first(0)
        end = min(start + length, len(changed))
        changed[start:end] = bytes(max(0, end - start))
    return bytes(changed)


def descriptive(tags: Mapping[int, Tag]) -> dict[int, Tag]:
    """The tags that describe the photo and may move between an EXIF block and a TIFF file."""
    return {number: tag for number, tag in tags.items() if number in _DESCRIPTIVE or number in _WINDOWS}


def build_exif(tags: Mapping[int, Tag]) -> bytes:
    """An EXIF block (little-endian TIFF structure) with these tags as its only directory."""
    return b"II*\0" + struct.pack("<I", 8) + _directory_bytes(_fields(tags), 8, 0)


def add_tags(file: bytes, extra: Mapping[int, Tag]) -> bytes:
    """A little-endian TIFF file with ``extra`` added to, or replacing tags of, its first directory.

    The new directory is appended and the header pointed to it; pixels stay where they are.
    """
    if byte_order(file) != "<":
        raise TiffTagsError("only little-endian files can be extended")
    (offset,) = struct.unpack_from("<I", file, 4)
    (count,) = struct.unpack_from("<H", file, offset)
    fields: dict[int, bytes | Tag] = {}
    for start in range(offset + 2, offset + 2 + 12 * count, 12):
        fields[struct.unpack_from("<H", file, start)[0]] = file[start : start + 12]
    (following,) = struct.unpack_from("<I", file, offset + 2 + 12 * count)
    fields |= _fields(extra)
    body = file + bytes(len(file) % 2)
    return body[:4] + struct.pack("<I", len(body)) + body[8:] + _directory_bytes(fields, len(body), following)


def _fields(tags: Mapping[int, Tag]) -> dict[int, bytes | Tag]:
    return dict(tags)


def _directory_bytes(fields: Mapping[int, bytes | Tag], start: int, following: int) -> bytes:
    """A directory to stand at ``start``, its values and sub-directories behind it; raw 12-byte entries pass through."""
    position = start + 2 + 12 * len(fields) + 4
    entries, tail = b"", b""
    for number in sorted(fields):
        field = fields[number]
        if isinstance(field, bytes):
            entries += field
            continue
        kind, count, value = field.kind, field.count, field.value
        if field.directory is not None:
            kind, count, value = _LONG, 1, struct.pack("<I", position + len(tail))
            tail += _directory_bytes(_fields(field.directory), position + len(tail), 0)
        elif len(value) > 4:
            offset = position + len(tail)
            tail += value + bytes(len(value) % 2)
            value = struct.pack("<I", offset)
        entries += struct.pack("<HHI", number, kind, count) + value.ljust(4, b"\0")
    return struct.pack("<H", len(fields)) + entries + struct.pack("<I", following) + tail

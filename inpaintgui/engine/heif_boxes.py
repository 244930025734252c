"""The boxes of HEIC and AVIF files: size, turn and metadata of the picture that is shown.

References: ISO/IEC 14496-12 (boxes, meta, iloc, iinf), ISO/IEC 23008-12 (ispe, irot, imir, colr; the Exif item). Only
what stands in the file itself is followed, no external data.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from inpaintgui import limits
from inpaintgui.contracts import PhotoMetadata

_STILL = {b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"avif": "AVIF"}
_SEQUENCES = frozenset({b"hevc", b"hevx", b"avis", b"msf1"})
_XMP_TYPE = b"application/rdf+xml"
_MOST_ITEMS = 10_000
_TURNS = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip
"""EXIF orientation by quarter turns against the clock, which come first, and the axis of the mirror."""


class HeifError(ValueError):
    """The boxes make no sense."""


class HeifKind(StrEnum):
    """What the first box says that the file is."""

    HEIC = "HEIC"
    AVIF = "AVIF"
    SEQUENCE = "sequence"


@dataclass(frozen=True)
class HeifInfo:
    """width, height: as stored. orientation: as in EXIF, of the file's own turn and mirror. bits: per channel."""

    width: int
    height: int
    orientation: int
    bits: int
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)


def heif_kind(data: bytes) -> HeifKind | None:
    """The kind of file by its brands; None if it is none of these."""
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[start : start + 4] for start in range(16, end, 4))]
    if brands[0] in _SEQUENCES:
        return HeifKind.SEQUENCE
    return next((HeifKind(_STILL[brand]) for brand in brands if brand in _STILL), None)


def read_boxes(data: bytes) -> HeifInfo:
    """What the file says of its primary picture. Raises HeifError if the boxes are damaged or end too early."""
    try:
        return _read(data)
    except (struct.error, IndexError) as error:
        raise HeifError("the boxes end too early") from error


def _read(data: bytes) -> HeifInfo:
    top = {kind: (start, end) for kind, start, end in _boxes(data, 0, len(data))}
    if b"meta" not in top:
        raise HeifError("no picture is described")
    meta = {kind: span for kind, *span in _boxes(data, top[b"meta"][0] + 4, top[b"meta"][1])}
    if not {b"pitm", b"iprp"} <= meta.keys():
        raise HeifError("no picture is described")
    start, _ = meta[b"pitm"]
    primary = _number(data, start + 4, 2 if data[start] == 0 else 4)
    width = height = turn = 0
    bits = 8
    axis = icc = None
    for kind, start, end in _properties(data, meta[b"iprp"], primary):
        if kind == b"ispe":
            width, height = struct.unpack_from(">II", data, start + 4)
        elif kind == b"pixi":
            bits = data[start + 5]
        elif kind == b"irot":
            turn = data[start] & 3
        elif kind == b"imir":
            axis = data[start] & 1
        elif kind == b"colr" and data[start : start + 4] in (b"prof", b"rICC") and end - start <= limits.INFLATED_BLOCK:
            icc = data[start + 4 : end]
    exif, xmp = _described(data, meta)
    return HeifInfo(width, height, _TURNS[turn, axis], bits, PhotoMetadata(exif, xmp, icc))


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind of each box, and where its content starts and ends."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        content = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, content)
            content += 8
        stop = end if size == 0 else start + size
        if stop < content or stop > end:
            raise HeifError("the boxes end too early")
        yield kind, content, stop
        start = stop


def _number(data: bytes, start: int, size: int) -> int:
    if start + size > len(data):
        raise HeifError("the boxes end too early")
    return int.from_bytes(data[start : start + size], "big")


def _properties(data: bytes, span: list[int], item: int) -> Iterator[tuple[bytes, int, int]]:
    """The properties of an item: what ipma lists of what ipco holds."""
    inside = {kind: (start, end) for kind, start, end in _boxes(data, *span)}
    if not {b"ipco", b"ipma"} <= inside.keys():
        raise HeifError("no picture is described")
    known = list(_boxes(data, *inside[b"ipco"]))
    position, _ = inside[b"ipma"]
    id_bytes, wide = 2 if data[position] == 0 else 4, data[position + 3] & 1
    count = _number(data, position + 4, 4)
    position += 8
    for _ in range(min(count, _MOST_ITEMS)):
        number = _number(data, position, id_bytes)
        entries = data[position + id_bytes]
        position += id_bytes + 1
        for place in range(position, position + entries * (1 + wide), 1 + wide):
            index = _number(data, place, 1 + wide) & (0x7FFF if wide else 0x7F)
            if number == item and 1 <= index <= len(known):
                yield known[index - 1]
        position += entries * (1 + wide)


def _described(data: bytes, meta: dict[bytes, list[int]]) -> tuple[bytes | None, bytes | None]:
    """The EXIF block as a bare TIFF structure, and the XMP packet."""
    if not {b"iinf", b"iloc"} <= meta.keys():
        return None, None
    exif = xmp = None
    places = _places(data, meta)
    for number, kind, content_type in _items(data, meta[b"iinf"]):
        if kind == b"Exif" and exif is None and number in places:
            block = places[number]
            exif = block[4 + _number(block, 0, 4) :] if len(block) > 4 else None
        elif kind == b"mime" and content_type == _XMP_TYPE and xmp is None:
            xmp = places.get(number)
    return exif or None, xmp or None


def _items(data: bytes, span: list[int]) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, type and content type of every item."""
    start, end = span
    header = 6 if data[start] == 0 else 8
    for kind, place, stop in _boxes(data, start + header, end):
        version = data[place]
        if kind != b"infe" or version < 2:
            continue
        id_bytes = 2 if version == 2 else 4
        number = _number(data, place + 4, id_bytes)
        rest = data[place + 4 + id_bytes + 2 : stop]
        texts = rest[4:].split(b"\0")
        yield number, rest[:4], texts[1] if len(texts) > 1 else b""


def _places(data: bytes, meta: dict[bytes, list[int]]) -> dict[int, bytes]:
    """Content of the items, by number, that lie in one piece in the file or in the meta box, and are not large."""
    position, _ = meta[b"iloc"]
    version, sizes = data[position], _number(data, position + 4, 2)
    offset_bytes, length_bytes, base_bytes = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_bytes = sizes & 15 if version else 0
    id_bytes = 2 if version < 2 else 4
    count = _number(data, position + 6, id_bytes)
    position += 6 + id_bytes
    found = {}
    for _ in range(min(count, _MOST_ITEMS)):
        number = _number(data, position, id_bytes)
        position += id_bytes
        method = _number(data, position, 2) & 15 if version else 0
        position += (2 if version else 0) + 2
        base = _number(data, position, base_bytes)
        extents = _number(data, position + base_bytes, 2)
        position += base_bytes + 2
        extent = index_bytes + offset_bytes + length_bytes
        start = base + _number(data, position + index_bytes, offset_bytes)
        length = _number(data, position + index_bytes + offset_bytes, length_bytes)
        position += extents * extent
        if method == 1 and b"idat" in meta:
            start += meta[b"idat"][0]
        if extents == 1 and method <= 1 and length <= limits.INFLATED_BLOCK and start + length <= len(data):
            found[number] = data[start : start + length]
    return found

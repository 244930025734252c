"""Decodes a large PNG in bands from above, so that it can be seen while it is being decoded.

zlib unpacks the rows of one band while a compiled kernel takes the filters of the band before away (PNG 3rd edition,
chapter 9). That takes no longer than decoding the whole at once, and half the memory.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Pixels
from inpaintgui.engine.compiled import compiled
from inpaintgui.engine.image_header import png_chunks

BANDS = 16
MULTIPLE = 8
"""About how many bands there are, and what the number of rows of each is a multiple of, but for the last."""
_CHANNELS = {0: 1, 2: 3, 6: 4}
"""By colour type: grey, RGB, RGBA. The others are not decoded here: palettes, and grey with alpha."""
_PIECE = 1 << 16
"""Compressed bytes to unpack at a time."""
_SUB, _UP, _AVERAGE, _PAETH = 1, 2, 3, 4


class BandsError(ValueError):
    """The compressed data is damaged or too short."""


@dataclass(frozen=True)
class _Layout:
    """Of the image data. bytes_each: of a channel's value."""

    width: int
    height: int
    channels: int
    bytes_each: int

    @property
    def row_bytes(self) -> int:
        """Of a filtered row, the number of its filter in front."""
        return 1 + self.width * self.channels * self.bytes_each


def decode_in_bands(data: bytes, seen: Callable[[Pixels], None]) -> Pixels | None:
    """The pixels of a PNG, uint8 or uint16 (H, W, C), RGB; None if it is of a kind that is not for bands.

    data: the whole file. seen: gets one band after the other, from above. Raises BandsError.
    """
    layout = _layout(data)
    if layout is None:
        return None
    step = MULTIPLE * -(-layout.height // (BANDS * MULTIPLE))
    counts = [min(step, layout.height - top) for top in range(0, layout.height, step)]
    packed = _packed(data, [layout.row_bytes * count for count in counts])
    pixels = np.empty((layout.height, layout.width, layout.channels), np.uint8 if layout.bytes_each == 1 else np.uint16)
    above = np.zeros(layout.row_bytes - 1, np.uint8)
    top = 0
    with ThreadPoolExecutor(1, "png") as pool:
        coming = pool.submit(next, packed)
        for count in counts:
            rows = np.frombuffer(coming.result(), np.uint8).reshape(count, layout.row_bytes)
            coming = pool.submit(next, packed, bytearray())  # nothing comes after the last band
            if not _unfilter(rows, above, layout.channels * layout.bytes_each):
                raise BandsError("a row has an unknown filter")
            above = rows[-1, 1:]
            band = pixels[top : top + count]
            stored = np.ascontiguousarray(rows[:, 1:]).view(f">u{layout.bytes_each}")
            band[...] = stored.reshape(band.shape)
            seen(band)
            top += count
    return pixels


def warm_up() -> None:
    """Compile, or load from the cache, what decoding needs: seconds the very first time."""
    _unfilter(np.zeros((1, 2), np.uint8), np.zeros(1, np.uint8), 1)


def _layout(data: bytes) -> _Layout | None:
    width, height, bits, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data, 16)
    see_through = any(kind == b"tRNS" for kind, _, _ in png_chunks(data))
    if bits not in (8, 16) or colour not in _CHANNELS or interlace or see_through:
        return None
    return _Layout(width, height, _CHANNELS[colour], bits // 8)


def _packed(data: bytes, sizes: list[int]) -> Iterator[bytearray]:
    """Unpacked bytes of the image data, in parts of these sizes; no more is ever unpacked. Raises BandsError."""
    view, inflater = memoryview(data), zlib.decompressobj()
    pieces = (
        view[place : min(place + _PIECE, start + length)]
        for kind, start, length in png_chunks(data)
        if kind == b"IDAT"
        for place in range(start, start + length, _PIECE)
    )
    rest: bytes | memoryview = b""
    for size in sizes:
        part = bytearray()
        while len(part) < size:
            rest = rest or next(pieces, b"")
            try:
                unpacked = inflater.decompress(rest, size - len(part))
            except zlib.error as error:
                raise BandsError("the image data is damaged") from error
            if not unpacked and not rest:
                raise BandsError("the image data is too short")
            part += unpacked
            rest = inflater.unconsumed_tail
        yield part


@compiled
def _unfilter(rows: NDArray[np.uint8], above: NDArray[np.uint8], pixel: int) -> bool:  # noqa: C901  five filters
    """Take the filters of a band away, in place; False if one is unknown.

    rows: (n, 1 + m), the filter's number first. above: (m,), the row before. pixel: bytes of one.
    """
    up = above
    for number in range(rows.shape[0]):
        row, kind = rows[number, 1:], rows[number, 0]
        if kind == _SUB:
            for x in range(pixel, row.size):
                row[x] += row[x - pixel]
        elif kind == _UP:
            for x in range(row.size):
                row[x] += up[x]
        elif kind == _AVERAGE:
            for x in range(pixel):
                row[x] += up[x] >> 1
            for x in range(pixel, row.size):
                row[x] += np.uint8((np.int32(row[x - pixel]) + np.int32(up[x])) >> 1)
        elif kind == _PAETH:
            for x in range(pixel):
                row[x] += up[x]
            for x in range(pixel, row.size):
                row[x] += _paeth(np.int32(row[x - pixel]), np.int32(up[x]), np.int32(up[x - pixel]))
        elif kind != 0:
            return False
        up = row
    return True


@compiled
def _paeth(left: np.int32, over: np.int32, corner: np.int32) -> np.uint8:
    """The one that is nearest to left + over - corner, the earlier of two."""
    to_left, to_over, to_corner = abs(over - corner), abs(left - corner), abs(left + over - 2 * corner)
    if to_left <= to_over and to_left <= to_corner:
        return np.uint8(left)
    return np.uint8(over if to_over <= to_corner else corner)

"""Every n-th row of a TIFF, decoded without the others: a small file is made of the strips that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.tiff_tags import ORIENTATION, Tag, build_exif, byte_order, read_tags

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _SAMPLES, _PLANES = 256, 257, 258, 259, 277, 284
_STARTS, _ROWS_PER_STRIP, _LENGTHS = 273, 278, 279
_KEPT = (_WIDTH, _BITS, _COMPRESSION, 262, 266, _SAMPLES, _PLANES, 317, 320, 338, 339, 347)
"""What a decoder needs to know beside the strips."""
_NOT_COMPRESSED, _SEPARATE, _LONG = 1, 2, 4


def every_row(data: bytes, step: int) -> NDArray[np.uint8] | None:
    """Rows 0, ``step``, 2 · ``step``… of a TIFF file, uint8 BGR (about H / step, W, 3).

    None if they cannot be had without most of the others: a strip that is compressed holds ``step`` rows or more, or
    the file is made of tiles. Also if it has to be turned, has a plane for each channel or the order of bytes that is
    rarely met. Raises TiffTagsError and cv2.error.
    """
    tags = read_tags(data)

    def number(tag: int, default: int) -> int:
        return tags[tag].first(default) if tag in tags else default

    starts, lengths = (tags[tag].numbers if tag in tags else () for tag in (_STARTS, _LENGTHS))
    height, in_strip = number(_HEIGHT, 0), min(number(_ROWS_PER_STRIP, 1 << 31), number(_HEIGHT, 0))
    is_odd = byte_order(data) != "<" or number(ORIENTATION, 1) != 1 or number(_PLANES, 1) == _SEPARATE
    if is_odd or not in_strip or not len(starts) == len(lengths) == -(-height // in_strip):
        return None
    if sum(lengths) > len(data):  # a hostile file can name the same bytes again and again
        return None
    rows = np.arange(0, height, step)
    if number(_COMPRESSION, _NOT_COMPRESSED) == _NOT_COMPRESSED:
        row_bytes = -(-number(_WIDTH, 0) * number(_SAMPLES, 1) * number(_BITS, 1) // 8)
        if row_bytes * height > len(data):
            return None
        places = [starts[row // in_strip] + row % in_strip * row_bytes for row in rows.tolist()]
        return _decoded(tags, [data[place : place + row_bytes] for place in places], 1)
    if in_strip >= step:
        return None
    rows = rows[rows < height // in_strip * in_strip]  # in whole strips; a strip holds at most one of them
    strips = [data[starts[strip] : starts[strip] + lengths[strip]] for strip in (rows // in_strip).tolist()]
    decoded = _decoded(tags, strips, in_strip)
    return None if decoded is None else decoded[np.arange(len(rows)) * in_strip + rows % in_strip]


def _decoded(tags: Mapping[int, Tag], strips: Sequence[bytes], in_strip: int) -> NDArray[np.uint8] | None:
    """All rows of these strips, ``in_strip`` in each."""
    lengths = np.array([len(strip) for strip in strips], np.int64)

    def head(first: int) -> bytes:
        """With the strips beginning at ``first``."""
        numbers = {
            _HEIGHT: [in_strip * len(strips)],
            _ROWS_PER_STRIP: [in_strip],
            _STARTS: first + lengths.cumsum() - lengths,
            _LENGTHS: lengths,
        }
        made = {number: Tag(_LONG, np.asarray(values, "<u4").tobytes()) for number, values in numbers.items()}
        return build_exif({number: tags[number] for number in _KEPT if number in tags} | made)

    file = head(len(head(0))) + b"".join(strips)
    decoded = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)
    return None if decoded is None else np.asarray(decoded, np.uint8)

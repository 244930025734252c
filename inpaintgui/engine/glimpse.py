"""Small pictures of large photos, to be looked at while they are decoded.

A JPEG is decoded at an eighth of its size first, and of a TIFF every eighth row, where the file allows that. A PNG is
shown from above as its rows are decoded, and whatever else is large as soon as it is decoded. Colours are those of the
file, without its profile.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Glimpse, Pixels
from inpaintgui.engine.image_header import HeaderError, ImageFormat, ImageHeader, read_header
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.tiff_rows import every_row
from inpaintgui.engine.tiff_tags import TiffTagsError

LEAST_MEGAPIXELS = 20
"""Smaller photos are there before a second decoding would pay."""
REDUCTION = 8
"""How many times smaller the sides are."""

_WORTH_READING = (b"\xff\xd8\xff", b"II*\0")
"""How JPEGs begin, and TIFFs in the usual order of bytes."""

Show = Callable[[Glimpse], None]


def glimpse(path: Path) -> Glimpse | None:
    """An eighth of a photo's sides, upright; None if it is not large, or nothing of it can be had much sooner.

    Never raises for a bad file: opening it will.
    """
    try:
        with path.open("rb") as file:
            if not file.read(4).startswith(_WORTH_READING):
                return None
        data = path.read_bytes()
        header = read_header(data)
        if not is_large(header):
            return None
        if header.format is ImageFormat.JPEG:
            return _of_jpeg(data, header)
        return _of_tiff(data, header)
    except (OSError, HeaderError, TiffTagsError, OverflowError, MemoryError, cv2.error):
        return None


def is_large(header: ImageHeader) -> bool:
    """Whether it takes so long to open that something should be seen before."""
    return header.width * header.height >= LEAST_MEGAPIXELS * 1_000_000


def _of_jpeg(data: bytes, header: ImageHeader) -> Glimpse | None:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    if decoded is None:
        return None
    small: NDArray[np.uint8] = np.ascontiguousarray(decoded[..., ::-1], np.uint8)
    sides = (header.width, header.height)
    is_turned = (small.shape[1] > small.shape[0]) != (header.width > header.height)
    return Glimpse(small, *(reversed(sides) if is_turned else sides))


def _of_tiff(data: bytes, header: ImageHeader) -> Glimpse | None:
    """What was left out cannot be averaged, so the picture is a little rough."""
    rows = every_row(data, REDUCTION)
    if rows is None:
        return None
    return Glimpse(np.ascontiguousarray(rows[:, ::REDUCTION, ::-1]), header.width, header.height)


class Unveiling:
    """Shows a photo from above while its rows arrive. width, height: of the photo."""

    def __init__(self, width: int, height: int, show: Show) -> None:
        self._width, self._height, self._show = width, height, show
        self._small: list[NDArray[np.uint8]] = []
        self._rows = 0

    def add(self, rows: Pixels) -> None:
        """Further rows, (h, W, C) in RGB order; h is a multiple of REDUCTION but for the last ones."""
        self._small.append(reduced(rows))
        self._rows += len(rows)
        self._show(Glimpse(np.concatenate(self._small), self._width, self._height, self._rows / self._height))


def reduced(pixels: Pixels) -> NDArray[np.uint8]:
    """An eighth of the sides, at least one pixel, averaged: uint8 RGB of (H, W, C), without alpha."""
    height, width, channels = pixels.shape
    colours = pixels[..., : 1 if channels <= 2 else 3]
    sides = (max(1, width // REDUCTION), max(1, height // REDUCTION))
    small = np.asarray(cv2.resize(colours, sides, interpolation=cv2.INTER_AREA)).reshape(sides[1], sides[0], -1)
    narrow = small if small.dtype == np.uint8 else small.astype(np.uint16) >> 8
    return np.broadcast_to(narrow, (*narrow.shape[:2], 3)).astype(np.uint8)

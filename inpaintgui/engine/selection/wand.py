"""The magic wand: pixels that look like a given one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Pixels, bounding_box
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.regions import colours_of
from inpaintgui.errors import BadInputError
from inpaintgui.selecting import MaskPart, WandOrder
from inpaintgui.sentences import say

_MARK = 255
_BAND = 256
"""Rows compared at a time."""


def wand(pixels: Pixels, order: WandOrder) -> MaskPart:
    """Pixels whose colour channels all differ from the given pixel's by at most the tolerance.

    Alpha is not looked at. pixels: (H, W, C), uint8, or uint16 compared by the upper byte. Raises BadInputError if the
    pixel lies outside of the photo.
    """
    height, width = pixels.shape[:2]
    if not (0 <= order.x < width and 0 <= order.y < height):
        raise BadInputError(say("The magic wand was used outside of the photo."))
    alike = _alike(pixels, order)
    if order.contiguous:
        alike = _connected(alike, order.x, order.y)
    box = bounding_box(alike)
    return MaskPart(box, np.ascontiguousarray(alike[box.slices]))


def _alike(pixels: Pixels, order: WandOrder) -> NDArray[np.uint8]:
    colour = colours_of(pixels)
    wide = pixels.dtype == np.uint16
    seed = np.asarray(colour[order.y, order.x], np.int32) >> (8 if wide else 0)
    low = np.clip(seed - order.tolerance, 0, 255).astype(np.uint8)
    high = np.clip(seed + order.tolerance, 0, 255).astype(np.uint8)
    height, width = pixels.shape[:2]
    result = np.empty((height, width), np.uint8)
    for top in range(0, height, _BAND):
        band = colour[top : top + _BAND]
        narrow = np.ascontiguousarray(band >> 8 if wide else band, np.uint8)
        result[top : top + _BAND] = cv2.inRange(narrow, low, high)
    return result


def _connected(alike: NDArray[np.uint8], x: int, y: int) -> NDArray[np.uint8]:
    """The 4-connected group around a pixel."""
    found = np.zeros((alike.shape[0] + 2, alike.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (_MARK << 8)
    cv2.floodFill(alike, found, (x, y), 0, 0, 0, flags)
    return found[1:-1, 1:-1]


def tight(values: NDArray[np.uint8], origin: Box) -> MaskPart:
    """A part without its empty margins. values: uint8 (origin.height, origin.width)."""
    inner = bounding_box(values)
    box = Box(inner.left + origin.left, inner.top + origin.top, inner.right + origin.left, inner.bottom + origin.top)
    return MaskPart(box, np.ascontiguousarray(values[inner.slices]))

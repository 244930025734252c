"""What the canvas draws from: an 8-bit copy of the photo at halving sizes, updated box by box.

The level drawn is the one just larger than the screen needs, so zoomed-out painting on 100 megapixels touches about
as many pixels as the widget has. numpy only: a pyramid may be built in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, Pixels

SMALLEST_LEVEL = 256
_PACKED_BAND = 32
"""Rows of the result that are averaged at a time: few enough to stay in the processor's cache."""
_BAND = 512
"""Rows converted at a time: keeps temporaries small and lets other threads take the interpreter in between."""


def to_bgra(pixels: Pixels) -> NDArray[np.uint8]:
    """Photo pixels (H, W, 1-4) to uint8 (H, W, 4) in memory order B, G, R, A: what 32-bit QImage formats hold.

    Colour is multiplied by alpha where there is alpha, which is what Qt draws and averages correctly; 16-bit values
    keep their upper byte.
    """
    narrow = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
    height, width, channels = narrow.shape
    out = np.empty((height, width, 4), np.uint8)
    out[..., 2] = narrow[..., 0]
    out[..., 1] = narrow[..., 1 if channels >= 3 else 0]
    out[..., 0] = narrow[..., 2 if channels >= 3 else 0]
    if channels in (1, 3):
        out[..., 3] = 255
    else:
        alpha = narrow[..., -1]
        out[..., 3] = alpha
        wide = alpha.astype(np.uint16)[..., None]
        out[..., :3] = (out[..., :3] * wide + 127) // 255
    return out


def halve(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean of 2x2 blocks of (H, W) or (H, W, C); an odd last row or column is averaged with itself."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        edges = [(0, height % 2), (0, width % 2)] + [(0, 0)] * (image.ndim - 2)
        image = np.pad(image, edges, mode="edge")
    if image.ndim == 3 and image.shape[2] == 4 and image.strides[2] == 1 and image.strides[1] == 4:
        return _halve_packed(image)
    total = image[0::2, 0::2].astype(np.uint16)
    total += image[0::2, 1::2]
    total += image[1::2, 0::2]
    total += image[1::2, 1::2]
    total += 2
    total >>= 2
    return total.astype(np.uint8)


def _halve_packed(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same for even sides and four channels, each pixel as one 32-bit number: several times as fast.

    Two of the four bytes are summed at a time, with eight free bits above each for the carry.
    """
    packed = image.view(np.uint32)[..., 0]
    height, width = packed.shape[0] // 2, packed.shape[1] // 2
    result = np.empty((height, width), np.uint32)
    low_bytes, rounding = np.uint32(0x00FF00FF), np.uint32(0x00020002)
    for top in range(0, height, _PACKED_BAND):
        rows = packed[2 * top : 2 * (top + _PACKED_BAND)]
        parts = [rows[y::2, x::2] for y in (0, 1) for x in (0, 1)]
        even = np.full(parts[0].shape, rounding)
        odd = even.copy()
        for part in parts:
            even += part & low_bytes
            odd += (part >> np.uint32(8)) & low_bytes
        even >>= np.uint32(2)
        even &= low_bytes
        odd >>= np.uint32(2)
        odd &= low_bytes
        odd <<= np.uint32(8)
        np.bitwise_or(even, odd, out=result[top : top + _PACKED_BAND])
    return result.view(np.uint8).reshape(height, width, 4)


def level_box(box: Box, level: int) -> Box:
    """The pixels of a level that an image box touches."""
    size = 1 << level
    return Box(box.left // size, box.top // size, -(-box.right // size), -(-box.bottom // size))


def best_level(zoom: float, levels: int) -> int:
    """The smallest level that still has at least one pixel per device pixel; 0 is full size."""
    level = 0
    while level + 1 < levels and zoom * (2 << level) <= 1.0:
        level += 1
    return level


def _level_sizes(height: int, width: int) -> list[tuple[int, int]]:
    sizes = [(height, width)]
    while max(sizes[-1]) > SMALLEST_LEVEL:
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    return sizes


def _refresh_coarser(levels: list[NDArray[np.uint8]], box: Box) -> None:
    """Make levels 1… agree with level 0 inside an image box."""
    for number in range(1, len(levels)):
        finer, coarser = levels[number - 1], levels[number]
        target = level_box(box, number).intersect(Box(0, 0, coarser.shape[1], coarser.shape[0]))
        for top in range(target.top, target.bottom, _BAND):
            bottom = min(top + _BAND, target.bottom)
            source = finer[2 * top : 2 * bottom, 2 * target.left : 2 * target.right]
            coarser[top:bottom, target.left : target.right] = halve(source)


@dataclass(frozen=True)
class Crop:
    """Part of a level. data: the pixels of ``box``, which counts in pixels of that level."""

    level: int
    box: Box
    data: NDArray[np.uint8]


class PhotoPyramid:
    """Display copy of a photo: ``levels[k]`` is uint8 BGRA (premultiplied), halved k times."""

    def __init__(self, pixels: Pixels, convert: Callable[[Pixels], NDArray[np.uint8]] = to_bgra) -> None:
        """Of a photo's pixels. convert: to what is drawn, if their colours have to be changed for the screen."""
        self.convert = convert
        self.width, self.height = int(pixels.shape[1]), int(pixels.shape[0])
        self.has_alpha = pixels.shape[2] in (2, 4)
        self.levels = [np.empty((*size, 4), np.uint8) for size in _level_sizes(self.height, self.width)]
        self._before: list[list[Crop]] = []
        self._write(pixels, Box(0, 0, self.width, self.height))

    def update(self, pixels: Pixels, box: Box) -> None:
        """Take over changed photo pixels. The first time a place changes, its original is kept for comparison."""
        box = box.intersect(Box(0, 0, self.width, self.height))
        if box.is_empty:
            return
        self._keep(box)
        self._write(pixels, box)

    def crop(self, level: int, box: Box) -> Crop:
        """A view of the level's pixels; ``box`` counts in the level's pixels and is cut to what exists."""
        data = self.levels[level]
        box = box.intersect(Box(0, 0, data.shape[1], data.shape[0]))
        return Crop(level, box, data[box.slices])

    def originals(self, level: int) -> list[Crop]:
        """What the photo looked like when opened, where it changed since; draw in this order over the present."""
        return [crops[level] for crops in reversed(self._before)]

    def _write(self, pixels: Pixels, box: Box) -> None:
        for top in range(box.top, box.bottom, _BAND):
            rows = slice(top, min(top + _BAND, box.bottom))
            columns = slice(box.left, box.right)
            self.levels[0][rows, columns] = self.convert(pixels[rows, columns])
        _refresh_coarser(self.levels, box)

    def _keep(self, box: Box) -> None:
        if any(_contains(crops[0].box, box) for crops in self._before):
            return
        # A margin of two pixels per level, so that smooth scaling at the rim mixes with originals too.
        kept = [self.crop(level, level_box(box.grow(2 << level), level)) for level in range(len(self.levels))]
        self._before.append([Crop(crop.level, crop.box, crop.data.copy()) for crop in kept])


def _contains(outer: Box, inner: Box) -> bool:
    return outer.intersect(inner) == inner


class MaskPyramid:
    """The mask at halving sizes, empty at first. Level 0 is the document's own array, handed in at each use."""

    def __init__(self, height: int, width: int) -> None:
        self._coarse = [np.zeros(size, np.uint8) for size in _level_sizes(height, width)[1:]]

    @property
    def count(self) -> int:
        """Number of levels, the full size included."""
        return len(self._coarse) + 1

    def update(self, mask: Mask, box: Box) -> None:
        """Take over changed mask pixels."""
        box = box.intersect(Box(0, 0, mask.shape[1], mask.shape[0]))
        if not box.is_empty:
            _refresh_coarser([mask, *self._coarse], box)

    def crop(self, mask: Mask, level: int, box: Box) -> Crop:
        """A view of the level's pixels; ``box`` counts in the level's pixels and is cut to what exists."""
        data = mask if level == 0 else self._coarse[level - 1]
        box = box.intersect(Box(0, 0, data.shape[1], data.shape[0]))
        return Crop(level, box, data[box.slices])

"""Operations on a mask as a whole. They look only at the neighbourhood of what is masked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, bounding_box
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.selection.wand import tight
from inpaintgui.selecting import MaskPart, Refine

_FULL = 128
"""From this value on a feathered pixel counts as masked."""


def refine(mask: Mask, how: Refine, amount: int) -> MaskPart:
    """The whole mask, changed.

    Growing and shrinking move the outline by ``amount`` pixels in every direction (and make it hard), feathering makes
    it a ramp about twice as wide, smoothing rounds corners and drops specks below about that size; filling holes
    closes what is surrounded, whatever the amount. mask: uint8 (H, W). amount: from 1. Raises ValueError for less.
    """
    if amount < 1:
        raise ValueError(f"a mask cannot be changed by {amount} pixels")
    around = bounding_box(mask)
    if around.is_empty:
        return MaskPart(around, np.zeros((0, 0), np.uint8))
    whole = Box(0, 0, mask.shape[1], mask.shape[0])
    reach = {Refine.GROW: amount + 1, Refine.FEATHER: 3 * amount, Refine.SMOOTH: 2 * amount}.get(how, 1)
    area = around.grow(reach).intersect(whole)
    values = np.ascontiguousarray(mask[area.slices])
    return tight(_OPERATIONS[how](values, amount, area, whole), area)


def _grow(values: Mask, amount: int, _area: Box, _whole: Box) -> Mask:
    # The distance of each free pixel from the nearest masked one: any radius costs the same.
    distance = cv2.distanceTransform((values < _FULL).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return _flags(distance <= amount) if (values >= _FULL).any() else np.zeros_like(values)


def _shrink(values: Mask, amount: int, area: Box, whole: Box) -> Mask:
    # Beyond the photo's border the mask is taken to go on; elsewhere the area has a free margin.
    top, bottom = int(area.top > whole.top), int(area.bottom < whole.bottom)
    left, right = int(area.left > whole.left), int(area.right < whole.right)
    flags = (values >= _FULL).astype(np.uint8)
    inside = np.asarray(cv2.copyMakeBorder(flags, top, bottom, left, right, cv2.BORDER_CONSTANT, value=0))
    if inside.all():
        return values
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    kept = distance[top : distance.shape[0] - bottom, left : distance.shape[1] - right]
    return _flags(kept > amount)


def _feather(values: Mask, amount: int, _area: Box, _whole: Box) -> Mask:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), amount, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _smooth(values: Mask, amount: int, _area: Box, _whole: Box) -> Mask:
    hard = _flags(values >= _FULL)
    blurred = cv2.GaussianBlur(hard, (0, 0), amount, borderType=cv2.BORDER_REPLICATE)
    return _flags(blurred >= _FULL)


def _fill_holes(values: Mask, _amount: int, _area: Box, _whole: Box) -> Mask:
    # What cannot be reached from outside is a hole. The frame of free pixels joins all that is outside.
    free = cv2.copyMakeBorder(_flags(values < _FULL), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    reached = np.zeros((free.shape[0] + 2, free.shape[1] + 2), np.uint8)
    cv2.floodFill(free, reached, (0, 0), 0, 0, 0, 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8))
    enclosed = (reached[2:-2, 2:-2] == 0) & (values < _FULL)
    return np.where(enclosed, np.uint8(255), values)


def _flags(marked: NDArray[np.bool_]) -> Mask:
    return marked.astype(np.uint8) * np.uint8(255)


_OPERATIONS = {
    Refine.GROW: _grow,
    Refine.SHRINK: _shrink,
    Refine.FEATHER: _feather,
    Refine.SMOOTH: _smooth,
    Refine.FILL_HOLES: _fill_holes,
}

"""The part of a photo that a region is filled in: how much context it gets, and which other holes it solves along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, FillRequest
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.regions import Region, as_rgb_float

SMALLEST_MARGIN, LARGEST_MARGIN = 200, 400
"""Limits, in pixels, of the context that serves as source of texture around a region."""

NEIGHBOUR_REACH = 24
"""Pixels around a region within which the hole pixels of other regions are solved along with it.

Farther ones hardly touch what becomes of it, and each of many regions would solve them all once more.
"""


def margin_around(hole: Box) -> int:
    """Width in pixels of the context that a region is filled from: as wide as the hole, within limits."""
    return min(max(hole.width, hole.height, SMALLEST_MARGIN), LARGEST_MARGIN)


@dataclass(frozen=True)
class Crop:
    """The part of the photo that a region is filled in.

    box: inside the photo. image: float32 RGB (H, W, 3) in [0, 1]. hole: bool (H, W), what is solved: the region's own
    hole pixels and those of others nearby. Others' pixels farther away show the mean of what is known around them.
    source: bool (H, W), what may be copied from. own: the region's box relative to the crop.
    """

    box: Box
    image: NDArray[np.float32]
    hole: NDArray[np.bool_]
    source: NDArray[np.bool_]
    own: Box

    @classmethod
    def around(cls, region: Region, request: FillRequest) -> Crop:
        """Cut the crop of ``region`` out of the photo."""
        photo = Box(0, 0, request.mask.shape[1], request.mask.shape[0])
        box = region.box.grow(margin_around(region.box)).intersect(photo)
        own = region.box.seen_from(box)
        hole = request.mask[box.slices] > 0
        allowed = ~hole if request.exclusion is None else ~hole & (request.exclusion[box.slices] == 0)
        image = as_rgb_float(request.pixels[box.slices])
        if np.count_nonzero(hole) == np.count_nonzero(region.hole):
            return cls(box, image, hole, allowed, own)
        not_own = np.ones(hole.shape, np.uint8)
        not_own[own.slices][region.hole] = 0
        far = hole & (cv2.distanceTransform(not_own, cv2.DIST_L2, 3) > NEIGHBOUR_REACH)
        if far.any():
            image = np.where(far[..., None], _local_mean(image, ~hole), image)
        return cls(box, image, hole & ~far, allowed, own)


def _local_mean(image: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Mean of the known pixels around each pixel: float32 (H, W, C); 0 where none is near."""
    weight = known.astype(np.float32)
    total = cv2.GaussianBlur(image * weight[..., None], (0, 0), NEIGHBOUR_REACH / 2)
    share = cv2.GaussianBlur(weight, (0, 0), NEIGHBOUR_REACH / 2)
    return np.asarray(total / np.maximum(share, np.float32(1e-3))[..., None], np.float32)

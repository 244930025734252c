"""From a mask to regions: connected groups of hole pixels, each with the square of context that a prior sees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, ContextSquare, Mask, Pixels, bounding_box
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.search import SearchProblem

MOST_REGIONS = 16
FIRST_MERGE_DISTANCE = 8
CONTEXT_PER_HOLE = 3.0
"""Side of the context square over the longer side of the hole: as much context as hole on either side."""


@dataclass(frozen=True)
class Region:
    """Hole pixels that are filled together. box: tight around them; hole: bool (box.height, box.width)."""

    box: Box
    hole: NDArray[np.bool_]


def find_regions(mask: Mask) -> tuple[Region, ...]:
    """Group the pixels of ``mask`` (uint8 (H, W), non-zero = hole) by nearness, from top left to bottom right.

    Groups closer than a few pixels are one region. The distance is doubled until at most MOST_REGIONS are left,
    so that a mask of thousands of specks is not thousands of searches. The cost follows the box around the mask.
    """
    around = bounding_box(mask)
    if around.is_empty:
        return ()
    flags = (mask[around.slices] > 0).astype(np.uint8)
    labels, count = _label(flags, FIRST_MERGE_DISTANCE)
    distance = FIRST_MERGE_DISTANCE
    while count > MOST_REGIONS:
        distance *= 2
        labels, count = _label(flags, distance)
    regions = []
    for label in range(1, count + 1):
        own = (labels == label) & (flags > 0)
        tight = bounding_box(own)
        box = Box(tight.left, tight.top, tight.right, tight.bottom)
        shifted = Box(box.left + around.left, box.top + around.top, box.right + around.left, box.bottom + around.top)
        regions.append(Region(shifted, own[box.slices]))
    return tuple(sorted(regions, key=lambda r: (r.box.top, r.box.left)))


def _label(flags: NDArray[np.uint8], distance: int) -> tuple[NDArray[np.int32], int]:
    """Connected components of the flags after closing gaps of up to ``distance`` pixels; 0 is background."""
    # Beyond this size the grouping is done on a reduced copy: the distance then spans few pixels there.
    step = max(1, distance // 8)
    reduced = _block_max(flags, step)
    reach = max(1, math.ceil(distance / step / 2))
    grown = cv2.dilate(
        cv2.copyMakeBorder(reduced, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0),
        np.ones((2 * reach + 1, 2 * reach + 1), np.uint8),
    )
    count, labels = cv2.connectedComponents(grown, connectivity=8, ltype=cv2.CV_32S)
    inner = labels[reach:-reach, reach:-reach]
    if step > 1:
        inner = inner.repeat(step, axis=0).repeat(step, axis=1)[: flags.shape[0], : flags.shape[1]]
    return np.asarray(inner, np.int32), count - 1


def _block_max(flags: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    if step == 1:
        return flags
    height, width = (-(-n // step) * step for n in flags.shape)
    padded = np.zeros((height, width), np.uint8)
    padded[: flags.shape[0], : flags.shape[1]] = flags
    return np.asarray(padded.reshape(height // step, step, width // step, step).max(axis=(1, 3)), np.uint8)


def context_square(hole: Box, photo: Box, *, resolution: int) -> ContextSquare:
    """The square around ``hole`` that a prior of ``resolution`` sees.

    Context at least as wide as the hole on every side where the photo allows, never smaller than the prior's own
    resolution unless the photo is. It is moved into the photo; a hole that is longer than the photo's short side
    gets a square that reaches beyond the photo.
    """
    longest = max(hole.width, hole.height)
    wanted = max(math.ceil(CONTEXT_PER_HOLE * longest), resolution)
    limit = max(min(photo.width, photo.height), math.ceil(1.25 * longest))
    side = min(wanted, limit)
    return ContextSquare(
        _placed((hole.left + hole.right) / 2, side, photo.width),
        _placed((hole.top + hole.bottom) / 2, side, photo.height),
        side,
    )


def _placed(centre: float, side: float, length: int) -> float:
    start = round(centre - side / 2)
    return float(min(max(start, 0), length - side)) if side <= length else float(round((length - side) / 2))


def square_box(square: ContextSquare) -> Box:
    """The whole pixels of the square; at least one."""
    left, top, side = round(square.x), round(square.y), max(1, round(square.side))
    return Box(left, top, left + side, top + side)


def as_rgb_float(pixels: Pixels) -> NDArray[np.float32]:
    """Any photo pixels (H, W, 1..4), uint8 or uint16 → colour only, float32 (H, W, 3) in [0, 1]."""
    colour = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1].repeat(3, axis=2)
    return colour.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)


def search_problem(pixels: Pixels, mask: Mask, square: ContextSquare, resolution: int) -> SearchProblem:
    """What the prior sees of the photo inside ``square``, at its own ``resolution``.

    Every pixel is the mean of the known pixels it covers (area filter), so that nothing of what was painted over
    leaks into the context. A pixel counts as known if at least half of what it covers is. pixels: (H, W, C);
    mask: uint8 (H, W), non-zero = hole.
    """
    box = square_box(square)
    inside = box.intersect(Box(0, 0, mask.shape[1], mask.shape[0]))
    if inside.is_empty:
        empty = np.zeros((resolution, resolution), np.bool_)
        return SearchProblem(np.zeros((resolution, resolution, 3), np.float32), empty, empty)
    hole = (mask[inside.slices] > 0).astype(np.float32)
    known = 1 - hole
    colour = as_rgb_float(pixels[inside.slices]) * known[..., None]
    size = (box.width, box.height)
    place = (inside.left - box.left, inside.top - box.top)
    known_share = _reduced(known, size, place, resolution)
    hole_share = _reduced(hole, size, place, resolution)
    colour_sum = _reduced(colour, size, place, resolution)
    is_known = known_share >= 0.5
    target = np.where(is_known[..., None], colour_sum / np.maximum(known_share, 1e-6)[..., None], 0)
    return SearchProblem(np.clip(target, 0, 1).astype(np.float32), is_known, (hole_share > 0) & ~is_known)


def _reduced(
    values: NDArray[np.float32], size: tuple[int, int], place: tuple[int, int], resolution: int
) -> NDArray[np.float32]:
    """``values`` put at ``place`` into zeros of ``size`` (width, height), then brought to resolution²."""
    canvas = np.zeros((size[1], size[0], *values.shape[2:]), np.float32)
    canvas[place[1] : place[1] + values.shape[0], place[0] : place[0] + values.shape[1]] = values
    method = cv2.INTER_AREA if size[0] >= resolution else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(canvas, (resolution, resolution), interpolation=method), np.float32)

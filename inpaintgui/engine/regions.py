"""From a mask to regions: connected groups of hole pixels, each with the square of context that a prior sees."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, ContextSquare, Mask, Pixels, bounding_box
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.opencv import cv2

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
        left, top = around.left, around.top
        box = Box(tight.left + left, tight.top + top, tight.right + left, tight.bottom + top)
        regions.append(Region(box, own[tight.slices]))
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


def colours_of(pixels: Pixels) -> Pixels:
    """The colour channels without alpha, a view: (H, W, 1) for grey, (H, W, 3) otherwise."""
    return pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1]


def as_rgb_float(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Any photo pixels (H, W, 1..4), uint8 or uint16 → colour only, float32 (H, W, 3) in [0, 1]."""
    colour = colours_of(pixels).astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    return colour if colour.shape[2] == 3 else colour.repeat(3, axis=2)


PRESHRUNK = 4
"""Large squares are first reduced, in the photo's own dtype, to this many times the prior's resolution."""


def search_problem(pixels: Pixels, mask: Mask, square: ContextSquare, resolution: int) -> SearchProblem:
    """What the prior sees of the photo inside ``square``, at its own ``resolution``.

    Every pixel is the mean of the known pixels it covers (area filter), so that nothing of what was painted over
    leaks into the context. A pixel counts as known if at least half of what it covers is. pixels: (H, W, C);
    mask: uint8 (H, W), non-zero = hole.
    """
    if square.angle:
        return _turned_problem(pixels, mask, square, resolution)
    box = square_box(square)
    inside = box.intersect(Box(0, 0, mask.shape[1], mask.shape[0]))
    if inside.is_empty:
        empty = np.zeros((resolution, resolution), np.bool_)
        return SearchProblem(np.zeros((resolution, resolution, 3), np.float32), empty, empty)
    is_hole = mask[inside.slices] > 0
    known = np.where(is_hole, np.uint8(0), np.uint8(255))
    seen = colours_of(pixels[inside.slices])
    colour = cv2.bitwise_and(seen, seen, mask=known).reshape(seen.shape)
    place = inside.seen_from(box)
    hole_share = _reduced(255 - known, box.width, place, resolution)
    known_share = _reduced(known, box.width, place, resolution)
    colour_sum = _reduced(colour, box.width, place, resolution)
    is_known = known_share >= 0.5
    target = np.where(is_known[..., None], colour_sum / np.maximum(known_share, 1e-6)[..., None], 0)
    target = np.broadcast_to(target, (resolution, resolution, 3)).clip(0, 1)
    return SearchProblem(np.ascontiguousarray(target, np.float32), is_known, (hole_share > 0) & ~is_known)


def _turned_problem(pixels: Pixels, mask: Mask, square: ContextSquare, resolution: int) -> SearchProblem:
    """The same for a turned square: photo and mask are turned into an upright picture of their own first.

    What is turned is reduced before where the square is large: more than PRESHRUNK times the resolution is not needed.
    """
    side = min(max(1, round(square.side)), PRESHRUNK * resolution)
    turned = _turned(pixels, mask, square, side)
    known = turned[..., -2]
    values = np.rint(turned[..., :-2] / np.maximum(known, 1e-6)[..., None]).clip(0, np.iinfo(pixels.dtype).max)
    upright = cast("Pixels", values.astype(pixels.dtype))
    unknown = np.where(known >= 0.5, 0, 255).astype(np.uint8)
    problem = search_problem(upright, unknown, ContextSquare(0, 0, side), resolution)
    hole = np.where(turned[..., -1] > 0, 255, 0).astype(np.uint8)
    return replace(problem, hole=(_reduced(hole, side, Box(0, 0, side, side), resolution) > 0) & ~problem.known)


def _turned(pixels: Pixels, mask: Mask, square: ContextSquare, side: int) -> NDArray[np.float32]:
    """What a turned square holds, (side, side, C + 2): known colours (0 elsewhere), known share, share of hole."""
    corners = np.array(square.corners)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    around = Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)).grow(1)
    around = around.intersect(Box(0, 0, mask.shape[1], mask.shape[0]))
    if around.is_empty:
        return np.zeros((side, side, colours_of(pixels).shape[2] + 2), np.float32)
    is_hole = mask[around.slices] > 0
    colour = colours_of(pixels[around.slices]).astype(np.float32)
    colour[is_hole] = 0
    flags = np.dstack([~is_hole, is_hole]).astype(np.float32)
    shrink = min(1.0, side / square.side)
    size = (max(1, round(around.width * shrink)), max(1, round(around.height * shrink)))
    across, down = size[0] / around.width, size[1] / around.height
    step = square.side / side
    cos, sin = math.cos(math.radians(square.angle)), math.sin(math.radians(square.angle))
    x, y = square.point(0.5 * step, 0.5 * step)  # the centre of the first pixel
    matrix = np.array(
        [
            [step * cos * across, -step * sin * across, (x - around.left) * across - 0.5],
            [step * sin * down, step * cos * down, (y - around.top) * down - 0.5],
        ]
    )

    def turn(layer: NDArray[np.float32]) -> NDArray[np.float32]:
        small = cv2.resize(layer, size, interpolation=cv2.INTER_AREA) if shrink < 1 else layer
        turned = cv2.warpAffine(small, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return np.asarray(turned.reshape(side, side, layer.shape[2]), np.float32)

    return np.dstack([turn(colour), turn(flags)])  # apart: OpenCV takes four channels at most


def _reduced(values: NDArray[Any], side: int, place: Box, resolution: int) -> NDArray[np.float32]:
    """``values`` at ``place`` in a square of zeros, brought to resolution² and to [0, 1]: float32 (R, R[, C])."""
    canvas = values
    if place != Box(0, 0, side, side):
        canvas = np.zeros((side, side, *values.shape[2:]), values.dtype)
        canvas[place.slices] = values
    if side > 2 * PRESHRUNK * resolution:
        # Most of the work in few bytes: as floats a square of 4,000 pixels would be 200 MB.
        small = (PRESHRUNK * resolution,) * 2
        canvas = cv2.resize(canvas, small, interpolation=cv2.INTER_AREA)
    method = cv2.INTER_AREA if side >= resolution else cv2.INTER_LINEAR
    scaled = canvas.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    reduced = cv2.resize(scaled, (resolution, resolution), interpolation=method)
    return np.asarray(reduced.reshape(resolution, resolution, *values.shape[2:]), np.float32)

"""Rasterising a brush: a dab is a capsule, all points within a radius of a line segment."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask

Point = tuple[float, float]

# Every point of the plane is within half a diagonal of a pixel's centre: no brush is too small to leave a mark.
_SMALLEST_RADIUS = math.sqrt(0.5) + 1e-6
_BAND_PIXELS = 1 << 16


def dabs(start: Point, end: Point, *, radius: float, hardness: float, bounds: Box) -> Iterator[tuple[Box, Mask]]:
    """Rasterise a segment in pieces whose cost is in proportion to the painted area.

    The largest value of all pieces is the dab of the whole segment. A long diagonal line in one piece would cost its
    bounding box, most of which it does not touch.

    start, end: (x, y) in image pixels, finite. radius: in pixels, above 0. hardness: 0 to 1. bounds: the image.
    Yields boxes inside the bounds, never empty, with uint8 (box.height, box.width): 255 paints fully.
    Raises ValueError for arguments out of range.
    """
    if not all(math.isfinite(value) for value in (*start, *end)):
        raise ValueError(f"a stroke needs finite points: {start}, {end}")
    if not (0 < radius < math.inf and 0 <= hardness <= 1):
        raise ValueError(f"no such brush: radius {radius}, hardness {hardness}")
    radius = max(radius, _SMALLEST_RADIUS)
    clipped = _clip(start, end, bounds.grow(math.ceil(radius) + 1))
    if clipped is None or bounds.is_empty:
        return
    (x0, y0), (x1, y1) = clipped
    pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / max(128.0, 2 * radius)))
    for piece in range(pieces):
        t, u = piece / pieces, (piece + 1) / pieces
        a = (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
        b = (x0 + u * (x1 - x0), y0 + u * (y1 - y0))
        box = _reach(a, b, radius).intersect(bounds)
        if not box.is_empty:
            yield box, _capsule(a, b, radius, hardness, box)


def _reach(a: Point, b: Point, radius: float) -> Box:
    return Box(
        math.floor(min(a[0], b[0]) - radius),
        math.floor(min(a[1], b[1]) - radius),
        math.ceil(max(a[0], b[0]) + radius),
        math.ceil(max(a[1], b[1]) + radius),
    )


def _capsule(a: Point, b: Point, radius: float, hardness: float, box: Box) -> Mask:
    """255 within ``radius * hardness`` of the segment from a to b, falling linearly to 0 at ``radius``.

    Distances are taken at pixel centres. Coordinates are made relative to ``a`` in double precision first, so that
    single precision is enough for the planes. They are worked on in bands that stay in the processor's cache, which
    makes large brushes several times as fast.
    """
    x = (np.arange(box.left, box.right) + (0.5 - a[0])).astype(np.float32)[None, :]
    y = (np.arange(box.top, box.bottom) + (0.5 - a[1])).astype(np.float32)[:, None]
    dab: Mask = np.empty((box.height, box.width), np.uint8)
    rows = max(1, _BAND_PIXELS // box.width)
    for top in range(0, box.height, rows):
        band = slice(top, top + rows)
        distance2 = _distance2(x, y[band], (b[0] - a[0], b[1] - a[1]))
        if hardness == 1:
            np.multiply(distance2 <= np.float32(radius * radius), np.uint8(255), out=dab[band])
        else:
            falloff = (np.float32(radius) - np.sqrt(distance2)) * np.float32(255 / (radius * (1 - hardness)))
            dab[band] = np.rint(np.clip(falloff, 0, 255))
    return dab


def _distance2(x: NDArray[np.float32], y: NDArray[np.float32], end: Point) -> NDArray[np.float32]:
    """Squared distance of the points (x, y) from the segment between the origin and ``end``."""
    length = math.hypot(*end)
    if length == 0:
        return np.square(x) + np.square(y)
    # The direction is normalised first: dividing by a squared length overflows for a barely moved pointer.
    ux, uy = np.float32(end[0] / length), np.float32(end[1] / length)
    along = np.clip(x * ux + y * uy, 0, np.float32(length))
    return np.square(x - along * ux) + np.square(y - along * uy)


def _clip(start: Point, end: Point, box: Box) -> tuple[Point, Point] | None:
    """The part of a segment inside a box, or None (Liang and Barsky 1984)."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    enter, leave = 0.0, 1.0
    for slope, room in ((-dx, x - box.left), (dx, box.right - x), (-dy, y - box.top), (dy, box.bottom - y)):
        if slope == 0:
            if room < 0:
                return None
        elif slope < 0:
            enter = max(enter, room / slope)
        else:
            leave = min(leave, room / slope)
    if enter > leave:
        return None
    return (x + enter * dx, y + enter * dy), (x + leave * dx, y + leave * dy)

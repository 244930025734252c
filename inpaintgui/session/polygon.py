"""Rasterising a closed outline."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inpaintgui.contracts import Box, Mask
from inpaintgui.session.raster import Point


def ellipse_points(start: Point, end: Point) -> tuple[Point, ...]:
    """An ellipse between two opposite corners, as an outline that is off by less than a tenth of a pixel."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    a, b = abs(end[0] - start[0]) / 2, abs(end[1] - start[1]) / 2
    # A chord over an angle t leaves the circle by r·t²/8.
    count = max(16, math.ceil(2 * math.pi / math.sqrt(0.8 / max(a, b, 1.0))))
    angles = np.arange(count) * (2 * math.pi / count)
    return tuple(zip((x + a * np.cos(angles)).tolist(), (y + b * np.sin(angles)).tolist(), strict=True))


def rectangle_points(start: Point, end: Point) -> tuple[Point, ...]:
    """The four corners of a rectangle between two opposite ones."""
    return (start, (end[0], start[1]), end, (start[0], end[1]))


def fill_polygon(points: Sequence[Point], bounds: Box) -> tuple[Box, Mask]:
    """The pixels whose centres lie inside a closed outline, by the even-odd rule.

    points: (x, y) in image pixels, finite, anywhere. bounds: the image. Returns a box inside the bounds (empty if no
    centre is inside) and uint8 (box.height, box.width), 255 inside. Every edge contributes one crossing to each row of
    centres that it passes; a row is filled between its first and second crossing, third and fourth, and so on.
    """
    empty = Box(0, 0, 0, 0), np.zeros((0, 0), np.uint8)
    if len(points) < 3:
        return empty
    start = np.asarray(points, np.float64)
    end = np.roll(start, -1, axis=0)
    box = Box(
        math.floor(start[:, 0].min()),
        math.floor(start[:, 1].min()),
        math.ceil(start[:, 0].max()),
        math.ceil(start[:, 1].max()),
    ).intersect(bounds)
    if box.is_empty:
        return empty
    upper, lower = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    first = np.clip(np.ceil(upper - 0.5), box.top, box.bottom).astype(np.int64)
    last = np.clip(np.ceil(lower - 0.5), box.top, box.bottom).astype(np.int64)
    counts = last - first
    edge = np.repeat(np.arange(len(start)), counts)
    row = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
    x = start[edge, 0] + (row + 0.5 - start[edge, 1]) * slope
    column = np.clip(np.ceil(x - 0.5), box.left, box.right).astype(np.int64) - box.left
    # Each crossing flips all that lies to its right: a running sum, modulo two, fills the rows.
    flips = np.zeros((box.height, box.width + 1), np.uint8)
    np.add.at(flips, (row - box.top, column), 1)
    inside = np.cumsum(flips[:, :-1], axis=1, dtype=np.uint8) & np.uint8(1)
    return box, np.asarray(inside * np.uint8(255), np.uint8)

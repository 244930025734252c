"""Deterministic holes for benchmarks: what a person would paint over, as bool arrays (H, W), True = hole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2

Hole = NDArray[np.bool_]


def box_hole(height: int, width: int, _random: np.random.Generator) -> Hole:
    """A box in the middle, a quarter of each side."""
    hole = np.zeros((height, width), np.bool_)
    tall, wide = max(1, round(height / 4)), max(1, round(width / 4))
    top, left = (height - tall) // 2, (width - wide) // 2
    hole[top : top + tall, left : left + wide] = True
    return hole


def brush_hole(height: int, width: int, random: np.random.Generator) -> Hole:
    """Strokes of a brush, a tenth to a seventh of the photo."""
    canvas = np.zeros((height, width), np.uint8)
    wanted = random.uniform(0.10, 0.14)
    thickness = max(1, round(min(height, width) * random.uniform(0.04, 0.06)))
    while canvas.mean() < wanted:
        points = np.cumsum(random.normal(0, min(height, width) / 12, (6, 2)), axis=0)
        points += random.uniform((0, 0), (width, height))
        cv2.polylines(canvas, [points.astype(np.int32)], False, 1, thickness)
    return canvas > 0


def object_hole(height: int, width: int, random: np.random.Generator) -> Hole:
    """One to three upright figures (head, trunk, legs), together five to ten hundredths of the photo."""
    canvas = np.zeros((height, width), np.uint8)
    figures = int(random.integers(1, 4))
    # A figure covers about a quarter of the square of its height.
    tall = min(0.9 * height, np.sqrt(random.uniform(0.05, 0.09) * height * width / figures / 0.25))
    for _ in range(figures):
        foot = np.array([random.uniform(0.15, 0.85) * width, max(tall, random.uniform(0.6, 0.97) * height)])
        _draw_figure(canvas, foot, tall, random)
    return canvas > 0


def _draw_figure(
    canvas: NDArray[np.uint8], foot: NDArray[np.float64], tall: float, random: np.random.Generator
) -> None:
    def at(x: float, y: float) -> tuple[int, int]:
        return round(float(foot[0] + x * tall)), round(float(foot[1] - y * tall))

    lean, spread = random.uniform(-0.05, 0.05), random.uniform(0.04, 0.10)
    limb = max(1, round(0.09 * tall))
    cv2.ellipse(canvas, at(lean, 0.91), (max(1, round(0.07 * tall)), max(1, round(0.09 * tall))), 0, 0, 360, 1, -1)
    cv2.line(canvas, at(lean, 0.82), at(0, 0.45), 1, max(1, round(0.22 * tall)))
    for side in (-1, 1):
        cv2.line(canvas, at(side * 0.05, 0.45), at(side * spread, 0.0), 1, limb)
        cv2.line(canvas, at(side * 0.1, 0.75), at(side * random.uniform(0.15, 0.25), 0.42), 1, limb)


KINDS: dict[str, Callable[[int, int, np.random.Generator], Hole]] = {
    "object": object_hole,
    "brush": brush_hole,
    "box": box_hole,
}


def make_hole(kind: str, height: int, width: int, *, index: int) -> Hole:
    """The hole of ``kind`` for the photo number ``index``; never empty, never everything."""
    random = np.random.default_rng([index, sorted(KINDS).index(kind)])
    hole = KINDS[kind](height, width, random)
    hole[height // 2, width // 2] |= not hole.any()
    hole[0, 0] &= not hole.all()
    return hole

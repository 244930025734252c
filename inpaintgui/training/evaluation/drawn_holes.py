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


def figure_hole(height: int, width: int, *, share: float) -> Hole:
    """One upright figure in the middle that covers about ``share`` of the photo."""
    tall = min(0.9 * height, float(np.sqrt(share * height * width / 0.25)))
    for _ in range(8):
        canvas = np.zeros((height, width), np.uint8)
        foot = np.array([0.5 * width, 0.5 * (height + tall)])
        _draw_figure(canvas, foot, tall, np.random.default_rng(0))
        tall = min(0.9 * height, tall * float(np.sqrt(share / max(canvas.mean(), 1e-4))))
    return canvas > 0


def irregular_hole(height: int, width: int, random: np.random.Generator) -> Hole:
    """Wandering strokes of changing width and ellipses, a twentieth to two fifths of the photo (Liu et al. 2018)."""
    canvas = np.zeros((height, width), np.uint8)
    wanted, unit = random.uniform(0.05, 0.4), min(height, width)
    while canvas.mean() < wanted:
        place, angle = random.uniform((0, 0), (width, height)), random.uniform(0, 2 * np.pi)
        for _ in range(int(random.integers(1, 12))):
            angle += random.normal(0, 0.9)
            reach = random.uniform(0.02, 0.15) * unit
            onward = place + reach * np.array([np.cos(angle), np.sin(angle)])
            thick = max(1, round(random.uniform(0.01, 0.08) * unit))
            cv2.line(canvas, place.astype(int).tolist(), onward.astype(int).tolist(), 1, thick)
            cv2.circle(canvas, onward.astype(int).tolist(), thick // 2, 1, -1)
            place = onward
        if random.random() < 0.3:
            axes = random.uniform(0.01, 0.12, 2) * unit
            centre = random.uniform((0, 0), (width, height)).astype(int).tolist()
            cv2.ellipse(canvas, centre, axes.astype(int).tolist(), random.uniform(0, 180), 0, 360, 1, -1)
    return canvas > 0


KINDS: dict[str, Callable[[int, int, np.random.Generator], Hole]] = {
    "object": object_hole,
    "brush": brush_hole,
    "box": box_hole,
    "irregular": irregular_hole,
}

_SEEDS = {"box": 0, "brush": 1, "object": 2, "irregular": 3}
"""Kept apart from the kinds' order: the holes of one kind stay the same when another one is added."""


def make_hole(kind: str, height: int, width: int, *, index: int) -> Hole:
    """The hole of ``kind`` for the photo number ``index``; never empty, never everything."""
    random = np.random.default_rng([index, _SEEDS[kind]])
    hole = KINDS[kind](height, width, random)
    hole[height // 2, width // 2] |= not hole.any()
    hole[0, 0] &= not hole.all()
    return hole

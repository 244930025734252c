"""Random holes to train on: strokes, boxes, halves, silhouettes of people, blots and loose pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import TrainingError
from inpaintgui.training.datasets import encoded_images

Hole = NDArray[np.bool_]

SCENE_HOLES: Mapping[str, float] = {"box": 0.35, "silhouette": 0.3, "strokes": 0.2, "blots": 0.05, "half": 0.1}
FACE_HOLES: Mapping[str, float] = {
    "box": 0.35,
    "half": 0.25,
    "pixels": 0.1,
    "strokes": 0.15,
    "silhouette": 0.1,
    "blots": 0.05,
}
"""Kinds of holes and how often they are drawn."""

SILHOUETTE_SIDE = 96
"""Longest side at which silhouettes are kept."""


def load_silhouettes(source: Path) -> tuple[NDArray[np.uint8], ...]:
    """Masks (white = object) of a zip or folder, cut to the object: uint8 (h, w), 0 or 255.

    Only PNG files count: photographs of the objects may lie beside them. Raises TrainingError if there is none.
    """
    shapes = []
    for name, content in encoded_images(source):
        mask = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE) if name.endswith(".png") else None
        if mask is None or not (mask > 127).any():
            continue
        rows, columns = np.flatnonzero((mask > 127).any(axis=1)), np.flatnonzero((mask > 127).any(axis=0))
        cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        scale = min(1.0, SILHOUETTE_SIDE / max(cut.shape))
        size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
        shapes.append(np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.uint8))
    if not shapes:
        raise TrainingError(f"“{source}” holds no PNG masks with something white in them.")
    return tuple(shapes)


def _box(side: int, random: np.random.Generator) -> Hole:
    tall, wide = (round(v) for v in random.uniform(0.15, 0.65, 2) * side)
    if random.random() < 0.5:
        wide = tall
    top, left = int(random.integers(0, side - tall + 1)), int(random.integers(0, side - wide + 1))
    if random.random() < 0.5:  # in the application the hole is in the middle of what the prior sees
        top, left = (side - tall) // 2, (side - wide) // 2
    hole = np.zeros((side, side), np.bool_)
    hole[top : top + tall, left : left + wide] = True
    return hole


def _half(side: int, random: np.random.Generator) -> Hole:
    hole = np.zeros((side, side), np.bool_)
    hole[: round(side * random.uniform(0.35, 0.5))] = True
    return np.rot90(hole, int(random.integers(0, 4))).copy()


def _pixels(side: int, random: np.random.Generator) -> Hole:
    return random.random((side, side)) < random.uniform(0.5, 0.85)


def _strokes(side: int, random: np.random.Generator) -> Hole:
    canvas = np.zeros((side, side), np.uint8)
    for _ in range(int(random.integers(1, 5))):
        turns = np.cumsum(random.normal(0, 0.7, 8)) + random.uniform(0, 2 * np.pi)
        moves = np.stack((np.cos(turns), np.sin(turns)), axis=1) * random.uniform(0.05, 0.16, (8, 1)) * side
        points = np.cumsum(moves, axis=0) + random.uniform(0.1, 0.9, 2) * side
        thickness = max(1, round(side * random.uniform(0.04, 0.16)))
        cv2.polylines(canvas, [points.astype(np.int32)], False, 1, thickness)
    return canvas > 0


def _blots(side: int, random: np.random.Generator) -> Hole:
    coarse = random.random((int(random.integers(3, 9)),) * 2).astype(np.float32)
    field = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field > np.quantile(field, random.uniform(0.6, 0.85)))


SIMPLE_KINDS: Mapping[str, Callable[[int, np.random.Generator], Hole]] = {
    "box": _box,
    "half": _half,
    "pixels": _pixels,
    "strokes": _strokes,
    "blots": _blots,
}


@dataclass(frozen=True)
class HoleSampler:
    """Random holes as a pure function of (seed, position), like the crops they belong to.

    side: of the square. mixture: how often each kind is drawn, in parts of 1. silhouettes: what
    :func:`load_silhouettes` gives; without any, boxes take their place.
    """

    side: int
    mixture: Mapping[str, float]
    seed: int
    silhouettes: tuple[NDArray[np.uint8], ...] = ()

    def hole_at(self, position: int) -> Hole:
        """The hole for the image at ``position`` in the run: bool (side, side); neither empty nor everything."""
        random = np.random.default_rng([self.seed, 2, position])
        kind = str(random.choice(list(self.mixture), p=list(self.mixture.values())))
        if kind == "silhouette":
            hole = self._silhouette(random) if self.silhouettes else _box(self.side, random)
        else:
            hole = SIMPLE_KINDS[kind](self.side, random)
        if not hole.any():
            hole[self.side // 2, self.side // 2] = True
        if hole.all():
            hole[0, 0] = False
        return hole

    def _silhouette(self, random: np.random.Generator) -> Hole:
        """One to three figures, mostly wholly inside."""
        hole = np.zeros((self.side, self.side), np.bool_)
        for _ in range(int(random.integers(1, 4))):
            shape = self.silhouettes[int(random.integers(len(self.silhouettes)))]
            scale = random.uniform(0.3, 0.9) * self.side / max(shape.shape)
            size = (max(1, round(shape.shape[1] * scale)), max(1, round(shape.shape[0] * scale)))
            figure = cv2.resize(shape, size, interpolation=cv2.INTER_AREA) > 96
            if random.random() < 0.5:
                figure = figure[:, ::-1]
            top = int(random.integers(0, self.side - figure.shape[0] + 1))
            left = int(random.integers(0, self.side - figure.shape[1] + 1))
            hole[top : top + figure.shape[0], left : left + figure.shape[1]] |= figure
        return hole

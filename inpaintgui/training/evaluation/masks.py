"""The holes that a prior is measured with: one per image, a pure function of the image's number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError, TrainingError
from inpaintgui.training.datasets import encoded_images
from inpaintgui.training.evaluation.drawn_holes import make_hole
from inpaintgui.training.evaluation.images import resized_square

Hole = NDArray[np.bool_]
HoleMaker = Callable[[int], Hole]

BOX = re.compile(r"box([1-9][0-9]*)")
RANDOM_SHARE = 0.8


def box(resolution: int, side: int) -> Hole:
    """A centred box of ``side`` pixels."""
    start = (resolution - side) // 2
    hole = np.zeros((resolution, resolution), np.bool_)
    hole[start : start + side, start : start + side] = True
    return hole


def center(resolution: int, _index: int) -> Hole:
    """A centred box of half the side."""
    return box(resolution, resolution // 2)


def half(resolution: int, index: int) -> Hole:
    """The upper, left, lower or right half; which of them is drawn by the image's number."""
    hole = np.zeros((resolution, resolution), np.bool_)
    hole[: resolution // 2] = True
    return np.rot90(hole, int(np.random.default_rng([index, 1]).integers(4))).copy()


def random80(resolution: int, index: int) -> Hole:
    """Four fifths of the pixels, loose."""
    hole = np.zeros(resolution**2, np.bool_)
    order = np.random.default_rng([index, 2]).permutation(hole.size)
    hole[order[: round(RANDOM_SHARE * hole.size)]] = True
    return hole.reshape(resolution, resolution)


NAMED: Mapping[str, Callable[[int, int], Hole]] = {
    "center": center,
    "half": half,
    "random80": random80,
    "object": lambda resolution, index: make_hole("object", resolution, resolution, index=index),
    "brush": lambda resolution, index: make_hole("brush", resolution, resolution, index=index),
}
"""Kinds of holes by name: (resolution, the image's number) → bool (resolution, resolution), True = hole."""


def hole_maker(kind: str, resolution: int) -> HoleMaker:
    """What makes the holes of ``kind``: a name of :data:`NAMED`, boxN (N pixels, centred), or a zip of masks.

    The masks of a zip or folder (white = hole) are taken in turn. Raises BadInputError for anything else, and for
    holes that leave nothing known or nothing to fill.
    """
    if kind in NAMED:
        make = NAMED[kind]
        return lambda index: make(resolution, index)
    if match := BOX.fullmatch(kind):
        side = int(match[1])
        if side >= resolution:
            raise BadInputError(f"“{kind}” leaves nothing known: the prior's images have {resolution} pixels a side.")
        return lambda _index: box(resolution, side)
    if Path(kind).exists():
        holes = _load_holes(Path(kind), resolution)
        return lambda index: holes[index % len(holes)]
    known = ", ".join(NAMED)
    raise BadInputError(f"There is no mask “{kind}”; use {known}, boxN with N pixels, or a zip file of masks.")


def _load_holes(source: Path, resolution: int) -> list[Hole]:
    try:
        contents = [content for _, content in encoded_images(source)]
    except (TrainingError, OSError) as error:
        raise BadInputError(f"The masks “{source}” cannot be read: {error}") from error
    holes = []
    for content in contents:
        mask = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE) if content else None
        if mask is None:
            continue
        hole = resized_square(np.asarray(mask, np.uint8), resolution) > 127
        if hole.any() and not hole.all():
            holes.append(hole)
    if not holes:
        raise BadInputError(f"“{source}” holds no mask with both black and white in it.")
    return holes

"""Large holes: solved at half the size or less, from where each finer octave follows from the patches found there.

A hole of a thousand pixels is decided at a few hundred: what stands where, its colours, its contrast. To decide again
at full size would cost most of the time and change nothing that can be seen. So the finer octave is copied: the patches
found vote for the pixels at twice the offsets, and their high band is put onto the coarse fill (Burt & Adelson 1983;
Yi et al. 2020 gather high-frequency residuals from the context in the same way).
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from inpaintgui.contracts import surroundings
from inpaintgui.engine.blend import enlarged, membrane, shrunk
from inpaintgui.engine.detail.field import PatchField
from inpaintgui.engine.detail.pyramid import Flags, Image, halved, make_scale, usable_sources
from inpaintgui.engine.detail.settings import DetailSettings

_LEAST_DEPTH = 12.0
"""Greatest distance from the rim in pixels below which a hole is not halved: a coarser one would hardly be there."""
_MARGIN = 24
"""Known pixels around the hole that take part where bands are split."""
_CELL = 8
"""Side in pixels of the cells in which contrast is compared."""
_MOSTLY = 0.7
"""Share of the hole in a cell from which on what is known of it says too little."""
_EVEN_CELLS = 1.0
"""Of the Gaussian in cells over which the hole's contrast is taken."""
_MOST_GAIN = np.float32(2.0)
_LEAST = np.float32(1e-6)


@dataclass(frozen=True)
class Octave:
    """A crop at one size: float32 (h, w, 3), what it holds in the hole does not matter; the hole; what may be copied.

    usable: float32 (h, w), the share of each pixel that may be copied.
    """

    image: Image
    hole: Flags
    usable: Image


def halvings(
    image: Image, hole: Flags, source: Flags, guide: Image | None, *, longest: int
) -> Generator[None, None, tuple[list[Octave], Image | None]]:
    """The crop, halved until neither side is above ``longest`` or the hole is shallow; and the guide at the last size.

    image, guide: float32 (H, W, 3). hole, source: bool (H, W). The first octave is the crop itself.
    """
    octaves = [Octave(image, hole, (source | hole).astype(np.float32))]
    yield
    known = np.where(hole, np.float32(0), np.float32(1))
    while max(hole.shape) > longest and _depth(hole) > _LEAST_DEPTH:
        yield
        image, known, usable, guide, hole = yield from halved(image, known, octaves[-1].usable, guide)
        octaves.append(Octave(image, hole, usable))
    return octaves, guide


def _depth(hole: Flags) -> float:
    inner = hole[surroundings(hole, 1).slices].astype(np.uint8)
    return float(cv2.distanceTransform(inner, cv2.DIST_L2, 3).max())


def add_octave(
    octave: Octave, coarse_fill: Image, coarse: PatchField, *, settings: DetailSettings, pool: ThreadPoolExecutor
) -> Generator[None, None, tuple[Image, PatchField]]:
    """The next finer octave of a fill.

    coarse_fill: float32 (h, w, 3), the fill at half the size of ``octave``; coarse: the patches that it was made from.
    Returns the fill, written into the hole of ``octave.image``, and its patches. Yields between chunks of work.
    """
    hole = octave.hole
    making = make_scale(octave.image, None, hole, usable_sources(octave.usable), level=0, radius=settings.patch_radius)
    scale = yield from making
    yield
    patches = PatchField(scale, settings=settings, pool=pool)
    yield from patches.refine(coarse)
    yield from patches.vote(sharpness=0.0)
    box = surroundings(hole, _MARGIN)
    top, left = box.top - box.top % 2, box.left - box.left % 2  # where the coarse pixels' centres lie
    rows, columns = slice(top, box.bottom), slice(left, box.right)
    votes, inner = scale.features[rows, columns], np.ascontiguousarray(hole[rows, columns])
    size = (votes.shape[1], votes.shape[0])
    low = np.asarray(cv2.pyrDown(votes), np.float32)
    yield
    high = votes - np.asarray(cv2.pyrUp(low, dstsize=size), np.float32)
    yield
    high *= yield from _contrast_lacking(high, inner)
    yield
    half = (slice(top // 2, top // 2 + low.shape[0]), slice(left // 2, left // 2 + low.shape[1]))
    low = np.where(coarse.scale.hole[half][..., None], coarse_fill[half], low)
    yield
    high += cv2.pyrUp(low, dstsize=size)
    yield
    np.copyto(votes, high, where=inner[..., None])
    return scale.features, patches


def _contrast_lacking(high: Image, hole: Flags) -> Generator[None, None, Image]:
    """By what the high band in the hole must be multiplied to be as strong as around it: means have lost contrast."""
    inside = hole.astype(np.float32)
    strength = np.asarray(cv2.transform(np.abs(high), np.ones((1, 3), np.float32)), np.float32).reshape(hole.shape)
    yield
    shares = shrunk(inside[..., None], _CELL)
    total, within = (shrunk(part[..., None], _CELL) for part in (strength, strength * inside))
    yield
    around = np.asarray((total - within) / np.maximum(1 - shares, _LEAST), np.float32)
    wanted = yield from membrane(around, shares[..., 0] > _MOSTLY)
    weight, even = (
        np.asarray(cv2.GaussianBlur(part, (0, 0), _EVEN_CELLS), np.float32).reshape(shares.shape)
        for part in (shares, within)
    )
    has = even / np.maximum(weight, _LEAST)
    gain = (wanted / np.maximum(has, _LEAST)).clip(1, _MOST_GAIN)
    yield
    return enlarged(gain, _CELL, hole.shape)

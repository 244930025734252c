"""The first guess at the coarsest scale: the hole is peeled from the rim inwards, each ring by its best known patches."""

from __future__ import annotations

from collections.abc import Generator

import cv2
import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.detail import kernels
from inpaintgui.engine.detail.field import PatchField

_MOST_SOURCES = 4000
_PIXELS_AT_ONCE = 256


def peel(field: PatchField) -> Generator[None, None, None]:
    """Fill ``field.features`` and ``field.offsets`` ring by ring, comparing known pixels only (Newson et al. 2014).

    Rings that no patch reaches keep what they had.
    """
    scale, side = field.scale, 2 * field.radius + 1
    sources = _thinned(scale.sources, field.seed)
    known = ~scale.hole
    while not known.all():
        ring = _grown(known, 3) & ~known
        if not ring.any():
            return
        near = scale.target & _grown(ring, side)
        pixels = np.argwhere(near).astype(np.int32)
        for first in range(0, len(pixels), _PIXELS_AT_ONCE):
            last = min(first + _PIXELS_AT_ONCE, len(pixels))
            kernels.match_partial(field.features, known, field.radius, pixels, sources, field.offsets, first, last)
            yield
        # A patch that compared many known pixels is a better witness than one that hangs over the unknown.
        trust = cv2.blur(known.astype(np.float32), (side, side)) ** 4 + np.float32(1e-6)
        out, equal = field.features.copy(), np.zeros_like(trust)
        kernels.vote_band(
            field.features, field.radius, ring, near, field.offsets, equal, trust, np.float32(1), out, 0, len(equal)
        )
        field.features = out
        known |= ring


def _grown(flags: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    grown = cv2.dilate(flags.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    return np.asarray(grown, np.bool_)


def _thinned(sources: NDArray[np.int32], seed: int) -> NDArray[np.int32]:
    if len(sources) <= _MOST_SOURCES:
        return sources
    chosen = np.random.default_rng(seed).choice(len(sources), _MOST_SOURCES, replace=False)
    return sources[np.sort(chosen)]

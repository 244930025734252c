# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Compiled loops of the vote: what the patches found say about colours, and about differences of neighbours.

As in :mod:`inpaintgui.engine.detail.kernels`, a function works on a band of rows and writes to that band only, and
places are unsigned where that is faster.
"""

from __future__ import annotations

import numpy as np

from inpaintgui.engine.compiled import compiled
from inpaintgui.engine.detail.kernels import Flags, Grid, Places

NO_TARGET = np.float32(-1e30)
_NEGLIGIBLE = np.float32(np.log(1e-3))


@compiled
def vote_band(
    features: Grid, radius: int, hole: Flags, field: Places, log_weight: Grid, first_row: int, last_row: int
) -> None:
    """Give every hole pixel of rows [first_row, last_row) the mean colour of its patches (Wexler et al. 2007).

    log_weight: float32 (h, w), logarithm of what each target's patch counts, and :data:`NO_TARGET` elsewhere; patches
    that count less than a thousandth of the pixel's best are left out. Patches hold known pixels only, so that what
    is written in place is never read.
    """
    height, width = hole.shape
    for y in range(first_row, last_row):
        top, bottom = max(0, y - radius), min(height, y + radius + 1)
        for x in range(width):
            if not hole[y, x]:
                continue
            left, right = max(0, x - radius), min(width, x + radius + 1)
            most = NO_TARGET
            for cy in range(top, bottom):
                for cx in range(left, right):
                    most = max(most, log_weight[np.uintp(cy), np.uintp(cx)])
            total = np.float32(0.0)
            v0 = v1 = v2 = np.float32(0.0)
            for cy in range(top, bottom):
                for cx in range(left, right):
                    row, column = np.uintp(cy), np.uintp(cx)
                    behind = log_weight[row, column] - most
                    if behind < _NEGLIGIBLE:
                        continue
                    weight = np.exp(behind)
                    sy = np.uintp(field[row, column, 0] + y - cy)
                    sx = np.uintp(field[row, column, 1] + x - cx)
                    total += weight
                    v0 += weight * features[sy, sx, 0]
                    v1 += weight * features[sy, sx, 1]
                    v2 += weight * features[sy, sx, 2]
            features[y, x, 0] = v0 / total
            features[y, x, 1] = v1 / total
            features[y, x, 2] = v2 / total


@compiled
def vote_differences_band(
    features: Grid, radius: int, hole: Flags, field: Places, log_weight: Grid, below: int, aside: int,
    most_gain: np.float32, out: Grid, first_row: int, last_row: int,
) -> None:  # fmt: skip
    """What patches say about the difference of two neighbours' colours (Darabi et al. 2012, "Image Melding").

    For each pixel of rows [first_row, last_row) and the neighbour ``below`` rows and ``aside`` columns further on, if
    one of the two lies in the hole, ``out`` float32 (h, w, 3) gets the weighted mean of the patches that hold both.
    Where they disagree, their mean is weaker than each of them: it is made up to the mean of their strengths, by at
    most the factor ``most_gain``.
    """
    height, width = hole.shape
    for y in range(first_row, min(last_row, height - below)):
        top, bottom = max(0, y + below - radius), min(height, y + radius + 1)
        for x in range(width - aside):
            if not (hole[y, x] or hole[y + below, x + aside]):
                continue
            left, right = max(0, x + aside - radius), min(width, x + radius + 1)
            most = NO_TARGET
            for cy in range(top, bottom):
                for cx in range(left, right):
                    most = max(most, log_weight[np.uintp(cy), np.uintp(cx)])
            if most <= NO_TARGET:
                continue
            total = strength = v0 = v1 = v2 = np.float32(0.0)
            for cy in range(top, bottom):
                for cx in range(left, right):
                    row, column = np.uintp(cy), np.uintp(cx)
                    behind = log_weight[row, column] - most
                    if behind < _NEGLIGIBLE:
                        continue
                    weight = np.exp(behind)
                    sy = np.uintp(field[row, column, 0] + y - cy)
                    sx = np.uintp(field[row, column, 1] + x - cx)
                    ny, nx = sy + np.uintp(below), sx + np.uintp(aside)
                    d0 = features[ny, nx, 0] - features[sy, sx, 0]
                    d1 = features[ny, nx, 1] - features[sy, sx, 1]
                    d2 = features[ny, nx, 2] - features[sy, sx, 2]
                    total += weight
                    strength += weight * (abs(d0) + abs(d1) + abs(d2))
                    v0 += weight * d0
                    v1 += weight * d1
                    v2 += weight * d2
            kept = abs(v0) + abs(v1) + abs(v2)
            gain = min(most_gain, strength / max(kept, np.float32(1e-6))) / total
            out[y, x, 0] = gain * v0
            out[y, x, 1] = gain * v1
            out[y, x, 2] = gain * v2

# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Compiled loops of the vote: what the patches found say about colours, and about differences of neighbours.

As in :mod:`inpaintgui.engine.detail.kernels`, a function works on a band of rows and writes to that band only, and
places are unsigned where that is faster.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.compiled import compiled
from inpaintgui.engine.detail.kernels import Flags, Grid, Places

Weights = NDArray[np.float64]

_LEAST = 1e-6


@compiled
def vote_band(
    features: Grid, radius: int, hole: Flags, field: Places, weights: Weights, first_row: int, last_row: int
) -> None:
    """Give every hole pixel of rows [first_row, last_row) the mean colour of its patches (Wexler et al. 2007).

    weights: float64 (h, w), what each target's patch counts, and 0 elsewhere; to take powers in the loop would cost
    as much as all the rest. Patches hold known pixels only, so that what is written in place is never read.
    """
    height, width = hole.shape
    for y in range(first_row, last_row):
        top, bottom = max(0, y - radius), min(height, y + radius + 1)
        for x in range(width):
            if not hole[y, x]:
                continue
            left, right = max(0, x - radius), min(width, x + radius + 1)
            total = v0 = v1 = v2 = 0.0
            for cy in range(top, bottom):
                for cx in range(left, right):
                    row, column = np.uintp(cy), np.uintp(cx)
                    weight = weights[row, column]
                    if weight <= 0:
                        continue
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
def vote_differences_band(  # noqa: C901 - calls would count references, see search_band
    features: Grid, radius: int, hole: Flags, field: Places, weights: Weights, most_gain: float, right: Grid,
    down: Grid, first_row: int, last_row: int,
) -> None:  # fmt: skip
    """What patches say about the differences of neighbours' colours (Darabi et al. 2012, "Image Melding").

    For each pixel of rows [first_row, last_row) and the neighbour to the right, if one of the two lies in the hole,
    ``right`` float32 (h, w, 3) gets the weighted mean of the patches that hold both; ``down`` the same for the
    neighbour below. Where patches disagree, their mean is weaker than each of them: it is made up to the mean of their
    strengths, by at most the factor ``most_gain``.
    """
    height, width = hole.shape
    for y in range(first_row, last_row):
        top, bottom = max(0, y - radius), min(height, y + radius + 1)
        for x in range(width):
            if not (hole[y, x] or (x + 1 < width and hole[y, x + 1]) or (y + 1 < height and hole[y + 1, x])):
                continue
            left, end = max(0, x - radius), min(width, x + radius + 1)
            total = strength = r0 = r1 = r2 = 0.0
            total_down = strength_down = v0 = v1 = v2 = 0.0
            for cy in range(top, bottom):
                for cx in range(left, end):
                    row, column = np.uintp(cy), np.uintp(cx)
                    weight = weights[row, column]
                    if weight <= 0:
                        continue
                    sy = np.uintp(field[row, column, 0] + y - cy)
                    sx = np.uintp(field[row, column, 1] + x - cx)
                    c0, c1, c2 = features[sy, sx, 0], features[sy, sx, 1], features[sy, sx, 2]
                    if cx > x - radius:
                        aside = sx + np.uintp(1)
                        d0 = features[sy, aside, 0] - c0
                        d1 = features[sy, aside, 1] - c1
                        d2 = features[sy, aside, 2] - c2
                        total += weight
                        strength += weight * (abs(d0) + abs(d1) + abs(d2))
                        r0 += weight * d0
                        r1 += weight * d1
                        r2 += weight * d2
                    if cy > y - radius:
                        below = sy + np.uintp(1)
                        d0 = features[below, sx, 0] - c0
                        d1 = features[below, sx, 1] - c1
                        d2 = features[below, sx, 2] - c2
                        total_down += weight
                        strength_down += weight * (abs(d0) + abs(d1) + abs(d2))
                        v0 += weight * d0
                        v1 += weight * d1
                        v2 += weight * d2
            if total > 0:
                gain = min(most_gain, strength / max(abs(r0) + abs(r1) + abs(r2), _LEAST * total)) / total
                right[y, x, 0], right[y, x, 1], right[y, x, 2] = gain * r0, gain * r1, gain * r2
            if total_down > 0:
                gain = (
                    min(most_gain, strength_down / max(abs(v0) + abs(v1) + abs(v2), _LEAST * total_down)) / total_down
                )
                down[y, x, 0], down[y, x, 1], down[y, x, 2] = gain * v0, gain * v1, gain * v2

# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Compiled loops of the patch search: distance, search, and the step from one scale to the next.

Everything here is machine code that releases the GIL, works on a band of rows and writes to that band only. What a
band reads from its neighbours is the state before the pass, so the result does not depend on how many threads share
the bands or in which order they finish.

Arrays of one scale: ``features`` float32 (h, w, 4), colour in [0, 1] and scaled local contrast; ``trust`` float32
(h, w), how much a pixel of a target counts; ``low`` float32 (h, w, 3), the guide's low
band; ``target`` bool (h, w), centres of patches that touch the hole; ``valid`` bool (h, w), centres of patches that may
be copied; ``field`` int32 (h, w, 2), row and column of the patch found for each target; ``cost`` float32 (h, w), its
distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.compiled import compiled

Grid = NDArray[np.float32]
Flags = NDArray[np.bool_]
Places = NDArray[np.int32]

_FAR = np.float32(1e30)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@compiled
def _random(state: np.uint64) -> np.uint64:
    """One step of the SplitMix64 generator (Steele, Lea & Flood 2014): the mixed value of a counter."""
    value = (state ^ (state >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@compiled
def _below(state: np.uint64, limit: int) -> int:
    """A pseudo-random integer in [0, limit)."""
    return int(((_random(state) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@compiled
def _patch_distance(
    features: Grid, trust: Grid, radius: int, ty: int, tx: int, sy: int, sx: int, limit: np.float32
) -> np.float32:
    """Trust-weighted sum of squared differences of two patches; stops at the row that passes ``limit``.

    Most of the time of a fill is spent here. Unsigned indices spare the test for negative ones, which count from the
    end; slices and loops over the channels would cost several times as much.
    """
    total = np.float32(0.0)
    for row in range(2 * radius + 1):
        part = np.float32(0.0)
        a, b = np.uintp(ty - radius + row), np.uintp(sy - radius + row)
        for column in range(2 * radius + 1):
            i, j = np.uintp(tx - radius + column), np.uintp(sx - radius + column)
            d0 = features[a, i, 0] - features[b, j, 0]
            d1 = features[a, i, 1] - features[b, j, 1]
            d2 = features[a, i, 2] - features[b, j, 2]
            d3 = features[a, i, 3] - features[b, j, 3]
            part += trust[a, i] * (d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3)
        total += part
        if total >= limit:
            return total
    return total


@compiled
def _distance(
    features: Grid,
    trust: Grid,
    low: Grid,
    guide_weight: np.float32,
    radius: int,
    ty: int,
    tx: int,
    sy: int,
    sx: int,
    limit: np.float32,
) -> np.float32:
    """Patch distance plus the guide's term; anything >= ``limit`` only says "not better"."""
    guide = np.float32(0.0)
    if guide_weight > 0.0:
        for channel in range(3):
            difference = low[ty, tx, channel] - low[sy, sx, channel]
            guide += difference * difference
        guide *= guide_weight
        if guide >= limit:
            return guide
    return guide + _patch_distance(features, trust, radius, ty, tx, sy, sx, limit - guide)


@compiled
def _better(
    features: Grid, trust: Grid, low: Grid, guide_weight: np.float32, radius: int, valid: Flags, y: int, x: int,
    sy: int, sx: int, best_y: int, best_x: int, best: np.float32, share: np.float32,
) -> tuple[int, int, np.float32]:  # fmt: skip
    """The better of the best patch so far and the one at (sy, sx), which must fall below ``share`` of its distance."""
    if sy < 0 or sx < 0 or sy >= valid.shape[0] or sx >= valid.shape[1] or not valid[sy, sx]:
        return best_y, best_x, best
    if sy == best_y and sx == best_x:
        return best_y, best_x, best
    found = _distance(features, trust, low, guide_weight, radius, y, x, sy, sx, best * share)
    if found < best * share:
        return sy, sx, found
    return best_y, best_x, best


@compiled
def _search_at_random(
    features: Grid, trust: Grid, low: Grid, guide_weight: np.float32, radius: int, valid: Flags, sources: Places,
    y: int, x: int, best_y: int, best_x: int, best: np.float32, reach: int, draws: int,
    loyalty: np.float32, state: np.uint64,
) -> tuple[int, int, np.float32]:  # fmt: skip
    """Try patches from the whole source, then from windows around the best that halve down to one pixel."""
    height, width = valid.shape
    for _ in range(draws):
        state += _GOLDEN
        pick = _below(state, sources.shape[0])
        best_y, best_x, best = _better(
            features, trust, low, guide_weight, radius, valid, y, x, sources[pick, 0], sources[pick, 1],
            best_y, best_x, best, loyalty,
        )  # fmt: skip
    window = reach
    while window >= 1:
        top, left = max(0, best_y - window), max(0, best_x - window)
        state += _GOLDEN
        sy = top + _below(state, min(height, best_y + window + 1) - top)
        state += _GOLDEN
        sx = left + _below(state, min(width, best_x + window + 1) - left)
        best_y, best_x, best = _better(
            features, trust, low, guide_weight, radius, valid, y, x, sy, sx, best_y, best_x, best, loyalty
        )
        window //= 2
    return best_y, best_x, best


@compiled
def search_band(
    features: Grid, trust: Grid, low: Grid, guide_weight: np.float32, radius: int, target: Flags, valid: Flags,
    sources: Places, field: Places, previous: Places, cost: Grid, first_row: int, last_row: int, forward: bool,
    refresh: bool, reach: int, draws: int, loyalty: np.float32, seed: np.uint64,
) -> None:  # fmt: skip
    """One PatchMatch pass (Barnes et al. 2009) over rows [first_row, last_row): propagation, then random search.

    ``previous``: the field before the pass. ``refresh``: the pixels have changed since ``cost`` was computed.
    ``reach``: half side of the largest window of the random search. ``draws``: tries from the whole source.
    ``loyalty``: a random find must fall below this share of the distance that it replaces.
    """
    height, width = target.shape
    step, one = -1 if forward else 1, np.float32(1)
    for row in range(last_row - first_row):
        y = first_row + row if forward else last_row - 1 - row
        for column in range(width):
            x = column if forward else width - 1 - column
            if not target[y, x]:
                continue
            by, bx, best = field[y, x, 0], field[y, x, 1], cost[y, x]
            if refresh:
                best = _distance(features, trust, low, guide_weight, radius, y, x, by, bx, _FAR)
            ny, nx = y + step, x + step
            if 0 <= ny < height and target[ny, x]:
                near = field if first_row <= ny < last_row else previous
                by, bx, best = _better(
                    features, trust, low, guide_weight, radius, valid, y, x, near[ny, x, 0] - step, near[ny, x, 1],
                    by, bx, best, one,
                )  # fmt: skip
            if 0 <= nx < width and target[y, nx]:
                by, bx, best = _better(
                    features, trust, low, guide_weight, radius, valid, y, x, field[y, nx, 0], field[y, nx, 1] - step,
                    by, bx, best, one,
                )  # fmt: skip
            by, bx, best = _search_at_random(
                features, trust, low, guide_weight, radius, valid, sources, y, x, by, bx, best, reach, draws, loyalty,
                seed + _GOLDEN * np.uint64(y * width + x),
            )  # fmt: skip
            field[y, x, 0], field[y, x, 1], cost[y, x] = by, bx, best


@compiled
def refine_band(
    coarse_field: Places,
    coarse_target: Flags,
    target: Flags,
    valid: Flags,
    sources: Places,
    field: Places,
    first_row: int,
    last_row: int,
    seed: np.uint64,
) -> None:
    """Carry the field to the next finer scale: twice the offset; a draw from the source where that is not allowed."""
    height, width = target.shape
    coarse_height, coarse_width = coarse_target.shape
    for y in range(first_row, last_row):
        for x in range(width):
            if not target[y, x]:
                continue
            found = False
            for k in range(9):
                cy = min(max(y // 2 + (k // 3 + 1) % 3 - 1, 0), coarse_height - 1)
                cx = min(max(x // 2 + (k % 3 + 1) % 3 - 1, 0), coarse_width - 1)
                if not coarse_target[cy, cx]:
                    continue
                sy = 2 * coarse_field[cy, cx, 0] + y - 2 * cy
                sx = 2 * coarse_field[cy, cx, 1] + x - 2 * cx
                if 0 <= sy < height and 0 <= sx < width and valid[sy, sx]:
                    field[y, x, 0], field[y, x, 1] = sy, sx
                    found = True
                    break
            if not found:
                pick = _below(seed + _GOLDEN * np.uint64(y * width + x), sources.shape[0])
                field[y, x, 0], field[y, x, 1] = sources[pick, 0], sources[pick, 1]

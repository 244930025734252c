# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Compiled loops of the patch search: the search itself and the step from one scale to the next.

Everything here is machine code that releases the GIL, works on a band of rows and writes to that band only. What a
band reads from its neighbours is the state before the pass, so the result does not depend on how many threads share
the bands or in which order they finish.

Arrays of one scale: ``features`` float32 (h, 4 w), for each pixel colour in [0, 1] and scaled local contrast; ``trust``
float32 (h, 4 w), how much each of these values counts in a target; ``low`` float32 (h, w, 3), the guide's low band;
``target`` bool (h, w), centres of patches that touch the hole; ``valid`` bool (h, w), centres of patches that may be
copied; ``field`` int32 (h, w, 2), row and column of the patch found for each target; ``cost`` float32 (h, w), its
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
_REFRESH, _BELOW, _ASIDE, _RANDOM = range(4)
"""Number of a trial: the patch there is, those that the two neighbours suggest, the first of the random ones."""

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
def search_band(  # noqa: C901, PLR0912, PLR0915 - see the docstring
    features: Grid, trust: Grid, low: Grid, guide_weight: np.float32, radius: int, target: Flags, valid: Flags,
    sources: Places, field: Places, previous: Places, cost: Grid, first_row: int, last_row: int, forward: bool,
    refresh: bool, reach: int, draws: int, loyalty: np.float32, seed: np.uint64,
) -> None:  # fmt: skip
    """One PatchMatch pass (Barnes et al. 2009) over rows [first_row, last_row): propagation, then random search.

    The random search tries patches from the whole source, then from windows around the best that halve down to one
    pixel. ``previous``: the field before the pass. ``refresh``: the pixels have changed since ``cost`` was computed.
    ``reach``: half side of the largest window of the random search. ``draws``: tries from the whole source.
    ``loyalty``: a random find must fall below this share of the distance that it replaces.

    Most of the time of a fill is spent here, hence one long function: it is three times as fast as several, because
    each call counts references to the arrays that it gets, and threads wait for each other's counting. Unsigned places
    spare the test for negative ones, which count from the end.
    """
    height, width = target.shape
    step, one = -1 if forward else 1, np.float32(1)
    windows = 0
    while reach >> windows:
        windows += 1
    for row in range(last_row - first_row):
        y = first_row + row if forward else last_row - 1 - row
        ny = y + step
        for column in range(width):
            x = column if forward else width - 1 - column
            if not target[y, x]:
                continue
            nx = x + step
            by, bx, best = field[y, x, 0], field[y, x, 1], _FAR if refresh else cost[y, x]
            state = seed + _GOLDEN * np.uint64(y * width + x)
            for trial in range(_REFRESH if refresh else _BELOW, _RANDOM + draws + windows):
                share = one
                if trial == _REFRESH:
                    sy, sx = by, bx
                elif trial == _BELOW:
                    if ny < 0 or ny >= height or not target[ny, x]:
                        continue
                    if first_row <= ny < last_row:
                        sy, sx = field[ny, x, 0] - step, field[ny, x, 1]
                    else:
                        sy, sx = previous[ny, x, 0] - step, previous[ny, x, 1]
                elif trial == _ASIDE:
                    if nx < 0 or nx >= width or not target[y, nx]:
                        continue
                    sy, sx = field[y, nx, 0], field[y, nx, 1] - step
                elif trial < _RANDOM + draws:
                    share = loyalty
                    state += _GOLDEN
                    pick = _below(state, sources.shape[0])
                    sy, sx = sources[pick, 0], sources[pick, 1]
                else:
                    share = loyalty
                    window = reach >> (trial - _RANDOM - draws)
                    top, left = max(0, by - window), max(0, bx - window)
                    state += _GOLDEN
                    sy = top + _below(state, min(height, by + window + 1) - top)
                    state += _GOLDEN
                    sx = left + _below(state, min(width, bx + window + 1) - left)
                if trial != _REFRESH:
                    if sy < 0 or sx < 0 or sy >= height or sx >= width or (sy == by and sx == bx):
                        continue
                    if not valid[np.uintp(sy), np.uintp(sx)]:
                        continue
                limit = best * share
                found = np.float32(0.0)
                if guide_weight > 0.0:
                    for channel in range(3):
                        difference = low[y, x, channel] - low[np.uintp(sy), np.uintp(sx), channel]
                        found += difference * difference
                    found *= guide_weight
                i, j = np.uintp(4 * (x - radius)), np.uintp(4 * (sx - radius))
                for line in range(2 * radius + 1):
                    if found >= limit:
                        break
                    a, b = np.uintp(y - radius + line), np.uintp(sy - radius + line)
                    for k in range(4 * (2 * radius + 1)):
                        difference = features[a, i + np.uintp(k)] - features[b, j + np.uintp(k)]
                        found += trust[a, i + np.uintp(k)] * difference * difference
                if found < limit:
                    by, bx, best = sy, sx, found
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

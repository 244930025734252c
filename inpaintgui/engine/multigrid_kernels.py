# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""The loops of the multigrid solver: each works on the rows ``first`` to ``last`` and writes nothing outside of them.

Grids are float32 (h + 2, w + 2) as in :mod:`inpaintgui.engine.multigrid`, with a plane per channel in front where
there are several.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.compiled import compiled

Grid = NDArray[np.float32]

# Rows as arrays of their own and unsigned places in them: with negative places, which count from the end, to be
# reckoned with, the loops would take several times as long.


@compiled
def relax(
    right: Grid, down: Grid, inverse: Grid, right_side: Grid, solution: Grid, colour: int, first: int, last: int
) -> None:
    """Gauss-Seidel over the cells of one colour of the chessboard."""
    for y in range(first, last):
        east, south, north, scale = right[y], down[y], down[y - 1], inverse[y]
        for c in range(solution.shape[0]):
            given, here, above, below = right_side[c, y], solution[c, y], solution[c, y - 1], solution[c, y + 1]
            for x in range(1 + (y + colour) % 2, inverse.shape[1] - 1, 2):
                i, before, after = np.uintp(x), np.uintp(x - 1), np.uintp(x + 1)
                here[i] = scale[i] * (
                    given[i]
                    + east[i] * here[after] + east[before] * here[before]
                    + south[i] * below[i] + north[i] * above[i]
                )  # fmt: skip


@compiled
def apply(right: Grid, down: Grid, diagonal: Grid, vector: Grid, out: Grid, first: int, last: int) -> None:
    """The matrix times a vector."""
    for y in range(first, last):
        east, south, north, own = right[y], down[y], down[y - 1], diagonal[y]
        for c in range(vector.shape[0]):
            result, here, above, below = out[c, y], vector[c, y], vector[c, y - 1], vector[c, y + 1]
            for x in range(1, diagonal.shape[1] - 1):
                i, before, after = np.uintp(x), np.uintp(x - 1), np.uintp(x + 1)
                result[i] = (
                    own[i] * here[i]
                    - east[i] * here[after] - east[before] * here[before]
                    - south[i] * below[i] - north[i] * above[i]
                )  # fmt: skip


@compiled
def residual(
    right: Grid, down: Grid, diagonal: Grid, right_side: Grid, solution: Grid, out: Grid, first: int, last: int
) -> None:
    """What the solution leaves of the right-hand side."""
    apply(right, down, diagonal, solution, out, first, last)
    for c in range(out.shape[0]):
        for y in range(first, last):
            result, given = out[c, y], right_side[c, y]
            for x in range(1, diagonal.shape[1] - 1):
                i = np.uintp(x)
                result[i] = given[i] - result[i]


@compiled
def gather(residual: Grid, diagonal: Grid, out: Grid, first: int, last: int) -> None:
    """Residuals to the coarse grid: the transpose of :func:`interpolate`."""
    height, width = residual.shape[1], residual.shape[2]
    line = np.zeros(width + 3, np.float32)
    near, far = np.float32(0.75), np.float32(0.25)
    for c in range(out.shape[0]):
        for y in range(first, last):
            # Rows 2y - 2 to 2y + 1, of which the border's are 0 or do not exist.
            top = max(2 * y - 2, 0)
            r0, r1, r2, r3 = (
                residual[c, top], residual[c, 2 * y - 1], residual[c, min(2 * y, height - 1)],
                residual[c, min(2 * y + 1, height - 1)],
            )  # fmt: skip
            for x in range(width):
                i = np.uintp(x)
                line[i] = far * (r0[i] + r3[i]) + near * (r1[i] + r2[i])
            result, own = out[c, y], diagonal[y]
            for x in range(1, diagonal.shape[1] - 1):
                i = np.uintp(2 * x - 2)
                if own[np.uintp(x)] > 0:
                    result[np.uintp(x)] = (
                        far * (line[i] + line[i + np.uintp(3)]) + near * (line[i + np.uintp(1)] + line[i + np.uintp(2)])
                    )  # fmt: skip


@compiled
def interpolate(correction: Grid, diagonal: Grid, solution: Grid, first: int, last: int) -> None:
    """Add the coarse correction, bilinear between the centres of the blocks, to the cells of the fine grid."""
    near, far = np.float32(0.75), np.float32(0.25)
    line = np.zeros(correction.shape[2], np.float32)
    for c in range(solution.shape[0]):
        for y in range(first, last):
            cy = (y + 1) // 2
            close, other = correction[c, cy], correction[c, cy - 1 if y % 2 == 1 else cy + 1]
            for x in range(len(line)):
                i = np.uintp(x)
                line[i] = near * close[i] + far * other[i]
            result, own = solution[c, y], diagonal[y]
            for x in range(1, diagonal.shape[1] - 1):
                if own[np.uintp(x)] > 0:
                    cx = (x + 1) // 2
                    ox = cx - 1 if x % 2 == 1 else cx + 1
                    result[np.uintp(x)] += near * line[np.uintp(cx)] + far * line[np.uintp(ox)]

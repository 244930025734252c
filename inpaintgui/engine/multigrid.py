# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Poisson's equation, screened or not, in a hole of any shape: conjugate gradients with a multigrid preconditioner.

A level is a network of resistors on the pixel grid: ``right`` and ``down`` hold the conductance to the next cell,
``diagonal`` the sum at a cell, its connections to known pixels included. A coarse cell stands for 2 x 2 fine ones;
parallel connections add up and halve as they get twice as long, which in the plane gives the same stencil again
(finite volumes; Briggs, Henson & McCormick, A Multigrid Tutorial, 2000). Corrections are interpolated bilinearly and
residuals gathered by the transpose; the smoother runs red-black before and black-red after, so that the cycle is
symmetric, as conjugate gradients need it.

All arrays carry a border of one cell that belongs to nothing; those of several channels hold one plane after the other,
so that the compiler can work on several cells of a row at once. A pull towards given values is a conductance as well,
which every cell has for itself: those of a block add up.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.compiled import compiled

Grid = NDArray[np.float32]

_CELLS_AT_ONCE = 1_000_000
_WORTH_A_PAUSE = 100_000
_MOST_ITERATIONS = 60
_COARSEST_SIDE = 3
_COARSEST_SWEEPS = 12
_ANCHOR_SHARE = np.float32(2 / 3)
"""A known pixel is one fine step from a fine cell's centre and one and a half from its block's."""


@dataclass(frozen=True)
class _Level:
    """One grid. All arrays float32 (h + 2, w + 2); ``diagonal`` is 0 where a cell belongs to nothing.

    inverse: of the diagonal, 0 where that is.
    """

    right: Grid
    down: Grid
    diagonal: Grid
    inverse: Grid

    def bands(self) -> list[tuple[int, int]]:
        """Half-open ranges of inner rows, each a few milliseconds of work."""
        height, width = self.diagonal.shape
        step = max(1, _CELLS_AT_ONCE // width)
        return [(first, min(first + step, height - 1)) for first in range(1, height - 1, step)]


def solve(
    values: Grid, hole: NDArray[np.bool_], tolerance: float, *, source: Grid | None = None, pull: float = 0.0
) -> Generator[None, None, Grid]:
    """Values u for the hole with pull u - Δu = source; harmonic ones without a source and a pull.

    values: float32 (h, w, C), read where ``hole`` (h, w) is False; at least one known pixel must adjoin the hole.
    tolerance: greatest estimated error. source: float32 (h, w, C), read inside the hole; None is 0. pull: at least 0.
    Yields between chunks of work; returns float32 (h, w, C), 0 outside the hole.

    Raises:
        RuntimeError: no convergence, which would be a bug.
    """
    levels, right_side = yield from _levels(values, hole, source, np.float32(pull))
    yield
    top = levels[0]
    solution = np.zeros_like(right_side)
    residual = right_side
    direction = np.zeros_like(right_side)
    image = np.zeros_like(right_side)

    def apply(first: int, last: int) -> None:
        _apply(top.right, top.down, top.diagonal, direction, image, first, last)

    last = np.ones((values.shape[2], 1, 1))
    for _ in range(_MOST_ITERATIONS):
        estimate = yield from _cycle(levels, 0, residual)
        if float(np.abs(estimate).max()) <= tolerance:
            solution += estimate
            return np.ascontiguousarray(solution[:, 1:-1, 1:-1].transpose(1, 2, 0))
        yield
        now = _dot(residual, estimate)
        direction *= (now / np.maximum(last, 1e-30)).astype(np.float32)
        direction += estimate
        last = now
        yield from _by_bands(top, apply)
        length = (now / np.maximum(_dot(direction, image), 1e-30)).astype(np.float32)
        yield
        solution += length * direction
        residual -= length * image
        yield
    raise RuntimeError("the membrane did not converge")


def _dot(a: Grid, b: Grid) -> NDArray[np.float64]:
    """Inner product of each plane, (C, 1, 1)."""
    return np.array([np.vdot(one, other) for one, other in zip(a, b, strict=True)], np.float64)[:, None, None]


def _by_bands(level: _Level, work: Callable[[int, int], None]) -> Generator[None, None, None]:
    for band in level.bands():
        work(*band)
        if level.diagonal.size >= _WORTH_A_PAUSE:
            yield


def _levels(
    values: Grid, hole: NDArray[np.bool_], source: Grid | None, pull: np.float32
) -> Generator[None, None, tuple[list[_Level], Grid]]:
    """The grids, finest first, and the right-hand side at the finest, (C, h + 2, w + 2)."""
    inner = np.pad(hole, 1).astype(np.float32)
    known = np.pad(~hole, 1).astype(np.float32)
    right, down = np.zeros_like(inner), np.zeros_like(inner)
    right[:, :-1] = inner[:, :-1] * inner[:, 1:]
    down[:-1] = inner[:-1] * inner[1:]
    yield
    held = np.pad(values.transpose(2, 0, 1), ((0, 0), (1, 1), (1, 1)))
    held *= known
    anchor, given = np.zeros_like(inner), np.zeros_like(held)
    yield
    centre = slice(1, -1)
    for rows, columns in (
        (slice(2, None), centre),
        (slice(None, -2), centre),
        (centre, slice(2, None)),
        (centre, slice(None, -2)),
    ):
        anchor[centre, centre] += known[rows, columns]
        given[:, centre, centre] += held[:, rows, columns]
        yield
    if source is not None:
        given[:, centre, centre] += source.transpose(2, 0, 1)
        yield
    anchor *= inner
    given *= inner
    pulls = inner * pull
    levels = [_level(right, down, anchor + pulls)]
    while max(anchor.shape) - 2 > _COARSEST_SIDE:
        yield
        right, down, anchor, pulls = _coarser(right, down, anchor, pulls)
        levels.append(_level(right, down, anchor + pulls))
    return levels, given


def _level(right: Grid, down: Grid, own: Grid) -> _Level:
    """own: conductance of each cell to what is known or given."""
    diagonal = own + right + down
    diagonal[:, 1:] += right[:, :-1]
    diagonal[1:] += down[:-1]
    inverse = np.divide(np.float32(1), diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
    return _Level(right, down, diagonal, inverse)


def _coarser(right: Grid, down: Grid, anchor: Grid, pulls: Grid) -> tuple[Grid, Grid, Grid, Grid]:
    """Join 2 x 2 cells: connections between two blocks add up and halve, those to known pixels and pulls add up."""
    height, width = (anchor.shape[0] - 1) // 2, (anchor.shape[1] - 1) // 2

    def blocks(array: Grid) -> Grid:
        whole = np.zeros((2 * height, 2 * width), np.float32)
        part = array[1:-1, 1:-1]
        whole[: part.shape[0], : part.shape[1]] = part
        return whole

    half = np.float32(0.5)
    across, along = blocks(right)[:, 1::2], blocks(down)[1::2]
    return (
        np.pad((across[::2] + across[1::2]) * half, 1),
        np.pad((along[:, ::2] + along[:, 1::2]) * half, 1),
        np.pad(_joined(blocks(anchor)) * _ANCHOR_SHARE, 1),
        np.pad(_joined(blocks(pulls)), 1),
    )


def _joined(array: Grid) -> Grid:
    """Sums over blocks of 2 x 2."""
    return array[::2, ::2] + array[1::2, ::2] + array[::2, 1::2] + array[1::2, 1::2]


def _cycle(levels: list[_Level], index: int, right_side: Grid) -> Generator[None, None, Grid]:
    """One symmetric V-cycle from zero for the residual equation at ``levels[index]``."""
    level = levels[index]
    right, down, diagonal, inverse = level.right, level.down, level.diagonal, level.inverse
    solution = np.zeros_like(right_side)

    def sweep(colour: int) -> Generator[None, None, None]:
        return _by_bands(level, lambda a, b: _relax(right, down, inverse, right_side, solution, colour, a, b))

    if index == len(levels) - 1:
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(n % 2)
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(1 - n % 2)
        return solution
    yield from sweep(0)
    yield from sweep(1)
    coarse = levels[index + 1]
    gathered = np.zeros((len(right_side), *coarse.diagonal.shape), np.float32)
    residual = np.zeros_like(right_side)
    yield from _by_bands(level, lambda a, b: _residual(right, down, diagonal, right_side, solution, residual, a, b))
    yield from _by_bands(coarse, lambda a, b: _gather(residual, coarse.diagonal, gathered, a, b))
    correction = yield from _cycle(levels, index + 1, gathered)
    yield from _by_bands(level, lambda a, b: _interpolate(correction, diagonal, solution, a, b))
    yield from sweep(1)
    yield from sweep(0)
    return solution


# Rows as arrays of their own and unsigned places in them: with negative places, which count from the end, to be
# reckoned with, the loops would take several times as long.


@compiled
def _relax(
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
def _apply(right: Grid, down: Grid, diagonal: Grid, vector: Grid, out: Grid, first: int, last: int) -> None:
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
def _residual(
    right: Grid, down: Grid, diagonal: Grid, right_side: Grid, solution: Grid, out: Grid, first: int, last: int
) -> None:
    """What the solution leaves of the right-hand side."""
    _apply(right, down, diagonal, solution, out, first, last)
    for c in range(out.shape[0]):
        for y in range(first, last):
            result, given = out[c, y], right_side[c, y]
            for x in range(1, diagonal.shape[1] - 1):
                i = np.uintp(x)
                result[i] = given[i] - result[i]


@compiled
def _gather(residual: Grid, diagonal: Grid, out: Grid, first: int, last: int) -> None:
    """Residuals to the coarse grid: the transpose of :func:`_interpolate`."""
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
def _interpolate(correction: Grid, diagonal: Grid, solution: Grid, first: int, last: int) -> None:
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

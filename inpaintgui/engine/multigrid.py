# ruff: noqa: PLR0917 - compiled functions take positional arguments only
"""Poisson's equation, screened or not, in a hole of any shape: conjugate gradients with a multigrid preconditioner.

A level is a network of resistors on the pixel grid: ``right`` and ``down`` hold the conductance to the next cell,
``diagonal`` the sum at a cell, its connections to known pixels included. A coarse cell stands for 2 x 2 fine ones;
parallel connections add up and halve as they get twice as long, which in the plane gives the same stencil again
(finite volumes; Briggs, Henson & McCormick, A Multigrid Tutorial, 2000). Corrections are interpolated bilinearly and
residuals gathered by the transpose; the smoother runs red-black before and black-red after, so that the cycle is
symmetric, as conjugate gradients need it.

All arrays carry a border of one cell that belongs to nothing.
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
    """One grid. All arrays float32 (h + 2, w + 2); ``diagonal`` is 0 where a cell belongs to nothing."""

    right: Grid
    down: Grid
    diagonal: Grid

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

    last = np.ones(values.shape[2])
    for _ in range(_MOST_ITERATIONS):
        estimate = yield from _cycle(levels, 0, residual)
        if float(np.abs(estimate).max()) <= tolerance:
            solution += estimate
            return solution[1:-1, 1:-1]
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


def _by_bands(level: _Level, work: Callable[[int, int], None]) -> Generator[None, None, None]:
    for band in level.bands():
        work(*band)
        if level.diagonal.size >= _WORTH_A_PAUSE:
            yield


def _levels(
    values: Grid, hole: NDArray[np.bool_], source: Grid | None, pull: np.float32
) -> Generator[None, None, tuple[list[_Level], Grid]]:
    """The grids, finest first, and the right-hand side at the finest."""
    inner = np.pad(hole, 1).astype(np.float32)
    known = np.pad(~hole, 1).astype(np.float32)
    right, down = np.zeros_like(inner), np.zeros_like(inner)
    right[:, :-1] = inner[:, :-1] * inner[:, 1:]
    down[:-1] = inner[:-1] * inner[1:]
    yield
    held = np.pad(values, ((1, 1), (1, 1), (0, 0)))
    held *= known[..., None]
    anchor, given = np.zeros_like(inner), np.zeros_like(held)
    yield
    centre = slice(1, -1)
    for there in (
        (slice(2, None), centre),
        (slice(None, -2), centre),
        (centre, slice(2, None)),
        (centre, slice(None, -2)),
    ):
        anchor[centre, centre] += known[there]
        given[centre, centre] += held[there]
        yield
    if source is not None:
        given[centre, centre] += source
    anchor += pull
    anchor *= inner
    given *= inner[..., None]
    levels = [_level(right, down, anchor)]
    while max(anchor.shape) - 2 > _COARSEST_SIDE:
        yield
        right, down, anchor = _coarser(right, down, anchor)
        levels.append(_level(right, down, anchor))
    return levels, given


def _level(right: Grid, down: Grid, anchor: Grid) -> _Level:
    diagonal = anchor + right + down
    diagonal[:, 1:] += right[:, :-1]
    diagonal[1:] += down[:-1]
    return _Level(right, down, diagonal)


def _coarser(right: Grid, down: Grid, anchor: Grid) -> tuple[Grid, Grid, Grid]:
    """Join 2 x 2 cells: connections between two blocks add up and halve, those to known pixels add up."""
    height, width = (anchor.shape[0] - 1) // 2, (anchor.shape[1] - 1) // 2

    def blocks(array: Grid) -> Grid:
        whole = np.zeros((2 * height, 2 * width), np.float32)
        part = array[1:-1, 1:-1]
        whole[: part.shape[0], : part.shape[1]] = part
        return whole.reshape(height, 2, width, 2)

    half = np.float32(0.5)
    return (
        np.pad(blocks(right)[:, :, :, 1].sum(axis=1) * half, 1),
        np.pad(blocks(down)[:, 1].sum(axis=2) * half, 1),
        np.pad(blocks(anchor).sum(axis=(1, 3)) * _ANCHOR_SHARE, 1),
    )


def _cycle(levels: list[_Level], index: int, right_side: Grid) -> Generator[None, None, Grid]:
    """One symmetric V-cycle from zero for the residual equation at ``levels[index]``."""
    level = levels[index]
    right, down, diagonal = level.right, level.down, level.diagonal
    solution = np.zeros_like(right_side)

    def sweep(colour: int) -> Generator[None, None, None]:
        return _by_bands(level, lambda a, b: _relax(right, down, diagonal, right_side, solution, colour, a, b))

    if index == len(levels) - 1:
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(n % 2)
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(1 - n % 2)
        return solution
    yield from sweep(0)
    yield from sweep(1)
    coarse = levels[index + 1]
    gathered = np.zeros((*coarse.diagonal.shape, right_side.shape[2]), np.float32)
    residual = np.zeros_like(right_side)
    yield from _by_bands(level, lambda a, b: _residual(right, down, diagonal, right_side, solution, residual, a, b))
    yield from _by_bands(coarse, lambda a, b: _gather(residual, coarse.diagonal, gathered, a, b))
    correction = yield from _cycle(levels, index + 1, gathered)
    yield from _by_bands(level, lambda a, b: _interpolate(correction, diagonal, solution, a, b))
    yield from sweep(1)
    yield from sweep(0)
    return solution


@compiled
def _dot(a: Grid, b: Grid) -> NDArray[np.float64]:
    """Inner product of each channel."""
    out = np.zeros(a.shape[2])
    for y in range(a.shape[0]):
        for x in range(a.shape[1]):
            for c in range(a.shape[2]):
                out[c] += np.float64(a[y, x, c]) * np.float64(b[y, x, c])
    return out


@compiled
def _relax(
    right: Grid, down: Grid, diagonal: Grid, right_side: Grid, solution: Grid, colour: int, first: int, last: int
) -> None:
    """Gauss-Seidel over the cells of one colour of the chessboard."""
    for y in range(first, last):
        for x in range(1 + (y + colour) % 2, diagonal.shape[1] - 1, 2):
            if diagonal[y, x] > 0:
                scale = np.float32(1) / diagonal[y, x]
                e, w, s, n = right[y, x], right[y, x - 1], down[y, x], down[y - 1, x]
                for c in range(solution.shape[2]):
                    solution[y, x, c] = scale * (
                        right_side[y, x, c]
                        + e * solution[y, x + 1, c] + w * solution[y, x - 1, c]
                        + s * solution[y + 1, x, c] + n * solution[y - 1, x, c]
                    )  # fmt: skip


@compiled
def _apply(right: Grid, down: Grid, diagonal: Grid, vector: Grid, out: Grid, first: int, last: int) -> None:
    """The matrix times a vector."""
    for y in range(first, last):
        for x in range(1, diagonal.shape[1] - 1):
            d, e, w, s, n = diagonal[y, x], right[y, x], right[y, x - 1], down[y, x], down[y - 1, x]
            for c in range(vector.shape[2]):
                out[y, x, c] = (
                    d * vector[y, x, c]
                    - e * vector[y, x + 1, c] - w * vector[y, x - 1, c]
                    - s * vector[y + 1, x, c] - n * vector[y - 1, x, c]
                )  # fmt: skip


@compiled
def _residual(
    right: Grid, down: Grid, diagonal: Grid, right_side: Grid, solution: Grid, out: Grid, first: int, last: int
) -> None:
    """What the solution leaves of the right-hand side."""
    _apply(right, down, diagonal, solution, out, first, last)
    for y in range(first, last):
        for x in range(1, diagonal.shape[1] - 1):
            for c in range(out.shape[2]):
                out[y, x, c] = right_side[y, x, c] - out[y, x, c]


@compiled
def _gather(residual: Grid, diagonal: Grid, out: Grid, first: int, last: int) -> None:
    """Residuals to the coarse grid: the transpose of :func:`_interpolate`."""
    height, width = residual.shape[0], residual.shape[1]
    for y in range(first, last):
        for x in range(1, diagonal.shape[1] - 1):
            if diagonal[y, x] <= 0:
                continue
            for i in range(4):
                fy = 2 * y - 2 + i
                if fy < 1 or fy >= height - 1:
                    continue
                wy = np.float32(0.75) if i in (1, 2) else np.float32(0.25)
                for j in range(4):
                    fx = 2 * x - 2 + j
                    if fx < 1 or fx >= width - 1:
                        continue
                    weight = wy * (np.float32(0.75) if j in (1, 2) else np.float32(0.25))
                    for c in range(out.shape[2]):
                        out[y, x, c] += weight * residual[fy, fx, c]


@compiled
def _interpolate(correction: Grid, diagonal: Grid, solution: Grid, first: int, last: int) -> None:
    """Add the coarse correction, bilinear between the centres of the blocks, to the cells of the fine grid."""
    for y in range(first, last):
        cy = (y + 1) // 2
        oy = cy - 1 if y % 2 == 1 else cy + 1
        for x in range(1, diagonal.shape[1] - 1):
            if diagonal[y, x] > 0:
                cx = (x + 1) // 2
                ox = cx - 1 if x % 2 == 1 else cx + 1
                for c in range(solution.shape[2]):
                    solution[y, x, c] += (
                        np.float32(0.5625) * correction[cy, cx, c]
                        + np.float32(0.1875) * (correction[oy, cx, c] + correction[cy, ox, c])
                        + np.float32(0.0625) * correction[oy, ox, c]
                    )  # fmt: skip

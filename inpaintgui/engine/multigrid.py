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
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine import multigrid_kernels as kernels

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
    """One grid. Float32 (h + 2, w + 2); ``diagonal`` is 0 where a cell belongs to nothing.

    inverse: of the diagonal, 0 where that is. given, solution, residual: (C, h + 2, w + 2), the right-hand side, and
    what each cycle works in: fresh memory would cost more than what is done there.
    """

    right: Grid
    down: Grid
    diagonal: Grid
    inverse: Grid
    given: Grid
    solution: Grid
    residual: Grid

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
    levels = yield from _levels(values, hole, source, np.float32(pull))
    yield
    top = levels[0]
    residual, spare = top.given, top.residual
    solution, direction, image = (np.zeros_like(residual) for _ in range(3))
    apply = partial(kernels.apply, top.right, top.down, top.diagonal, direction, image)
    last = np.ones((len(residual), 1, 1))
    for _ in range(_MOST_ITERATIONS):
        yield from _cycle(levels, 0)
        estimate = top.solution
        if max(float(estimate.max()), -float(estimate.min())) <= tolerance:
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
        solution += np.multiply(direction, length, out=spare)
        residual -= np.multiply(image, length, out=spare)
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
) -> Generator[None, None, list[_Level]]:
    """The grids, finest first; the finest's right-hand side is filled in."""
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
    levels = [_level(right, down, anchor + pulls, given)]
    while max(anchor.shape) - 2 > _COARSEST_SIDE:
        yield
        right, down, anchor, pulls = _coarser(right, down, anchor, pulls)
        levels.append(_level(right, down, anchor + pulls, np.zeros((len(given), *anchor.shape), np.float32)))
    return levels


def _level(right: Grid, down: Grid, own: Grid, given: Grid) -> _Level:
    """own: conductance of each cell to what is known or given."""
    diagonal = own + right + down
    diagonal[:, 1:] += right[:, :-1]
    diagonal[1:] += down[:-1]
    inverse = np.divide(np.float32(1), diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
    return _Level(right, down, diagonal, inverse, given, np.zeros_like(given), np.zeros_like(given))


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


def _cycle(levels: list[_Level], index: int) -> Generator[None, None, None]:
    """One symmetric V-cycle from zero for what is given at ``levels[index]``; the outcome is its ``solution``."""
    level = levels[index]
    network = level.right, level.down
    solution = level.solution
    solution.fill(0)

    def sweep(colour: int) -> Generator[None, None, None]:
        return _by_bands(level, partial(kernels.relax, *network, level.inverse, level.given, solution, colour))

    if index == len(levels) - 1:
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(n % 2)
        for n in range(_COARSEST_SWEEPS):
            yield from sweep(1 - n % 2)
        return
    yield from sweep(0)
    yield from sweep(1)
    coarse = levels[index + 1]
    leave = partial(kernels.residual, *network, level.diagonal, level.given, solution, level.residual)
    yield from _by_bands(level, leave)
    yield from _by_bands(coarse, partial(kernels.gather, level.residual, coarse.diagonal, coarse.given))
    yield from _cycle(levels, index + 1)
    yield from _by_bands(level, partial(kernels.interpolate, coarse.solution, level.diagonal, solution))
    yield from sweep(1)
    yield from sweep(0)

"""Gradient-domain blending: the fill keeps its gradients and takes its level from the rim.

Seamless cloning (Pérez, Gangnet & Blake 2003) adds to the source the harmonic interpolation of what it lacks at the
rim; :func:`membrane` computes that interpolation by conjugate gradients with a multigrid cycle as preconditioner
(:mod:`inpaintgui.engine.multigrid`).
"""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import surroundings
from inpaintgui.engine.multigrid import solve
from inpaintgui.engine.opencv import cv2

_TOLERANCE = 0.1 / 255
"""Greatest estimated error left in a solution, in units of the pixel range [0, 1]."""

CELLS_PER_WAVE = 16
"""Cells to the shortest wavelength that matters, for what is computed in cells: linear interpolation errs by 0.5 %."""


def membrane(difference: NDArray[np.float32], hole: NDArray[np.bool_]) -> Generator[None, None, NDArray[np.float32]]:
    """Interpolate the values around the hole harmonically into it.

    Laplace's equation on the pixel grid (four neighbours): Dirichlet where a known pixel adjoins the hole, Neumann at
    the border of the image.

    Args:
        difference: float32 (H, W, C); only pixels outside the hole are read. Accurate to 0.5/255 for a range of 1.
        hole: bool (H, W), True = unknown.

    Yields:
        None, between two chunks of work; closing the generator there cancels.

    Returns:
        float32 (H, W, C), ``difference`` outside the hole; zero in the hole if it covers the whole image.

    Raises:
        ValueError: shapes or types do not fit.
    """
    _check(difference, hole)
    result = np.where(hole[..., None], np.float32(0), difference)
    if not hole.any() or hole.all():
        return result
    rows, columns = surroundings(hole, 1).slices
    inner = np.ascontiguousarray(hole[rows, columns])
    if not result[rows, columns].any():
        return result  # detail ends without a step at the rim
    yield
    solution = yield from solve(np.ascontiguousarray(result[rows, columns]), inner, _TOLERANCE)
    result[rows, columns][inner] = solution[inner]
    return result


def soft_membrane(
    difference: NDArray[np.float32], hole: NDArray[np.bool_], step: int
) -> Generator[None, None, NDArray[np.float32]]:
    """As :func:`membrane` where only wavelengths of several ``step`` pixels matter: solved on cells of step² pixels."""
    if step == 1:
        return (yield from membrane(difference, hole))
    coarse = yield from coarse_membrane(difference, hole, step)
    yield
    return np.where(hole[..., None], enlarged(coarse, step, hole.shape), difference)


def coarse_membrane(
    difference: NDArray[np.float32], hole: NDArray[np.bool_], step: int
) -> Generator[None, None, NDArray[np.float32]]:
    """The membrane on cells of step² pixels, of which each has the mean of its known ones.

    Args as of :func:`membrane`; step: at least 1. Returns float32 (⌈H / step⌉, ⌈W / step⌉, C).
    """
    known = (~hole).astype(np.float32)
    yield
    weight = shrunk(known[..., None], step)
    mean = shrunk(difference * known[..., None], step)
    yield
    mean /= np.maximum(weight, np.float32(1e-6))
    return (yield from membrane(mean, weight[..., 0] <= 0))


def power_of_two(limit: float) -> int:
    """The largest power of two that is not above ``limit``; at least 1."""
    return 1 << max(0, math.floor(math.log2(max(1.0, limit))))


def shrunk(image: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Means over cells of step² pixels, float32 (⌈H / step⌉, ⌈W / step⌉, C); past the end the last is repeated."""
    height, width = image.shape[:2]
    rows, columns = -(-height // step), -(-width // step)
    whole = cv2.copyMakeBorder(image, 0, rows * step - height, 0, columns * step - width, cv2.BORDER_REPLICATE)
    small = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).reshape(rows, columns, image.shape[2])


def enlarged(image: NDArray[np.float32], step: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The reverse of :func:`shrunk`, interpolated linearly: float32 (H, W, C) of ``shape``."""
    size = (image.shape[1] * step, image.shape[0] * step)
    large = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return large.reshape(size[1], size[0], image.shape[2])[: shape[0], : shape[1]]


def poisson_blend(
    target: NDArray[np.float32], source: NDArray[np.float32], hole: NDArray[np.bool_]
) -> Generator[None, None, NDArray[np.float32]]:
    """Clone the source into the target's hole without a seam.

    Args:
        target: float32 (H, W, C); outside the hole the result is this, bit for bit.
        source: float32 (H, W, C); must hold sensible pixels in the hole and one pixel around it.
        hole: bool (H, W), True = take the source.

    Yields:
        None, between two chunks of work; closing the generator there cancels.

    Returns:
        float32 (H, W, C), not clipped. If the hole covers the whole image, the source unchanged.

    Raises:
        ValueError: shapes or types do not fit.
    """
    if source.shape != target.shape or source.dtype != np.float32:
        raise ValueError(f"source must be float32 {target.shape}, not {source.dtype} {source.shape}")
    _check(target, hole)
    if not hole.any():
        return target.copy()
    box = surroundings(hole, 1).slices
    inner, part = hole[box], source[box]
    correction = yield from membrane(target[box] - part, inner)
    yield
    result = target.copy()
    yield
    correction += part
    np.copyto(result[box], correction, where=inner[..., None])
    return result


def from_gradients(
    image: NDArray[np.float32],
    hole: NDArray[np.bool_],
    *,
    right: NDArray[np.float32],
    down: NDArray[np.float32],
    pull: float,
) -> Generator[None, None, NDArray[np.float32]]:
    """The values for the hole whose differences come nearest to given ones, held lightly to what stands there.

    Least squares over the differences of neighbours, plus ``pull`` times the squared distance from ``image`` in the
    hole (screened Poisson equation: Bhat, Curless, Cohen & Zitnick 2008).

    Args:
        image: float32 (H, W, C); outside the hole the result is this, bit for bit.
        hole: bool (H, W), True = to solve; not all of the image.
        right: float32 (H, W, C), wanted difference of the pixel to the right and this one; read where at least one of
            the two lies in the hole.
        down: the same for the pixel below.
        pull: above 0.

    Yields:
        None, between two chunks of work; closing the generator there cancels.

    Returns:
        float32 (H, W, C), not clipped.

    Raises:
        ValueError: shapes or types do not fit.
    """
    _check(image, hole)
    box = surroundings(hole, 1).slices
    inner, values = np.ascontiguousarray(hole[box]), image[box]
    # Solved for what is to be added to the image: that is small, and nothing at the rim.
    lacking = right[box][:, :-1] - values[:, 1:]
    lacking += values[:, :-1]
    yield
    source = np.zeros_like(values)
    source[:, 1:] += lacking
    source[:, :-1] -= lacking
    yield
    lacking = down[box][:-1] - values[1:]
    lacking += values[:-1]
    yield
    source[1:] += lacking
    source[:-1] -= lacking
    yield
    correction = yield from solve(np.zeros_like(values), inner, _TOLERANCE, source=source, pull=pull)
    result = image.copy()
    result[box][inner] += correction[inner]
    return result


def _check(image: NDArray[np.float32], hole: NDArray[np.bool_]) -> None:
    if image.ndim != 3 or image.dtype != np.float32:
        raise ValueError(f"image must be float32 (H, W, C), not {image.dtype} {image.shape}")
    if hole.shape != image.shape[:2] or hole.dtype != np.bool_:
        raise ValueError(f"hole must be bool {image.shape[:2]}, not {hole.dtype} {hole.shape}")

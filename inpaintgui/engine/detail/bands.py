"""Both ends of a fill's spectrum: low band from the guide without a step at the rim, contrast in the finest."""

from __future__ import annotations

import math
from collections.abc import Generator

import cv2
import numpy as np

from inpaintgui.contracts import surroundings
from inpaintgui.engine.blend import CELLS_PER_WAVE, enlarged, membrane, power_of_two, shrunk
from inpaintgui.engine.detail.pyramid import Flags, Image, local_contrast, low_band

_FINE_SIGMA = 1.0
"""Of the Gaussian in pixels below which a fill is sharpened."""
_EVEN_SIGMA = 4.0
"""Of the Gaussian in pixels over which contrast is compared."""
_RICHER = 1.6
"""Contrast that is wanted, over that of the surroundings: sharpening cannot reach it everywhere."""
_REACH = 7
"""Side in pixels of the square whose range no sharpened pixel leaves: beside a strong edge it would glare."""


def draw_to_guide(
    fill: Image, guide: Image, hole: Flags, wavelength: float, *, largest: float
) -> Generator[None, None, Image]:
    """The same as :func:`transfer_low_band`, which it calls; long waves are computed in cells."""
    step = power_of_two(wavelength / CELLS_PER_WAVE)
    if step == 1:
        return (yield from transfer_low_band(fill, guide, hole, wavelength, largest=largest))
    box = surroundings(hole, math.ceil(wavelength)).slices
    inner, part = hole[box], fill[box]
    inside = inner.astype(np.float32)[..., None]
    wanted = shrunk((guide[box] - part) * inside, step)
    yield
    cells = shrunk(inside, step)[..., 0] >= 0.5
    if not cells.any():
        return fill
    transfer = transfer_low_band(np.zeros_like(wanted), wanted, cells, wavelength / step, largest=largest)
    correction = yield from transfer
    yield
    result = fill.copy()
    yield
    result[box] += enlarged(correction, step, inner.shape) * inside
    return result


def transfer_low_band(
    fill: Image, guide: Image, hole: Flags, wavelength: float, *, largest: float
) -> Generator[None, None, Image]:
    """Give the fill the guide's band above ``wavelength`` (Burt & Adelson 1983 on splitting an image into bands).

    fill, guide: float32 (H, W, 3). hole: bool (H, W). wavelength: in pixels. Yields between chunks of work; returns
    float32 (H, W, 3), ``fill`` outside the hole. What the correction would be at the rim is interpolated into the
    hole and, fading within half a wavelength, taken off: texture that already continues the context stays with it.
    largest: soft limit of a correction, see :class:`DetailSettings`.
    """
    rows, columns = surroundings(hole, math.ceil(wavelength)).slices
    inner, part = hole[rows, columns], fill[rows, columns]
    wanted = np.where(inner[..., None], guide[rows, columns] - part, np.float32(0))
    yield
    correction = yield from low_band(wanted, wavelength)
    yield
    rim = yield from membrane(correction, inner)
    depth = np.asarray(cv2.distanceTransform(inner.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    yield
    correction = correction - rim * np.exp(-np.square(depth * np.float32(2 / wavelength)))[..., None]
    yield
    size = np.sqrt(np.square(correction).mean(axis=2, keepdims=True))
    yield
    held = np.float32(largest) * np.tanh(size / np.float32(largest))
    correction *= held / np.maximum(size, np.float32(1e-6))
    yield
    result = fill.copy()
    yield
    result[rows, columns][inner] += correction[inner]
    return result


def restore_contrast(fill: Image, hole: Flags, *, most: float) -> Generator[None, None, Image]:
    """Sharpen what is softer than the hole's surroundings: means of patches and of answers have lost contrast.

    fill: float32 (H, W, 3). hole: bool (H, W). most: greatest gain of the finest band. Yields between chunks of work;
    returns float32 (H, W, 3), ``fill`` outside the hole.
    """
    rows, columns = surroundings(hole, math.ceil(6 * _EVEN_SIGMA)).slices
    inner, part = np.ascontiguousarray(hole[rows, columns]), np.ascontiguousarray(fill[rows, columns])
    inside = inner.astype(np.float32)
    yield
    around = yield from local_contrast(part, 1 - inside)
    wanted = yield from membrane(np.ascontiguousarray(around[..., None]), inner)
    has = yield from local_contrast(part, inside, sigma=_EVEN_SIGMA)
    yield
    gain = np.clip(np.float32(_RICHER) * wanted[..., 0] / np.maximum(has, np.float32(1e-4)), 1, most) - 1
    yield
    fine = part - cv2.GaussianBlur(part, (0, 0), _FINE_SIGMA)
    yield
    sharp = part + gain[..., None] * fine
    square = np.ones((_REACH, _REACH), np.uint8)
    yield
    np.clip(sharp, cv2.erode(part, square), cv2.dilate(part, square), out=sharp)
    yield
    result = fill.copy()
    result[rows, columns][inner] = sharp[inner]
    return result

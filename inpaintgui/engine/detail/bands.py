"""Both ends of a fill's spectrum: low band from the guide without a step at the rim, contrast in the finest."""

from __future__ import annotations

import math
from collections.abc import Generator

import cv2
import numpy as np

from inpaintgui.contracts import surroundings
from inpaintgui.engine.blend import CELLS_PER_WAVE, enlarged, membrane, power_of_two, shrunk
from inpaintgui.engine.detail.pyramid import Flags, Image, local_contrast, low_band, mean_near

_UNSEEN = 1e-4
"""Power, for a range of 1, of a band that nobody sees: hundredths of the range."""
_FINE_SIGMA = 1.0
"""Of the Gaussian in pixels below which a fill is sharpened."""
_EVEN_SIGMA = 4.0
"""Of the Gaussian in pixels over which contrast is compared."""
_RICHER_AT_RIM, _RICHER = 1.6, 1.15
"""Contrast that is wanted, over that of the surroundings, at the rim and deep in the hole: sharpening cannot reach it
everywhere. Deep in the hole it makes a mesh out of the mean of patches that agree less.
"""
_AT_RIM = 12.0
"""Pixels from the rim within which the first turns into the second."""
_REACH = 7
"""Side in pixels of the square whose range no sharpened pixel leaves: beside a strong edge it would glare."""


def draw_to_guide(
    fill: Image, guide: Image, hole: Flags, wavelength: float, *, surely: float, largest: float
) -> Generator[None, None, Image]:
    """Give the fill the guide's band above ``wavelength`` (Burt & Adelson 1983 on splitting an image into bands).

    fill, guide: float32 (H, W, 3). hole: bool (H, W). wavelength: in pixels. surely: from this wavelength on the guide
    is right; in the octave above ``wavelength``, as far as it ends below ``surely``, it is believed as far as it is as
    rich as the photo (:func:`_belief`). largest: soft limit of a correction, see :class:`DetailSettings`.

    Yields between chunks of work; returns float32 (H, W, 3), ``fill`` outside the hole. Long waves are computed in
    cells of several pixels.
    """
    step = power_of_two(wavelength / CELLS_PER_WAVE)
    box = surroundings(hole, math.ceil(2 * wavelength)).slices
    inside = hole[box].astype(np.float32)[..., None]
    yield
    drawn = fill[box] + (guide[box] - fill[box]) * inside
    yield
    cells = shrunk(inside, step)[..., 0] >= 0.5
    if not cells.any():
        return fill
    part, drawn = shrunk(fill[box], step), shrunk(drawn, step)
    yield
    correction = yield from _correction(part, drawn, cells, wavelength / step, surely / step)
    size = np.sqrt(np.square(correction).mean(axis=2, keepdims=True))
    yield
    held = np.float32(largest) * np.tanh(size / np.float32(largest))
    correction *= held / np.maximum(size, np.float32(1e-6))
    result = fill.copy()
    yield
    result[box] += enlarged(correction, step, hole[box].shape) * inside
    return result


def _correction(
    fill: Image, drawn: Image, hole: Flags, wavelength: float, surely: float
) -> Generator[None, None, Image]:
    """What the fill lacks of the guide's band, float32 (H, W, 3). drawn: the guide in the hole, the fill elsewhere.

    What it would be at the rim is interpolated into the hole and, fading within half a wavelength, taken off: texture
    that already continues the context stays with it.
    """
    has = yield from low_band(fill, wavelength)
    wanted = yield from low_band(drawn, wavelength)
    correction: Image = wanted - has
    if surely >= 2 * wavelength:
        longer_has = yield from low_band(fill, 2 * wavelength)
        longer_wanted = yield from low_band(drawn, 2 * wavelength)
        yield
        longer = longer_wanted - longer_has
        believed = yield from _belief(has - longer_has, wanted - longer_wanted, hole, 2 * wavelength)
        correction = longer + believed * (correction - longer)
    yield
    rim = yield from membrane(correction, hole)
    yield
    correction -= rim * _nearness(hole, wavelength / 2)[..., None]
    return correction


def _belief(photo: Image, guide: Image, hole: Flags, sigma: float) -> Generator[None, None, Image]:
    """How far the guide is to be believed in one band, (H, W, 1): its share of the power around the hole, at most 1.

    photo, guide: the band of each, float32 (H, W, 3). sigma: in pixels, of the Gaussian within which power is compared.
    A guide is the mean of what is probable: where it is poorer than its surroundings (gravel, foliage) it leaves open
    what there is, and its even colour would be seen as a patch; where it is as rich it draws an edge that goes on.
    """
    inside = hole.astype(np.float32)
    around = yield from mean_near(np.square(photo).mean(axis=2), 1 - inside, sigma)
    usual = yield from membrane(around[..., None], hole)
    has = yield from mean_near(np.square(guide).mean(axis=2), inside, sigma)
    yield
    share = (has[..., None] + np.float32(_UNSEEN)) / (usual + np.float32(_UNSEEN))
    return np.asarray(np.clip(share, 0, 1), np.float32)


def _nearness(hole: Flags, reach: float) -> Image:
    """How near the rim each pixel of the hole is, (H, W): 1 there, 1/e at ``reach`` pixels from it."""
    depth = np.asarray(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    return np.asarray(np.exp(-np.square(depth * np.float32(1 / reach))), np.float32)


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
    near = _nearness(inner, _AT_RIM)
    yield
    wanted = wanted[..., 0] * (np.float32(_RICHER) + np.float32(_RICHER_AT_RIM - _RICHER) * near)
    gain = np.clip(wanted / np.maximum(has, np.float32(1e-4)), 1, most) - 1
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

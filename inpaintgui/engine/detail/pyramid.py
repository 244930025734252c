"""The scales of a fill: photo, hole, sources, local contrast and the guide's low band, halved again and again."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.detail.settings import DetailSettings

Image = NDArray[np.float32]
Flags = NDArray[np.bool_]

_USABLE_SHARE = 0.74
_FEWEST_SOURCES = 400
_SHALLOW = 0.4
"""Depth of a hole, in patch radii, below which a coarser scale has nothing to say."""
_MOST_LOOKED_AT = 500_000
_ROWS_AT_ONCE = 512
_CONTRAST_SIGMA = 2.0
_LEAST_SIGMA, _MOST_SIGMA = 0.3, 4.0
_HALF_AMPLITUDE = math.sqrt(2 * math.log(2)) / (2 * math.pi)
"""Sigma over wavelength of the Gaussian that halves this wavelength."""


@dataclass(frozen=True)
class Scale:
    """One scale; ``level`` halvings below the photo.

    features: float32 (h, w, 4), colour and local contrast; in the hole what is believed so far.
    low: float32 (h, w, 3), the low band that the fill should have; known colours outside the hole. None: no guide.
    hole: bool (h, w). target: centres of patches that touch the hole. valid: centres of patches that may be copied.
    sources: int32 (n, 2), rows and columns of ``valid``, evenly thinned where there are very many.
    distance: float32 (h, w), pixels from the rim, 0 outside.
    """

    level: int
    features: Image
    low: Image | None
    hole: Flags
    target: Flags
    valid: Flags
    sources: NDArray[np.int32]
    distance: Image


def low_band(image: Image, wavelength: float) -> Generator[None, None, Image]:
    """What remains of (H, W, C) after a Gaussian that halves the amplitude of ``wavelength`` (pixels)."""
    sigma = wavelength * _HALF_AMPLITUDE
    if sigma < _LEAST_SIGMA:
        return image
    height, width = image.shape[:2]
    small, halvings = image, 0
    while sigma > _MOST_SIGMA and min(small.shape[:2]) >= 32:
        small = _resized(small, small.shape[1] // 2, small.shape[0] // 2, cv2.INTER_AREA)
        sigma /= 2
        halvings += 1
        yield
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101), np.float32)
    yield
    return small if halvings == 0 else _resized(small, width, height, cv2.INTER_LINEAR)


def _resized(image: Image, width: int, height: int, interpolation: int) -> Image:
    return np.asarray(cv2.resize(image, (width, height), interpolation=interpolation), np.float32)


def halved(
    image: Image, known: Image, usable: Image, guide: Image | None
) -> Generator[None, None, tuple[Image, Image, Image, Image | None, Flags]]:
    """Half the size of each, and the hole there: pixels of which less than half is known.

    image: (H, W, C); the mean of known pixels only. known, usable: (H, W), how much of each pixel is known, may be
    copied; nothing of the hole's is known.
    """
    weight = np.asarray(cv2.pyrDown(known), np.float32)
    yield
    weighted = image * known[..., None]
    yield
    total = np.asarray(cv2.pyrDown(weighted), np.float32)
    total /= np.maximum(weight, np.float32(1e-6))[..., None]
    yield
    usable = np.asarray(cv2.pyrDown(usable), np.float32)
    yield
    guide = None if guide is None else np.asarray(cv2.pyrDown(guide), np.float32)
    yield
    hole = weight < 0.5
    return total, np.where(hole, np.float32(0), weight), usable, guide, hole


def local_contrast(image: Image, known: Image, *, sigma: float = _CONTRAST_SIGMA) -> Generator[None, None, Image]:
    """Mean gradient magnitude around each pixel of (H, W, 3), from known pixels only; returns (H, W).

    sigma: of the Gaussian, in pixels, within which the mean is taken.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)
    magnitude = np.zeros_like(grey)
    yield
    magnitude[:-1] += np.abs(grey[1:] - grey[:-1]) * known[1:]
    yield
    magnitude[:, :-1] += np.abs(grey[:, 1:] - grey[:, :-1]) * known[:, 1:]
    yield
    return (yield from mean_near(magnitude, known, sigma))


def mean_near(values: Image, known: Image, sigma: float) -> Generator[None, None, Image]:
    """Mean of values (H, W) around each pixel, weighed by known (H, W) and a Gaussian of ``sigma`` pixels; (H, W)."""
    blurred = cv2.GaussianBlur(values * known, (0, 0), sigma)
    yield
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    yield
    return np.asarray(blurred / np.maximum(weight, np.float32(1e-3)), np.float32)


def usable_sources(usable: Image) -> Flags:
    """Pixels that may be copied, of shares of them that may."""
    return usable > _USABLE_SHARE


def make_scale(
    features: Image, low: Image | None, hole: Flags, source: Flags, *, level: int, radius: int
) -> Generator[None, None, Scale]:
    """What :class:`Scale` says of the level; source: bool (h, w), may be copied."""
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    bytes_ = hole.astype(np.uint8)
    inside = np.zeros_like(hole)
    inside[radius : hole.shape[0] - radius, radius : hole.shape[1] - radius] = True
    target = (cv2.dilate(bytes_, square, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0) & inside
    yield
    copied = (source & ~hole).astype(np.uint8)
    valid = cv2.erode(copied, square, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    yield
    distance = np.asarray(cv2.distanceTransform(bytes_, cv2.DIST_L2, 3), np.float32)
    yield
    stride = 1 + valid.size // _MOST_LOOKED_AT
    places = np.flatnonzero(valid.reshape(-1)[::stride]) * stride
    if len(places) < _FEWEST_SOURCES:
        places = np.flatnonzero(valid)
    sources = np.stack(np.divmod(places, hole.shape[1]), axis=1).astype(np.int32)
    return Scale(level, features, low, hole, target, valid, sources, distance)


def build(
    image: Image, hole: Flags, source: Flags, guide: Image | None, *, guide_cutoff: float, settings: DetailSettings
) -> Generator[None, None, list[Scale]]:
    """All scales, finest first. Stops where the hole is narrower than a patch or sources become rare.

    image, guide: float32 (H, W, 3). hole, source: bool (H, W). Yields between chunks of work.
    """
    known = (~hole).astype(np.float32)
    usable = (source | hole).astype(np.float32)
    yield
    features = np.empty((*hole.shape, 4), np.float32)
    for first in range(0, len(image), _ROWS_AT_ONCE):
        features[first : first + _ROWS_AT_ONCE, :, :3] = image[first : first + _ROWS_AT_ONCE]
        yield
    contrast = yield from local_contrast(image, known)
    features[..., 3] = contrast * np.float32(settings.contrast_weight)
    yield
    composite = None
    if guide is not None:
        composite = image.copy()
        yield
        composite[hole] = guide[hole]
        yield
    scales: list[Scale] = []
    while True:
        level = len(scales)
        features[hole] = 0
        yield
        low = None if composite is None else (yield from low_band(composite, guide_cutoff / 2**level))
        copied = usable_sources(usable)
        scale = yield from make_scale(features, low, hole, copied, level=level, radius=settings.patch_radius)
        if scales and len(scale.sources) < _FEWEST_SOURCES:
            return scales
        scales.append(scale)
        yield
        features, known, usable, composite, hole = yield from halved(features, known, usable, composite)
        smallest = min(hole.shape) <= 2 * (settings.patch_radius + 1)
        if smallest or scale.distance.max() <= _SHALLOW * settings.patch_radius or not hole.any():
            return scales
        yield

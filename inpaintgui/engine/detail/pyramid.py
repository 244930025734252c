"""The scales of a fill: photo, hole, sources, local contrast and the guide's low band, halved again and again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.detail.settings import DetailSettings

Image = NDArray[np.float32]
Flags = NDArray[np.bool_]

_USABLE_SHARE = 0.74
_FEWEST_SOURCES = 500
_HALF_AMPLITUDE = math.sqrt(2 * math.log(2)) / (2 * math.pi)
"""Sigma over wavelength of the Gaussian that halves this wavelength."""


@dataclass(frozen=True)
class Scale:
    """One scale; ``level`` halvings below the photo.

    features: float32 (h, w, 4), colour and local contrast; in the hole what is believed so far.
    low: float32 (h, w, 3), the low band that the fill should have; known colours outside the hole. None: no guide.
    hole: bool (h, w). target: centres of patches that touch the hole. valid: centres of patches that may be copied.
    sources: int32 (n, 2), rows and columns of ``valid``. distance: float32 (h, w), pixels from the rim, 0 outside.
    """

    level: int
    features: Image
    low: Image | None
    hole: Flags
    target: Flags
    valid: Flags
    sources: NDArray[np.int32]
    distance: Image


def low_band(image: Image, wavelength: float) -> Image:
    """What remains of (H, W, C) after a Gaussian that halves the amplitude of ``wavelength`` (pixels)."""
    sigma = wavelength * _HALF_AMPLITUDE
    if sigma < 0.3:
        return image
    halvings = 0
    while sigma > 4 and min(image.shape[:2]) >> (halvings + 1) >= 16:
        sigma /= 2
        halvings += 1
    height, width = image.shape[:2]
    size = (max(1, width >> halvings), max(1, height >> halvings))
    small = image if halvings == 0 else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    if halvings > 0:
        small = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.float32)


def _halved(known_image: Image, known: Image) -> tuple[Image, Image]:
    """Half the size: mean of the known pixels only, and how much of each new pixel is known."""
    weight = cv2.pyrDown(known)
    total = cv2.pyrDown(known_image * known[..., None])
    mean = total / np.maximum(weight, np.float32(1e-6))[..., None]
    return np.asarray(mean, np.float32), np.asarray(weight, np.float32)


def local_contrast(image: Image, hole: Flags) -> Image:
    """Mean gradient magnitude around each pixel of (H, W, 3), from known pixels only; (H, W) float32."""
    grey = image.mean(axis=2)
    known = (~hole).astype(np.float32)
    magnitude = np.zeros_like(grey)
    for axis in (0, 1):
        step = np.abs(np.diff(grey, axis=axis))
        both = np.minimum(*(np.take(known, r, axis=axis) for r in _neighbours(grey.shape[axis])))
        pad = [(0, 1), (0, 0)] if axis == 0 else [(0, 0), (0, 1)]
        magnitude += np.pad(step * both, pad)
    weight = cv2.GaussianBlur(known, (0, 0), 2.0)
    blurred = cv2.GaussianBlur(magnitude * known, (0, 0), 2.0) / np.maximum(weight, np.float32(1e-3))
    return np.asarray(blurred, np.float32)


def _neighbours(length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.arange(length - 1), np.arange(1, length)


def _make_scale(features: Image, low: Image | None, hole: Flags, source: Flags, *, level: int, radius: int) -> Scale:
    side = 2 * radius + 1
    square = np.ones((side, side), np.uint8)
    touched = cv2.dilate(hole.astype(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    inside = np.zeros_like(hole)
    inside[radius : hole.shape[0] - radius, radius : hole.shape[1] - radius] = True
    valid = cv2.erode((source & ~hole).astype(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    distance = np.asarray(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    sources = np.argwhere(valid).astype(np.int32)
    return Scale(level, features, low, hole, touched & inside, valid, sources, distance)


def build(
    image: Image, hole: Flags, source: Flags, guide: Image | None, *, guide_cutoff: float, settings: DetailSettings
) -> Iterator[Scale]:
    """All scales, finest first. Stops where the hole is about a patch wide or sources become rare."""
    side = 2 * settings.patch_radius + 1
    contrast = local_contrast(image, hole) * np.float32(settings.contrast_weight)
    features = np.dstack([image, contrast])
    composite = None if guide is None else np.where(hole[..., None], guide, image)
    known = (~hole).astype(np.float32)
    usable = (source | hole).astype(np.float32)
    level = 0
    while True:
        features[hole] = 0
        low = None if composite is None else low_band(composite, guide_cutoff / 2**level)
        scale = _make_scale(features, low, hole, usable > _USABLE_SHARE, level=level, radius=settings.patch_radius)
        if level > 0 and len(scale.sources) < _FEWEST_SOURCES:
            return
        yield scale
        features, known = _halved(features, known)
        usable = np.asarray(cv2.pyrDown(usable), np.float32)
        composite = None if composite is None else np.asarray(cv2.pyrDown(composite), np.float32)
        hole = known < 0.5
        known = np.where(hole, np.float32(0), known)
        if scale.distance.max() <= settings.patch_radius or not hole.any() or min(hole.shape) < side + 2:
            return
        level += 1

"""Colours, light, softness and camera noise, drawn at random: what makes cut-outs belong to their new photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.training.people.cutouts import Rgb

_RAMP = np.arange(256, dtype=np.float32)


def tone_curves(
    gains: NDArray[np.float32], offset: float = 0.0, gamma: float = 1.0, contrast: float = 1.0
) -> NDArray[np.uint8]:
    """A table (1, 256, 3) for cv2.LUT: gains per channel, then gamma, contrast around mid-grey, an offset."""
    values = (_RAMP[:, None] * gains[None]).clip(0, 255) / 255
    values = ((values**gamma) * 255 - 127.5) * contrast + 127.5 + offset
    return values.clip(0, 255).astype(np.uint8)[None]


def jittered(pixels: Rgb, rng: np.random.Generator, strength: float) -> Rgb:
    """Other exposure, white balance and contrast. strength: 0 none, 1 strong."""
    gains = np.exp(rng.normal(0, 0.18 * strength) + rng.normal(0, 0.07 * strength, 3)).astype(np.float32)
    table = tone_curves(
        gains,
        offset=rng.normal(0, 8 * strength),
        gamma=float(np.exp(rng.normal(0, 0.2 * strength))),
        contrast=float(np.exp(rng.normal(0, 0.15 * strength))),
    )
    return np.asarray(cv2.LUT(np.ascontiguousarray(pixels), table), np.uint8)


def matched(pixels: Rgb, inside: NDArray[np.bool_], place: Rgb, rng: np.random.Generator) -> Rgb:
    """The pixels with light and cast moved towards those of the place, by random shares.

    pixels: (H, W, 3); inside: (H, W), which of them count; place: the surroundings, any size.
    """
    own = pixels[inside].reshape(-1, 3).mean(axis=0) + 8.0
    there = place.reshape(-1, 3).mean(axis=0) + 8.0
    brightness = (there.mean() / own.mean()) ** rng.uniform(0, 0.7)
    cast = ((there / there.mean()) / (own / own.mean())) ** rng.uniform(0, 0.5)
    table = tone_curves((brightness * cast).astype(np.float32), contrast=float(rng.uniform(0.75, 1.15)))
    return np.asarray(cv2.LUT(np.ascontiguousarray(pixels), table), np.uint8)


def recoloured(pixels: Rgb, rng: np.random.Generator) -> Rgb:
    """Another hue and saturation, as of other clothes; sometimes grey."""
    hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int16) + int(rng.normal(0, 12))) % 180
    hsv[..., 1] = (hsv[..., 1] * rng.uniform(0.3, 1.5)).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def photographed(pixels: Rgb, rng: np.random.Generator) -> Rgb:
    """As a camera would have it: out of focus, noisy, compressed, now and then grey."""
    blurs, noises, compresses, greys = rng.random(4)
    if blurs < 0.3:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.3, 1.3)), np.uint8)
    if noises < 0.3:
        noise = rng.normal(0, rng.uniform(1, 10), pixels.shape[:2]).astype(np.float32)[..., None]
        pixels = (pixels + noise).clip(0, 255).astype(np.uint8)
    if greys < 0.04:
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        pixels = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    if compresses < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))]
        pixels = np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR), np.uint8)
    return pixels

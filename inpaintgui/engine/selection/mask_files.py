"""Masks of any size and format made to fit a photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inpaintgui.contracts import Mask
from inpaintgui.engine.image_io import load_brightness
from inpaintgui.engine.opencv import cv2

__all__ = ["fit_mask", "read_mask"]


def read_mask(path: Path) -> Mask:
    """Any image as brightness, uint8 (H, W) of its own size. Raises ImageFileError."""
    return np.rint(load_brightness(path)).astype(np.uint8)


def fit_mask(grey: Mask, *, threshold: int, width: int, height: int, invert: bool) -> Mask:
    """255 where the brightness, brought to a photo's size, is at least ``threshold`` (below it if inverted), else 0."""
    if grey.shape != (height, width):
        shrinks = grey.shape[0] * grey.shape[1] > width * height
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        grey = np.asarray(cv2.resize(grey, (width, height), interpolation=method), np.uint8)
    marked = (grey < threshold) if invert else (grey >= threshold)
    return marked.astype(np.uint8) * np.uint8(255)

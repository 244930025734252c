"""Which pixels of a photo were changed."""

from __future__ import annotations

import numpy as np

from inpaintgui.contracts import Mask, Pixels

_BAND = 256


def changed_pixels(before: Pixels, after: Pixels) -> Mask:
    """255 where any channel differs, else 0: uint8 (H, W). before, after: (H, W, C), equal shape and dtype."""
    if before.shape != after.shape or before.dtype != after.dtype:
        raise ValueError(f"not two states of one photo: {before.dtype} {before.shape}, {after.dtype} {after.shape}")
    height, width = before.shape[:2]
    changed: Mask = np.zeros((height, width), np.uint8)
    for top in range(0, height, _BAND):
        rows = slice(top, top + _BAND)
        differs = (before[rows] != after[rows]).any(axis=2)
        changed[rows] = differs.astype(np.uint8) * np.uint8(255)
    return changed

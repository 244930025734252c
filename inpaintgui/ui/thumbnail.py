"""Small pictures of photo pixels, made outside the window's thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from inpaintgui.contracts import Pixels

SIDE = 152
"""Longest side in pixels: enough for a tile on a screen of twice the usual density."""


def thumbnail(pixels: Pixels) -> QImage:
    """A picture of at most SIDE x SIDE. pixels: as in :class:`~inpaintgui.contracts.Photo`; alpha is left out."""
    step = max(1, min(pixels.shape[:2]) // (4 * SIDE))
    part = pixels[::step, ::step]
    if part.dtype == np.uint16:
        part = (part >> 8).astype(np.uint8)
    colours = part[..., :3] if part.shape[2] >= 3 else part[..., :1].repeat(3, axis=2)
    rgb = np.ascontiguousarray(colours, np.uint8)
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    # Tiny patches are not enlarged here: the tile does that. The copy owns its memory.
    return image.scaled(SIDE, SIDE, keep, smooth) if max(width, height) > SIDE else image.copy()

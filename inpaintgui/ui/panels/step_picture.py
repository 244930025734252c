"""A small picture of the place that an undo step changed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from inpaintgui.contracts import Box, Mask
from inpaintgui.ui.layers import MASK_COLOURS
from inpaintgui.ui.pyramid import MaskPyramid, PhotoPyramid, level_box

THUMBNAIL = 36
"""Logical pixels a side; drawn at twice that, for screens that have them."""
_SIDE = 2 * THUMBNAIL
_MARGIN = 0.3


def thumbnail(photo: PhotoPyramid, masks: MaskPyramid, mask: Mask | None, box: Box, colour: str) -> QPixmap:
    """Photo and mask (None: hidden) around an image box, in a square. colour: the mask's, see MASK_COLOURS."""
    whole = Box(0, 0, photo.width, photo.height)
    margin = max(8, round(_MARGIN * max(box.width, box.height)))
    around = box.grow(margin).intersect(whole)
    if around.is_empty:
        around = whole
    longest = max(around.width, around.height)
    level = min(max(0, math.floor(math.log2(max(1.0, longest / _SIDE)))), len(photo.levels) - 1)
    crop = photo.crop(level, level_box(around, level))
    colours: NDArray[Any] = crop.data[..., 2::-1].astype(np.float32)
    if mask is not None:
        tint = masks.crop(mask, level, level_box(around, level)).data[..., None] / np.float32(510)
        colours = colours * (1 - tint) + np.asarray(MASK_COLOURS[colour], np.float32) * tint
    pixels = np.ascontiguousarray(colours, np.uint8)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    scaled = image.scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    picture = QPixmap(_SIDE, _SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.drawImage(QPointF((_SIDE - scaled.width()) / 2, (_SIDE - scaled.height()) / 2), scaled)
    painter.end()
    return picture

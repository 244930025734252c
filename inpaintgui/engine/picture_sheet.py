"""Small pictures side by side, each with a caption."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2

SMALLEST_TILE = 128
"""Smaller pictures are enlarged by a whole number, so that captions fit and eyes see something."""

GAP, CAPTION_HEIGHT = 4, 18
_INK, _PAPER = (40, 40, 40), 255


def picture_sheet(images: NDArray[np.float32], captions: Sequence[str], *, columns: int) -> NDArray[np.uint8]:
    """A sheet, uint8 RGB (H, W, 3), of images (N, R, R, 3) in [0, 1] with a line of ASCII under each.

    The last row may be shorter. columns: at least 1.
    """
    columns = min(columns, len(images))
    side = images.shape[1] * max(1, -(-SMALLEST_TILE // images.shape[1]))
    across, down = side + GAP, side + CAPTION_HEIGHT + GAP
    rows = -(-len(images) // columns)
    sheet = np.full((rows * down + GAP, columns * across + GAP, 3), _PAPER, np.uint8)
    for number, (image, caption) in enumerate(zip(images, captions, strict=True)):
        row, column = divmod(number, columns)
        top, left = row * down + GAP, column * across + GAP
        enlarged = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC).clip(0, 1)
        sheet[top : top + side, left : left + side] = np.rint(enlarged * 255).astype(np.uint8)
        place = (left, top + side + CAPTION_HEIGHT - 5)
        cv2.putText(sheet, caption, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, _INK, 1, cv2.LINE_AA)
    return sheet

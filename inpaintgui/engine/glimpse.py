"""A small picture of a large JPEG, decoded at an eighth of its size: to be looked at while all of it is decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Glimpse
from inpaintgui.engine.image_header import HeaderError, ImageFormat, read_header
from inpaintgui.engine.opencv import cv2

LEAST_MEGAPIXELS = 20
"""Smaller photos are there before a second decoding would pay."""


def glimpse(path: Path) -> Glimpse | None:
    """An eighth of a JPEG's sides, turned as EXIF says; None if it is no large JPEG or cannot be decoded.

    Colours are those of the file, without its profile. Never raises for a bad file: opening it will.
    """
    try:
        data = path.read_bytes()
        header = read_header(data)
    except (OSError, HeaderError):
        return None
    if header.format is not ImageFormat.JPEG or header.width * header.height < LEAST_MEGAPIXELS * 1_000_000:
        return None
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    except cv2.error:
        return None
    if decoded is None:
        return None
    small: NDArray[np.uint8] = np.ascontiguousarray(decoded[..., ::-1], np.uint8)
    sides = (header.width, header.height)
    is_turned = (small.shape[1] > small.shape[0]) != (header.width > header.height)
    return Glimpse(small, *(reversed(sides) if is_turned else sides))

"""The fill's low frequencies are replaced by the guide's, without a step at the rim."""

from __future__ import annotations

import math
from collections.abc import Generator

import cv2
import numpy as np

from inpaintgui.contracts import bounding_box
from inpaintgui.engine.blend import membrane
from inpaintgui.engine.detail.pyramid import Flags, Image, low_band


def transfer_low_band(fill: Image, guide: Image, hole: Flags, wavelength: float) -> Generator[None, None, Image]:
    """Give the fill the guide's band above ``wavelength`` (Burt & Adelson 1983 on splitting an image into bands).

    fill, guide: float32 (H, W, 3). hole: bool (H, W). wavelength: in pixels. Yields between chunks of work; returns
    float32 (H, W, 3), ``fill`` outside the hole. What the correction would be at the rim is interpolated into the
    hole and, fading within half a wavelength, taken off: texture that already continues the context stays with it.
    """
    margin = math.ceil(wavelength)
    whole = bounding_box(np.ones_like(hole))
    rows, columns = bounding_box(hole).grow(margin).intersect(whole).slices
    inner, part = hole[rows, columns], fill[rows, columns]
    wanted = np.where(inner[..., None], guide[rows, columns] - part, np.float32(0))
    yield
    correction = yield from low_band(wanted, wavelength)
    yield
    rim = yield from membrane(correction, inner)
    depth = np.asarray(cv2.distanceTransform(inner.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    yield
    correction = correction - rim * np.exp(-np.square(depth * np.float32(2 / wavelength)))[..., None]
    yield
    result = fill.copy()
    yield
    result[rows, columns][inner] += correction[inner]
    return result

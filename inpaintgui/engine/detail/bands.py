"""The fill's low frequencies are replaced by the guide's, without a step at the rim."""

from __future__ import annotations

from collections.abc import Generator

import cv2
import numpy as np

from inpaintgui.engine.blend import membrane
from inpaintgui.engine.detail.pyramid import Flags, Image, low_band


def transfer_low_band(fill: Image, guide: Image, hole: Flags, wavelength: float) -> Generator[None, None, Image]:
    """Give the fill the guide's band above ``wavelength`` (Burt & Adelson 1983 on splitting an image into bands).

    fill, guide: float32 (H, W, 3). hole: bool (H, W). wavelength: in pixels. Yields between chunks of work; returns
    float32 (H, W, 3), ``fill`` outside the hole. What the correction would be at the rim is interpolated into the
    hole and, fading within half a wavelength, taken off: texture that already continues the context stays with it.
    """
    composite = np.where(hole[..., None], guide - fill, np.float32(0))
    correction = low_band(composite, wavelength)
    yield
    rim = yield from membrane(correction, hole)
    depth = np.asarray(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    fade = np.exp(-np.square(depth * np.float32(2 / wavelength)))[..., None]
    return np.where(hole[..., None], fill + correction - rim * fade, fill)

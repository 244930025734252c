"""The fill's low frequencies are replaced by the guide's, without a step at the rim."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from inpaintgui.engine.blend import membrane
from inpaintgui.engine.detail.pyramid import Flags, Image, low_band


def transfer_low_band(fill: Image, guide: Image, hole: Flags, wavelength: float) -> Generator[None, None, Image]:
    """Give the fill the guide's band above ``wavelength`` (Burt & Adelson 1983 on splitting an image into bands).

    fill, guide: float32 (H, W, 3). hole: bool (H, W). wavelength: in pixels. Yields between chunks of work; returns
    float32 (H, W, 3), ``fill`` outside the hole. What the correction would be at the rim is interpolated into the
    hole and taken off, so that texture which already continues the context is not moved away from it.
    """
    composite = np.where(hole[..., None], guide - fill, np.float32(0))
    correction = low_band(composite, wavelength)
    yield
    rim = yield from membrane(correction, hole)
    return np.where(hole[..., None], fill + correction - rim, fill)

"""A fill's preview, made ready to draw in the worker thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Preview
from inpaintgui.ui.display_colour import ToBgra
from inpaintgui.ui.pyramid import halve, to_bgra

_LEVELS = 5


@dataclass(frozen=True)
class PreviewImage:
    """levels[k]: uint8 BGRA premultiplied, halved k times, transparent outside the hole. box: in image pixels."""

    box: Box
    levels: tuple[NDArray[np.uint8], ...]

    @classmethod
    def of(cls, preview: Preview, convert: ToBgra = to_bgra) -> PreviewImage:
        """From what the engine yields. convert: as of the photo's pyramid."""
        full = convert(preview.pixels)
        full *= preview.hole[..., None]
        levels = [full]
        while len(levels) < _LEVELS and min(levels[-1].shape[:2]) > 64:
            levels.append(halve(levels[-1]))
        return cls(preview.box, tuple(levels))

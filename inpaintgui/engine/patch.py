"""From the fill of a region, floating point RGB, to pixels of the photo's own kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import FilledPatch, FillRequest
from inpaintgui.engine.regions import Region


def finished_patch(region: Region, request: FillRequest, fill: NDArray[np.float32]) -> FilledPatch:
    """The region's box in the photo's own dtype and channels, the hole filled, everything else bit-identical.

    fill: float32 RGB over the region's box, in [0, 1]. Feathered mask values mix the fill with the photo; alpha
    is kept; a grey photo takes the fill's luma.
    """
    before = request.pixels[region.box.slices]
    colours = before.shape[2] - (before.shape[2] in {2, 4})
    if colours == 1:
        fill = (fill @ np.array([0.299, 0.587, 0.114], np.float32))[..., None]
    opacity = request.mask[region.box.slices].astype(np.float32)[..., None] / 255
    largest = np.iinfo(before.dtype).max
    mixed = before[..., :colours] * (1 - opacity) + fill.clip(0, 1) * largest * opacity
    after = before.copy()
    after[..., :colours] = np.where(
        region.hole[..., None], np.rint(mixed).clip(0, largest).astype(before.dtype), before[..., :colours]
    )
    return FilledPatch(region.box, after)

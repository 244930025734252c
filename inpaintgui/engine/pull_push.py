"""A smooth fill from all scales around a hole (Gortler, Grzeszczuk, Szeliski & Cohen 1996, “The Lumigraph”)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def pull_push(pixels: Tensor, known: Tensor) -> Tensor:
    """Fill unknown pixels smoothly from all scales around them.

    pixels: (N, 3, R, R); known: (N, 1, R, R), 1 where pixels are known. Returns (N, 3, R, R), equal to ``pixels``
    where known; the mean of the known pixels, or 0, is what is left far from everything.
    """
    weights = [known]
    sums = [pixels * known]
    while weights[-1].shape[-1] > 1:
        # A pixel of the coarser level is known as soon as a quarter of it is.
        weight, total = F.avg_pool2d(weights[-1], 2), F.avg_pool2d(sums[-1], 2)
        full = (4 * weight).clamp(max=1)
        weights.append(full)
        sums.append(total / weight.clamp(min=1e-6) * full)
    filled = sums[-1]
    for weight, total in zip(weights[-2::-1], sums[-2::-1], strict=True):
        coarse = F.interpolate(filled, scale_factor=2, mode="bilinear", align_corners=False)
        filled = total + (1 - weight) * coarse
    return filled

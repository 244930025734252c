"""What the z-search minimises: how far G(z) is from the known pixels, and how unreal D finds it."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def window_weights(known: Tensor, hole: Tensor, window: int) -> Tensor:
    """W = known · (share of hole pixels in the window around), the importance weights of Yeh et al. 2017, eq. 4.

    known, hole: (1, 1, R, R), 1 where true; pixels beyond the photo are neither. window: odd side of the box.
    Known pixels near the hole count most, hole pixels and pixels farther than half a window not at all.
    """
    return known * F.avg_pool2d(hole, window, stride=1, padding=window // 2, count_include_pad=True)


def contextual_loss(images: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 distance, summed over pixels and channels.

    images: (N, 3, R, R) and target: (1, 3, R, R) in [-1, 1]; weights: (1, 1, R, R). Returns (N,).
    """
    return (weights * (images - target)).abs().sum(dim=(1, 2, 3))


def perceptual_loss(logits: Tensor) -> Tensor:
    """Sigmoid cross entropy of D's logits (N,) against the label “real”: -log sigmoid(logit). Returns (N,)."""
    return F.softplus(-logits)


def gradient_loss(images: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 distance of the gradients (differences to the right and lower neighbour), summed.

    images: (N, 3, R, R), target: (N or 1, 3, R, R) in [-1, 1]; weights: (N or 1, 1, R, R), a difference counts as much
    as the lesser of its two pixels. Returns (N,).
    """
    off = images - target
    total = off.new_zeros(len(off))
    for axis in (2, 3):
        steps = off.diff(dim=axis)
        length = weights.shape[axis] - 1
        both = weights.narrow(axis, 0, length).minimum(weights.narrow(axis, 1, length))
        total = total + (both * steps).abs().sum(dim=(1, 2, 3))
    return total

"""How far completions are from the truth."""

from __future__ import annotations

from torch import Tensor


def mean_per_image(values: Tensor, where: Tensor) -> Tensor:
    """Mean of ``values`` (N, 3, R, R) over the pixels where ``where`` (N, 1, R, R) is 1: (N,)."""
    return (values * where).sum(dim=(1, 2, 3)) / (3 * where.sum(dim=(1, 2, 3))).clamp(min=1)


def reconstruction_loss(
    answer: Tensor, images: Tensor, known: Tensor, *, log_weight: float, known_weight: float
) -> Tensor:
    """Mean over images of: L1 in the hole, log of the squared error there, L1 where pixels are known.

    The logarithm is what PSNR measures: an image whose hole is easy counts as much as one whose hole is hard.
    answer, images: (N, 3, R, R) in [-1, 1]; known: (N, 1, R, R), 1 where known.
    """
    difference = answer - images
    hole = 1 - known
    distance = mean_per_image(difference.abs(), hole)
    squared = mean_per_image(difference.square(), hole)
    kept = mean_per_image(difference.abs(), known)
    return (distance + log_weight * (squared + SQUARED_FLOOR).log() + known_weight * kept).mean()


SQUARED_FLOOR = 1e-3
"""Squared errors below this (36 dB) are as good as none."""

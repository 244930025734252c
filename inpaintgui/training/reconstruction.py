"""How far completions are from the truth."""

from __future__ import annotations

import torch
import torch.nn.functional as F
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


def energy_score(first: Tensor, second: Tensor, images: Tensor, hole: Tensor) -> Tensor:
    """How well two samples of the completion of each context are what the truth is a sample of, mean over images.

    ½(‖a − x‖ + ‖b − x‖) − ½‖a − b‖ (Gneiting & Raftery, “Strictly Proper Scoring Rules”, JASA 2007), which is least in
    the mean where the samples are distributed as the truth: samples that are all alike pay for it, and so do samples
    that differ more than the truth does. Norms are root mean squares over the hole, summed over scales, because the
    coarse ones, light and layout, are what people tell samples apart by.
    first, second, images: (N, 3, R, R) in [-1, 1]; hole: (N, 1, R, R), 1 in the hole.
    """
    score = images.new_zeros(len(images))
    for scale in ENERGY_SCALES:
        towards = _coarse_distance(first, images, hole, scale) + _coarse_distance(second, images, hole, scale)
        score = score + (towards - _coarse_distance(first, second, hole, scale)) / (2 * len(ENERGY_SCALES))
    return score.mean()


def _coarse_distance(a: Tensor, b: Tensor, hole: Tensor, scale: int) -> Tensor:
    """Root mean square of the difference in the hole, averaged over cells of ``scale`` × ``scale`` pixels: (N,)."""
    difference = F.avg_pool2d((a - b) * hole, scale)
    squares = difference.square().sum(dim=(1, 2, 3)) / (3 * F.avg_pool2d(hole, scale).sum(dim=(1, 2, 3))).clamp(min=1)
    return torch.sqrt(squares + SMALLEST_SQUARE)


ENERGY_SCALES = (1, 4, 16)
"""Sides of the cells that samples are compared over."""

SMALLEST_SQUARE = 1e-6
"""Keeps the norm's slope finite where samples are alike."""

SQUARED_FLOOR = 1e-3
"""Squared errors below this (36 dB) are as good as none."""

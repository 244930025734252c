"""Differentiable augmentation (DiffAugment, Zhao, Liu, Lin, Zhu & Han 2020, arXiv:2006.10738).

Real and generated images pass through the same random, differentiable transformations before the discriminator
sees them, so that it cannot memorise a small training set while the generator still learns clean images.
"""

from __future__ import annotations

import torch
from torch import Tensor


def diff_augment(images: Tensor, generator: torch.Generator) -> Tensor:
    """Colour, translation and cutout, drawn per image.

    images: (N, 3, H, W), float, about [-1, 1]. Returns the same shape and range (colour may leave it slightly).
    """
    return _cutout(_translate(_colour(images, generator), generator), generator)


def _uniform(images: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(images.shape[0], 1, 1, 1, device=images.device, generator=generator).to(images.dtype)


def _colour(images: Tensor, generator: torch.Generator) -> Tensor:
    images = images + _uniform(images, generator) - 0.5
    grey = images.mean(dim=1, keepdim=True)
    images = (images - grey) * (2 * _uniform(images, generator)) + grey
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    return (images - mean) * (_uniform(images, generator) + 0.5) + mean


def _translate(images: Tensor, generator: torch.Generator, ratio: float = 0.125) -> Tensor:
    n, _, height, width = images.shape
    span_y, span_x = round(height * ratio), round(width * ratio)
    device = images.device
    shift_y = torch.randint(-span_y, span_y + 1, (n, 1), device=device, generator=generator)
    shift_x = torch.randint(-span_x, span_x + 1, (n, 1), device=device, generator=generator)
    # One ring of zeros around the image: whatever is shifted in from outside reads it.
    padded = torch.nn.functional.pad(images, (1, 1, 1, 1))
    rows = (torch.arange(height, device=device) + shift_y + 1).clamp(0, height + 1)
    columns = (torch.arange(width, device=device) + shift_x + 1).clamp(0, width + 1)
    index = torch.arange(n, device=device)
    return padded.permute(0, 2, 3, 1)[index[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cutout(images: Tensor, generator: torch.Generator, ratio: float = 0.5) -> Tensor:
    n, _, height, width = images.shape
    size_y, size_x = round(height * ratio), round(width * ratio)
    device = images.device
    centre_y = torch.randint(0, height + 1 - size_y % 2, (n, 1, 1), device=device, generator=generator)
    centre_x = torch.randint(0, width + 1 - size_x % 2, (n, 1, 1), device=device, generator=generator)
    y = torch.arange(height, device=device).view(1, -1, 1)
    x = torch.arange(width, device=device).view(1, 1, -1)
    top, left = centre_y - size_y // 2, centre_x - size_x // 2
    inside = (y >= top) & (y < top + size_y) & (x >= left) & (x < left + size_x)
    return images * (~inside).unsqueeze(1).to(images.dtype)

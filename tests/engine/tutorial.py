"""The DCGAN tutorial's networks, tiny: what people bring along."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


def tutorial_generator(latent_size: int, widths: Sequence[int], *, colours: int = 3, bias: bool = False) -> nn.Module:
    """One stage per width, widest first: images of 4 · 2^len(widths) pixels."""
    layers: list[nn.Module] = [nn.ConvTranspose2d(latent_size, widths[0], 4, 1, 0, bias=bias)]
    for wide, narrow in itertools.pairwise(widths):
        layers += [nn.BatchNorm2d(wide), nn.ReLU(), nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=bias)]
    layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(), nn.ConvTranspose2d(widths[-1], colours, 4, 2, 1, bias=bias)]
    return lived_in(nn.Sequential(*layers, nn.Tanh()), torch.randn(16, latent_size, 1, 1))


def tutorial_discriminator(widths: Sequence[int], *, bias: bool = False) -> nn.Module:
    """The mirror image; ``widths`` are the generator's, widest first."""
    narrow_first = widths[::-1]
    layers: list[nn.Module] = [nn.Conv2d(3, narrow_first[0], 4, 2, 1, bias=bias), nn.LeakyReLU(0.2)]
    for narrow, wide in itertools.pairwise(narrow_first):
        layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=bias), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2)]
    layers += [nn.Conv2d(widths[0], 1, 4, 1, 0, bias=bias), nn.Sigmoid()]
    side = 4 << len(widths)
    return lived_in(nn.Sequential(*layers), torch.rand(16, 3, side, side) * 2 - 1)


@torch.no_grad()
def lived_in(network: nn.Module, inputs: Tensor) -> nn.Module:
    """With weights and statistics that are anything but the initial ones, in eval mode."""
    for name, value in network.named_parameters():
        value.mul_(2).add_(torch.randn_like(value), alpha=0.05 if name.endswith("weight") else 0.3)
    for _ in range(3):
        network.train()(inputs)
    return network.eval()


def state_of(network: nn.Module, prefix: str = "main.") -> State:
    return {prefix + name: value for name, value in network.state_dict().items()}

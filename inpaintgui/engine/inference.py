"""Networks made ready for inference: batch norm, a fixed affine map once trained, becomes part of the layer before.

That saves a pass over every feature map, forward and backward; the answers are the same up to rounding.
"""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace
from typing import TypeVar

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from inpaintgui.engine.networks import SMALLEST_MAP, Discriminator, Generator
from inpaintgui.engine.prior import Prior

Network = TypeVar("Network", bound=nn.Module)


def ready(prior: Prior) -> Prior:
    """The prior with folded copies of its networks; to be searched, not to be trained or saved."""
    generator = folded_generator(prior.generator) if isinstance(prior.generator, Generator) else prior.generator
    judge = None if prior.discriminator is None else folded_discriminator(prior.discriminator)
    return replace(prior, generator=generator, discriminator=judge)


@torch.no_grad()
def folded_generator(generator: Generator) -> Generator:
    """A copy of a frozen G without batch norm."""
    copied = copy.deepcopy(generator)
    first = copied.stages[0]
    if not isinstance(first, nn.BatchNorm2d):
        return copied  # folded already
    gain = first.weight * torch.rsqrt(_known(first.running_var) + first.eps)
    shift = first.bias - _known(first.running_mean) * gain
    places = SMALLEST_MAP**2  # the projection writes one channel after the other
    project = nn.Linear(copied.latent_size, copied.project.out_features)
    project.weight.copy_(copied.project.weight * gain.repeat_interleave(places)[:, None])
    project.bias.copy_(shift.repeat_interleave(places))
    copied.project = project
    copied.stages = nn.Sequential(*_folded_pairs(list(copied.stages)[1:]))
    return _frozen(copied)


@torch.no_grad()
def folded_discriminator(discriminator: Discriminator) -> Discriminator:
    """A copy of a frozen D without batch norm."""
    copied = copy.deepcopy(discriminator)
    copied.stages = nn.Sequential(*_folded_pairs(list(copied.stages)))
    return _frozen(copied)


def _known(statistics: torch.Tensor | None) -> torch.Tensor:
    if statistics is None:
        raise ValueError("a batch norm without statistics cannot be folded")
    return statistics


def _folded_pairs(layers: list[nn.Module]) -> list[nn.Module]:
    """The layers with every convolution and the batch norm behind it as one convolution."""
    folded: list[nn.Module] = []
    for layer, following in itertools.pairwise([*layers, nn.Identity()]):
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and isinstance(following, nn.BatchNorm2d):
            folded.append(_folded(layer, following))
        elif not isinstance(layer, nn.BatchNorm2d):
            folded.append(layer)
    return folded


def _folded(conv: nn.Conv2d | nn.ConvTranspose2d, norm: nn.BatchNorm2d) -> nn.Module:
    merged = copy.deepcopy(conv)
    merged.weight, merged.bias = fuse_conv_bn_weights(
        conv.weight,
        conv.bias,
        _known(norm.running_mean),
        _known(norm.running_var),
        norm.eps,
        norm.weight,
        norm.bias,
        transpose=isinstance(conv, nn.ConvTranspose2d),
    )
    return merged


def _frozen(network: Network) -> Network:
    network.requires_grad_(False).eval()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network

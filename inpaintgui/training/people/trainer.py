"""Training of the network that finds people: cross entropy and soft overlap on composites and photos."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.people.network import PeopleNet
from inpaintgui.training.people.composites import PeopleSampler
from inpaintgui.training.trainer import Trainer, adam, average_into, grid, to_channels_last, to_uint8
from inpaintgui.training.workers import ALONE, Workers

SHEET_IMAGES = 12
SMOOTHING = 16.0
"""Pixels by which both sides of the soft overlap are enlarged: so few false ones in an image weigh little."""


@dataclass(frozen=True)
class PeopleConfig:
    """Everything that decides the course of a training run, apart from the data.

    width: of the network. overlap_weight: of the soft overlap beside the cross entropy.
    """

    resolution: int = 192
    width: int = 32
    batch: int = 32
    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    overlap_weight: float = 0.5
    ema_decay: float = 0.999
    bf16: bool = True
    seed: int = 0


@dataclass(frozen=True)
class PeopleBatch:
    """Images (N, 3, R, R) in [-1, 1]; people and weights (N, 1, R/2, R/2), people in [0, 1]. All float32."""

    images: Tensor
    people: Tensor
    weights: Tensor


@dataclass(frozen=True)
class PeopleData:
    """Where batches come from."""

    sampler: PeopleSampler
    batch: int

    def at(self, step: int, *, device: torch.device, workers: Workers = ALONE) -> PeopleBatch:
        """This worker's part of the batch of step ``step``."""
        first = (step * workers.count + workers.rank) * self.batch
        samples = [self.sampler.sample(position) for position in range(first, first + self.batch)]
        pixels = torch.from_numpy(np.stack([sample.pixels for sample in samples])).to(device)
        people = torch.from_numpy(np.stack([sample.people for sample in samples])).to(device)
        weights = torch.from_numpy(np.stack([sample.weights for sample in samples])).to(device)
        return PeopleBatch(
            (pixels.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last),
            F.avg_pool2d(people[:, None].float() / 255, 2),
            F.avg_pool2d(weights[:, None], 2),
        )


def soft_overlap(logits: Tensor, batch: PeopleBatch) -> Tensor:
    """1 - the soft intersection over union (Rahman & Wang 2016) of each image: (N,).

    Where nobody is shown it grows with the sum of what was found, to which the mean cross entropy is all but blind.
    """
    found = logits.sigmoid()
    common = (batch.weights * found * batch.people).sum(dim=(1, 2, 3))
    either = (batch.weights * (found + batch.people - found * batch.people)).sum(dim=(1, 2, 3))
    return 1 - (common + SMOOTHING) / (either + SMOOTHING)


class PeopleTrainer(Trainer[PeopleData]):
    """Holds the network, its moving average and its optimiser."""

    PARTS = ("network", "averaged", "optimiser")
    CONFIG = PeopleConfig

    def __init__(self, config: PeopleConfig, *, device: torch.device, workers: Workers = ALONE) -> None:
        super().__init__(config, device=device, workers=workers)
        self.config = config
        self.network = PeopleNet(width=config.width)
        to_channels_last(self.network, device)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False).eval()
        self.optimiser = adam(self.network, rate=config.learning_rate, betas=(config.betas[0], config.betas[1]))
        self._shared = workers.share(self.network)
        self._last: PeopleBatch | None = None

    @property
    def settings(self) -> PeopleConfig:
        return self.config

    def train_step(self, data: PeopleData) -> Mapping[str, float]:
        """One batch."""
        batch = data.at(self.step, device=self.device, workers=self.workers)
        with self.precision():
            logits = self._shared(batch.images)
        logits = logits.float()
        entropy = F.binary_cross_entropy_with_logits(logits, batch.people, batch.weights)
        overlap = soft_overlap(logits, batch)
        self.optimiser.zero_grad(set_to_none=True)
        (entropy + self.config.overlap_weight * overlap.mean()).backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self._last = batch
        self.done(len(batch.images))
        average_into(self.averaged, self.network, decay=self.config.ema_decay, step=self.step, statistics=True)
        with torch.no_grad():
            hits = ((logits > 0) & (batch.people > 0.5)).sum()
            either = ((logits > 0) | (batch.people > 0.5)).sum()
        losses = {"entropy": entropy.item(), "overlap": overlap.mean().item(), "iou": (hits / (either + 1)).item()}
        return self.workers.mean(losses)

    @torch.no_grad()
    def sheet(self) -> NDArray[np.uint8]:
        """Images of the last batch, what was found in them, and the truth."""
        if self._last is None:
            return np.zeros((8, 8, 3), np.uint8)
        images, people = self._last.images[:SHEET_IMAGES], self._last.people[:SHEET_IMAGES]
        found = self.averaged(images).sigmoid()
        masks = [F.interpolate(m * 2 - 1, scale_factor=2.0).expand(-1, 3, -1, -1) for m in (found, people)]
        return grid(to_uint8(torch.cat([images, *masks])), columns=len(images))

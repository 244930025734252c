"""Training of an encoder E(x·M, M) → z through a frozen generator: the warm start of the z-search.

Real images, random holes: G(E(x·M, M)) must resemble the whole image, the hole as well as what is known around it.
Zhu, Krähenbühl, Shechtman & Efros (iGAN, ECCV 2016) learn the same map for whole images.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.networks import Encoder
from inpaintgui.engine.prior import Prior
from inpaintgui.training.reconstruction import mean_per_image, reconstruction_loss
from inpaintgui.training.trainer import Trainer, TrainingData, adam, average_into, grid, to_channels_last, to_uint8
from inpaintgui.training.workers import ALONE, Workers

MOST_CORRECTIONS = 2
"""Corrections in a training step, at most: the later ones, of which inference makes more, are like the second."""


@dataclass(frozen=True)
class EncoderConfig:
    """Everything that decides the course of a training run, apart from the data and the prior.

    resolution, latent_size, bounded: the prior's. log_weight, known_weight: see reconstruction.py.
    further: the training began with the prior's own encoder.
    """

    resolution: int
    latent_size: int
    bounded: bool = True
    base_width: int = 64
    batch: int = 64
    learning_rate: float = 4e-4
    betas: tuple[float, float] = (0.5, 0.99)
    log_weight: float = 0.1
    known_weight: float = 1.0
    ema_decay: float = 0.999
    bf16: bool = True
    seed: int = 0
    further: bool = False


class EncoderTrainer(Trainer[TrainingData]):
    """Holds E, its moving average and its optimiser; ``prior`` must be set before the first step."""

    PARTS = ("encoder", "averaged", "optimiser")
    CONFIG = EncoderConfig

    prior: Prior

    def __init__(self, config: EncoderConfig, *, device: torch.device, workers: Workers = ALONE) -> None:
        super().__init__(config, device=device, workers=workers)
        self.config = config
        self.encoder = Encoder(
            latent_size=config.latent_size,
            resolution=config.resolution,
            base_width=config.base_width,
            bounded=config.bounded,
        )
        to_channels_last(self.encoder, device)
        self.averaged = copy.deepcopy(self.encoder).requires_grad_(False)
        self.optimiser = adam(self.encoder, rate=config.learning_rate, betas=(config.betas[0], config.betas[1]))
        self._shared = workers.share(self.encoder, in_part=True)
        self._last: tuple[Tensor, Tensor] | None = None

    def begin_with(self, encoder: Encoder) -> None:
        """Go on from ``encoder`` instead of random weights, with a new optimiser."""
        for network in (self.encoder, self.averaged):
            network.load_state_dict(encoder.state_dict())

    @property
    def settings(self) -> EncoderConfig:
        return self.config

    def train_step(self, data: TrainingData) -> Mapping[str, float]:
        """One batch, whose images are (N, 3, R, R) in [-1, 1]."""
        images = data.images(self.step, device=self.device, workers=self.workers)
        known = data.known(self.step, device=self.device, workers=self.workers)
        config = self.config
        corrections = int(torch.randint(MOST_CORRECTIONS + 1, (), generator=self.random))
        generate = self.prior.generator
        with self.precision():
            answer = generate(self._shared(images * known, known, generate, corrections)).float()
        loss = reconstruction_loss(
            answer, images, known, log_weight=config.log_weight, known_weight=config.known_weight
        )
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self._last = (images[:8], known[:8])
        self.done(len(images))
        average_into(self.averaged, self.encoder, decay=config.ema_decay, step=self.step)
        with torch.no_grad():
            difference = (answer - images).abs()
            in_hole, outside = (mean_per_image(difference, part).mean().item() for part in (1 - known, known))
        return self.workers.mean({"loss": loss.item(), "hole": in_hole, "known": outside})

    def prior_with_encoder(self) -> Prior:
        """The prior with the averaged encoder, in eval mode."""
        return replace(self.prior, encoder=copy.deepcopy(self.averaged).eval())

    @torch.no_grad()
    def sheet(self) -> NDArray[np.uint8]:
        """Contexts, G(E(context)) and the truth, of the last batch."""
        if self._last is None:
            return np.zeros((8, 8, 3), np.uint8)
        images, known = self._last
        generate = self.prior.generator
        guesses = generate(self.averaged(images * known, known, generate))
        return grid(to_uint8(torch.cat([images * known - (1 - known), guesses, images])), columns=len(images))

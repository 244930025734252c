"""DCGAN training as the article describes it: sigmoid cross entropy, per batch D once and then G twice.

Additions that a small training set needs: DiffAugment in front of D, and an exponential moving average (EMA) of
G's weights, which is the generator that ships.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from inpaintgui.engine.networks import Discriminator, Generator, recalibrate_batch_norm
from inpaintgui.training.diffaugment import diff_augment
from inpaintgui.training.trainer import (
    Trainer,
    TrainingData,
    adam,
    average_into,
    draw,
    grid,
    to_channels_last,
    to_uint8,
)
from inpaintgui.training.workers import ALONE, Workers

SHEET_COLUMNS, SHEET_ROWS = 12, 6


@dataclass(frozen=True)
class DcganConfig:
    """Everything that decides the course of a training run, apart from the data.

    judge_width: base width of D; 0: that of G. normal_latents: z ~ N(0, 1) in place of U(-1, 1), for generators
    that began so elsewhere.
    """

    resolution: int = 64
    latent_size: int = 100
    base_width: int = 64
    batch: int = 64
    learning_rate: float = 2e-4
    beta1: float = 0.5
    generator_steps: int = 2
    ema_decay: float = 0.999
    augment: bool = True
    bf16: bool = True
    seed: int = 0
    judge_width: int = 0
    normal_latents: bool = False


class DcganTrainer(Trainer[TrainingData]):
    """Holds G, its moving average, D and their optimisers."""

    PARTS = ("generator", "averaged", "discriminator", "optimiser_g", "optimiser_d")
    CONFIG = DcganConfig

    def __init__(self, config: DcganConfig, *, device: torch.device, workers: Workers = ALONE) -> None:
        super().__init__(config, device=device, workers=workers)
        self.config = config
        self.generator = Generator(
            latent_size=config.latent_size, resolution=config.resolution, base_width=config.base_width
        )
        judge_width = config.judge_width or config.base_width
        self.discriminator = Discriminator(resolution=config.resolution, base_width=judge_width)
        for network in (self.generator, self.discriminator):
            to_channels_last(network, device)
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        rates = {"rate": config.learning_rate, "betas": (config.beta1, 0.999)}
        self.optimiser_g = adam(self.generator, **rates)  # type: ignore[arg-type]
        self.optimiser_d = adam(self.discriminator, **rates)  # type: ignore[arg-type]
        self._shared_generator = workers.share(self.generator)
        self._shared_discriminator = workers.share(self.discriminator)

    @property
    def settings(self) -> DcganConfig:
        return self.config

    @property
    def latent_distribution(self) -> str:
        """As a manifest's row has it."""
        return "normal" if self.config.normal_latents else "uniform"

    def _draw(self, count: int) -> Tensor:
        return self.draw_latents(count, self.config.latent_size, self.latent_distribution)

    def train_step(self, data: TrainingData) -> Mapping[str, float]:
        """One batch of D once and G ``generator_steps`` times."""
        return self.train_batch(data.images(self.step, device=self.device, workers=self.workers))

    def _logits(self, judge: nn.Module, images: Tensor) -> Tensor:
        seen = diff_augment(images, self.random) if self.config.augment else images
        logits: Tensor = judge(seen)
        return logits.float()

    def train_batch(self, real: Tensor) -> dict[str, float]:
        """One step of D, then ``generator_steps`` of G, all on the same latents.

        real: (N, 3, resolution, resolution), float in [-1, 1], on the trainer's device.
        """
        latents = self._draw(real.shape[0])
        with self.precision():
            fake = self._shared_generator(latents)
            judge = self._shared_discriminator
            on_real, on_fake = self._logits(judge, real), self._logits(judge, fake.detach())
        err_d_real, err_d_fake = F.softplus(-on_real).mean(), F.softplus(on_fake).mean()
        self.optimiser_d.zero_grad(set_to_none=True)
        (err_d_real + err_d_fake).backward()  # type: ignore[no-untyped-call]
        self.leave_frozen()
        self.optimiser_d.step()

        self.discriminator.requires_grad_(False)
        for turn in range(self.config.generator_steps):
            with self.precision():
                if turn:  # the first turn uses the images that D has just judged: G has not changed since
                    fake = self._shared_generator(latents)
                err_g = F.softplus(-self._logits(self.discriminator, fake)).mean()
            self.optimiser_g.zero_grad(set_to_none=True)
            err_g.backward()  # type: ignore[no-untyped-call]
            self.optimiser_g.step()
        self.discriminator.requires_grad_(True)

        self.done(self.config.batch)
        average_into(self.averaged, self.generator, decay=self.config.ema_decay, step=self.step)
        # How much the generated images differ among each other, as a share of what real ones do.
        diversity = fake.detach().float().std(dim=0).mean() / real.std(dim=0).mean().clamp(min=1e-6)
        losses = {
            "errD_real": err_d_real.item(),
            "errD_fake": err_d_fake.item(),
            "errG": err_g.item(),
            "diversity": diversity.item(),
        }
        return self.workers.mean(losses)

    def shippable_generator(self) -> Generator:
        """A copy of the averaged generator with batch-norm statistics of its own, in eval mode."""
        generator = copy.deepcopy(self.averaged)
        own = torch.Generator(device=self.device).manual_seed(self.config.seed + 1)
        latents = draw(2048, self.config.latent_size, self.latent_distribution, own)
        recalibrate_batch_norm(generator, latents)
        return generator

    def sheet(self) -> NDArray[np.uint8]:
        """Samples of the averaged generator."""
        random = torch.Generator(device=self.device).manual_seed(0)
        latents = draw(SHEET_COLUMNS * SHEET_ROWS, self.config.latent_size, self.latent_distribution, random)
        with torch.no_grad():
            return grid(to_uint8(self.shippable_generator()(latents)), SHEET_COLUMNS)

"""Training of the conditional generator G(z, x·M, M): first to reconstruct, then to be real and diverse.

The first part of a run minimises the reconstruction error alone, which is stable and fast. From
``adversarial_after`` on, every context is completed twice, with two latents, and the loss becomes that of rcGAN
(Bendel, Ahmad & Schniter, “A Regularized Conditional GAN for Posterior Sampling”, NeurIPS 2023): the *mean* of the
two must reconstruct, their distance is rewarded just as much as makes the spread of samples that of the true
posterior, and D (sigmoid cross entropy, on the completed image) judges each. D's features of true and completed
image are matched on the way (Wang et al., pix2pixHD, CVPR 2018). With ``energy`` the two latents come in from the first
step on, and are taught by the energy score instead.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.networks import Discriminator
from inpaintgui.training.diffaugment import diff_augment
from inpaintgui.training.reconstruction import energy_score, mean_per_image, reconstruction_loss
from inpaintgui.training.trainer import Trainer, TrainingData, adam, average_into, grid, to_channels_last, to_uint8
from inpaintgui.training.workers import ALONE, Workers

SPREAD_REWARD = math.sqrt(2 / (math.pi * 2 * 3)) * math.sqrt(math.pi / 4)
"""rcGAN's weight of the standard deviation for two samples, times its L1 estimate from their distance."""

LOSSES = ("reconstruction", "spread", "feature", "errD_real", "errD_fake", "errG")

SAMPLES = 2
"""Completions per context in the adversarial part."""


@dataclass(frozen=True)
class CompletionConfig:
    """Everything that decides the course of a training run, apart from the data.

    batch: images completed per step. adversarial_after: step at which D comes in. log_weight, known_weight,
    adversarial_weight, feature_weight: of the terms beside the L1 distance in the hole. augment: DiffAugment in front
    of D; it hides much of what D has to find, and is for small sets of images only. energy: whether reconstruction is
    the energy score of two samples, see :func:`energy_score`, in both parts of the run: it teaches z to mean something.
    """

    resolution: int = 64
    latent_size: int = 100
    base_width: int = 48
    judge_width: int = 64
    batch: int = 64
    learning_rate: float = 4e-4
    judge_rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.99)
    adversarial_after: int = 10_000
    log_weight: float = 0.1
    known_weight: float = 0.1
    adversarial_weight: float = 0.05
    feature_weight: float = 1.0
    augment: bool = False
    energy: bool = False
    ema_decay: float = 0.999
    bf16: bool = True
    seed: int = 0


class CompletionTrainer(Trainer[TrainingData]):
    """Holds G, its moving average, D and their optimisers."""

    PARTS = ("generator", "averaged", "discriminator", "optimiser_g", "optimiser_d")
    CONFIG = CompletionConfig

    def __init__(self, config: CompletionConfig, *, device: torch.device, workers: Workers = ALONE) -> None:
        super().__init__(config, device=device, workers=workers)
        self.config = config
        self.generator = CompletionGenerator(
            latent_size=config.latent_size, resolution=config.resolution, base_width=config.base_width
        )
        self.discriminator = Discriminator(resolution=config.resolution, base_width=config.judge_width)
        for network in (self.generator, self.discriminator):
            to_channels_last(network, device)
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        betas = (config.betas[0], config.betas[1])
        self.optimiser_g = adam(self.generator, rate=config.learning_rate, betas=betas)
        self.optimiser_d = adam(self.discriminator, rate=config.judge_rate, betas=betas)
        self._shared_generator = workers.share(self.generator)
        self._shared_discriminator = workers.share(self.discriminator)
        self._last: tuple[Tensor, Tensor] | None = None

    @property
    def settings(self) -> CompletionConfig:
        return self.config

    @property
    def latent_distribution(self) -> str:
        """As a manifest's row has it."""
        return "uniform"

    @property
    def adversarial(self) -> bool:
        """Whether D takes part in the current step."""
        return self.step >= self.config.adversarial_after

    def train_step(self, data: TrainingData) -> Mapping[str, float]:
        """One batch, whose images are (N, 3, R, R) in [-1, 1]."""
        images = data.images(self.step, device=self.device, workers=self.workers)
        known = data.known(self.step, device=self.device, workers=self.workers)
        if self.config.energy and not self.step:
            self._let_latent_be_heard(images, known)
        losses = self._adversarial_step(images, known) if self.adversarial else self._reconstruct_step(images, known)
        self._last = (images[:8], known[:8])
        self.done(len(images) // SAMPLES if self.adversarial or self.config.energy else len(images))
        average_into(self.averaged, self.generator, decay=self.config.ema_decay, step=self.step)
        return self.workers.mean(losses)

    def _reconstruct_step(self, images: Tensor, known: Tensor) -> dict[str, float]:
        if self.config.energy:
            return self._energy_step(images, known)
        latents = self.draw_latents(len(images), self.config.latent_size)
        with self.precision():
            answer = self._shared_generator(latents, images * known, known)
        loss = self._reconstruction(answer.float(), images, known)
        self._improve_generator(loss)
        return self._losses(reconstruction=loss)

    def _let_latent_be_heard(self, images: Tensor, known: Tensor) -> None:
        """Make z as loud as the context: a prior that never needed it could not learn to heed it.

        What a prior answers that does not heed z stays as it is.
        """
        times = self.workers.mean({"drowning": self.generator.drowning(images * known, known)})["drowning"]
        for network in (self.generator, self.averaged):
            network.raise_latent(max(1.0, times))

    def _energy_step(self, images: Tensor, known: Tensor) -> dict[str, float]:
        images, known, answer = self._sampled(images, known)
        agreement, spread = self._agreement(answer, images, known)
        self._improve_generator(agreement)
        return self._losses(reconstruction=agreement, spread=spread)

    def _sampled(self, images: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As many of the images as can be completed SAMPLES times in place of all, and these completions."""
        images, known = images[: len(images) // SAMPLES], known[: len(known) // SAMPLES]
        twice, known_twice = images.repeat(SAMPLES, 1, 1, 1), known.repeat(SAMPLES, 1, 1, 1)
        latents = self.draw_latents(len(twice), self.config.latent_size)
        with self.precision():
            answer = self._shared_generator(latents, twice * known_twice, known_twice).float()
        return images, known, answer

    def _agreement(self, answer: Tensor, images: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """What two completions per image lack as samples of what the context leaves open; how far apart they are."""
        first, second = answer.chunk(SAMPLES)
        spread = mean_per_image((first - second).abs(), 1 - known).mean()
        if self.config.energy:
            repeated = mean_per_image((answer - images.repeat(SAMPLES, 1, 1, 1)).abs(), known.repeat(SAMPLES, 1, 1, 1))
            return energy_score(first, second, images, 1 - known) + self.config.known_weight * repeated.mean(), spread
        return self._reconstruction((first + second) / 2, images, known) - SPREAD_REWARD * spread, spread

    def _adversarial_step(self, images: Tensor, known: Tensor) -> dict[str, float]:
        images, known, answer = self._sampled(images, known)
        twice, known_twice = images.repeat(SAMPLES, 1, 1, 1), known.repeat(SAMPLES, 1, 1, 1)
        completed = twice * known_twice + answer * (1 - known_twice)
        judged = self._judge_step(images, completed.detach())

        self.discriminator.requires_grad_(False)
        with self.precision():
            logits, features = self._look(completed)
            with torch.no_grad():
                _, wanted = self._look(twice)
        realism = F.softplus(-logits.float()).mean()
        matched = torch.stack([F.l1_loss(a.float(), b.float()) for a, b in zip(features, wanted, strict=True)]).mean()
        agreement, spread = self._agreement(answer, images, known)
        loss = agreement + self.config.adversarial_weight * realism + self.config.feature_weight * matched
        self._improve_generator(loss)
        self.discriminator.requires_grad_(True)
        return self._losses(reconstruction=agreement, spread=spread, errG=realism, feature=matched, **judged)

    def _judge_step(self, images: Tensor, completed: Tensor) -> dict[str, Tensor]:
        """One step of D, half on true images and half on completed ones."""
        with self.precision():
            on_real = self._shared_discriminator(self._shown(images)).float()
            on_fake = self._shared_discriminator(self._shown(completed[: len(images)])).float()
        err_d_real, err_d_fake = F.softplus(-on_real).mean(), F.softplus(on_fake).mean()
        self.optimiser_d.zero_grad(set_to_none=True)
        (err_d_real + err_d_fake).backward()  # type: ignore[no-untyped-call]
        self.leave_frozen()
        self.optimiser_d.step()
        return {"errD_real": err_d_real, "errD_fake": err_d_fake}

    def _shown(self, images: Tensor) -> Tensor:
        return diff_augment(images, self.random) if self.config.augment else images

    def _look(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """D's logits and its feature maps after every activation but the last."""
        return self.discriminator.look(images)

    def _reconstruction(self, answer: Tensor, images: Tensor, known: Tensor) -> Tensor:
        weights = {"log_weight": self.config.log_weight, "known_weight": self.config.known_weight}
        return reconstruction_loss(answer, images, known, **weights)

    def _improve_generator(self, loss: Tensor) -> None:
        self.optimiser_g.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser_g.step()

    def _losses(self, **losses: Tensor) -> dict[str, float]:
        return {name: losses[name].item() if name in losses else math.nan for name in LOSSES}

    def shippable_generator(self) -> CompletionGenerator:
        """The averaged generator, in eval mode."""
        return copy.deepcopy(self.averaged).eval()

    @torch.no_grad()
    def sheet(self) -> NDArray[np.uint8]:
        """Contexts, three completions each and the truth, of the last batch."""
        if self._last is None:
            return np.zeros((8, 8, 3), np.uint8)
        images, known = self._last
        generator = self.shippable_generator()
        random = torch.Generator(device=self.device).manual_seed(0)
        rows = [images * known - (1 - known)]
        for _ in range(3):
            latents = torch.rand(len(images), self.config.latent_size, device=self.device, generator=random) * 2 - 1
            rows.append(images * known + generator(latents, images * known, known) * (1 - known))
        return grid(to_uint8(torch.cat([*rows, images])), columns=len(images))

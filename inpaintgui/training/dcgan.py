"""DCGAN training as the article describes it: sigmoid cross entropy, per batch D once and then G twice.

Additions that a small training set needs: DiffAugment in front of D, and an exponential moving average (EMA) of
G's weights, which is the generator that ships.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from inpaintgui.engine.networks import Discriminator, Generator, recalibrate_batch_norm
from inpaintgui.errors import TrainingError
from inpaintgui.training.checkpoint import load_checkpoint, save_checkpoint
from inpaintgui.training.datasets import CropSampler
from inpaintgui.training.diffaugment import diff_augment


@dataclass(frozen=True)
class DcganConfig:
    """Everything that decides the course of a training run, apart from the data."""

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


@dataclass(frozen=True)
class TrainingStep:
    """One batch done. Losses are means of the sigmoid cross entropy over the batch."""

    step: int
    err_d_real: float
    err_d_fake: float
    err_g: float


class DcganTrainer:
    """Holds the networks, their optimisers and the random state of one run."""

    def __init__(self, config: DcganConfig, *, device: torch.device) -> None:
        self.config = config
        self.device = device
        self.step = 0
        self.seconds = 0.0
        torch.manual_seed(config.seed)
        size = {"resolution": config.resolution, "base_width": config.base_width}
        self.generator = Generator(latent_size=config.latent_size, **size)
        self.discriminator = Discriminator(**size)
        for network in (self.generator, self.discriminator):
            network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        self.optimiser_g = self._adam(self.generator)
        self.optimiser_d = self._adam(self.discriminator)
        self.random = torch.Generator(device=device).manual_seed(config.seed)

    def _adam(self, network: torch.nn.Module) -> torch.optim.Adam:
        rates = {"lr": self.config.learning_rate, "betas": (self.config.beta1, 0.999)}
        return torch.optim.Adam(network.parameters(), fused=True, **rates)  # type: ignore[arg-type]

    @property
    def images_per_second(self) -> float:
        """Mean throughput over the whole run."""
        return self.step * self.config.batch / max(self.seconds, 1e-9)

    def draw_latents(self, count: int) -> Tensor:
        """Z ~ U(-1, 1), float32 (count, latent_size)."""
        return torch.rand(count, self.config.latent_size, device=self.device, generator=self.random) * 2 - 1

    def _logits(self, images: Tensor) -> Tensor:
        seen = diff_augment(images, self.random) if self.config.augment else images
        logits: Tensor = self.discriminator(seen)
        return logits.float()

    def train_batch(self, real: Tensor) -> TrainingStep:
        """One step of D, then ``generator_steps`` of G, all on the same latents.

        real: (N, 3, resolution, resolution), float in [-1, 1], on the trainer's device.
        """
        latents = self.draw_latents(real.shape[0])
        autocast = torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.bf16)
        with autocast:
            fake = self.generator(latents)
            on_real, on_fake = self._logits(real), self._logits(fake.detach())
        err_d_real, err_d_fake = F.softplus(-on_real).mean(), F.softplus(on_fake).mean()
        self.optimiser_d.zero_grad(set_to_none=True)
        (err_d_real + err_d_fake).backward()  # type: ignore[no-untyped-call]
        self.optimiser_d.step()

        self.discriminator.requires_grad_(False)
        for turn in range(self.config.generator_steps):
            with autocast:
                if turn:  # the first turn uses the images that D has just judged: G has not changed since
                    fake = self.generator(latents)
                err_g = F.softplus(-self._logits(fake)).mean()
            self.optimiser_g.zero_grad(set_to_none=True)
            err_g.backward()  # type: ignore[no-untyped-call]
            self.optimiser_g.step()
        self.discriminator.requires_grad_(True)

        self.step += 1
        self._average_generator()
        return TrainingStep(self.step, err_d_real.item(), err_d_fake.item(), err_g.item())

    @torch.no_grad()
    def _average_generator(self) -> None:
        # A short memory at the start, so that the average does not carry the random initial weights along.
        decay = min(self.config.ema_decay, self.step / (self.step + 10))
        averaged: list[Tensor] = list(self.averaged.parameters())
        current: list[Tensor] = list(self.generator.parameters())
        torch._foreach_lerp_(averaged, current, 1 - decay)

    def run(self, sampler: CropSampler) -> Iterator[TrainingStep]:
        """Train without end; stop by closing the iterator."""
        while True:
            images = torch.from_numpy(sampler.images_at(self.step)).to(self.device)
            real = (images.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
            yield self.train_batch(real)

    def shippable_generator(self) -> Generator:
        """A copy of the averaged generator with batch-norm statistics of its own, in eval mode."""
        generator = copy.deepcopy(self.averaged)
        own = torch.Generator(device=self.device).manual_seed(self.config.seed + 1)
        latents = torch.rand(2048, self.config.latent_size, device=self.device, generator=own) * 2 - 1
        recalibrate_batch_norm(generator, latents)
        return generator

    def save(self, path: Path) -> None:
        """Write a checkpoint from which :meth:`resume` goes on as if nothing had happened."""
        state: dict[str, Any] = {
            "step": self.step,
            "seconds": self.seconds,
            "config": asdict(self.config),
            "generator": self.generator.state_dict(),
            "averaged": self.averaged.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "optimiser_g": self.optimiser_g.state_dict(),
            "optimiser_d": self.optimiser_d.state_dict(),
            "random": self.random.get_state(),
        }
        save_checkpoint(path, state)

    @classmethod
    def resume(cls, path: Path, *, device: torch.device) -> DcganTrainer:
        """Go on from a checkpoint, with the configuration that it was written with."""
        state = load_checkpoint(path, device=device)
        try:
            trainer = cls(DcganConfig(**state["config"]), device=device)
            for part in ("generator", "averaged", "discriminator", "optimiser_g", "optimiser_d"):
                getattr(trainer, part).load_state_dict(state[part])
            trainer.random.set_state(state["random"].cpu())
        except (KeyError, TypeError, RuntimeError) as error:
            raise TrainingError(f"“{path}” does not fit this version of the program: {error}") from error
        trainer.step = state["step"]
        trainer.seconds = state["seconds"]
        return trainer

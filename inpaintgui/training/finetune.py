"""A prior goes on learning from somebody's own photos: same networks, same losses, gentler steps.

With few images the discriminator overfits first; its early layers, which see edges and textures, stay as they are
(Mo, Cho & Shin, “Freeze the Discriminator”, 2020).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import PriorRow
from inpaintgui.training.completion import CompletionConfig, CompletionTrainer
from inpaintgui.training.dcgan import DcganConfig, DcganTrainer
from inpaintgui.training.workers import Workers

SLOWER = 0.5
"""Learning rates, as a share of those of a training from scratch."""

FROZEN_STAGES = 2
"""Convolutions of D that no longer learn."""


def finetune_trainer(
    prior: Prior,
    checkpoint: Path | None,
    common: dict[str, Any],
    wishes: dict[str, Any],
    *,
    device: torch.device,
    workers: Workers,
) -> DcganTrainer | CompletionTrainer:
    """A trainer that starts where ``prior`` ended, or goes on from ``checkpoint``.

    common: batch, seed and bf16 of the configuration. wishes: whatever else of it was chosen.
    """
    row = prior.row
    sizes: dict[str, Any] = {
        "resolution": row.resolution,
        "latent_size": row.latent_size,
        "base_width": row.base_width,
        **common,
    }
    completes = isinstance(prior.generator, CompletionGenerator)
    if checkpoint:
        kind = CompletionTrainer if completes else DcganTrainer
        return _frozen(kind.resume(checkpoint, device=device, workers=workers, **wishes), prior)
    trainer: DcganTrainer | CompletionTrainer
    if completes:
        trainer = CompletionTrainer(_completion_config(row, sizes, wishes), device=device, workers=workers)
    else:
        trainer = DcganTrainer(_dcgan_config(row, sizes, wishes), device=device, workers=workers)
    for network in (trainer.generator, trainer.averaged):
        network.load_state_dict(prior.generator.state_dict())
    if prior.discriminator is not None:
        trainer.discriminator.load_state_dict(prior.discriminator.state_dict())
    return _frozen(trainer, prior)


def _completion_config(row: PriorRow, sizes: dict[str, Any], wishes: dict[str, Any]) -> CompletionConfig:
    gentle: dict[str, Any] = {
        "adversarial_after": 0,
        "augment": True,
        "learning_rate": CompletionConfig.learning_rate * SLOWER,
    }
    return CompletionConfig(**sizes, judge_width=row.judge_width or row.base_width, **{**gentle, **wishes})


def _dcgan_config(row: PriorRow, sizes: dict[str, Any], wishes: dict[str, Any]) -> DcganConfig:
    return DcganConfig(
        **sizes,
        judge_width=row.judge_width,
        normal_latents=row.latent_distribution == "normal",
        **{"learning_rate": DcganConfig.learning_rate * SLOWER, **wishes},
    )


def _frozen(trainer: DcganTrainer | CompletionTrainer, prior: Prior) -> DcganTrainer | CompletionTrainer:
    """Freeze D's early layers, unless D starts from nothing."""
    if prior.discriminator is not None:
        convolutions = [m for m in trainer.discriminator.stages if isinstance(m, nn.Conv2d)]
        trainer.frozen = [p for m in convolutions[:FROZEN_STAGES] for p in m.parameters()]
    return trainer

"""A training's outcome as it ships: weights, manifest row, card record, model card, sample sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from inpaintgui.engine.presets import preset_called
from inpaintgui.engine.prior_rows import PriorRow, write_manifest_row
from inpaintgui.engine.priors import find_prior, load_prior, save_prior
from inpaintgui.training.card_record import CardRecord, TrainingRecord, this_machine
from inpaintgui.training.completion import CompletionTrainer
from inpaintgui.training.datasets import mean_square
from inpaintgui.training.dcgan import DcganTrainer
from inpaintgui.training.encoder import EncoderTrainer
from inpaintgui.training.error_patterns import measure_errors
from inpaintgui.training.fit import measure_fit
from inpaintgui.training.loss_log import read_losses
from inpaintgui.training.model_card import write_card
from inpaintgui.training.run import RunOptions, write_sheet
from inpaintgui.training.trainer import Trainer, TrainingData

FIT_IMAGES = 64
"""Held-out images on which an exported prior is measured."""


@dataclass(frozen=True)
class CardTexts:
    """What only a person can say about a prior; see :class:`PriorRow`. None: the prior's own resolution.

    finetuned: name or file of the prior that the training began with, whose record it continues.
    """

    name: str
    title: str
    subject: str
    data: str
    licence: str
    limits: str = ""
    guide_resolution: int | None = None
    answer: str = "best"
    finetuned: str | None = None


def export_generator(
    trainer: DcganTrainer | CompletionTrainer, data: TrainingData, options: RunOptions, texts: CardTexts
) -> PriorRow:
    """Write a freshly trained generator with its discriminator; returns the manifest's row."""
    config = trainer.config
    generator = trainer.shippable_generator()
    row = PriorRow(
        name=texts.name,
        title=texts.title,
        subject=texts.subject,
        architecture="dcgan" if isinstance(trainer, DcganTrainer) else "completion",
        resolution=config.resolution,
        guide_resolution=texts.guide_resolution or config.resolution,
        base_width=config.base_width,
        latent_size=config.latent_size,
        latent_distribution=trainer.latent_distribution,
        file=options.out.name,
        sha256="",
        licence=texts.licence,
        data=texts.data,
        metrics=counts(trainer),
        judge_width=trainer.discriminator.base_width,
        answer=texts.answer,
    )
    mean = mean_image(data, config.resolution)
    row = save_prior(options.out, row, generator, trainer.discriminator, mean_image=mean)
    name, before = "generator and discriminator", CardRecord()
    if texts.finetuned is not None:
        source, former = find_prior(texts.finetuned)
        name, before = f"fine-tuning of “{former.name}”", CardRecord.read(source)
    part = training_record(trainer, options, part=name, images=len(data.crops.indices))
    record = CardRecord(limits=texts.limits, trainings=before.trainings).with_training(part)
    return _finish(trainer, data, options, row, record)


def export_encoder(trainer: EncoderTrainer, data: TrainingData, options: RunOptions) -> PriorRow:
    """Write the prior again, with its encoder and what it gets wrong with it."""
    prior = trainer.prior_with_encoder()
    errors = measure_errors(prior, data)
    row = replace(prior.row, metrics={**prior.row.metrics, **{f"encoder_{k}": v for k, v in counts(trainer).items()}})
    row = save_prior(
        options.out,
        row,
        prior.generator,
        prior.discriminator,
        encoder=prior.encoder,
        mean_image=prior.mean_image,
        errors=errors,
    )
    # Figures that were measured without the encoder are no longer this prior's.
    record = replace(CardRecord.read(options.out), evaluations=())
    name = "encoder, further training" if trainer.config.further else "encoder"
    part = training_record(trainer, options, part=name, images=len(data.crops.indices))
    return _finish(trainer, data, options, row, record.with_training(part))


def counts(trainer: Trainer[Any]) -> Mapping[str, float | int | str]:
    """How much a training did, as a manifest's row has it."""
    minutes = round(trainer.seconds / 60, 1)
    return {"steps": trainer.step, "images_seen": trainer.images_seen, "training_minutes": minutes}


def mean_image(data: TrainingData, resolution: int) -> Tensor:
    """Mean of the training images' centred squares: float32 (3, R, R) in [-1, 1]."""
    mean = mean_square(data.crops.images, data.crops.indices, resolution)
    return torch.from_numpy(mean).permute(2, 0, 1) / 127.5 - 1


def training_record(trainer: Trainer[Any], options: RunOptions, *, part: str, images: int) -> TrainingRecord:
    """What a card says about a training. images: how many different ones there were."""
    losses = read_losses(options.losses)
    return TrainingRecord(
        part=part,
        commands=tuple(trainer.commands),
        images=images,
        steps=trainer.step,
        images_seen=trainer.images_seen,
        minutes=round(trainer.seconds / 60, 1),
        machine=this_machine(trainer.device),
        losses=losses.names,
        tenths=tuple(tuple(None if math.isnan(v) else round(v, 4) for v in line) for line in losses.tenths()),
    )


def _finish(
    trainer: Trainer[TrainingData], data: TrainingData, options: RunOptions, row: PriorRow, record: CardRecord
) -> PriorRow:
    """Measure the fit, write everything that stands beside the weights."""
    prior = load_prior(options.out, row, device=trainer.device)
    fit = measure_fit(prior, preset_called("normal"), data.crops.images, limit=FIT_IMAGES)
    row = replace(row, metrics={**row.metrics, **fit})
    if isinstance(trainer, DcganTrainer):  # other sheets show training images, which may not be given away
        write_sheet(options.out.with_suffix(".jpg"), trainer.sheet())
    record.write(options.out)
    write_manifest_row(options.out.parent, row)
    write_card(options.out.parent, row, record)
    return row

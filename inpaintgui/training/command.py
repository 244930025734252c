"""``inpaintgui train``: trains priors from folders and zips of images."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from inpaintgui import paths
from inpaintgui.engine.completion import WIDEST_MAP, CompletionGenerator
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.networks import stage_widths
from inpaintgui.engine.priors import open_prior
from inpaintgui.errors import BadInputError
from inpaintgui.staged_file import replace_file
from inpaintgui.training.alarms import Alarms
from inpaintgui.training.completion import CompletionConfig, CompletionTrainer
from inpaintgui.training.datasets import CropSampler, ImageSet, load_images
from inpaintgui.training.dcgan import DcganConfig, DcganTrainer
from inpaintgui.training.encoder import EncoderConfig, EncoderTrainer
from inpaintgui.training.export import CardTexts, export_encoder, export_generator
from inpaintgui.training.finetune import finetune_trainer
from inpaintgui.training.holes import FACE_HOLES, SCENE_HOLES, HoleSampler, load_silhouettes
from inpaintgui.training.people.export import export_people
from inpaintgui.training.people.start import people_data, people_trainer
from inpaintgui.training.run import RunOptions, train
from inpaintgui.training.trainer import Data, Trainer, TrainingData
from inpaintgui.training.workers import Workers, workers_from_environment

PEOPLE = "people"


def run(arguments: argparse.Namespace) -> int:
    """Train, export, and say where the files are. Returns the exit code."""
    options = _options(arguments)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    device = resolve_device(arguments.device)
    with workers_from_environment(device) as workers:
        if arguments.kind == PEOPLE:
            _train_people(arguments, options, device, workers)
        else:
            _train_prior(arguments, options, device, workers)
    return 0


def _train_prior(arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers) -> None:
    trainer = TRAINERS[arguments.kind](arguments, options, device, workers)
    data = _data(arguments, trainer, workers)
    _list_skipped(data.crops.images.skipped, options, workers)
    _run_to_end(trainer, data, options, arguments)
    if workers.leads:
        _export(trainer, data, options, arguments)


def _train_people(arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers) -> None:
    checkpoint = options.checkpoint if _resumed(arguments, options) else None
    changes = _rate(arguments) | ({} if arguments.resolution is None else {"resolution": arguments.resolution})
    common = {"batch": arguments.batch, "seed": arguments.seed, "bf16": not arguments.float32}
    trainer = people_trainer(checkpoint, common, changes, device=device, workers=workers)
    data = people_data(arguments.data, arguments.scenes, trainer.config, workers)
    _list_skipped((*data.sampler.pairs.images.skipped, *data.sampler.scenes.skipped), options, workers)
    _run_to_end(trainer, data, options, arguments)
    if workers.leads:
        names = ", ".join(path.name for path in (*arguments.data, *arguments.scenes))
        row = export_people(
            trainer,
            data,
            options,
            data_note=arguments.data_note or names,
            licence=arguments.licence,
            limits=arguments.limits,
        )
        print(f"{options.out}: “{row.name}”, {trainer.images_seen} images seen", file=sys.stderr)


def _run_to_end(trainer: Trainer[Data], data: Data, options: RunOptions, arguments: argparse.Namespace) -> None:
    trainer.note_command(shlex.join(["inpaintgui", "train", *arguments.typed]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    batches = train(trainer, data, options)
    alarms = Alarms()
    total = (options.minutes or 0) * 60 or options.steps
    layout = "{percentage:3.0f}%|{bar:20}| {elapsed} {postfix}"
    with tqdm(total=total, bar_format=layout, file=sys.stderr, disable=not trainer.workers.leads) as bar:
        try:
            for losses in batches:
                bar.n = min(total or 0, round(trainer.seconds) if options.minutes else trainer.step)
                shown = " ".join(f"{name} {value:.3f}" for name, value in losses.items() if not math.isnan(value))
                bar.set_postfix_str(
                    f"left {_time_left(trainer, options)} {shown} {trainer.images_per_second:.0f} img/s"
                )
                for sentence in alarms.look_at(losses):
                    bar.write(f"warning, step {trainer.step}: {sentence}", file=sys.stderr)
        except KeyboardInterrupt:
            print("stopped; what was learnt so far is exported, --resume goes on", file=sys.stderr)
        finally:
            batches.close()


def _time_left(trainer: Trainer[Any], options: RunOptions) -> timedelta:
    left = []
    if options.minutes is not None:
        left.append(options.minutes * 60 - trainer.seconds)
    if options.steps is not None:
        left.append((options.steps - trainer.step) * trainer.seconds / max(1, trainer.step))
    return timedelta(seconds=max(0, round(min(left))))


def _export(
    trainer: Trainer[TrainingData], data: TrainingData, options: RunOptions, arguments: argparse.Namespace
) -> None:
    if isinstance(trainer, EncoderTrainer):
        row = export_encoder(trainer, data, options)
    elif isinstance(trainer, DcganTrainer | CompletionTrainer):
        texts = CardTexts(
            name=arguments.name or options.out.stem,
            title=arguments.title or f"Own {arguments.subject}",
            subject=arguments.subject,
            data=arguments.data_note or ", ".join(path.name for path in arguments.data),
            licence=arguments.licence,
            limits=arguments.limits,
            guide_resolution=arguments.guide_resolution,
            answer=arguments.answer,
            finetuned=getattr(arguments, "from_", None),
        )
        row = export_generator(trainer, data, options, texts)
    print(f"{options.out}: “{row.name}”, {trainer.images_seen} images seen", file=sys.stderr)


def _options(arguments: argparse.Namespace) -> RunOptions:
    if arguments.minutes is None and arguments.steps is None:
        raise BadInputError("Say how long to train: --minutes or --steps.")
    if arguments.out.suffix != ".safetensors":
        raise BadInputError("The weights file must be called NAME.safetensors.")
    if not 0 < getattr(arguments, "crop_scale", 1) <= 1:
        raise BadInputError("--crop-scale must lie above 0 and not above 1.")
    if arguments.batch < 2:
        raise BadInputError("--batch must be at least 2: batch norm needs company.")
    return RunOptions(
        out=arguments.out,
        work=arguments.work,
        minutes=arguments.minutes,
        steps=arguments.steps,
        checkpoint_every=arguments.checkpoint_minutes * 60,
        tensorboard=arguments.tensorboard,
        label="encoder" if arguments.kind == "encoder" else "",
    )


def _data(arguments: argparse.Namespace, trainer: Trainer[TrainingData], workers: Workers) -> TrainingData:
    settings = trainer.settings
    images = _images(arguments.data, 2 * settings.resolution, workers)
    crops = CropSampler(
        images=images,
        indices=images.split(held_out=False),
        resolution=settings.resolution,
        batch=settings.batch,
        seed=settings.seed,
        smallest_scale=arguments.crop_scale,
    )
    if isinstance(trainer, DcganTrainer):
        return TrainingData(crops)
    mixture = FACE_HOLES if arguments.subject == "faces" else SCENE_HOLES
    silhouettes = load_silhouettes(arguments.silhouettes) if arguments.silhouettes else ()
    return TrainingData(crops, HoleSampler(settings.resolution, mixture, settings.seed, silhouettes))


def _images(sources: list[Path], short_side: int, workers: Workers) -> ImageSet:
    """The data; of several workers the leader decodes it for all."""
    folder = paths.cache_dir() / "training"
    if workers.leads:
        images = load_images(sources, folder, short_side=short_side)
    workers.wait()
    return images if workers.leads else load_images(sources, folder, short_side=short_side)


def _list_skipped(names: tuple[str, ...], options: RunOptions, workers: Workers) -> None:
    if names and workers.leads:
        options.work.mkdir(parents=True, exist_ok=True)
        replace_file(options.skipped, "".join(f"{name}\n" for name in names).encode())
        print(f"skipped {len(names)} files that are no images, listed in {options.skipped}", file=sys.stderr)


def _resumed(arguments: argparse.Namespace, options: RunOptions) -> bool:
    return bool(arguments.resume and options.checkpoint.exists())


def _dcgan(arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers) -> DcganTrainer:
    if _resumed(arguments, options):
        return DcganTrainer.resume(options.checkpoint, device=device, workers=workers, **_rate(arguments))
    _check_resolution(arguments, lambda resolution: stage_widths(resolution, 1))
    config = DcganConfig(augment=not arguments.no_augment, **_common(arguments), **_rate(arguments))
    return DcganTrainer(config, device=device, workers=workers)


def _completion(
    arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers
) -> CompletionTrainer:
    chosen = _completion_wishes(arguments)
    if _resumed(arguments, options):
        return CompletionTrainer.resume(options.checkpoint, device=device, workers=workers, **chosen)
    if arguments.resolution % WIDEST_MAP:
        raise BadInputError(f"--resolution must be a multiple of {WIDEST_MAP} for this kind of prior.")
    _check_resolution(arguments, lambda resolution: stage_widths(resolution, 1))
    return CompletionTrainer(CompletionConfig(**_common(arguments), **chosen), device=device, workers=workers)


def _completion_wishes(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the user chose of a completion's training, by the configuration's names."""
    names = ("adversarial_after", "adversarial_weight", "feature_weight", "energy")
    wishes = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in wishes.items() if value is not None} | _rate(arguments)


def _encoder(
    arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers
) -> EncoderTrainer:
    prior = open_prior(arguments.from_, device=device, as_trained=True)
    if prior.row.architecture != "dcgan":
        raise BadInputError("An encoder needs a prior of the kind “dcgan”: a completion network looks itself.")
    arguments.subject = prior.row.subject
    chosen = _rate(arguments)
    if arguments.known_weight is not None:
        chosen["known_weight"] = arguments.known_weight
    if _resumed(arguments, options):
        trainer = EncoderTrainer.resume(options.checkpoint, device=device, workers=workers, **chosen)
    else:
        config = EncoderConfig(
            resolution=prior.resolution,
            latent_size=prior.row.latent_size,
            bounded=prior.row.latent_distribution == "uniform",
            base_width=prior.row.judge_width or prior.row.base_width,
            batch=arguments.batch,
            bf16=not arguments.float32,
            seed=arguments.seed,
            further=arguments.further,
            **chosen,
        )
        trainer = EncoderTrainer(config, device=device, workers=workers)
        if arguments.further:
            if prior.encoder is None:
                raise BadInputError(f"“{prior.row.name}” has no encoder that --further could go on from.")
            trainer.begin_with(prior.encoder)
    trainer.prior = prior
    return trainer


def _finetune(
    arguments: argparse.Namespace, options: RunOptions, device: torch.device, workers: Workers
) -> DcganTrainer | CompletionTrainer:
    prior = open_prior(arguments.from_, device=device, as_trained=True)
    arguments.subject = prior.row.subject
    arguments.answer = prior.row.answer
    arguments.guide_resolution = prior.row.guide_resolution
    checkpoint = options.checkpoint if _resumed(arguments, options) else None
    common = {"batch": arguments.batch, "seed": arguments.seed, "bf16": not arguments.float32}
    wishes = _completion_wishes(arguments)
    if not isinstance(prior.generator, CompletionGenerator) and wishes.keys() - {"learning_rate"}:
        raise BadInputError("--adversarial-…, --feature-weight and --energy are for completion priors only.")
    return finetune_trainer(prior, checkpoint, common, wishes, device=device, workers=workers)


TRAINERS: dict[str, Callable[[argparse.Namespace, RunOptions, torch.device, Workers], Trainer[TrainingData]]] = {
    "dcgan": _dcgan,
    "completion": _completion,
    "encoder": _encoder,
    "finetune": _finetune,
}


def _common(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "resolution": arguments.resolution,
        "batch": arguments.batch,
        "bf16": not arguments.float32,
        "seed": arguments.seed,
    }


def _rate(arguments: argparse.Namespace) -> dict[str, Any]:
    """The learning rate, if the user chose one; of a resumed run it is the rate from now on."""
    return {} if arguments.learning_rate is None else {"learning_rate": arguments.learning_rate}


def _check_resolution(arguments: argparse.Namespace, check: Callable[[int], object]) -> None:
    try:
        check(arguments.resolution)
    except ValueError as error:
        raise BadInputError(f"--resolution: {error}.") from error
    if arguments.guide_resolution is not None and not 1 <= arguments.guide_resolution <= arguments.resolution:
        raise BadInputError("--guide-resolution must lie between 1 and --resolution.")

"""The data and the trainer of a training run that teaches finding people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from inpaintgui import paths
from inpaintgui.engine.people.network import STRIDE
from inpaintgui.errors import BadInputError
from inpaintgui.training.datasets import load_images
from inpaintgui.training.people.composites import PeopleSampler
from inpaintgui.training.people.cutouts import SHORT_SIDE, load_pairs
from inpaintgui.training.people.trainer import PeopleConfig, PeopleData, PeopleTrainer
from inpaintgui.training.workers import ALONE, Workers


def people_trainer(
    checkpoint: Path | None,
    common: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    device: torch.device,
    workers: Workers,
) -> PeopleTrainer:
    """A trainer that begins, or goes on from the checkpoint with ``changes`` of its configuration.

    Raises BadInputError for a resolution that the network cannot have.
    """
    resolution = changes.get("resolution", STRIDE)
    if resolution < STRIDE or resolution % STRIDE:
        raise BadInputError(f"--resolution must be a multiple of {STRIDE}.")
    if checkpoint is not None:
        return PeopleTrainer.resume(checkpoint, device=device, workers=workers, **changes)
    return PeopleTrainer(PeopleConfig(**{**common, **changes}), device=device, workers=workers)


def people_sampler(
    pairs: Sequence[Path],
    scenes: Sequence[Path],
    *,
    resolution: int,
    seed: int,
    held_out: bool,
    heights: tuple[float, float] | None = None,
) -> PeopleSampler:
    """Training images, or images of what was held out, from zips or folders.

    heights: composites alone, of people of these heights, without decoys.
    """
    folder = paths.cache_dir() / "training"
    people = load_pairs(pairs, folder)
    backgrounds = load_images(scenes, folder, short_side=SHORT_SIDE)
    chosen, places = people.split(held_out=held_out), backgrounds.split(held_out=held_out)
    if not len(chosen) or not len(places):
        raise BadInputError("There are too few images: one in twenty is held out, and neither part may be empty.")
    sampler = PeopleSampler(people, chosen, backgrounds, places, resolution, seed)
    return (
        sampler if heights is None else replace(sampler, heights=heights, composites=1.0, originals=0.0, decoys=False)
    )


def people_data(
    pairs: Sequence[Path], scenes: Sequence[Path], config: PeopleConfig, workers: Workers = ALONE
) -> PeopleData:
    """The batches of a training; of several workers the leader decodes the images for all."""

    def sampler() -> PeopleSampler:
        return people_sampler(pairs, scenes, resolution=config.resolution, seed=config.seed, held_out=False)

    if not workers.leads:
        workers.wait()
        return PeopleData(sampler(), config.batch)
    data = PeopleData(sampler(), config.batch)
    workers.wait()
    return data

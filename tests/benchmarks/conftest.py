"""Methods that need no search, and images for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui.benchmarks.search_methods import Attempt, Hole, Method, Rgb, Task
from inpaintgui.engine.networks import Encoder
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import read_manifest, write_manifest_row
from inpaintgui.engine.priors import load_prior, save_prior
from tests.engine.conftest import BASE_WIDTH, LATENT_SIZE, RESOLUTION, write_tiny_prior

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny DCGAN with an encoder, called faces-64 as the command's default is, and one without."""
    folder = tmp_path_factory.mktemp("encoder")
    row = write_tiny_prior(folder, "plain-tiny", "faces")
    prior = load_prior(folder / row.file, row, device=CPU)
    encoder = Encoder(latent_size=LATENT_SIZE, resolution=RESOLUTION, base_width=BASE_WIDTH)
    row = save_prior(
        folder / "faces-64.safetensors",
        replace(row, name="faces-64"),
        prior.generator,
        prior.discriminator,
        encoder=encoder,
    )
    write_manifest_row(folder, row)
    return folder


def load(folder: Path, name: str) -> Prior:
    row = next(row for row in read_manifest(folder) if row.name == name)
    return load_prior(folder / row.file, row, device=CPU)


@pytest.fixture(scope="session")
def guided(encoder_folder: Path) -> Prior:
    """With an encoder."""
    return load(encoder_folder, "faces-64")


@pytest.fixture(scope="session")
def plain(encoder_folder: Path) -> Prior:
    """Without one."""
    return load(encoder_folder, "plain-tiny")


@dataclass(frozen=True)
class FakeMethod:
    """Answers with one grey level; its context error and PSNR follow from it."""

    level: Callable[[int], float]
    usable: bool = True
    groups: bool = False

    def can_use(self, _prior: Prior) -> bool:
        return self.usable

    def attempt(self, _prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        assert not shown[hole].any(), "the hole's pixels were told"
        whole = np.full(shown.shape, self.level(seed), np.float32)
        filled = np.where(hole[..., None], np.rint(whole * 255).astype(np.uint8), shown)
        return Attempt(whole, filled, shown, seconds=2.0)

    def attempt_together(self, prior: Prior, tasks: Sequence[Task]) -> list[Attempt]:
        assert len(tasks) > 1
        return [replace(self.attempt(prior, t.shown, t.hole, seed=t.seed), seconds=math.nan) for t in tasks]

    def shortest(self) -> Method:
        return self

"""A library of tiny priors with random weights: the whole engine runs on it in milliseconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inpaintgui.contracts import FillRequest, FillResult, FillStep
from inpaintgui.engine.fill import fill
from inpaintgui.engine.networks import Discriminator, Generator
from inpaintgui.engine.prior_rows import PriorRow, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary, save_prior

RESOLUTION, LATENT_SIZE, BASE_WIDTH = 16, 8, 4


def tiny_row(name: str, subject: str, **metrics: float) -> PriorRow:
    return PriorRow(
        name=name,
        title=name,
        subject=subject,
        architecture="dcgan",
        resolution=RESOLUTION,
        guide_resolution=RESOLUTION,
        base_width=BASE_WIDTH,
        latent_size=LATENT_SIZE,
        latent_distribution="uniform",
        file="",
        sha256="",
        licence="CC0",
        data="none",
        metrics=metrics,
    )


def write_tiny_prior(folder: Path, name: str, subject: str, **metrics: float) -> PriorRow:
    folder.mkdir(exist_ok=True)
    torch.manual_seed(len(name))
    generator = Generator(latent_size=LATENT_SIZE, resolution=RESOLUTION, base_width=BASE_WIDTH)
    discriminator = Discriminator(resolution=RESOLUTION, base_width=BASE_WIDTH)
    for parameter in generator.parameters():
        parameter.data *= 20  # the initial weights make grey images: these make colourful ones
    row = tiny_row(name, subject, **metrics)
    row = save_prior(folder / f"{name}.safetensors", row, generator, discriminator)
    write_manifest_row(folder, row)
    return row


def write_tiny_priors(folder: Path) -> Path:
    """One for faces and one for scenes; returns the folder."""
    for subject in ("faces", "scenes"):
        write_tiny_prior(folder, f"{subject}-tiny", subject)
    return folder


def write_tiny_home(home: Path) -> Path:
    """A folder of the user's own with tiny priors, for INPAINTGUI_HOME; returns it."""
    (home / "data").mkdir(parents=True)
    write_tiny_priors(home / "data" / "weights")
    return home


def write_small_mask(path: Path) -> None:
    """For a photo of 48 × 40 pixels: a hole of 14 × 12."""
    flags = np.zeros((40, 48), np.uint8)
    flags[10:22, 12:26] = 255
    Image.fromarray(flags).save(path)


def run(request: FillRequest, library: PriorLibrary) -> tuple[list[FillStep], FillResult]:
    """A fill from beginning to end: its steps and its result."""
    steps = []
    job = fill(request, library=library)
    while True:
        try:
            steps.append(next(job))
        except StopIteration as end:
            return steps, end.value


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_tiny_prior(folder, "faces-tiny", "faces")
    write_tiny_prior(folder, "scenes-tiny", "scenes")
    return folder


@pytest.fixture
def library(weights_folder: Path) -> PriorLibrary:
    return PriorLibrary((weights_folder,))

"""Tiny priors of both kinds, and images that are as small."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import read_manifest, write_manifest_row
from inpaintgui.engine.priors import load_prior, save_prior
from inpaintgui.training.evaluation.images import Squares
from tests.engine.conftest import tiny_row, write_tiny_prior

CPU = torch.device("cpu")


def pictures(count: int, side: int, seed: int = 0) -> np.ndarray:
    """Smooth random pictures, uint8 (count, side, side, 3)."""
    small = np.random.default_rng(seed).integers(0, 255, (count, 4, 4, 3)).astype(np.uint8)
    return np.stack([cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC) for picture in small])


def squares(count: int, side: int, seed: int = 0) -> Squares:
    return Squares(pictures(count, side, seed), tuple(f"{k}.png" for k in range(count)), "drawn")


def write_completion_prior(folder: Path, name: str) -> None:
    torch.manual_seed(3)
    generator = CompletionGenerator(latent_size=8, resolution=32, base_width=4)
    torch.nn.init.normal_(generator.paint.weight, 0, 0.1)  # untrained, its answer is the smooth fill alone
    row = dataclasses.replace(tiny_row(name, "faces"), architecture="completion", resolution=32)
    write_manifest_row(folder, save_prior(folder / f"{name}.safetensors", row, generator, None))


def load(folder: Path, name: str) -> Prior:
    row = next(row for row in read_manifest(folder) if row.name == name)
    return load_prior(folder / row.file, row, device=CPU)


@pytest.fixture(scope="session")
def priors_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("priors")
    write_tiny_prior(folder, "plain-tiny", "faces")
    write_completion_prior(folder, "completion-tiny")
    return folder


@pytest.fixture(scope="session")
def plain(priors_folder: Path) -> Prior:
    return load(priors_folder, "plain-tiny")


@pytest.fixture(scope="session")
def completion(priors_folder: Path) -> Prior:
    return load(priors_folder, "completion-tiny")


@pytest.fixture(scope="session")
def quick() -> SearchPreset:
    return SearchPreset("quick", "for tests", steps=3, candidates=2, learning_rate=0.05, perceptual_weight=0.1)


@pytest.fixture(scope="session")
def pictures_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 pictures of 20 pixels, some of them held out, and a file that is none, in the first place."""
    path = tmp_path_factory.mktemp("images") / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/000-broken.png", b"no picture")
        for number, picture in enumerate(pictures(200, 20)):
            archive.writestr(f"a/{number:03}.png", cv2.imencode(".png", picture[..., ::-1])[1].tobytes())
    return path

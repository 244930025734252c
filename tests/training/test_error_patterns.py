from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import TrainingError
from inpaintgui.training.datasets import CropSampler, load_images
from inpaintgui.training.encoder import EncoderConfig, EncoderTrainer
from inpaintgui.training.error_patterns import TRIALS, measure_errors
from inpaintgui.training.holes import HoleSampler
from inpaintgui.training.reconstruction import mean_per_image
from inpaintgui.training.trainer import TrainingData
from inpaintgui.training.workers import ALONE
from tests.engine.conftest import LATENT_SIZE, RESOLUTION, write_tiny_prior

CPU = torch.device("cpu")


@pytest.fixture
def data(image_folder: Path, tmp_path: Path) -> TrainingData:
    images = load_images([image_folder], tmp_path / "cache", short_side=32)
    crops = CropSampler(images, images.split(held_out=False), RESOLUTION, batch=4, seed=0, smallest_scale=0.6)
    return TrainingData(crops, HoleSampler(RESOLUTION, {"box": 1.0}, seed=0))


@pytest.fixture
def trainer(tmp_path: Path) -> EncoderTrainer:
    write_tiny_prior(tmp_path / "weights", "faces-tiny", "faces")
    trainer = EncoderTrainer(EncoderConfig(RESOLUTION, LATENT_SIZE, base_width=4, bf16=False), device=CPU)
    trainer.prior = PriorLibrary((tmp_path / "weights",)).load("faces-tiny", device=CPU)
    return trainer


def test_the_patterns_predict_holes_of_other_images(trainer: EncoderTrainer, data: TrainingData) -> None:
    prior = trainer.prior_with_encoder()
    model = measure_errors(prior, data, patterns=6)
    assert model.patterns.shape == (6, 3, RESOLUTION, RESOLUTION)
    step = len(data.crops.indices) // 4 - 1
    images = data.images(step, device=CPU, workers=ALONE)
    known = data.known(step, device=CPU, workers=ALONE)
    guess = prior.encode(images, known)
    assert guess is not None
    made = prior.generate(guess)
    better = made + model.seen(known).expected(images - made, torch.arange(len(images)))
    before, after = (mean_per_image((answer - images).square(), 1 - known).mean() for answer in (made, better))
    assert after < 0.8 * before


def test_too_few_images(trainer: EncoderTrainer, image_folder: Path, tmp_path: Path) -> None:
    images = load_images([image_folder], tmp_path / "cache", short_side=32)
    crops = CropSampler(images, images.split(held_out=False)[: TRIALS * 4], RESOLUTION, batch=4, seed=0)
    few = TrainingData(crops, HoleSampler(RESOLUTION, {"box": 1.0}, seed=0))
    with pytest.raises(TrainingError, match="too few images"):
        measure_errors(trainer.prior_with_encoder(), few)

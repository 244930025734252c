from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inpaintgui.engine.networks import Encoder
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.training.datasets import CropSampler, load_images
from inpaintgui.training.encoder import EncoderConfig, EncoderTrainer
from inpaintgui.training.holes import HoleSampler
from inpaintgui.training.reconstruction import SQUARED_FLOOR, mean_per_image, reconstruction_loss
from inpaintgui.training.trainer import TrainingData
from tests.engine.conftest import LATENT_SIZE, RESOLUTION, write_tiny_prior

CPU = torch.device("cpu")


@pytest.fixture
def trainer(tmp_path: Path) -> EncoderTrainer:
    write_tiny_prior(tmp_path / "weights", "faces-tiny", "faces")
    config = EncoderConfig(RESOLUTION, LATENT_SIZE, base_width=8, batch=16, bf16=False, learning_rate=2e-3)
    trainer = EncoderTrainer(config, device=CPU)
    trainer.prior = PriorLibrary((tmp_path / "weights",)).load("faces-tiny", device=CPU)
    for parameter in trainer.prior.generator.parameters():
        parameter.data *= 0.3  # the tiny prior's colours are too loud to be steered by small steps
    return trainer


@pytest.fixture
def data(trainer: EncoderTrainer, image_folder: Path, tmp_path: Path) -> TrainingData:
    images = load_images([image_folder], tmp_path / "cache", short_side=32)
    crops = CropSampler(images, images.split(held_out=False), RESOLUTION, batch=16, seed=0)
    return TrainingData(crops, HoleSampler(RESOLUTION, {"box": 1.0}, seed=0))


def context_loss(prior: Prior, latents: torch.Tensor, images: torch.Tensor, known: torch.Tensor) -> float:
    return mean_per_image((prior.generate(latents) - images).abs(), known).mean().item()


def test_the_guess_agrees_better_with_the_context_than_chance(trainer: EncoderTrainer, data: TrainingData) -> None:
    before = [p.clone() for p in trainer.prior.generator.parameters()]
    for _ in range(80):
        losses = trainer.train_step(data)
    assert list(losses) == ["loss", "hole", "known"]
    prior = trainer.prior
    encoder = trainer.prior_with_encoder().encoder
    assert encoder is not None
    images = data.images(500, device=CPU, workers=trainer.workers)
    known = data.known(500, device=CPU, workers=trainer.workers)
    guess = encoder(images * known, known, prior.generate)
    assert guess.abs().max() <= 1
    by_chance = prior.draw(len(images), torch.Generator().manual_seed(0))
    assert context_loss(prior, guess, images, known) < 0.8 * context_loss(prior, by_chance, images, known)
    alone = encoder(images * known, known, prior.generate, corrections=0)
    assert context_loss(prior, guess, images, known) < context_loss(prior, alone, images, known)
    assert all(torch.equal(a, b) for a, b in zip(before, prior.generator.parameters(), strict=True))


def black(latents: torch.Tensor) -> torch.Tensor:
    return torch.zeros(len(latents), 3, 8, 8)


def test_an_encoder_for_normal_latents_is_not_bounded() -> None:
    torch.manual_seed(0)
    encoder = Encoder(latent_size=4, resolution=8, base_width=4, bounded=False)
    for parameter in encoder.guess.parameters():
        parameter.data *= 1000
    guess = encoder.eval()(torch.rand(8, 3, 8, 8), torch.ones(8, 1, 8, 8), black)
    assert guess.shape == (8, 4)
    assert guess.abs().max() > 1


def test_what_lies_under_the_hole_is_not_looked_at() -> None:
    encoder = Encoder(latent_size=4, resolution=16, base_width=4).eval()
    known = torch.ones(1, 1, 16, 16)
    known[..., 4:9, 4:9] = 0
    images = torch.rand(2, 3, 16, 16)
    images[1] = images[0] * known[0] + (1 - known[0])
    one, two = encoder(images * known, known.expand(2, -1, -1, -1), lambda _: torch.zeros_like(images))
    assert torch.equal(one, two)


def test_gradients_are_those_of_the_last_pass() -> None:
    torch.manual_seed(0)
    encoder = Encoder(latent_size=4, resolution=8, base_width=4)
    torch.nn.init.normal_(encoder.correction.weight)
    pixels, known = torch.rand(2, 3, 8, 8), torch.ones(2, 1, 8, 8)
    encoder(pixels, known, black, corrections=0).sum().backward()
    assert encoder.correction.weight.grad is None
    encoder.zero_grad()
    encoder(pixels, known, black, corrections=1).sum().backward()
    assert encoder.guess.weight.grad is None
    assert encoder.correction.weight.grad.abs().sum() > 0


def test_the_loss_weighs_hole_and_context_as_it_says() -> None:
    images = torch.zeros(1, 3, 4, 4)
    known = torch.ones(1, 1, 4, 4)
    known[..., :2] = 0
    answer = torch.full((1, 3, 4, 4), 0.1)
    answer[..., :2] = 0.4
    expected = 0.4 + 0.5 * torch.log(torch.tensor(0.16 + SQUARED_FLOOR)).item() + 2 * 0.1
    loss = reconstruction_loss(answer, images, known, log_weight=0.5, known_weight=2.0)
    assert loss.item() == pytest.approx(expected, rel=1e-5)

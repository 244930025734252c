from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from inpaintgui.engine.networks import Generator
from inpaintgui.training.dcgan import DcganConfig, DcganTrainer
from inpaintgui.training.diffaugment import diff_augment
from inpaintgui.training.trainer import to_uint8

CPU = torch.device("cpu")
TINY = DcganConfig(resolution=16, latent_size=8, base_width=4, batch=8, bf16=False)


def test_per_batch_one_step_of_d_and_two_of_g() -> None:
    trainer = DcganTrainer(TINY, device=CPU)
    calls: list[str] = []
    trainer.optimiser_d.register_step_post_hook(lambda *_: calls.append("D"))
    trainer.optimiser_g.register_step_post_hook(lambda *_: calls.append("G"))
    real = torch.rand(8, 3, 16, 16) * 2 - 1
    d_before = [p.clone() for p in trainer.discriminator.parameters()]
    trainer.train_batch(real)
    trainer.train_batch(real)
    assert calls == ["D", "G", "G", "D", "G", "G"]
    assert any(not torch.equal(a, b) for a, b in zip(d_before, trainer.discriminator.parameters(), strict=True))
    assert all(p.requires_grad for p in trainer.discriminator.parameters())


def test_losses_are_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sigmoid cross entropy of a D whose logits are known."""
    trainer = DcganTrainer(TINY, device=CPU)
    logits = iter([torch.full((8,), 2.0), torch.full((8,), -1.0), torch.full((8,), 0.5), torch.full((8,), 0.25)])
    scale = torch.nn.Parameter(torch.ones(()))
    monkeypatch.setattr(trainer, "_logits", lambda judge, images: next(logits) * scale + 0 * images.sum())
    step = trainer.train_batch(torch.rand(8, 3, 16, 16))
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    assert step["errD_real"] == pytest.approx(bce(torch.tensor(2.0), torch.tensor(1.0)).item())
    assert step["errD_fake"] == pytest.approx(bce(torch.tensor(-1.0), torch.tensor(0.0)).item())
    assert step["errG"] == pytest.approx(bce(torch.tensor(0.25), torch.tensor(1.0)).item())


def test_latents_are_uniform_unless_the_generator_began_otherwise() -> None:
    latents = DcganTrainer(TINY, device=CPU).draw_latents(5000, 8)
    assert latents.min() >= -1
    assert latents.max() < 1
    assert latents.var().item() == pytest.approx(1 / 3, abs=0.01)
    normal = DcganTrainer(replace(TINY, normal_latents=True), device=CPU)
    assert normal.latent_distribution == "normal"
    drawn = normal.draw_latents(5000, 8, "normal")
    assert drawn.var().item() == pytest.approx(1, abs=0.05)


def test_the_average_follows_the_generator_and_ships_with_its_own_statistics() -> None:
    trainer = DcganTrainer(TINY, device=CPU)
    for _ in range(5):
        trainer.train_batch(torch.rand(8, 3, 16, 16) * 2 - 1)
    raw = next(trainer.generator.parameters())
    averaged = next(trainer.averaged.parameters())
    assert not torch.equal(raw, averaged)
    assert (raw - averaged).abs().max() < 0.05
    shipped = trainer.shippable_generator()
    assert not shipped.training
    mean = shipped.stages[0].running_mean
    assert mean is not None
    assert not torch.equal(mean, trainer.averaged.stages[0].running_mean)  # type: ignore[arg-type]


def test_training_makes_images_more_like_the_data() -> None:
    """All training images are one colour: after a few hundred steps the generator has found it."""
    trainer = DcganTrainer(DcganConfig(resolution=8, latent_size=4, base_width=8, batch=16, bf16=False,
                                       learning_rate=2e-3, augment=False), device=CPU)  # fmt: skip
    colour = torch.tensor([0.6, -0.4, 0.1]).view(1, 3, 1, 1)
    for _ in range(150):
        trainer.train_batch(colour + 0.02 * torch.randn(16, 3, 8, 8))
    samples = trainer.shippable_generator()(trainer.draw_latents(64, 4))
    untrained = Generator(latent_size=4, resolution=8, base_width=8)(trainer.draw_latents(64, 4))
    error = (samples.mean(dim=(0, 2, 3)) - colour.flatten()).abs().mean().item()
    assert error < 0.15
    assert error < (untrained.mean(dim=(0, 2, 3)) - colour.flatten()).abs().mean().item() / 2


def test_augmentation_is_differentiable_random_and_keeps_the_shape() -> None:
    images = (torch.rand(16, 3, 16, 16) * 2 - 1).requires_grad_()
    one = diff_augment(images, torch.Generator().manual_seed(0))
    again = diff_augment(images, torch.Generator().manual_seed(0))
    other = diff_augment(images, torch.Generator().manual_seed(1))
    assert one.shape == images.shape
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    one.square().sum().backward()
    assert images.grad is not None
    assert images.grad.abs().sum(dim=(1, 2, 3)).min() > 0


def test_images_to_bytes() -> None:
    images = torch.tensor([-1.0, 0.0, 1.0, 3.0]).view(1, 1, 2, 2).expand(1, 3, 2, 2)
    assert np.array_equal(to_uint8(images)[0, ..., 0], [[0, 128], [255, 255]])

from __future__ import annotations

import pytest
import torch
from torch import nn

from inpaintgui.engine.networks import Discriminator, Generator, recalibrate_batch_norm, stage_widths


def test_the_articles_sizes() -> None:
    generator, discriminator = Generator(), Discriminator()
    shapes: list[tuple[int, ...]] = []
    for module in generator.stages:
        if isinstance(module, nn.ConvTranspose2d):
            module.register_forward_hook(lambda _m, _i, out: shapes.append(tuple(out.shape[1:])))
    image = generator(torch.rand(2, 100) * 2 - 1)
    assert shapes == [(256, 8, 8), (128, 16, 16), (64, 32, 32), (3, 64, 64)]
    assert generator.project.weight.shape == (512 * 4 * 4, 100)
    assert image.abs().max() <= 1
    assert discriminator(image).shape == (2,)


def test_one_stage_deeper_for_twice_the_resolution() -> None:
    assert stage_widths(128, 64) == [512, 512, 256, 128, 64]
    image = Generator(resolution=128, base_width=2)(torch.zeros(2, 100))
    assert image.shape == (2, 3, 128, 128)
    assert Discriminator(resolution=128, base_width=2)(image).shape == (2,)


@pytest.mark.parametrize("resolution", [0, 4, 48, 65, -64])
def test_impossible_resolutions_are_refused(resolution: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        stage_widths(resolution, 64)


def test_in_eval_mode_an_image_does_not_depend_on_its_batch() -> None:
    generator = Generator(resolution=16, base_width=4)
    recalibrate_batch_norm(generator, torch.rand(64, 100) * 2 - 1)
    latents = torch.rand(8, 100) * 2 - 1
    torch.testing.assert_close(generator(latents)[:1], generator(latents[:1]))


def test_recalibration_gives_the_statistics_of_the_latents() -> None:
    generator = Generator(resolution=8, base_width=4)
    latents = torch.rand(128, 100) * 2 - 1
    first = generator.stages[0]
    assert isinstance(first, nn.BatchNorm2d)
    momentum = first.momentum
    recalibrate_batch_norm(generator, latents, batch=128)
    maps = generator.project(latents).unflatten(1, (-1, 4, 4))
    torch.testing.assert_close(first.running_mean, maps.mean(dim=(0, 2, 3)))
    assert first.momentum == momentum
    assert not generator.training

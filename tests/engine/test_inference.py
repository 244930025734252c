from __future__ import annotations

import pytest
import torch
from torch import nn

from inpaintgui.engine.inference import folded_discriminator, folded_generator, ready
from inpaintgui.engine.networks import Discriminator, Generator
from inpaintgui.engine.prior import Prior
from tests.engine.conftest import tiny_row

CPU = torch.device("cpu")


def trained(network: nn.Module) -> nn.Module:
    """The network with statistics and affine maps as a training leaves them."""
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1, 0.5)
            nn.init.normal_(module.bias, 0, 0.5)
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.01, 2)
    return network.eval().requires_grad_(False)


@pytest.mark.parametrize("resolution", [8, 16, 32])
def test_folding_changes_no_answer(resolution: int) -> None:
    generator = trained(Generator(latent_size=5, resolution=resolution, base_width=4))
    judge = trained(Discriminator(resolution=resolution, base_width=4))
    latents, images = torch.rand(3, 5) * 2 - 1, torch.rand(3, 3, resolution, resolution) * 2 - 1
    assert isinstance(generator, Generator)
    assert isinstance(judge, Discriminator)
    torch.testing.assert_close(folded_generator(generator)(latents), generator(latents), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(folded_discriminator(judge)(images), judge(images), atol=1e-5, rtol=1e-5)


def test_a_prior_made_ready_has_no_batch_norm_left_and_the_original_keeps_its_own() -> None:
    networks = Generator(latent_size=5, resolution=16, base_width=4), Discriminator(resolution=16, base_width=4)
    generator, judge = (trained(network) for network in networks)
    assert isinstance(generator, Generator)
    assert isinstance(judge, Discriminator)
    prior = Prior(tiny_row("t", "faces"), generator, judge, CPU)
    made = ready(prior)
    assert made.discriminator is not None
    for network in (made.generator, made.discriminator):
        assert not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    assert any(isinstance(module, nn.BatchNorm2d) for module in generator.modules())
    twice = ready(made)
    latents = torch.rand(2, 5)
    assert torch.equal(twice.generate(latents), made.generate(latents))

"""The network: shapes, folding, size."""

from __future__ import annotations

import torch
from torch import nn

from inpaintgui.engine.people.network import Block, PeopleNet, folded

MOST_PARAMETERS = 3_000_000


def test_the_network_answers_at_half_the_size_and_is_small() -> None:
    network = PeopleNet().eval()
    assert network(torch.zeros(2, 3, 64, 96)).shape == (2, 1, 32, 48)
    assert sum(p.numel() for p in network.parameters()) < MOST_PARAMETERS


def test_a_search_may_be_left_between_any_two_layers(network: PeopleNet) -> None:
    parts = network.eval().parts(torch.zeros(1, 3, 64, 96))
    rests = sum(1 for _ in parts)
    assert rests > sum(isinstance(module, Block) for module in network.modules())


def test_folding_changes_nothing_but_the_layers(network: PeopleNet) -> None:
    images = torch.randn(1, 3, 64, 64)
    faster = folded(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in faster.modules())
    assert any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    assert torch.allclose(faster(images), network(images), atol=1e-4)
    assert torch.allclose(folded(faster)(images), faster(images))
    assert not any(parameter.requires_grad for parameter in faster.parameters())

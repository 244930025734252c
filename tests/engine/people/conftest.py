"""A tiny network, and an installed one that takes red for people."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inpaintgui.engine.people.network import PeopleNet
from inpaintgui.engine.people.rows import FinderRow, write_finder
from inpaintgui.engine.people.weights import save_people_net

TINY = 4


def tiny_row(**changes: object) -> FinderRow:
    fields = {
        "name": "people",
        "title": "People",
        "finds": "people",
        "width": TINY,
        "file": "",
        "sha256": "",
        "licence": "CC0",
        "data": "none",
        "metrics": {},
    }
    return FinderRow(**{**fields, **changes})


def tiny_network(seed: int = 0) -> PeopleNet:
    """Random weights, and batch-norm statistics that are not those of the beginning."""
    torch.manual_seed(seed)
    network = PeopleNet(width=TINY)
    torch.nn.init.normal_(network.head.weight)
    network.train()
    for _ in range(3):
        network(torch.randn(2, 3, 64, 64))
    return network.eval()


def write_tiny_finder(folder: Path, network: PeopleNet) -> FinderRow:
    folder.mkdir(parents=True, exist_ok=True)
    row = save_people_net(folder / "people.safetensors", tiny_row(), network)
    write_finder(folder, row)
    return row


@pytest.fixture
def network() -> PeopleNet:
    return tiny_network()

"""Weights that are missing, changed, of another network or no numbers are refused with the program's own error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from inpaintgui import paths
from inpaintgui.engine.known_weights import file_hash
from inpaintgui.engine.manifest import MANIFEST
from inpaintgui.engine.people.finder import PeopleFinder, installed_finders
from inpaintgui.engine.people.network import PeopleNet, folded
from inpaintgui.engine.people.rows import read_finders
from inpaintgui.engine.people.weights import load_people_net, save_people_net
from inpaintgui.engine.prior_rows import read_manifest
from inpaintgui.errors import PriorError
from tests.engine.conftest import write_tiny_prior
from tests.engine.people.conftest import tiny_network, tiny_row, write_tiny_finder


def test_weights_come_back_in_half_precision(tmp_path: Path, network: PeopleNet) -> None:
    path = tmp_path / "people.safetensors"
    row = save_people_net(path, tiny_row(), network)
    images = torch.randn(1, 3, 32, 32)
    assert torch.allclose(load_people_net(path, row)(images), folded(network)(images), atol=0.05)
    assert (row.file, row.width) == (path.name, network.width)


def test_finders_and_priors_share_a_manifest(tmp_path: Path, network: PeopleNet) -> None:
    row = write_tiny_finder(tmp_path, network)
    write_tiny_prior(tmp_path, "scenes-tiny", "scenes")
    again = write_tiny_finder(tmp_path, tiny_network(seed=1))
    assert read_finders(tmp_path) == (again,)
    assert again.sha256 != row.sha256
    assert [prior.name for prior in read_manifest(tmp_path)] == ["scenes-tiny"]


@pytest.mark.parametrize("damage", ["missing", "changed", "another network", "no numbers", "no file", "width"])
def test_wrong_weights_are_refused(tmp_path: Path, network: PeopleNet, damage: str) -> None:
    path = tmp_path / "people.safetensors"
    row = save_people_net(path, tiny_row(), network)
    tensors = safetensors.torch.load_file(path)
    if damage == "missing":
        path.unlink()
    elif damage == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif damage == "another network":
        tensors.pop("head.bias")
    elif damage == "no numbers":
        tensors["head.bias"][0] = torch.nan
    elif damage == "no file":
        path.write_bytes(b"\x00" * 100)
    else:
        row = replace(row, width=10**9)
    if damage in ("another network", "no numbers"):
        path.write_bytes(safetensors.torch.save(tensors))
    if damage in ("another network", "no numbers", "no file"):
        row = replace(row, sha256=file_hash(path))
    with pytest.raises(PriorError, match="people"):
        load_people_net(path, row)


@pytest.mark.parametrize("text", ["[[finder]]\nname = 'people'\n", "[[finder]]\nname = \n", "finder = 3\n"])
def test_a_damaged_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(PriorError):
        read_finders(tmp_path)


def test_without_weights_finding_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "none")
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path / "none")
    assert installed_finders() == {}
    with pytest.raises(PriorError, match="not installed"):
        next(PeopleFinder().find(torch.zeros(8, 8, 3, dtype=torch.uint8).numpy()))

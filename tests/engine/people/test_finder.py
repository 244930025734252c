"""The finder as a whole: it loads its network once, tells how far it is, and can be left between two steps."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui import paths
from inpaintgui.engine.image_io import load_photo
from inpaintgui.engine.people import finder as finder_module
from inpaintgui.engine.people.finder import PeopleFinder
from inpaintgui.engine.selection.selector import EngineSelector
from inpaintgui.selecting import Proposal
from tests.engine.people.conftest import tiny_network, write_tiny_finder


class Red(torch.nn.Module):
    """Takes red for people."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return (torch.nn.functional.avg_pool2d(images[:, :1] - images[:, 1:2], 2) - 0.5) * 20

    def parts(self, images: torch.Tensor) -> Generator[None, None, torch.Tensor]:
        yield
        answer: torch.Tensor = self(images)
        return answer


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were loaded; the network is one that takes red for people."""
    write_tiny_finder(tmp_path, tiny_network())
    monkeypatch.setattr(paths, "weights", lambda: tmp_path)
    files: list[Path] = []

    def load(path: Path, row: object) -> Red:
        files.append(path)
        return Red()

    monkeypatch.setattr(finder_module, "load_people_net", load)
    return files


def photo() -> np.ndarray:
    pixels = np.full((120, 200, 3), 90, np.uint8)
    for left in (20, 80, 140):
        pixels[30:90, left : left + 24] = (240, 20, 20)
    return pixels


def found(selector: EngineSelector) -> tuple[list[float], tuple[Proposal, ...]]:
    shares, steps = [], selector.people(photo())
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return shares, end.value


def test_everybody_is_found_and_the_network_is_loaded_once(loads: list[Path]) -> None:
    selector = EngineSelector()
    shares, people = found(selector)
    assert shares == sorted(shares)
    assert [proposal.box.left for proposal in sorted(people, key=lambda p: p.box.left)] == [20, 80, 140]
    for proposal in people:
        assert proposal.part.values.any()
    assert [p.box for p in found(selector)[1]] == [p.box for p in people]
    assert len(loads) == 1


def test_the_search_can_be_left_between_two_people(loads: list[Path]) -> None:
    steps = PeopleFinder().find(photo())
    while next(steps) < 1.0:
        pass
    next(steps)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_the_shipped_network_finds_an_astronaut_and_nobody_on_a_mountain() -> None:
    selector = EngineSelector()
    people = {}
    for name in ("astronaut", "mountain"):
        pixels = load_photo(paths.resources() / "samples" / f"{name}.jpg").pixels
        steps = selector.people(pixels)
        while name not in people:
            try:
                next(steps)
            except StopIteration as end:
                people[name] = end.value
    (astronaut,) = people["astronaut"]
    assert astronaut.box.width > 300
    assert people["mountain"] == ()

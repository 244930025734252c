from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from inpaintgui.contracts import RaceControl, run_to_end
from inpaintgui.engine import posterior
from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.objective import Objective, SearchProblem
from inpaintgui.engine.posterior import AROUND, CHANGE, distinct_latents, surrounding_latents
from inpaintgui.engine.presets import PRESETS
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.search_state import SearchState
from tests.engine.conftest import LATENT_SIZE, RESOLUTION

CPU = torch.device("cpu")
IN_HOLE, OUTSIDE, DARK = 0, 1, 2
"""Entries of the latent of the linear generator: what changes the hole, what changes the rest, what changes nothing."""


class LinearGenerator(torch.nn.Module):
    """Image = pattern of every entry, times the entry."""

    def __init__(self, hole: Tensor) -> None:
        super().__init__()
        self.patterns = torch.zeros(LATENT_SIZE, 3, RESOLUTION, RESOLUTION)
        random = torch.Generator().manual_seed(0)
        noise = torch.randn(LATENT_SIZE, 3, RESOLUTION, RESOLUTION, generator=random) * 0.3
        self.patterns[IN_HOLE] = noise[0] * hole
        self.patterns[OUTSIDE] = noise[1] * (1 - hole)
        self.patterns[DARK + 1 :] = 0.05 * noise[DARK + 1 :]

    def forward(self, latents: Tensor) -> Tensor:
        return torch.einsum("nk,kcij->ncij", latents, self.patterns)


@pytest.fixture
def state(library: PriorLibrary) -> SearchState:
    hole = np.zeros((RESOLUTION, RESOLUTION), np.bool_)
    hole[4:12, 4:12] = True
    plain = library.load("faces-tiny", device=CPU)
    generator = LinearGenerator(torch.from_numpy(hole).float())
    prior = Prior(row=plain.row, generator=generator, discriminator=plain.discriminator, device=CPU)  # type: ignore[arg-type]
    problem = SearchProblem(np.full((RESOLUTION, RESOLUTION, 3), 0.5, np.float32), ~hole, hole)
    preset = replace(PRESETS["normal"], candidates=1, tuning=False, error_metric=False)
    state = SearchState(Objective((problem,), prior, preset), RaceControl(), (0,))
    run_to_end(state.consider(torch.zeros(1, 1, LATENT_SIZE), held=False))
    state.start(1)
    return state


def moved(state: SearchState, seed: int = 0, count: int = 12) -> Tensor:
    return run_to_end(distinct_latents(state, 0, count, torch.Generator().manual_seed(seed)))


def test_variations_go_where_the_hole_changes_and_the_context_does_not(
    state: SearchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posterior, "DIRECTIONS", 1)
    monkeypatch.setattr(posterior, "CHANGE", 1e9)
    latents = moved(state).abs()
    assert float(latents[:, IN_HOLE].min()) == 1  # the edge of the support
    assert float(latents[:, [OUTSIDE, DARK]].max()) < 1e-3


def test_no_variation_changes_the_hole_by_more_than_is_allowed(state: SearchState) -> None:
    images = state.objective.prior.generate(moved(state, count=40))
    hole = state.objective.hole[0].expand(3, -1, -1).bool()
    change = images[:, hole].square().mean(dim=1).sqrt()
    assert float(change.max()) < 1.01 * CHANGE
    assert float(change.median()) > 0.5 * CHANGE


def test_variations_differ_and_repeat_with_their_seed(state: SearchState) -> None:
    one = moved(state)
    assert torch.equal(one, moved(state))
    assert not torch.equal(one, moved(state, seed=1))
    assert float(torch.pdist(one).min()) > 0.1
    assert float(one.abs().max()) <= 1


def test_what_was_measured_of_the_usual_errors_says_how_much_the_context_may_change(
    state: SearchState,
) -> None:
    """A prior that is usually exact leaves less open than one that is not."""
    shape = (3, RESOLUTION, RESOLUTION)
    known = state.objective.known
    outside = []
    for noise in (1e-4, 10.0):
        state.objective.errors = ErrorModel(torch.zeros(shape), torch.zeros(1, *shape), noise).seen(known)
        images = state.objective.prior.generate(moved(state, count=40))
        outside.append(float((images * known).square().mean()))
    assert outside[0] < 0.01 * outside[1]


def test_the_neighbours_of_the_winner_lie_all_around_it(state: SearchState) -> None:
    around = surrounding_latents(state, 0, 64, torch.Generator().manual_seed(0))
    torch.testing.assert_close(around.mean(dim=0), torch.zeros(LATENT_SIZE), atol=1e-6, rtol=0)
    assert float(around.std()) == pytest.approx(AROUND**-0.5, rel=0.1)

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.benchmarks.projector import ProjectorSettings, project
from inpaintgui.engine.losses import contextual_loss
from inpaintgui.engine.prior import Prior

FIGURES = ProjectorSettings()


@given(st.floats(0, 1, exclude_max=True))
def test_the_schedules_stay_in_their_ranges(share: float) -> None:
    assert 0 <= FIGURES.rate_at(share) <= FIGURES.learning_rate
    assert 0 <= FIGURES.noise_at(share) <= FIGURES.noise


def test_the_rate_rises_stays_and_falls() -> None:
    assert FIGURES.rate_at(0) == 0
    assert FIGURES.rate_at(0.025) == pytest.approx(0.05)
    assert FIGURES.rate_at(0.05) == FIGURES.rate_at(0.75) == pytest.approx(0.1)
    assert FIGURES.rate_at(0.875) == pytest.approx(0.05)
    assert FIGURES.rate_at(0.999) < 1e-4


def test_the_noise_fades_and_ends() -> None:
    assert FIGURES.noise_at(0) == 0.05
    assert FIGURES.noise_at(0.375) == pytest.approx(0.0125)
    assert FIGURES.noise_at(0.75) == FIGURES.noise_at(0.9) == 0


def test_the_known_half_of_a_sample_is_found_again(plain: Prior) -> None:
    random = torch.Generator().manual_seed(5)
    sample = plain.sample(1, random)
    known = torch.ones(1, 1, plain.resolution, plain.resolution)
    known[..., : plain.resolution // 2] = 0
    projected = project(plain, sample * known, known, ProjectorSettings(steps=150), seeds=(0,))

    def loss(latents: torch.Tensor) -> float:
        return float(contextual_loss(plain.generate(latents), sample, known).min())

    assert projected.abs().max() <= 1
    assert loss(projected) < 0.5 * loss(plain.draw(64, random))


def test_no_step_leaves_the_mean_of_the_latents(plain: Prior) -> None:
    pixels, known = torch.zeros(1, 3, 16, 16), torch.ones(1, 1, 16, 16)
    start = project(plain, pixels, known, ProjectorSettings(steps=0), seeds=(0,))
    assert start.abs().max() < 5 / math.sqrt(3 * FIGURES.draws)
    again = project(plain, pixels, known, ProjectorSettings(steps=3), seeds=(0,))
    assert torch.equal(again, project(plain, pixels, known, ProjectorSettings(steps=3), seeds=(0,)))
    assert not torch.equal(again, project(plain, pixels, known, ProjectorSettings(steps=3), seeds=(1,)))


def test_a_group_is_projected_as_each_alone(plain: Prior) -> None:
    side = plain.resolution
    pixels = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(3)) * 2 - 1
    known = torch.ones(2, 1, side, side)
    settings = ProjectorSettings(steps=3)
    both = project(plain, pixels, known, settings, seeds=(5, 6))
    for k in range(2):
        alone = project(plain, pixels[k : k + 1], known[k : k + 1], settings, seeds=(5 + k,))
        assert torch.allclose(both[k], alone[0], atol=1e-4)

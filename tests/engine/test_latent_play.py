"""Walks stay where images come from, sums are sums of means, and a sample's number always means the same latent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.engine.latent_play import (
    MOST_SAMPLES,
    SampleNumber,
    arithmetic,
    interpolate,
    latent_of,
    numbered_latents,
    pictures_of,
)
from inpaintgui.engine.picture_sheet import CAPTION_HEIGHT, GAP, SMALLEST_TILE, picture_sheet
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError

SEEDS = st.integers(0, 2**32)
DISTRIBUTIONS = st.sampled_from(["uniform", "normal"])


@pytest.fixture
def prior(library: PriorLibrary) -> Prior:
    return library.load("faces-tiny", device=torch.device("cpu"))


@pytest.fixture
def normal(prior: Prior) -> Prior:
    return replace(prior, row=replace(prior.row, latent_distribution="normal"))


def drawn(seed: int, distribution: str, size: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    if distribution == "normal":
        first, second = torch.randn(2, size, generator=random)
    else:
        first, second = torch.rand(2, size, generator=random) * 2 - 1
    return first, second


@given(seed=SEEDS, steps=st.integers(2, 20), distribution=DISTRIBUTIONS)
def test_a_walk_has_its_ends_and_even_steps(seed: int, steps: int, distribution: str) -> None:
    start, end = drawn(seed, distribution)
    walk = interpolate(start, end, steps, distribution=distribution)
    assert walk.shape == (steps, 40)
    assert torch.equal(walk[0], start)
    assert torch.equal(walk[-1], end)
    back = interpolate(end, start, steps, distribution=distribution).flip(0)
    assert torch.allclose(walk, back, atol=1e-5)


@given(seed=SEEDS, steps=st.integers(2, 20))
def test_a_walk_in_a_cube_stays_in_it(seed: int, steps: int) -> None:
    start, end = drawn(seed, "uniform")
    walk = interpolate(start.sign(), end, steps, distribution="uniform")
    assert walk.abs().max() <= 1
    bends = walk[2:] - 2 * walk[1:-1] + walk[:-2]
    assert bends.numel() == 0 or bends.abs().max() < 1e-5


@given(seed=SEEDS)
def test_a_walk_around_the_sphere_keeps_the_length(seed: int) -> None:
    start, end = drawn(seed, "normal")
    walk = interpolate(start, end, 9, distribution="normal")
    assert torch.allclose(walk.norm(dim=1), torch.linspace(float(start.norm()), float(end.norm()), 9), rtol=1e-4)
    directions = walk / walk.norm(dim=1, keepdim=True)
    angles = torch.acos((directions[1:] * directions[:-1]).sum(dim=1).clamp(-1, 1))
    assert torch.allclose(angles, angles.mean(), atol=1e-2)
    # The middle of the straight line is what the walk around avoids.
    assert torch.lerp(start, end, 0.5).norm() < 0.95 * walk[4].norm()


@pytest.mark.parametrize("factor", [0.0, 1.0, 2.0, -1.0])
def test_where_no_way_around_is_the_shortest_the_walk_is_straight(factor: float) -> None:
    start = torch.randn(30, generator=torch.Generator().manual_seed(0))
    walk = interpolate(start, factor * start, 5, distribution="normal")
    assert torch.isfinite(walk).all()
    assert torch.allclose(walk, start * torch.linspace(1, factor, 5)[:, None], atol=1e-5)


def test_a_walk_of_one_step_is_none() -> None:
    with pytest.raises(ValueError, match="two ends"):
        interpolate(torch.zeros(3), torch.ones(3), 1, distribution="uniform")


def test_sums_of_means(prior: Prior, normal: Prior) -> None:
    smiling, neutral, men = (torch.rand(3, 8) * 2 - 1 for _ in range(3))
    expected = smiling.mean(dim=0) - neutral.mean(dim=0) + men.mean(dim=0)
    means, result = arithmetic(normal, [smiling, men], [neutral])
    assert torch.equal(means, torch.stack([smiling.mean(dim=0), men.mean(dim=0), neutral.mean(dim=0)]))
    assert torch.allclose(result, expected)
    assert torch.allclose(arithmetic(prior, [smiling, men], [neutral])[1], expected.clamp(-1, 1))
    ones = torch.ones(1, 8)
    assert torch.equal(arithmetic(prior, [ones, ones], [])[1], torch.ones(8))
    assert torch.equal(arithmetic(normal, [ones, ones], [])[1], 2 * torch.ones(8))
    with pytest.raises(BadInputError, match="Nothing is added"):
        arithmetic(prior, [], [ones])


def test_a_number_is_one_latent_however_many_are_asked_for(prior: Prior, normal: Prior) -> None:
    for asked in (prior, normal):
        many = numbered_latents(asked, 150, seed=3)
        assert many.shape == (150, 8)
        assert len({tuple(latent) for latent in many.tolist()}) == 150
        for count in (1, 2, 63, 64, 65, 149):
            assert torch.equal(numbered_latents(asked, count, seed=3), many[:count])
        assert torch.equal(latent_of(asked, SampleNumber(3, 70)), many[70])
        assert not torch.equal(latent_of(asked, SampleNumber(4, 70)), many[70])
        assert torch.equal(many[:64], asked.draw(64, torch.Generator().manual_seed(3)))


@given(seed=st.integers(0, 2**63 - 1), index=st.integers(0, MOST_SAMPLES - 1))
def test_a_number_is_read_as_it_is_written(seed: int, index: int) -> None:
    number = SampleNumber(seed, index)
    assert SampleNumber.parse(f" {number} ") == number


@pytest.mark.parametrize(
    "text", ["", "3", "3:", ":3", "a:b", "-1:2", "1:2:3", f"{2**63}:0", f"0:{MOST_SAMPLES}", "1:٣x"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadInputError, match="SEED:NUMBER"):
        SampleNumber.parse(text)


def test_pictures_are_the_generators_images(prior: Prior) -> None:
    latents = numbered_latents(prior, 70, seed=0)
    pictures = pictures_of(prior, latents)
    assert (pictures.shape, pictures.dtype) == ((70, 16, 16, 3), np.float32)
    assert (pictures.min() >= 0, pictures.max() <= 1) == (True, True)
    image = prior.generate(latents[65:66])[0].permute(1, 2, 0).numpy()
    # A batch of another size may be convolved in another order; the tiny network's steep answers amplify that.
    assert np.allclose(pictures[65], (image + 1) / 2, atol=1e-3)


@pytest.mark.parametrize(("count", "columns", "rows", "across"), [(1, 8, 1, 1), (5, 2, 3, 2), (8, 8, 1, 8)])
def test_a_sheet_shows_every_picture_in_its_place(count: int, columns: int, rows: int, across: int) -> None:
    images = np.linspace(0, 1, count, dtype=np.float32)[:, None, None, None] * np.ones((1, 16, 16, 3), np.float32)
    sheet = picture_sheet(images, [f"0:{k}" for k in range(count)], columns=columns)
    down = SMALLEST_TILE + CAPTION_HEIGHT + GAP
    assert sheet.shape == (rows * down + GAP, across * (SMALLEST_TILE + GAP) + GAP, 3)
    for k, image in enumerate(images):
        top, left = (k // columns) * down + GAP, (k % columns) * (SMALLEST_TILE + GAP) + GAP
        tile = sheet[top : top + SMALLEST_TILE, left : left + SMALLEST_TILE]
        assert (tile == np.rint(image[0, 0, 0] * 255)).all()
        assert (sheet[top + SMALLEST_TILE : top + down - GAP, left : left + SMALLEST_TILE] < 200).any()  # the caption


def test_large_pictures_are_not_reduced() -> None:
    sheet = picture_sheet(np.ones((1, 200, 200, 3), np.float32), ["a"], columns=1)
    assert sheet.shape[1] == 200 + 2 * GAP

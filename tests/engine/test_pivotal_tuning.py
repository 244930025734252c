from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.pivotal_tuning import CERTAIN, COARSE, FINE, RIM, SOFTNESS, UNCERTAIN, PivotalTuning, softened

SIDE, COUNT = 20, 5
NOISE, LOUD = 20.0, 200.0
"""With which the seen pixels explain nearly all that is unseen, and little of it."""

NEAR = (slice(None), slice(None), slice(7 - RIM, 13 + RIM), slice(7 - RIM, 13 + RIM))
"""The hole and its rim."""

OWNER = torch.tensor([0, 0])


def model(noise: float = NOISE) -> ErrorModel:
    random = torch.Generator().manual_seed(4)
    patterns = torch.randn(COUNT, 3, SIDE, SIDE, generator=random) * 0.3
    return ErrorModel(torch.full((3, SIDE, SIDE), 0.05), patterns, noise)


@pytest.fixture
def known() -> torch.Tensor:
    known = torch.ones(1, 1, SIDE, SIDE)
    known[..., 7:13, 7:13] = 0
    return known


@pytest.fixture
def errors() -> torch.Tensor:
    return torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(5))


def test_an_uncertain_change_is_held_back_in_the_hole_and_its_rim_the_finer_the_more(
    known: torch.Tensor, errors: torch.Tensor
) -> None:
    seen = model(LOUD).seen(known)
    foretold = seen.expected(errors, OWNER)
    coarse = softened(foretold)
    assert float(seen.explained) < UNCERTAIN
    change = PivotalTuning(seen, known).change(errors, OWNER)
    torch.testing.assert_close(change[NEAR], (COARSE * coarse + FINE * (foretold - coarse))[NEAR])
    assert FINE < COARSE < 1


def test_a_certain_change_is_made_in_full(known: torch.Tensor, errors: torch.Tensor) -> None:
    seen = model().seen(known)
    assert float(seen.explained) > CERTAIN
    change = PivotalTuning(seen, known).change(errors, OWNER)
    torch.testing.assert_close(change[NEAR], seen.expected(errors, OWNER)[NEAR])


def test_beyond_the_rim_known_pixels_are_met_more_closely_than_holes_are_predicted(
    known: torch.Tensor, errors: torch.Tensor
) -> None:
    seen = model().seen(known)
    far = torch.ones(SIDE, SIDE, dtype=torch.bool)
    far[7 - RIM : 13 + RIM, 7 - RIM : 13 + RIM] = False

    def left(change: torch.Tensor) -> float:
        return float((errors - change)[..., far].square().sum())

    tuned = PivotalTuning(seen, known).change(errors, OWNER)
    assert left(tuned) < left(seen.expected(errors, OWNER)) < left(torch.zeros_like(errors))


def test_another_noise_is_that_of_another_model(known: torch.Tensor, errors: torch.Tensor) -> None:
    first = model()
    changed = first.seen(known).with_noise(NOISE / 10)
    fresh = ErrorModel(first.mean, first.patterns, NOISE / 10).seen(known)
    torch.testing.assert_close(changed.expected(errors, OWNER), fresh.expected(errors, OWNER))


def test_softening_is_a_gaussian_that_goes_on_beyond_the_border(errors: torch.Tensor) -> None:
    radius = round(3 * SOFTNESS)
    size = (2 * radius + 1, 2 * radius + 1)
    for image, soft in zip(errors, softened(errors), strict=True):
        wanted = cv2.GaussianBlur(
            np.ascontiguousarray(image.permute(1, 2, 0)), size, SOFTNESS, borderType=cv2.BORDER_REPLICATE
        )
        np.testing.assert_allclose(soft.permute(1, 2, 0), wanted, atol=1e-5)

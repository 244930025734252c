from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from inpaintgui.contracts import Losses
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.engine.variations import choose_variations

HOLE = np.zeros((4, 4), np.bool_)
HOLE[1:3, 1:3] = True


def outcome(shades: list[float], errors: list[float] | None = None, pinned: tuple[int, ...] = ()) -> SearchOutcome:
    answers = np.stack([np.full((4, 4, 3), shade, np.float32) for shade in shades])
    count = len(shades)
    return SearchOutcome(
        latent=np.zeros(2, np.float32),
        answer=answers[0],
        mean_answer=answers.mean(axis=0),
        uncertainty=np.zeros((4, 4), np.float32),
        pool=np.zeros((count, 2), np.float32),
        pool_answers=answers,
        pool_errors=np.array(errors or [0.1] * count, np.float32),
        pool_losses=(Losses(0, 0, 0),) * count,
        pinned=tuple(place in pinned for place in range(count)),
        trail=np.zeros((1, 2), np.float32),
        losses=Losses(0, 0, 0),
        context_error=0.1,
        candidates=count,
        steps=0,
    )


def test_the_winner_comes_first_and_then_the_most_different() -> None:
    found = outcome([0.5, 0.52, 0.9, 0.1, 0.7])
    assert choose_variations(found, HOLE, 4, largest_error=math.inf) == (0, 2, 3, 4)


def test_what_does_not_fit_is_left_out_unless_somebody_pinned_it() -> None:
    errors = [0.1, 0.1, 0.9, 0.9]
    assert choose_variations(outcome([0.5, 0.6, 0.9, 0.1], errors), HOLE, 4, largest_error=0.2) == (0, 1)
    pinned = outcome([0.5, 0.6, 0.9, 0.1], errors, pinned=(3,))
    assert choose_variations(pinned, HOLE, 4, largest_error=0.2) == (0, 3, 1)


def test_only_the_hole_counts() -> None:
    found = outcome([0.5, 0.6, 0.55])
    found.pool_answers[2][~HOLE] = 1
    assert choose_variations(found, HOLE, 2, largest_error=math.inf) == (0, 1)


def test_only_the_best_are_considered() -> None:
    shades = [0.5, 0.6, 0.7, 0.8, 0.9]
    ranked = replace(outcome(shades), pool_losses=tuple(Losses(0, 0, k) for k in range(5)))
    assert choose_variations(ranked, HOLE, 2, largest_error=math.inf, considered=2) == (0, 3)
    assert choose_variations(ranked, HOLE, 2, largest_error=math.inf) == (0, 4)


@pytest.mark.parametrize("count", [1, 2, 9])
def test_never_more_than_asked_for_or_there_are(count: int) -> None:
    chosen = choose_variations(outcome([0.5, 0.6, 0.7]), HOLE, count, largest_error=math.inf)
    assert len(chosen) == min(count, 3) == len(set(chosen))


def test_what_looks_the_same_is_no_variation() -> None:
    found = outcome([0.5, 0.501, 0.6, 0.6005])
    assert choose_variations(found, HOLE, 4, largest_error=math.inf) == (0, 3)

"""Distinct fills to choose from: of all that the search found, those that differ most and still fit.

What it finds is spread over what the context leaves open by engine/posterior.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.choice import largest_fitting_error
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search_outcome import SearchOutcome

TO_CHOOSE_FROM = 8
"""Latents around the winner that are made for each variation that is wanted, and how many are considered."""

SAMPLES_CONSIDERED = 6
"""How many of a conditional generator's samples are considered for each variation that is wanted, those that meet the
rim best: the most different of all would be stains of a colour that does not belong there.
"""

LEAST_DIFFERENCE = 1 / 255
"""Mean absolute difference in the hole below which two fills look the same: the second one is no variation."""


def fitting_variations(outcome: SearchOutcome, hole: NDArray[np.bool_], count: int, prior: Prior) -> tuple[int, ...]:
    """See :func:`choose_variations`: of what fits the prior that was searched."""
    return choose_variations(
        outcome,
        hole,
        count,
        largest_error=largest_fitting_error(prior.row),
        considered=SAMPLES_CONSIDERED if prior.conditional else TO_CHOOSE_FROM,
    )


def choose_variations(
    outcome: SearchOutcome,
    hole: NDArray[np.bool_],
    count: int,
    *,
    largest_error: float,
    considered: int = TO_CHOOSE_FROM,
) -> tuple[int, ...]:
    """Places in the pool of at most ``count`` variations: the winner, what was pinned, the most different good ones.

    Fewer, if what is left looks like those that were chosen.

    Farthest first (Gonzalez 1985): each is the one whose least distance to those before is greatest, by the mean
    absolute difference in the hole, bool (R, R). largest_error: the context error up to which a candidate fits; a
    pinned one need not. considered: how many of the best are chosen from, for each that is wanted.
    """
    chosen = [0, *(place for place, pinned in enumerate(outcome.pinned) if pinned and place != 0)][:count]
    fitting = [place for place, error in enumerate(outcome.pool_errors.tolist()) if error <= largest_error]
    fitting.sort(key=lambda place: outcome.pool_losses[place].total)
    good = set(fitting[: considered * count])
    inside = outcome.pool_answers[:, hole]
    while len(chosen) < count and (left := sorted(good - set(chosen))):
        apart = np.abs(inside[left][:, None] - inside[chosen][None]).mean(axis=(2, 3)).min(axis=1)
        if apart.max() < LEAST_DIFFERENCE:
            break
        chosen.append(left[int(apart.argmax())])
    return tuple(chosen)

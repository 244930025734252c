"""One square completed by the shipped search, for whoever measures it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.answer import completed, prior_answer
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import search_latents
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.training.fit import posed_problem

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]


def complete(prior: Prior, preset: SearchPreset, shown: Rgb, hole: Hole, *, seed: int) -> Rgb:
    """The prior's answer at its own resolution: uint8 RGB (R, R, 3), known pixels bit for bit as they were.

    shown: uint8 RGB (R, R, 3); what it says in the hole, bool (R, R), is not looked at.
    """
    return answered(prior, found(prior, preset, shown, hole, seed=seed), shown, hole, blend=preset.blend)


def found(prior: Prior, preset: SearchPreset, shown: Rgb, hole: Hole, *, seed: int) -> SearchOutcome:
    """What the search finds for the hole, before it meets the known pixels."""
    return found_together(prior, preset, (shown,), (hole,), seeds=(seed,))[0]


def found_together(
    prior: Prior, preset: SearchPreset, shown: Sequence[Rgb], holes: Sequence[Hole], *, seeds: Sequence[int]
) -> tuple[SearchOutcome, ...]:
    """The same of several holes, searched as one batch, which takes less time."""
    problems = [posed_problem(square, hole) for square, hole in zip(shown, holes, strict=True)]
    return run_to_end(search_latents(problems, prior, preset, seeds=seeds))


def answered(prior: Prior, outcome: SearchOutcome, shown: Rgb, hole: Hole, *, blend: bool) -> Rgb:
    """The completed square that the program makes of an outcome: uint8 RGB (R, R, 3)."""
    return _as_pixels(
        run_to_end(prior_answer(posed_problem(shown, hole), outcome, prior.row, blend=blend)), shown, hole
    )


def whole_image(prior: Prior, outcome: SearchOutcome, shown: Rgb, hole: Hole) -> NDArray[np.float32]:
    """What the outcome says about every pixel, the known ones too: float32 (R, R, 3) in [0, 1]."""
    problem = posed_problem(shown, hole)
    untold = replace(problem, known=np.zeros_like(hole))  # so that no pixel of the answer is the photo's
    return run_to_end(prior_answer(untold, outcome, prior.row, blend=False))


def finished(prior: Prior, whole: NDArray[np.float32], shown: Rgb, hole: Hole, *, blend: bool) -> Rgb:
    """The completed square that the program makes of any whole image, float32 (R, R, 3) in [0, 1]: uint8 RGB."""
    return _as_pixels(run_to_end(completed(posed_problem(shown, hole), whole, prior.row, blend=blend)), shown, hole)


def _as_pixels(answer: NDArray[np.float32], shown: Rgb, hole: Hole) -> Rgb:
    filled: Rgb = np.rint(answer.clip(0, 1) * 255).astype(np.uint8)
    if (filled != shown)[~hole].any():
        raise RuntimeError("the search changed known pixels")
    return filled

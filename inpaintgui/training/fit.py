"""How well a prior explains images of its own kind: the yardstick that tells a region it knows from one it doesn't."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import search_latent
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.training.datasets import ImageSet, centred_square


def posed_problem(square: NDArray[np.uint8], hole: NDArray[np.bool_]) -> SearchProblem:
    """A square at the prior's resolution, uint8 RGB (R, R, 3), whose pixels in the hole, bool (R, R), are not told."""
    target = square.astype(np.float32) / 255
    return SearchProblem(np.where(hole[..., None], 0, target).astype(np.float32), ~hole, hole)


def third_in_the_centre(resolution: int) -> NDArray[np.bool_]:
    """The hole that a context square usually has: the middle third of each side."""
    hole = np.zeros((resolution, resolution), np.bool_)
    third = resolution // 3
    hole[third : resolution - third, third : resolution - third] = True
    return hole


def measure_fit(prior: Prior, preset: SearchPreset, images: ImageSet, *, limit: int) -> dict[str, float | int]:
    """Context error (mean absolute error over the known pixels, 0 to 1) over held-out images: median, 95th percentile.

    Of a conditional prior also its variety. All as a manifest's metrics; empty if nothing was held out.
    """
    held_out = images.split(held_out=True)
    chosen = np.random.default_rng(0).permutation(held_out)[:limit]
    if not len(chosen):
        return {}
    squares = [centred_square(images.image(int(index)), prior.resolution) for index in chosen]
    hole = third_in_the_centre(prior.resolution)
    outcomes = [
        run_to_end(search_latent(posed_problem(square, hole), prior, preset, seed=number))
        for number, square in enumerate(squares)
    ]
    errors = [outcome.context_error for outcome in outcomes]
    metrics: dict[str, float | int] = {
        "context_error_median": round(float(np.median(errors)), 4),
        "context_error_p95": round(float(np.percentile(errors, 95)), 4),
        "context_error_images": len(errors),
    }
    if prior.conditional and len(squares) > 1:
        metrics["variety"] = round(variety(outcomes, squares, hole), 3)
    return metrics


def variety(outcomes: Sequence[SearchOutcome], squares: Sequence[NDArray[np.uint8]], hole: NDArray[np.bool_]) -> float:
    """How far two samples of a conditional prior are apart in the hole, over how far two images are.

    Medians of mean absolute differences. squares: the images, uint8 (R, R, 3). 0: the latent decides nothing.
    """
    samples = [np.abs(o.pool_answers[-1][hole] - o.pool_answers[-2][hole]).mean() for o in outcomes]
    unlike = [np.abs(one[hole].astype(np.float32) - other[hole]).mean() / 255 for one, other in pairwise(squares)]
    return float(np.median(samples) / np.median(unlike))

"""How well a prior explains images of its own kind: the yardstick that tells a region it knows from one it doesn't."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import search_latent
from inpaintgui.training.datasets import ImageSet, centred_square


def centred_problem(image: NDArray[np.uint8], resolution: int, hole: NDArray[np.bool_]) -> SearchProblem:
    """The largest centred square of ``image`` (H, W, 3) at ``resolution``, with the given hole."""
    return posed_problem(centred_square(image, resolution), hole)


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


def context_errors(prior: Prior, preset: SearchPreset, images: ImageSet, indices: NDArray[np.int64]) -> Iterator[float]:
    """Search each image with a hole in its centre; yields the mean absolute error over the known pixels, 0 to 1."""
    hole = third_in_the_centre(prior.resolution)
    for number, index in enumerate(indices):
        problem = centred_problem(images.image(int(index)), prior.resolution, hole)
        yield run_to_end(search_latent(problem, prior, preset, seed=number)).context_error


def measure_fit(prior: Prior, preset: SearchPreset, images: ImageSet, *, limit: int) -> dict[str, float | int]:
    """Median and 95th percentile of the context error over held-out images, as a manifest's metrics.

    Empty if nothing was held out.
    """
    held_out = images.split(held_out=True)
    chosen = np.random.default_rng(0).permutation(held_out)[:limit]
    if not len(chosen):
        return {}
    errors = list(context_errors(prior, preset, images, chosen))
    return {
        "context_error_median": round(float(np.median(errors)), 4),
        "context_error_p95": round(float(np.percentile(errors, 95)), 4),
        "context_error_images": len(errors),
    }

"""Measures what a prior with an encoder gets wrong, for engine/error_model.py: principal patterns of x − G(E(x·M, M)).

Principal components by randomised subspace iteration (Halko, Martinsson & Tropp 2011, torch.svd_lowrank).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import TrainingError
from inpaintgui.training.reconstruction import mean_per_image
from inpaintgui.training.trainer import TrainingData
from inpaintgui.training.workers import ALONE

PATTERNS = 256
LARGEST_SAMPLE = 512 << 20
"""Bytes of errors from which the patterns are computed."""

NOISE_FACTORS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""The noise is tried at these multiples of its variance: what neighbouring values tell overlaps."""

TRIALS = 4
"""Batches on which the noise is chosen; their errors are not among those that the patterns come from."""


def measure_errors(prior: Prior, data: TrainingData, *, patterns: int = PATTERNS) -> ErrorModel:
    """The error model of a prior with an encoder, over training images with the training's random holes.

    Every image is used once, with its mirror image or without, up to what memory allows. Raises TrainingError if
    there are too few images to find patterns in.
    """
    batch = data.crops.batch
    image_bytes = 4 * 3 * prior.resolution**2
    steps = min(len(data.crops.indices) // batch, LARGEST_SAMPLE // (image_bytes * batch)) - TRIALS
    patterns = min(patterns, steps * batch // 4)
    if patterns < 1:
        raise TrainingError("There are too few images to measure what the prior gets wrong.")
    errors = torch.cat([(images - guess).flatten(1) for images, guess, _ in _guesses(prior, data, range(steps))])
    mean = errors.mean(dim=0)
    errors -= mean
    total = errors.square().sum() / len(errors)
    torch.manual_seed(0)
    _, sizes, directions = torch.svd_lowrank(errors, q=patterns + patterns // 8 + 2, niter=2)
    deviations = sizes[:patterns] / len(errors) ** 0.5
    noise = float((total - deviations.square().sum()).clamp(min=1e-6) / errors.shape[1])
    shape = (3, prior.resolution, prior.resolution)
    shapes = (directions[:, :patterns] * deviations).T.reshape(-1, *shape)
    trials = list(_guesses(prior, data, range(steps, steps + TRIALS)))
    candidates = [ErrorModel(mean.view(shape), shapes, factor * noise) for factor in NOISE_FACTORS]
    return min(candidates, key=lambda candidate: _hole_error(candidate, trials))


@torch.no_grad()
def _guesses(prior: Prior, data: TrainingData, steps: range) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Images (N, 3, R, R), G(E) of each with a random hole, and the known pixels (N, 1, R, R)."""
    for step in steps:
        images = data.images(step, device=prior.device, workers=ALONE)
        known = data.known(step, device=prior.device, workers=ALONE)
        guess = prior.encode(images, known)
        if guess is None:
            raise TrainingError("A prior without an encoder has no errors of its own to measure.")
        yield images, prior.generate(guess), known


def _hole_error(model: ErrorModel, trials: list[tuple[Tensor, Tensor, Tensor]]) -> float:
    """Mean over images of the log squared error in the hole after the model has predicted it: -PSNR, but for units."""
    logs = []
    for images, guess, known in trials:
        owner = torch.arange(len(images), device=known.device)
        answer = guess + model.seen(known).expected(images - guess, owner)
        logs.append(mean_per_image((answer - images).square(), 1 - known).clamp(min=1e-6).log())
    return float(torch.cat(logs).mean())

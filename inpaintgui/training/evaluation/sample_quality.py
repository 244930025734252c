"""Measures what a prior makes up by itself: its samples beside images that it was not trained on."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.devices import to_host
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.distributions import (
    NEIGHBOURS,
    Features,
    distances,
    frechet_distance,
    precision_recall,
)
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import center
from inpaintgui.training.evaluation.perceptual import FeatureNetwork

Rgb = NDArray[np.uint8]

FEATURES = "EfficientNet-Lite0, deepest map, mean over all places"
SHOWN = 16
"""Samples whose nearest training images are looked for."""

BATCH = 32


@dataclass(frozen=True)
class SampleQuality:
    """What was measured on as many samples as there are held-out images.

    samples_of: what the samples are. source: where the held-out images are from. frechet: distance between samples
    and held-out images, and frechet_training: between as many training images and held-out images, which is what a
    perfect generator would reach. precision, recall: of the samples against the held-out images, 0 to 1.
    sample_distances, held_out_distances: from the first 16 samples, and from all held-out images, to the nearest
    training image; samples that were learnt by heart would be far nearer than held-out images are. samples, nearest:
    those samples and their neighbours, uint8 RGB (16, R, R, 3).
    """

    prior: str
    samples_of: str
    source: str
    seed: int
    images: int
    training_images: int
    frechet: float
    frechet_training: float
    precision: float
    recall: float
    sample_distances: NDArray[np.float64]
    held_out_distances: NDArray[np.float64]
    samples: Rgb
    nearest: Rgb

    def as_json(self) -> dict[str, Any]:
        """The figures, as JSON takes them."""
        return {
            "prior": self.prior,
            "samples_of": self.samples_of,
            "features": FEATURES,
            "images": self.source,
            "seed": self.seed,
            "n": self.images,
            "training_images": self.training_images,
            "frechet": _rounded(self.frechet),
            "frechet_training": _rounded(self.frechet_training),
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "sample_to_training_median": _rounded(np.median(self.sample_distances)),
            "sample_to_training_least": _rounded(self.sample_distances.min()),
            "held_out_to_training_median": _rounded(np.median(self.held_out_distances)),
            "held_out_to_training_least": _rounded(self.held_out_distances.min()),
        }


def measure_samples(
    prior: Prior, network: FeatureNetwork, held_out: Squares, training: Squares, *, seed: int = 0
) -> Generator[int, None, SampleQuality]:
    """Draw one sample per held-out image and compare; yields how many images of all three sets are done.

    The samples of a completion prior are completions of the held-out images with a centred box of half the side
    missing: the known part makes them likelier, so their figures compare with those of completion priors only.
    Raises BadInputError if there are too few images.
    """
    if min(len(held_out), len(training)) <= NEIGHBOURS:
        raise BadInputError(f"More than {NEIGHBOURS} held-out images and as many others are needed.")
    random = torch.Generator(device="cpu").manual_seed(seed)
    completes = prior.row.architecture == "completion"
    samples = _completions(prior, held_out, random) if completes else _samples(prior, len(held_out), random)
    done = 0
    parts: list[list[Features]] = []
    for pixels in (held_out.pixels, samples, training.pixels):
        parts.append([])
        for features in network.pooled(pixels):
            parts[-1].append(features)
            done += len(features)
            yield done
    real, drawn, learnt = (np.concatenate(part) for part in parts)
    # As many training images as samples, so that the bias of both distances is the same.
    others = learnt[np.random.default_rng(seed).permutation(len(learnt))[: len(drawn)]]
    precision, recall = precision_recall(real, drawn)
    to_training = distances(drawn[:SHOWN], learnt)
    return SampleQuality(
        prior=prior.row.name,
        samples_of="completions of held-out images, mask center" if completes else "the prior",
        source=held_out.source,
        seed=seed,
        images=len(held_out),
        training_images=len(training),
        frechet=frechet_distance(real, drawn),
        frechet_training=frechet_distance(real, others),
        precision=precision,
        recall=recall,
        sample_distances=to_training.min(axis=1),
        held_out_distances=distances(real, learnt).min(axis=1),
        samples=samples[:SHOWN],
        nearest=training.pixels[to_training.argmin(axis=1)],
    )


def _samples(prior: Prior, count: int, random: torch.Generator) -> Rgb:
    batches = [prior.sample(min(BATCH, count - start), random) for start in range(0, count, BATCH)]
    return np.concatenate([_as_pixels(batch) for batch in batches])


def _completions(prior: Prior, images: Squares, random: torch.Generator) -> Rgb:
    known = torch.from_numpy(~center(prior.resolution, 0))[None, None].float()
    completed = []
    for image in images.pixels:
        pixels = torch.from_numpy(image.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
        context = prior.look_at(pixels, known)
        completed.append(_as_pixels(prior.judged_view(prior.sample(1, random, context), context)))
    return np.concatenate(completed)


def _as_pixels(images: Tensor) -> Rgb:
    """(N, 3, R, R) in [-1, 1] → uint8 (N, R, R, 3)."""
    scaled = (to_host(images).transpose(0, 2, 3, 1) + 1) * 127.5
    pixels: Rgb = np.rint(scaled.clip(0, 255)).astype(np.uint8)
    return pixels


def _rounded(figure: float | np.floating[Any]) -> float:
    return round(float(figure), 4)

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import center
from inpaintgui.training.evaluation.perceptual import FeatureNetwork
from inpaintgui.training.evaluation.sample_quality import SHOWN, measure_samples
from tests.training.evaluation.conftest import CPU, squares


@dataclass(frozen=True)
class CoarsePixels(FeatureNetwork):
    """Stands in for the network where its packages are missing: features are the colours of four quarters."""

    def pooled(self, images: np.ndarray) -> Iterator[np.ndarray]:
        side = images.shape[1] // 2
        quarters = images.reshape(len(images), 2, side, 2, side, 3).mean(axis=(2, 4)).reshape(len(images), 12)
        yield quarters[:5]
        yield quarters[5:]


COARSE = CoarsePixels(None, None, CPU)  # type: ignore[arg-type]


def test_samples_of_a_plain_prior(plain: Prior) -> None:
    held_out, training = squares(20, 16), squares(30, 16, seed=1)
    quality = run_to_end(measure_samples(plain, COARSE, held_out, training, seed=3))
    assert quality.samples_of == "the prior"
    assert (quality.images, quality.training_images) == (20, 30)
    # Training images of the same kind are nearer to the held-out ones than what random weights make.
    assert quality.frechet > quality.frechet_training > 0
    assert quality.samples.shape == quality.nearest.shape == (SHOWN, 16, 16, 3)
    assert all((image == training.pixels).all(axis=(1, 2, 3)).any() for image in quality.nearest)
    report = json.loads(json.dumps(quality.as_json()))
    assert report["images"] == "drawn"
    assert report["sample_to_training_least"] == pytest.approx(quality.sample_distances.min(), abs=1e-4)
    assert report["held_out_to_training_median"] == pytest.approx(np.median(quality.held_out_distances), abs=1e-4)


def test_what_was_learnt_by_heart_is_found(plain: Prior) -> None:
    training = squares(30, 16, seed=1)
    by_heart = Squares(
        run_to_end(measure_samples(plain, COARSE, squares(20, 16), training)).samples,
        tuple(map(str, range(SHOWN))),
        "own samples",
    )
    quality = run_to_end(measure_samples(plain, COARSE, squares(20, 16), by_heart))
    assert quality.sample_distances == pytest.approx(0, abs=1e-4)
    assert (quality.nearest == quality.samples).all()
    assert quality.held_out_distances.min() > 1


def test_samples_of_a_completion_prior_keep_the_context(completion: Prior) -> None:
    held_out = squares(6, 32)
    quality = run_to_end(measure_samples(completion, COARSE, held_out, squares(8, 32, seed=1)))
    assert "completions" in quality.samples_of
    hole = center(32, 0)
    assert (quality.samples == held_out.pixels)[:, ~hole].all()
    assert (quality.samples != held_out.pixels)[:, hole].any()


def test_progress_counts_all_three_sets(plain: Prior) -> None:
    steps = list(measure_samples(plain, COARSE, squares(6, 16), squares(7, 16)))
    assert steps == [5, 6, 11, 12, 17, 19]


def test_too_few_images_are_bad_input(plain: Prior) -> None:
    with pytest.raises(BadInputError, match="More than 3"):
        run_to_end(measure_samples(plain, COARSE, squares(3, 16), squares(7, 16)))

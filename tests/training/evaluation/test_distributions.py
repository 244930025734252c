from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.training.evaluation.distributions import distances, frechet_distance, precision_recall

CLOUD = np.random.default_rng(0).normal(size=(60, 5))


def test_frechet_distance_of_known_gaussians() -> None:
    assert frechet_distance(CLOUD, CLOUD) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(CLOUD, CLOUD + 2) == pytest.approx(5 * 4)
    # Of one Gaussian and its enlargement: the standard deviations' difference, squared, beside the means'.
    centred = CLOUD - CLOUD.mean(axis=0)
    assert frechet_distance(centred, 3 * centred) == pytest.approx(4 * np.trace(np.cov(centred, rowvar=False)))


@settings(deadline=None)
@given(seed=st.integers(0, 1000), count=st.integers(3, 40))
def test_frechet_distance_is_symmetric_and_not_negative(seed: int, count: int) -> None:
    other = np.random.default_rng(seed).gamma(2, size=(count, 5))
    there = frechet_distance(CLOUD, other)
    assert there == pytest.approx(frechet_distance(other, CLOUD), rel=1e-6)
    assert there > -1e-9


def test_precision_and_recall_tell_copies_collapse_and_strangers_apart() -> None:
    assert precision_recall(CLOUD, CLOUD) == (1, 1)
    assert precision_recall(CLOUD, CLOUD + 100) == (0, 0)
    precision, recall = precision_recall(CLOUD, np.repeat(CLOUD[:1], 60, axis=0) + CLOUD * 1e-6)
    assert precision == 1
    assert recall < 0.1
    precision, recall = precision_recall(CLOUD[:30], CLOUD * 3)
    assert precision < recall


def test_distances_between_rows() -> None:
    found = distances(CLOUD[:4], CLOUD[2:9])
    assert found == pytest.approx(np.linalg.norm(CLOUD[:4, None] - CLOUD[None, 2:9], axis=2), abs=1e-6)

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
import torch

from inpaintgui.training.evaluation import perceptual
from inpaintgui.training.evaluation.perceptual import FeatureNetwork, load_feature_network
from tests.training.evaluation.conftest import CPU, pictures

HOLE = np.zeros((64, 64), np.bool_)
HOLE[16:48, 16:48] = True


@pytest.fixture(scope="module")
def network() -> FeatureNetwork:
    for package in perceptual.PACKAGES:
        pytest.importorskip(package)
    loaded = load_feature_network(CPU)
    assert loaded is not None
    return loaded


def photo() -> np.ndarray:
    """Something with edges and texture."""
    noise = np.random.default_rng(2).normal(0, 12, (64, 64, 3))
    return np.clip(pictures(1, 64)[0] + noise, 0, 255).astype(np.uint8)


def test_without_its_packages_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptual, "find_spec", lambda _name: None)
    assert load_feature_network(CPU) is None


def test_distances_grow_with_the_damage(network: FeatureNetwork) -> None:
    truth = photo()
    blurred = [np.where(HOLE[..., None], cv2.GaussianBlur(truth, (0, 0), sigma), truth) for sigma in (0.5, 1, 2)]
    blank = np.where(HOLE[..., None], np.uint8(128), truth)
    found = network.distances(truth, np.stack([truth, *blurred, blank]), HOLE)
    assert found[0] == pytest.approx(0, abs=1e-6)
    assert (np.diff(found) > 0.01).all()


def test_a_batch_is_its_images_one_by_one(network: FeatureNetwork) -> None:
    truth, results = photo(), pictures(3, 64, seed=5)
    alone = [float(network.distances(truth, result[None], HOLE)[0]) for result in results]
    assert network.distances(truth, results, HOLE) == pytest.approx(alone, rel=1e-4)


def test_maps_are_of_five_depths(network: FeatureNetwork) -> None:
    shapes = [tuple(maps.shape) for maps in network.maps(pictures(2, 64))]
    assert shapes == [(2, 32, 32, 32), (2, 24, 16, 16), (2, 40, 8, 8), (2, 112, 4, 4), (2, 320, 2, 2)]


def test_pooled_features_come_in_batches(network: FeatureNetwork) -> None:
    images = pictures(perceptual.BATCH + 3, 32)
    parts = list(network.pooled(images))
    assert [part.shape for part in parts] == [(perceptual.BATCH, 320), (3, 320)]
    *_, deepest = network.maps(images[-3:])
    assert parts[1] == pytest.approx(deepest.mean(dim=(2, 3)).numpy(), rel=1e-3, abs=1e-3)


def test_weights_load_without_running_code(network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    plain_load = torch.load

    def load(*arguments: Any, **options: Any) -> Any:
        asked.append(options)
        return plain_load(*arguments, **options)

    monkeypatch.setattr(torch, "load", load)
    load_feature_network(CPU)
    assert [options["weights_only"] for options in asked] == [True]

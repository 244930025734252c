"""Training images for finding people: pairs, held-out parts, composites, determinism."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inpaintgui.errors import BadInputError, TrainingError
from inpaintgui.training.datasets import is_held_out
from inpaintgui.training.people.composites import PeopleSampler
from inpaintgui.training.people.cutouts import load_pairs
from inpaintgui.training.people.start import people_sampler
from tests.training.people.conftest import PAIRS


@pytest.fixture
def sampler(pairs_folder: Path, scenes_folder: Path, home: Path) -> PeopleSampler:
    return people_sampler([pairs_folder], [scenes_folder], resolution=64, seed=0, held_out=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_photo_and_its_mask_are_held_out_together(pairs_folder: Path, tmp_path: Path) -> None:
    pairs = load_pairs([pairs_folder], tmp_path)
    assert len(pairs) == PAIRS
    held_out = {pairs.names[k] for k in pairs.split(held_out=True)}
    assert held_out == {name for name in pairs.names if is_held_out(name)}
    assert len(pairs.split(held_out=True)) + len(pairs.split(held_out=False)) == PAIRS


def test_a_cutout_is_the_box_around_the_people(pairs_folder: Path, tmp_path: Path) -> None:
    pairs = load_pairs([pairs_folder], tmp_path)
    cutout = pairs.cutout(3)
    assert cutout.alpha.shape == cutout.pixels.shape[:2]
    assert not cutout.cut_below
    for edge in (cutout.alpha[0], cutout.alpha[-1], cutout.alpha[:, 0], cutout.alpha[:, -1]):
        assert (edge > 127).any()
    assert cutout.pixels[cutout.alpha > 200].mean(axis=0)[0] > 180


def test_masks_of_another_size_and_folders_without_pairs_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pairs"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.jpg"), np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(TrainingError, match="no pair"):
        load_pairs([folder], tmp_path / "cache")
    cv2.imwrite(str(folder / "a.png"), np.zeros((30, 20), np.uint8))
    with pytest.raises(TrainingError, match="another size"):
        load_pairs([folder], tmp_path / "cache 2")


def test_too_few_images_to_hold_any_out(pairs_folder: Path, tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "scene"
    folder.mkdir()
    cv2.imwrite(str(folder / "0.png"), np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(BadInputError, match="too few"):
        people_sampler([pairs_folder], [folder], resolution=64, seed=0, held_out=not is_held_out("0.png"))


def test_samples_depend_on_seed_and_position_alone(sampler: PeopleSampler) -> None:
    first, again, other = sampler.sample(5), sampler.sample(5), replace(sampler, seed=1).sample(5)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.people, again.people)
    assert (first.pixels != other.pixels).any()


def test_samples_show_people_where_they_say_so(sampler: PeopleSampler) -> None:
    """In composites red is what was pasted; things that are nobody are pieces of green scenes."""
    composites = replace(sampler, composites=1.0, originals=0.0)
    redness: dict[bool, list[float]] = {True: [], False: []}
    for position in range(60):
        sample = composites.sample(position)
        assert sample.pixels.shape == (64, 64, 3)
        assert sample.pixels.dtype == sample.people.dtype == np.uint8
        assert (sample.weights == 1).all()
        red = sample.pixels[..., 0].astype(int) - sample.pixels[..., 1]
        for marked, where in ((True, sample.people > 200), (False, sample.people == 0)):
            if where.any():
                redness[marked].append(float(red[where].mean()))
    assert len(redness[True]) > 40
    assert np.median(redness[True]) > np.median(redness[False]) + 40


def test_originals_are_less_sure_far_from_people(sampler: PeopleSampler) -> None:
    originals = replace(sampler, composites=0.0, originals=1.0)
    samples = [originals.sample(position) for position in range(20)]
    for sample in samples:
        assert set(np.unique(sample.weights)) <= {np.float32(0.3), np.float32(1)}
        assert (sample.weights[sample.people > 127] == 1).all()
    assert any((sample.weights < 1).any() for sample in samples)


def test_the_rest_shows_nobody(sampler: PeopleSampler) -> None:
    nobody = replace(sampler, composites=0.0, originals=0.0)
    assert not any(nobody.sample(position).people.any() for position in range(10))

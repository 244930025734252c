"""From likelihoods to proposals: sizes, sure groups, silhouettes along edges."""

from __future__ import annotations

import numpy as np
import pytest

from inpaintgui.contracts import Box
from inpaintgui.engine.people import silhouettes
from inpaintgui.engine.people.finder import silhouettes_of
from inpaintgui.engine.people.groups import LARGEST, likely_map
from inpaintgui.engine.people.likelihood import Level


def level(size: int, *groups: tuple[Box, float], scale: float = 1.0) -> Level:
    """Groups of the given likelihoods on nothing."""
    values = np.full((size, size), 0.01, np.float32)
    for box, likelihood in groups:
        values[box.slices] = likelihood
    return Level(scale, np.log(values / (1 - values)))


def test_each_scale_answers_for_its_sizes() -> None:
    """A group that is too large for the fine scale counts only if the coarse one has it."""
    large, small = Box(10, 10, 60, 180), Box(130, 30, 140, 60)
    assert 2 * large.height > LARGEST
    middle = level(100, (Box(65, 15, 70, 30), 0.99), scale=0.5)
    fine = level(200, (large, 0.99), (small, 0.99))
    coarse = level(50, scale=0.25)
    likely = likely_map((coarse, middle, fine))
    assert likely[large.slices].max() == 0
    assert likely[40:50, 133:137].min() > 0.9
    both = [level(50, (Box(3, 3, 15, 45), 0.99), scale=0.25), level(100, (Box(5, 5, 30, 90), 0.99), scale=0.5)]
    assert likely_map((*both, fine))[60:120, 30:40].min() > 0.9


def test_one_scale_alone_is_not_believed() -> None:
    box = Box(60, 30, 80, 60)
    fine = level(100, (box, 0.95))
    assert likely_map((level(50, scale=0.5), fine)).max() == 0
    agrees = level(50, (Box(30, 15, 40, 30), 0.95), scale=0.5)
    assert likely_map((agrees, fine))[35:55, 65:75].min() > 0.8
    assert likely_map((fine,))[box.slices].min() > 0.8  # a small photo has but one scale


def test_a_group_without_a_sure_core_is_nobody() -> None:
    likely = likely_map((level(100, (Box(10, 10, 40, 60), 0.6), (Box(60, 10, 90, 60), 0.95)),))
    assert likely[30, 20] == 0
    assert likely[30, 70] > 0.9


@pytest.mark.parametrize("by", ["GrabCut", "the guided filter"])
def test_silhouettes_follow_edges_and_are_grown(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The likelihood is off by a few pixels; the photo says where the edge is."""
    if by != "GrabCut":  # as where the colours mislead it altogether
        monkeypatch.setattr(silhouettes, "cut", lambda image, labels: np.zeros(labels.shape, bool))
    pixels = np.full((300, 240, 3), 40, np.uint8)
    person = Box(90, 60, 150, 240)
    pixels[person.slices] = 210
    likely = np.zeros((150, 120), np.float32)
    likely[Box(46, 31, 74, 119).slices] = 0.95
    (proposal,) = silhouettes_of(likely, pixels)
    assert proposal.kind == "person"
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[proposal.part.box.slices] = proposal.part.values
    assert set(np.unique(mask)) == {0, 255}
    inside = np.zeros_like(mask)
    inside[person.slices] = 255
    assert (mask[inside > 0] > 0).mean() > 0.97
    spilled = np.count_nonzero((mask > 0) & (inside == 0)) / np.count_nonzero(inside)
    assert spilled < 0.25


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_proposals_are_largest_first_and_apart(dtype: type, channels: int) -> None:
    pixels = np.zeros((100, 200, channels), dtype)
    likely = np.zeros((50, 100), np.float32)
    likely[10:30, 10:20] = likely[5:45, 50:70] = 0.9
    first, second = silhouettes_of(likely, pixels)
    assert first.box == Box(100, 10, 140, 90)
    assert second.box == Box(20, 20, 40, 60)
    assert first.part.box.intersect(second.part.box).is_empty


def test_specks_are_nobody() -> None:
    likely = np.zeros((50, 60), np.float32)
    likely[10:12, 20:23] = 0.99
    assert silhouettes_of(likely, np.zeros((100, 120, 3), np.uint8)) == ()


def test_nobody_is_nothing() -> None:
    assert silhouettes_of(np.zeros((20, 30), np.float32), np.zeros((40, 60, 3), np.uint8)) == ()


def test_large_people_are_worked_out_coarser_and_fill_the_photo() -> None:
    pixels = np.full((1800, 1300, 3), 128, np.uint8)
    likely = np.full((900, 650), 0.95, np.float32)
    (proposal,) = silhouettes_of(likely, pixels)
    assert proposal.part.box == Box(0, 0, 1300, 1800)
    assert (proposal.part.values == 255).all()

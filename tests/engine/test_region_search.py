"""Whole fills, looked at for what becomes of their searches."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui.contracts import (
    Box,
    ContextSquare,
    FillRequest,
    FillSettings,
    Phase,
    Pixels,
    RaceControl,
    Start,
)
from inpaintgui.engine import choice as choice_module
from inpaintgui.engine import fill as fill_module
from inpaintgui.engine import presets
from inpaintgui.engine.choice import start_for
from inpaintgui.engine.faces import Face
from inpaintgui.engine.fill import fill
from inpaintgui.engine.objective import Objective
from inpaintgui.engine.presets import PRESETS
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.regions import find_regions
from inpaintgui.errors import DeviceError
from tests.engine.conftest import LATENT_SIZE, run, write_tiny_prior

SIDE = 96


@pytest.fixture(autouse=True)
def short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {n: replace(p, steps=6, candidates=min(4, p.candidates), draw=min(8, p.draw)) for n, p in PRESETS.items()}
    monkeypatch.setattr(presets, "PRESETS", short)


def photo(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)


def mask(*boxes: Box) -> np.ndarray:
    painted = np.zeros((SIDE, SIDE), np.uint8)
    for box in boxes or (Box(30, 30, 50, 50),):
        painted[box.slices] = 255
    return painted


def test_regions_of_one_prior_are_searched_together(library: PriorLibrary) -> None:
    boxes = (Box(10, 10, 24, 24), Box(60, 10, 80, 20), Box(40, 60, 60, 90))
    steps, result = run(FillRequest(photo(), mask(*boxes)), library)
    searched = [step for step in steps if step.phase is Phase.SEARCH]
    assert max(step.step for step in searched) == 6
    assert len(searched) < 3 * 7
    assert {step.region for step in searched} == {0, 1, 2}
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
    assert [search.box for search in result.searches] == [patch.box for patch in result.patches]
    seconds = [region.seconds["search"] for region in result.report.regions]
    assert max(seconds) == min(seconds) > 0


def test_a_search_leaves_behind_what_it_takes_to_look_through_it(library: PriorLibrary) -> None:
    request = FillRequest(photo(), mask(), FillSettings(variations=3))
    (search,) = run(request, library)[1].searches
    assert search.trail.shape == (7, LATENT_SIZE)
    assert np.array_equal(search.trail[-1], search.variations[0].latent)
    assert len(search.variations) == 3
    pixels = [variation.patch.pixels for variation in search.variations]
    assert not np.array_equal(pixels[0], pixels[1])
    assert not np.array_equal(pixels[1], pixels[2])
    assert search.uncertainty.shape == (20, 20)
    assert search.uncertainty.max() > 0


def test_the_race_is_shown_and_wishes_are_heard(library: PriorLibrary) -> None:
    control = RaceControl()
    request = FillRequest(photo(), mask(), FillSettings(variations=2), race=control)
    job = fill(request, library=library)
    races = []
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            result = end.value
            break
        if step.race is not None:
            races.append(step.race)
            if len(races) == 1:
                shown = [candidate.number for candidate in step.race.candidates]
                control.drop(0, shown[0])
                control.pin(0, shown[-1])
    assert len({candidate.number for candidate in races[0].candidates}) == races[0].running
    assert races[0].candidates[0].image.shape == (16, 16, 3)
    totals = [candidate.losses.total for candidate in races[0].candidates]
    assert totals == sorted(totals)
    for race in races[1:]:
        numbers = [candidate.number for candidate in race.candidates]
        assert shown[0] not in numbers
        assert shown[-1] in numbers
        assert all(candidate.pinned == (candidate.number == shown[-1]) for candidate in race.candidates)
    assert len(result.searches[0].variations) == 2


def test_a_start_is_gone_on_from_and_an_exact_one_is_taken_as_it_is(library: PriorLibrary) -> None:
    request = FillRequest(photo(), mask())
    (before,) = run(request, library)[1].searches
    start = Start(before.box, before.prior, before.square, before.variations[0].latent)
    exact = replace(request, starts=(replace(start, exact=True),))
    _, result = run(exact, library)
    assert result.report.regions[0].steps == 0
    assert np.array_equal(result.searches[0].variations[0].latent, start.latent)
    assert np.array_equal(result.patches[0].pixels, run(exact, library)[1].patches[0].pixels)
    alone = FillSettings(candidates=1)
    wider = replace(request, mask=mask(Box(30, 30, 54, 50)), starts=(start,), settings=alone)
    (after,) = run(wider, library)[1].searches
    assert (after.prior, after.square) == (before.prior, before.square)
    assert np.array_equal(after.trail[0], start.latent)


def test_a_start_belongs_to_the_region_that_it_overlaps_and_must_cover() -> None:
    (region,) = find_regions(mask(Box(30, 30, 50, 50)))
    square = ContextSquare(20, 20, 40)
    latent = np.zeros(LATENT_SIZE, np.float32)
    far, near = (Start(box, "p", square, latent) for box in (Box(0, 0, 31, 31), Box(30, 30, 40, 40)))
    assert start_for(region, (far, near)) is near
    assert start_for(region, (replace(near, box=Box(60, 60, 70, 70)),)) is None
    assert start_for(region, (replace(near, square=ContextSquare(35, 20, 40)),)) is None
    assert start_for(region, ()) is None


def test_full_memory_halves_the_batch_and_the_search_goes_on(
    monkeypatch: pytest.MonkeyPatch, library: PriorLibrary
) -> None:
    whole = run(FillRequest(photo(), mask(), FillSettings(candidates=4)), library)[1]
    judge = Objective.judge_images
    sizes = []

    def cramped(self: Objective, latents: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        sizes.append(len(latents))
        if len(latents) > 3:
            raise torch.OutOfMemoryError("no more memory")
        return judge(self, latents, *rest)

    monkeypatch.setattr(Objective, "judge_images", cramped)
    result = run(FillRequest(photo(), mask(), FillSettings(candidates=4)), library)[1]
    assert max(sizes) > 3
    assert sizes[-1] <= 3
    assert result.report.warnings == ()
    off = np.abs(result.patches[0].pixels.astype(int) - whole.patches[0].pixels)
    assert off.mean() < 2


@pytest.mark.parametrize("error", [torch.AcceleratorError("CUDA error: out of luck"), DeviceError("too small")])
def test_where_the_device_fails_the_cpu_takes_over(
    monkeypatch: pytest.MonkeyPatch, library: PriorLibrary, error: Exception
) -> None:
    broken = torch.device("cpu:0")  # another name for the same hardware plays the device
    judge = Objective.judge_images

    def failing(self: Objective, *arguments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if self.prior.device == broken:
            raise error
        return judge(self, *arguments)

    monkeypatch.setattr(Objective, "judge_images", failing)
    expected = run(FillRequest(photo(), mask()), library)[1]
    monkeypatch.setattr(fill_module, "resolve_device", lambda name: broken)
    result = run(FillRequest(photo(), mask()), library)[1]
    assert result.report.device == "cpu"
    (warning,) = result.report.warnings
    assert "the CPU took over" in warning
    assert str(error) in warning
    assert np.array_equal(result.patches[0].pixels, expected.patches[0].pixels)


def test_a_failure_of_the_cpu_is_not_hidden(monkeypatch: pytest.MonkeyPatch, library: PriorLibrary) -> None:
    def failing(self: Objective, *arguments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        raise DeviceError("no memory for one candidate")

    monkeypatch.setattr(Objective, "judge_images", failing)
    with pytest.raises(DeviceError, match="no memory"):
        run(FillRequest(photo(), mask()), library)


@pytest.mark.parametrize("scenes_fit", [True, False])
def test_where_the_faces_do_not_fit_the_scenes_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenes_fit: bool
) -> None:
    metrics = {"context_error_median": 1e-4, "context_error_p95": 2e-4}
    write_tiny_prior(tmp_path, "f", "faces", **metrics)
    usual = {"context_error_median": 0.5, "context_error_p95": 0.9}
    write_tiny_prior(tmp_path, "s", "scenes", **(usual if scenes_fit else metrics))
    face = Face(ContextSquare(20, 20, 50))

    def finding(_pixels: Pixels, _holes: Sequence[Box]) -> Generator[None, None, tuple[Face, ...]]:
        yield
        return (face,)

    monkeypatch.setattr(choice_module, "finding_faces", finding)
    (region,) = run(FillRequest(photo(), mask()), PriorLibrary((tmp_path,)))[1].report.regions
    if scenes_fit:
        assert (region.prior, region.prior_used) == ("s", True)
        assert "“f” does not fit" in region.reason
        assert region.fit is not None
        assert region.fit > 0.05
    else:
        assert (region.prior, region.prior_used) == ("f", False)
        assert "texture of the photo only" in region.reason


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory."), torch.AcceleratorError("no luck")])
def test_a_device_that_is_full_of_others_work_when_the_prior_is_loaded(
    monkeypatch: pytest.MonkeyPatch, weights_folder: Path, error: Exception
) -> None:
    broken = torch.device("cpu:0")
    to = torch.nn.Module.to

    def full(self: torch.nn.Module, *where: object, **named: object) -> torch.nn.Module:
        if where == (broken,):
            raise error
        return to(self, *where, **named)

    expected = run(FillRequest(photo(), mask()), PriorLibrary((weights_folder,)))[1]
    monkeypatch.setattr(torch.nn.Module, "to", full)
    monkeypatch.setattr(fill_module, "resolve_device", lambda name: broken)
    result = run(FillRequest(photo(), mask()), PriorLibrary((weights_folder,)))[1]
    assert result.report.device == "cpu"
    (warning,) = result.report.warnings
    assert warning == f"The device “cpu:0” failed ({error}); the CPU took over."
    assert np.array_equal(result.patches[0].pixels, expected.patches[0].pixels)


def test_a_prior_that_does_not_heed_its_latent_is_asked_and_not_searched(tmp_path: Path) -> None:
    boxes = (Box(10, 10, 24, 24), Box(60, 10, 80, 20))
    several, alone = mask(*boxes), mask(boxes[0])
    for variety, steps in ((0.01, 0), (0.3, 6)):
        write_tiny_prior(tmp_path, "scenes-tiny", "scenes", variety=variety)
        library = PriorLibrary((tmp_path,))
        for painted, settings, expected in (
            (several, FillSettings(), [steps, steps]),
            (alone, FillSettings(), [steps]),
            (alone, FillSettings(candidates=2), [6]),
            (alone, FillSettings(preset="published-bamos"), [6]),
            (several, FillSettings(variations=2), [6, 6]),
        ):
            _, result = run(FillRequest(photo(), painted, settings), library)
            assert [report.steps for report in result.report.regions] == expected


def test_the_search_of_one_prior_is_not_put_down_to_the_regions_of_another(
    monkeypatch: pytest.MonkeyPatch, weights_folder: Path
) -> None:
    def finding(_pixels: Pixels, _holes: Sequence[Box]) -> Generator[None, None, tuple[Face, ...]]:
        yield
        return (Face(ContextSquare(0, 0, 40)),)

    monkeypatch.setattr(choice_module, "finding_faces", finding)
    boxes = (Box(10, 10, 24, 24), Box(60, 10, 80, 20))
    request = FillRequest(photo(), mask(*boxes), FillSettings(candidates=16))
    first, second = run(request, PriorLibrary((weights_folder,)))[1].report.regions
    assert first.prior != second.prior
    assert second.seconds[Phase.PREPARE.value] < first.seconds[Phase.SEARCH.value]

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui.benchmarks.ablations import ABLATIONS
from inpaintgui.benchmarks.projector import ProjectorSettings
from inpaintgui.benchmarks.search_methods import (
    METHODS,
    REFERENCE,
    EncoderMethod,
    Method,
    PresetMethod,
    ProjectorMethod,
    methods_called,
)
from inpaintgui.contracts import run_to_end
from inpaintgui.engine.blend import poisson_blend
from inpaintgui.engine.presets import SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.completing import complete
from inpaintgui.training.evaluation.masks import center
from tests.benchmarks.conftest import load
from tests.training.evaluation.conftest import pictures, write_completion_prior

HOLE = center(16, 0)
QUICK = SearchPreset("quick", "for tests", steps=3, candidates=2, learning_rate=0.05, perceptual_weight=0.1)
SHOWN = np.where(HOLE[..., None], 0, np.random.default_rng(0).integers(0, 256, (16, 16, 3))).astype(np.uint8)


EVERY_KIND: list[Callable[[], Method]] = [
    lambda: PresetMethod(QUICK),
    lambda: PresetMethod(replace(QUICK, blend=False)),
    EncoderMethod,
    lambda: ProjectorMethod(ProjectorSettings(steps=3)),
]


@pytest.mark.parametrize("make", EVERY_KIND)
def test_an_attempt_fits_together(make: Callable[[], Method], guided: Prior) -> None:
    method = make()
    attempt = method.attempt(guided, SHOWN, HOLE, seed=4)
    assert attempt.whole.dtype == np.float32
    assert 0 <= attempt.whole.min() <= attempt.whole.max() <= 1
    assert (attempt.whole[~HOLE] != (SHOWN / np.float32(255))[~HOLE]).any(), "the whole image is the generator's own"
    target = SHOWN.astype(np.float32) / 255
    pasted = np.where(HOLE[..., None], attempt.whole, target)
    blended = run_to_end(poisson_blend(pasted, attempt.whole, HOLE)).clip(0, 1)
    assert np.abs(attempt.blended - blended * 255).max() <= 0.51
    own = attempt.blended if getattr(method, "blend", None) or make is EVERY_KIND[0] else np.rint(pasted * 255)
    assert (attempt.filled == own).all()
    assert (attempt.filled[~HOLE] == SHOWN[~HOLE]).all()
    assert attempt.seconds > 0
    assert (method.attempt(guided, SHOWN, HOLE, seed=4).filled == attempt.filled).all()


@pytest.mark.parametrize("method", [PresetMethod(QUICK), ProjectorMethod(ProjectorSettings(steps=3))])
def test_a_generator_that_sees_the_context_needs_no_blending(method: Method, tmp_path: Path) -> None:
    write_completion_prior(tmp_path, "completion-tiny")
    hole = center(32, 0)
    shown = np.where(hole[..., None], np.uint8(0), pictures(1, 32)[0])
    attempt = method.attempt(load(tmp_path, "completion-tiny"), shown, hole, seed=0)
    pasted = np.where(hole[..., None], np.rint(attempt.whole * 255), shown)
    assert (attempt.blended == pasted).all()
    assert (attempt.filled == pasted).all()


def test_our_attempt_is_the_programs_own_fill(guided: Prior) -> None:
    attempt = PresetMethod(QUICK).attempt(guided, SHOWN, HOLE, seed=4)
    assert (attempt.filled == complete(guided, QUICK, SHOWN, HOLE, seed=4)).all()


def test_the_encoder_method_shows_the_guess(guided: Prior) -> None:
    target = torch.from_numpy(SHOWN.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
    known = torch.from_numpy(~HOLE)[None, None].float()
    guess = guided.encode(target * known, known)
    assert guess is not None
    expected = (guided.generate(guess)[0].permute(1, 2, 0).numpy() + 1) / 2
    assert np.abs(EncoderMethod().attempt(guided, SHOWN, HOLE, seed=0).whole - expected).max() < 1e-5


def test_only_a_prior_with_an_encoder_can_be_asked_for_its_guess(plain: Prior, guided: Prior) -> None:
    assert EncoderMethod().can_use(guided)
    assert not EncoderMethod().can_use(plain)
    assert PresetMethod(QUICK).can_use(plain)
    assert ProjectorMethod().can_use(plain)


def test_the_shortest_search_has_one_step(guided: Prior) -> None:
    for name in ("published-yeh-64", "best", "projector"):
        short = METHODS[name]().shortest()
        if isinstance(short, PresetMethod):
            assert {short.preset.for_prior(conditional=False, guided=guided).steps for guided in (False, True)} == {1}
        else:
            assert isinstance(short, ProjectorMethod)
            assert short.settings.steps == 1
    assert EncoderMethod().shortest() == EncoderMethod()


def test_the_published_methods_are_the_published_recipes() -> None:
    methods = {name: make() for name, make in METHODS.items()}
    presets = {name: method.preset for name, method in methods.items() if isinstance(method, PresetMethod)}
    told = {name: (preset.candidates, preset.steps) for name, preset in presets.items() if "published" in name}
    assert told == {"published-bamos": (1, 1000), "published-yeh": (1, 1500), "published-yeh-64": (64, 1500)}
    assert not presets["published-bamos"].blend
    assert presets["published-yeh-64"] == replace(preset_called("published-yeh"), candidates=64)


def test_the_reference_always_takes_part() -> None:
    assert list(methods_called(["encoder"], ablations=False)) == ["encoder", REFERENCE]
    assert list(methods_called([REFERENCE], ablations=False)) == [REFERENCE]
    assert list(methods_called(["draft"], ablations=True)) == ["draft", REFERENCE, *ABLATIONS]
    with pytest.raises(BadInputError, match="no method “none”; known methods: published-bamos"):
        methods_called(["none"], ablations=False)


@pytest.mark.parametrize("name", ABLATIONS)
def test_each_ablation_changes_something_and_can_be_searched(name: str, guided: Prior) -> None:
    reference = preset_called(REFERENCE)
    changed = ABLATIONS[name](reference)
    assert changed != reference
    assert changed.name == reference.name
    filled = complete(guided, PresetMethod(changed).shortest().preset, SHOWN, HOLE, seed=0)  # type: ignore[attr-defined]
    assert (filled[HOLE] != 0).any()


def test_no_steps_leaves_the_best_of_guess_and_draw(guided: Prior) -> None:
    without = PresetMethod(ABLATIONS["no-steps"](preset_called(REFERENCE)))
    assert without.preset.for_prior(conditional=False, guided=True).steps == 0
    assert without.attempt(guided, SHOWN, HOLE, seed=0).whole.shape == (16, 16, 3)

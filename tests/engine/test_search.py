from __future__ import annotations

import gc
import math
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.contracts import FillSettings, run_to_end
from inpaintgui.engine import search as search_module
from inpaintgui.engine import search_outcome as outcome_module
from inpaintgui.engine import search_state as state_module
from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.losses import contextual_loss, perceptual_loss, window_weights
from inpaintgui.engine.networks import Discriminator, Generator
from inpaintgui.engine.objective import Objective, SearchProblem
from inpaintgui.engine.presets import PRESETS, SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.search import (
    SearchStep,
    requested_preset,
    search_latent,
    search_latents,
    with_candidates,
)
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.engine.variations import TO_CHOOSE_FROM
from inpaintgui.errors import BadInputError
from tests.engine.conftest import LATENT_SIZE, RESOLUTION, tiny_row

CPU = torch.device("cpu")
SHORT = replace(PRESETS["normal"], steps=20, candidates=4, draw=16)


@pytest.fixture
def prior(library: PriorLibrary) -> Prior:
    return library.load("faces-tiny", device=CPU)


def problem_from(prior: Prior, seed: int = 3) -> SearchProblem:
    """An image that the prior can make, with a hole in the middle."""
    latent = prior.draw(1, torch.Generator().manual_seed(seed))
    image = (prior.generate(latent)[0].permute(1, 2, 0).numpy() + 1) / 2
    hole = np.zeros((RESOLUTION, RESOLUTION), np.bool_)
    hole[4:12, 4:12] = True
    return SearchProblem(np.where(hole[..., None], 0, image).astype(np.float32), ~hole, hole)


def finish(problem: SearchProblem, prior: Prior, preset: SearchPreset, seed: int = 0) -> SearchOutcome:
    search = search_latent(problem, prior, preset, seed=seed)
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value


def steps_of(problem: SearchProblem, prior: Prior, preset: SearchPreset) -> list[tuple[int, float]]:
    return [(s.step, s.losses().total) for s in search_latent(problem, prior, preset, seed=0)]


def test_the_search_finds_a_latent_that_explains_the_context(prior: Prior) -> None:
    preset = replace(SHORT, steps=200, candidates=8, draw=64, perceptual_weight=0.0)
    problem = problem_from(prior)
    outcome = finish(problem, prior, preset)
    start = finish(problem, prior, replace(preset, steps=1))
    assert outcome.context_error < 0.02
    assert outcome.context_error < start.context_error / 3
    assert np.abs(outcome.latent).max() <= 1
    # What it says of its answer is true of its latent.
    image = (prior.generate(torch.from_numpy(outcome.latent)[None])[0].permute(1, 2, 0).numpy() + 1) / 2
    np.testing.assert_allclose(outcome.answer, image.clip(0, 1), atol=1e-5)
    known = problem.known
    assert outcome.context_error == pytest.approx(np.abs(image - problem.target)[known].mean(), abs=1e-5)


@pytest.mark.parametrize("name", ["normal", "published-bamos", "published-yeh"])
def test_the_same_seed_gives_the_same_answer(prior: Prior, name: str) -> None:
    preset = replace(PRESETS[name], steps=12)
    problem = problem_from(prior)
    first, second, other = (finish(problem, prior, preset, seed) for seed in (5, 5, 6))
    assert np.array_equal(first.answer, second.answer)
    assert np.array_equal(first.latent, second.latent)
    assert not np.array_equal(first.latent, other.latent)


def test_the_mean_image_is_that_of_the_candidates_that_are_left(prior: Prior) -> None:
    problem = problem_from(prior)
    search = search_latent(problem, prior, SHORT, seed=0)
    while True:
        try:
            state = next(search).state
        except StopIteration as end:
            outcome = end.value
            break
    assert len(state.latents) == 2
    images = (prior.generate(state.latents).permute(0, 2, 3, 1).numpy() + 1) / 2
    np.testing.assert_allclose(outcome.mean_answer, images.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(outcome.uncertainty, images.std(axis=0).mean(axis=2), atol=1e-5)


def assert_same_winner(one: SearchOutcome, other: SearchOutcome) -> None:
    """The pictures may differ by rounding: some processors multiply a larger batch in another order."""
    assert np.array_equal(one.latent, other.latent)
    np.testing.assert_allclose(one.answer, other.answer, atol=1e-4)


def test_the_mean_of_many_answers_is_taken_around_the_winner(prior: Prior) -> None:
    asked = replace(prior, row=replace(prior.row, answer="mean"))
    problem, preset = problem_from(prior), replace(SHORT, mirrored=False)
    alone, many = (finish(problem, asked, replace(preset, averaged=count)) for count in (0, 32))
    assert_same_winner(many, alone)
    assert len(many.pool) == len(alone.pool)
    assert many.uncertainty.max() > 0
    moved = np.abs(many.mean_answer - alone.answer).mean()
    assert 0 < moved < np.abs(alone.answer - 0.5).mean()
    given = replace(preset, averaged=32).as_given()
    exact = run_to_end(search_latents((problem,), asked, given, seeds=(0,), starts=(alone.latent,)))[0]
    np.testing.assert_array_equal(exact.mean_answer, exact.answer)


def test_variations_are_found_beside_the_same_winner(prior: Prior) -> None:
    problem = problem_from(prior)
    plain, varied = (finish(problem, prior, SHORT.for_variations(count)) for count in (1, 3))
    assert_same_winner(varied, plain)
    assert len(varied.pool) == len(plain.pool) + 3 * TO_CHOOSE_FROM
    assert len(varied.pool) == len(varied.pool_answers) == len(varied.pool_errors) == len(varied.pool_losses)
    assert len(np.unique(varied.pool, axis=0)) == len(varied.pool)


def test_a_mirrored_search_is_averaged_where_the_mean_is_asked_for(prior: Prior) -> None:
    asked = replace(prior, row=replace(prior.row, answer="mean"))
    problem = problem_from(prior)
    mirrored, plain = replace(SHORT, mirrored=True), replace(SHORT, mirrored=False)
    searches = search_latents((problem, problem.mirrored()), asked, plain, seeds=(4, -5))
    own, reflection = run_to_end(searches)
    both = finish(problem, asked, mirrored, seed=4)
    wanted = (own.mean_answer + reflection.mean_answer[:, ::-1]) / 2
    np.testing.assert_allclose(both.mean_answer, wanted, atol=1e-5)
    np.testing.assert_allclose(both.answer, own.answer, atol=1e-5)
    assert not np.allclose(both.mean_answer, own.mean_answer, atol=0.01)


def test_nobody_sees_the_mirrored_problem(prior: Prior) -> None:
    asked = replace(prior, row=replace(prior.row, answer="mean"))
    preset = replace(SHORT, mirrored=True)
    shown = {
        step.race(0, 8).region
        for step in search_latents((problem_from(prior),), asked, preset, seeds=(0,), regions=(3,))
    }
    assert shown == {3}


def test_a_given_start_is_not_searched_mirrored(prior: Prior) -> None:
    asked = replace(prior, row=replace(prior.row, answer="mean"))
    problem, start = problem_from(prior), np.zeros(LATENT_SIZE, np.float32)
    outcomes = [
        run_to_end(search_latents((problem,), asked, replace(SHORT, mirrored=on), seeds=(0,), starts=(start,)))[0]
        for on in (True, False)
    ]
    np.testing.assert_array_equal(outcomes[0].mean_answer, outcomes[1].mean_answer)


def test_what_is_in_the_hole_does_not_matter(prior: Prior) -> None:
    problem = problem_from(prior)
    target = problem.target.copy()
    target[problem.hole] = 0.7
    other = replace(problem, target=target)
    assert np.array_equal(finish(problem, prior, SHORT).answer, finish(other, prior, SHORT).answer)


def test_steps_are_counted_and_candidates_dropped(prior: Prior) -> None:
    sizes = {}
    steps: list[SearchStep] = []
    for step in search_latent(problem_from(prior), prior, replace(SHORT, halve_at=(0.25, 0.5)), seed=0):
        sizes[step.step] = len(step.state.latents)
        steps.append(step)
    assert sorted({s.step for s in steps}) == list(range(21))
    assert (sizes[0], sizes[4], sizes[5], sizes[9], sizes[10], sizes[20]) == (4, 4, 2, 2, 1, 1)
    assert all(s.steps == 20 for s in steps)


def test_a_step_pauses_between_its_parts(prior: Prior, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "CPU_PART", 4)
    judged: list[int] = []
    score = prior.score
    monkeypatch.setattr(Prior, "score", lambda _self, images: judged.append(len(images)) or score(images))
    preset = replace(SHORT, steps=2, candidates=8, draw=8, halve_at=())
    most = 0
    for step in search_latent(problem_from(prior), prior, preset, seed=0):
        most = max(most, sum(judged))
        judged.clear()
        assert step.losses().total > 0
        judged.clear()
    assert 0 < most <= 4
    assert finish(problem_from(prior), prior, preset).steps == 2


def test_regions_share_the_effort() -> None:
    normal = preset_called("normal")
    assert normal.for_regions(1) == normal
    for count in (2, 8, 50):
        shared = normal.for_regions(count)
        assert shared.informed is not None
        assert normal.informed is not None
        for all_, own in ((normal, shared), (normal.informed, shared.informed)):
            assert count * own.candidates <= max(2 * all_.candidates, count)
            assert 2 <= own.steps <= all_.steps
            assert own.draw >= 4
        assert 2 <= shared.views < normal.views
        assert shared.steps == normal.steps  # without a guess, nobody can do with less
    few = FillSettings(preset="normal", candidates=8)
    assert requested_preset("normal", few, regions=8).candidates == 8
    assert requested_preset("published-yeh", FillSettings(), regions=8) == preset_called("published-yeh")


def test_who_asks_for_candidates_gets_them_however_good_the_first_guess() -> None:
    for budget in ("draft", "normal", "best"):
        asked = requested_preset(budget, FillSettings(preset=budget, candidates=9))
        for conditional, guided in ((False, True), (True, False), (False, False)):
            assert asked.for_prior(conditional=conditional, guided=guided).candidates == 9


def test_of_a_prior_that_does_not_heed_its_latent_no_more_is_drawn_than_is_raced() -> None:
    for budget in ("draft", "normal", "best"):
        preset = preset_called(budget)
        assert preset.informed is not None
        heeding, deaf = (preset.for_prior(conditional=True, guided=False, deaf=deaf) for deaf in (False, True))
        assert heeding.draw == preset.informed.draw > heeding.candidates
        assert deaf.draw == deaf.candidates == heeding.candidates
        assert deaf.steps == 0 < heeding.steps


def test_the_draw_keeps_the_best(prior: Prior) -> None:
    problem = problem_from(prior)
    narrow = steps_of(problem, prior, replace(SHORT, draw=0, candidates=1))[0][1]
    wide = [total for step, total in steps_of(problem, prior, replace(SHORT, draw=256, candidates=1)) if step == 0]
    assert wide == sorted(wide, reverse=True)
    assert wide[-1] < narrow


def test_a_search_can_be_closed_between_any_two_steps(prior: Prior) -> None:
    for stop in range(6):
        search = search_latent(problem_from(prior), prior, SHORT, seed=0)
        for _ in range(stop):
            next(search)
        search.close()
        with pytest.raises(StopIteration):
            next(search)


def test_published_bamos_is_the_articles_update_rule(prior: Prior) -> None:
    """Replays the recipe with torch's own Adam and the formulas as printed."""
    preset = replace(PRESETS["published-bamos"], steps=10)
    problem = problem_from(prior)
    z = prior.draw(1, torch.Generator().manual_seed(0)).requires_grad_()
    adam = torch.optim.Adam([z], lr=0.01, betas=(0.9, 0.999), eps=1e-8)
    x = torch.from_numpy(problem.target * 2 - 1).permute(2, 0, 1)[None]
    known = torch.from_numpy(problem.known)
    for _ in range(10):
        image = prior.generate(z)
        contextual = (known * image - known * x).abs().sum()
        perceptual = F.binary_cross_entropy_with_logits(prior.score(image), torch.ones(1))
        adam.zero_grad()
        (contextual + 0.1 * perceptual).backward()
        adam.step()
        with torch.no_grad():
            z.clamp_(-1, 1)
    np.testing.assert_allclose(finish(problem, prior, preset).latent, z.detach().numpy()[0], atol=5e-4)  # kinks of L1


def test_published_presets_are_the_published_numbers() -> None:
    bamos, yeh = PRESETS["published-bamos"], PRESETS["published-yeh"]
    assert (bamos.steps, bamos.candidates, bamos.perceptual_weight, bamos.learning_rate) == (1000, 1, 0.1, 0.01)
    assert (bamos.weighting, bamos.blend, bamos.detail, bamos.schedule) == ("binary", False, False, "constant")
    assert (yeh.steps, yeh.candidates, yeh.perceptual_weight, yeh.window) == (1500, 1, 0.003, 7)
    assert (yeh.weighting, yeh.blend, yeh.detail, yeh.floor) == ("window", True, False, 0.0)
    assert not bamos.bfloat16
    assert not yeh.bfloat16
    with pytest.raises(BadInputError, match="known presets"):
        preset_called("fast")
    assert with_candidates(bamos, 5).candidates == 5
    assert with_candidates(bamos, None) is bamos


@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 5, 7, 15]))
@settings(max_examples=40, deadline=None)
def test_window_weights_are_known_times_the_share_of_hole_around(seed: int, window: int) -> None:
    rng = np.random.default_rng(seed)
    hole = rng.random((12, 12)) < 0.3
    outside = rng.random((12, 12)) < 0.1
    known = ~hole & ~outside
    as_tensor = [torch.from_numpy(f)[None, None].float() for f in (known, hole & ~outside)]
    weights = window_weights(as_tensor[0], as_tensor[1], window)[0, 0].numpy()
    radius = window // 2
    padded = np.pad(hole & ~outside, radius)
    for y in range(12):
        for x in range(12):
            share = padded[y : y + window, x : x + window].mean()
            assert weights[y, x] == pytest.approx(share * known[y, x], abs=1e-6)


def test_weights_are_larger_near_the_hole_and_zero_in_it() -> None:
    """The orientation that is inverted in some published code."""
    hole = torch.zeros(1, 1, 16, 16)
    hole[..., 6:10, 6:10] = 1
    weights = window_weights(1 - hole, hole, 7)[0, 0]
    assert weights[7, 5] > weights[7, 4] > weights[7, 3] > 0
    assert weights[7, 7] == 0
    assert weights[0, 0] == 0


def test_losses_against_their_definitions() -> None:
    images, target = torch.rand(3, 3, 4, 4) * 2 - 1, torch.rand(1, 3, 4, 4) * 2 - 1
    weights = torch.rand(1, 1, 4, 4)
    by_hand = [sum(float(weights[0, 0, y, x]) * float((i[:, y, x] - target[0, :, y, x]).abs().sum())
                   for y in range(4) for x in range(4)) for i in images]  # fmt: skip
    torch.testing.assert_close(contextual_loss(images, target, weights), torch.tensor(by_hand))
    logits = torch.tensor([-30.0, 0.0, 30.0])
    by_hand_bce = F.binary_cross_entropy_with_logits(logits, torch.ones(3), reduction="none")
    torch.testing.assert_close(perceptual_loss(logits), by_hand_bce)


def on_meta(monkeypatch: pytest.MonkeyPatch) -> Prior:
    """A prior on torch's meta device, which refuses to compute with tensors of another device."""
    for module in (search_module, outcome_module, state_module):
        monkeypatch.setattr(module, "to_host", lambda t: np.zeros(tuple(t.shape), np.float32))
    meta = torch.device("meta")
    size = {"resolution": RESOLUTION, "base_width": 4}
    generator = Generator(latent_size=LATENT_SIZE, **size).to(meta).eval().requires_grad_(False)
    discriminator = Discriminator(**size).to(meta).eval().requires_grad_(False)
    return Prior(tiny_row("meta", "faces"), generator, discriminator, meta)


@pytest.mark.parametrize("name", ["normal", "published-bamos", "published-yeh"])
def test_every_tensor_of_the_search_is_on_the_priors_device(
    monkeypatch: pytest.MonkeyPatch, library: PriorLibrary, name: str
) -> None:
    problem = problem_from(library.load("faces-tiny", device=CPU))
    preset = replace(PRESETS[name], steps=8)
    for step in search_latent(problem, on_meta(monkeypatch), preset, seed=0):
        assert step.state.latents.device.type == "meta"
        assert step.image().shape == (RESOLUTION, RESOLUTION, 3)
        step.losses()


def test_whoever_watches_sees_the_answer_as_tuned_as_d_would_have_it_at_most(prior: Prior) -> None:
    shape = (3, RESOLUTION, RESOLUTION)
    patterns = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    erring = replace(prior, errors=ErrorModel(torch.full(shape, 0.1), patterns, 0.1))
    images = torch.rand(2, *shape, generator=torch.Generator().manual_seed(2)) * 2 - 1
    owner, seen = torch.zeros(2, dtype=torch.long), {}
    for slack in (math.inf, -math.inf):
        objective = Objective((problem_from(prior),), erring, replace(SHORT, realism_slack=slack))
        seen[slack] = objective.tuned_unasked(images, owner), objective.tuned(images, owner)
    torch.testing.assert_close(*seen[math.inf])
    torch.testing.assert_close(seen[-math.inf][0], seen[math.inf][0])
    assert torch.equal(seen[-math.inf][1], images)
    untuned = Objective((problem_from(prior),), erring, replace(SHORT, tuning=False))
    assert torch.equal(untuned.tuned_unasked(images, owner), images)


def test_the_device_test_would_notice_a_mix(monkeypatch: pytest.MonkeyPatch, library: PriorLibrary) -> None:
    """Break the device handling on purpose: latents that stay on the CPU."""
    problem = problem_from(library.load("faces-tiny", device=CPU))
    prior = on_meta(monkeypatch)
    monkeypatch.setattr(Prior, "draw", lambda self, count, random: torch.zeros(count, LATENT_SIZE, device="cpu"))
    with pytest.raises(RuntimeError, match=r"device|meta"):
        list(search_latent(problem, prior, SHORT, seed=0))


@pytest.mark.cuda
def test_the_search_on_a_gpu_agrees_with_the_cpu(library: PriorLibrary) -> None:
    preset = replace(SHORT, bfloat16=False, steps=5, halve_at=())
    on_cpu = library.load("faces-tiny", device=CPU)
    problem = problem_from(on_cpu)
    on_gpu = finish(problem, library.load("faces-tiny", device=torch.device("cuda")), preset)
    np.testing.assert_allclose(on_gpu.answer, finish(problem, on_cpu, preset).answer, atol=0.02)


def test_variations_of_a_conditional_prior_are_chosen_from_more_draws() -> None:
    normal = PRESETS["normal"]
    assert normal.for_variations(1) is normal
    wide = normal.for_variations(4)
    assert wide.variations == 4
    assert wide.informed is not None
    assert normal.informed is not None
    assert wide.informed.draw > normal.informed.draw
    assert wide.informed.candidates == 4
    assert PRESETS["published-yeh"].for_variations(2).informed is None


def test_the_memory_of_a_search_is_free_when_it_ends(monkeypatch: pytest.MonkeyPatch, prior: Prior) -> None:
    """Not when garbage is next collected: a device's memory may be needed at once."""
    made: list[weakref.ref[state_module.SearchState]] = []

    class Watched(state_module.SearchState):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(weakref.ref(self))

    monkeypatch.setattr(search_module, "SearchState", Watched)
    gc.disable()
    try:
        finish(problem_from(prior), prior, SHORT)
        assert [one() for one in made] == [None]
    finally:
        gc.enable()

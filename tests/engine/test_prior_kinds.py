"""The search with every kind of prior: conditional ones, ones with an encoder, ones without a discriminator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui.contracts import run_to_end
from inpaintgui.engine import objective as objective_module
from inpaintgui.engine.answer import prior_answer
from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.networks import Discriminator, Encoder
from inpaintgui.engine.objective import Objective, SearchProblem
from inpaintgui.engine.presets import preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import PriorRow, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary, save_prior
from inpaintgui.engine.search import search_latent
from tests.engine.conftest import LATENT_SIZE, tiny_row

CPU = torch.device("cpu")
SIDE = 32
ONE = torch.zeros(1, dtype=torch.long)
DEFAULT = replace(preset_called("normal"), bfloat16=False)


def completion_row(**changes: object) -> PriorRow:
    row = tiny_row("completion", "scenes")
    changes = {"architecture": "completion", "resolution": SIDE, "guide_resolution": SIDE, **changes}
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.fixture
def completion(tmp_path: Path) -> Prior:
    """A completion prior whose latent makes a visible difference."""
    torch.manual_seed(0)
    row = completion_row()
    generator = CompletionGenerator(latent_size=LATENT_SIZE, resolution=SIDE, base_width=row.base_width)
    torch.nn.init.normal_(generator.paint.weight, std=0.1)
    discriminator = Discriminator(resolution=SIDE, base_width=row.base_width)
    row = save_prior(tmp_path / "completion.safetensors", row, generator, discriminator)
    write_manifest_row(tmp_path, row)
    return PriorLibrary((tmp_path,)).load("completion", device=CPU)


def problem(side: int = SIDE, seed: int = 0) -> SearchProblem:
    hole = np.zeros((side, side), np.bool_)
    hole[side // 3 : 2 * side // 3, side // 3 : 2 * side // 3] = True
    target = np.random.default_rng(seed).random((side, side, 3)).astype(np.float32)
    return SearchProblem(np.where(hole[..., None], 0, target).astype(np.float32), ~hole, hole)


def test_a_conditional_prior_is_searched_over_its_latent(completion: Prior) -> None:
    steps = []
    job = search_latent(problem(), completion, DEFAULT, seed=0)
    while True:
        try:
            steps.append(next(job))
        except StopIteration as end:
            outcome = end.value
            break
    effort = DEFAULT.informed
    assert effort is not None
    assert steps[-1].steps == effort.steps == outcome.steps
    assert outcome.candidates == effort.candidates
    assert outcome.answer.shape == (SIDE, SIDE, 3)
    context = steps[-1].state.objective.context
    assert context.conditions is not None
    again = completion.generate(torch.from_numpy(outcome.latent)[None], context)
    np.testing.assert_allclose((again[0].permute(1, 2, 0).numpy() + 1) / 2, outcome.answer, atol=1e-5)


def test_its_mean_image_is_that_of_the_draws_by_how_well_each_meets_the_rim(
    completion: Prior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        objective_module, "RIM_NATS", 30_000.0
    )  # so that this prior, which never learnt, tells a difference
    task = problem()
    outcome = run_to_end(search_latent(task, completion, DEFAULT, seed=5))
    effort = DEFAULT.informed
    assert effort is not None
    objective = Objective((task,), completion, DEFAULT)
    drawn = completion.draw(effort.draw, torch.Generator().manual_seed(5))
    owner = ONE.expand(effort.draw)
    shares = objective.plausibility(objective.judge(drawn, owner)[:, 0], 0)
    assert shares.max() > 2 / effort.draw
    answers = (completion.generate(drawn, objective.context.of(owner)).permute(0, 2, 3, 1) + 1) / 2
    mean = torch.tensordot(shares, answers, dims=1)
    np.testing.assert_allclose(outcome.mean_answer, mean.numpy(), atol=1e-4)
    spread = torch.tensordot(shares, (answers - mean).square(), dims=1).sqrt().mean(dim=2)
    np.testing.assert_allclose(outcome.uncertainty, spread.numpy(), atol=1e-4)


def test_what_meets_the_rim_better_is_more_plausible(completion: Prior) -> None:
    objective = Objective((problem(), problem(seed=1)), completion, DEFAULT)
    values = 3 * float(objective.weights[1].sum())
    alike = objective.plausibility(torch.full((5,), 3.0), 1)
    torch.testing.assert_close(alike, torch.full((5,), 0.2))
    off = torch.tensor([0.1, 0.2, 0.4])
    shares = objective.plausibility(values * off, 1)
    assert float(shares.sum()) == pytest.approx(1)
    assert float((shares[0] / shares[1]).log()) == pytest.approx(objective_module.RIM_NATS * 0.1, rel=1e-3)
    assert shares[1] > shares[2]


def test_its_pixels_under_the_hole_do_not_matter(completion: Prior) -> None:
    plain = problem()
    other = replace(plain, target=np.where(plain.hole[..., None], np.float32(0.7), plain.target))
    one, two = (run_to_end(search_latent(p, completion, DEFAULT, seed=0)) for p in (plain, other))
    assert np.array_equal(one.answer[plain.hole], two.answer[plain.hole])


def test_its_fit_is_judged_by_a_rim_that_it_does_not_see(completion: Prior) -> None:
    """The generator repeats what it sees: only what it did not see tells whether it knows such images."""
    objective = Objective((problem(),), completion, DEFAULT)
    latent = torch.zeros(1, LATENT_SIZE)
    image = completion.generate(latent, objective.context)
    error = objective.rim_errors(objective.judge(latent, ONE)[:, 0], ONE)
    unseen = completion.generate(latent, objective.asked) - objective.target
    rim = objective.weights[0, 0].bool()
    torch.testing.assert_close(error, unseen[..., rim].abs().mean()[None] / 2)
    visible = ((image - objective.target).abs() * objective.known).sum() / (6 * objective.known.sum())
    assert error > 1.2 * visible


def test_d_judges_the_completed_image_where_that_is_what_it_learnt_from(completion: Prior) -> None:
    objective = Objective((problem(),), completion, DEFAULT)
    images = torch.rand(2, 3, SIDE, SIDE)
    view = completion.judged_view(images, objective.context)
    known = objective.known[0, 0].bool()
    assert torch.equal(view[..., known], objective.target[..., known].expand(2, -1, -1))
    assert torch.equal(view[..., ~known], images[..., ~known])


def test_no_image_without_a_context(completion: Prior) -> None:
    with pytest.raises(ValueError, match="needs a context"):
        completion.generate(torch.zeros(1, LATENT_SIZE))


def test_samples_are_completions(completion: Prior) -> None:
    objective = Objective((problem(),), completion, DEFAULT)
    images = completion.sample(3, torch.Generator().manual_seed(0), objective.context)
    assert images.shape == (3, 3, SIDE, SIDE)
    assert not torch.equal(images[0], images[1])


def with_encoder(prior: Prior, latent: torch.Tensor) -> Prior:
    """The prior with an encoder that always guesses ``latent``."""

    class Constant(Encoder):
        def forward(self, pixels: torch.Tensor, *rest: object) -> torch.Tensor:
            return latent.repeat(len(pixels), 1)

    size = {"latent_size": prior.row.latent_size, "resolution": prior.resolution, "base_width": 4}
    return replace(prior, encoder=Constant(**size).eval())


def test_the_encoders_guess_is_among_the_candidates(library: PriorLibrary) -> None:
    prior = library.load("faces-tiny", device=CPU)
    wanted = torch.linspace(-0.9, 0.9, LATENT_SIZE)[None]
    target = (prior.generate(wanted)[0].permute(1, 2, 0).numpy() + 1) / 2
    known = problem(prior.resolution).known
    task = SearchProblem(np.where(known[..., None], target, 0).astype(np.float32), known, ~known)
    guided = with_encoder(prior, wanted)
    first = next(search_latent(task, guided, replace(DEFAULT, perceptual_weight=0.0), seed=0))
    assert torch.equal(first.state.latents[first.state.ranking(0)[:1]], wanted)
    assert first.losses().contextual == pytest.approx(0, abs=1e-3)
    cold = next(search_latent(task, guided, replace(DEFAULT, warm_start=False), seed=0))
    assert cold.losses().contextual > 1


def test_a_guess_beyond_the_support_is_moved_into_it(library: PriorLibrary) -> None:
    prior = with_encoder(library.load("faces-tiny", device=CPU), torch.full((1, LATENT_SIZE), 3.0))
    guess = prior.encode(torch.zeros(2, 3, 16, 16), torch.ones(2, 1, 16, 16))
    assert guess is not None
    assert torch.equal(guess, torch.ones(2, LATENT_SIZE))


def test_without_a_discriminator_the_latent_prior_takes_its_place(library: PriorLibrary) -> None:
    prior = replace(library.load("faces-tiny", device=CPU), discriminator=None)
    normal = replace(prior, row=replace(prior.row, latent_distribution="normal"))
    latents = torch.stack((torch.zeros(LATENT_SIZE), torch.full((LATENT_SIZE,), 2.0)))
    judged = Objective((problem(16),), normal, DEFAULT).judge(latents, ONE.expand(2))
    assert judged[:, 1].tolist() == [0.0, 2.0]
    assert Objective((problem(16),), prior, DEFAULT).judge(latents, ONE.expand(2))[:, 1].tolist() == [0.0, 0.0]
    outcome = run_to_end(search_latent(problem(16), normal, DEFAULT, seed=0))
    assert outcome.losses.perceptual >= 0
    assert normal.encode(torch.zeros(1, 3, 16, 16), torch.ones(1, 1, 16, 16)) is None


@pytest.mark.parametrize("answer", ["best", "mean"])
def test_the_answer_is_what_the_row_asks_for(completion: Prior, answer: str) -> None:
    task = problem()
    outcome = run_to_end(search_latent(task, completion, DEFAULT, seed=0))
    filled = run_to_end(prior_answer(task, outcome, replace(completion.row, answer=answer), blend=False))
    source = outcome.mean_answer if answer == "mean" else outcome.answer
    assert np.array_equal(filled[task.hole], source[task.hole])
    assert np.array_equal(filled[task.known], task.target[task.known])

"""The z-search: find the latent codes whose images agree with the context and look real.

Yeh, Chen, Lim, Schwing, Hasegawa-Johnson & Do, “Semantic Image Inpainting with Deep Generative Models”, CVPR 2017;
the article this program starts from is the same search with plain weights. Here the encoder's guess and random draws
are judged first, the best become candidates, and Adam improves all of them in one batch, for all regions at once.
Candidates beside the encoder's own guess start from, and are held near, guesses that are moved at random: such
“randomise, then optimise” (Bardsley, Solonen, Haario & Laine 2014) makes them samples of what the context leaves open.
Every problem is also searched mirrored: networks err differently there, and the mean of both errs less (Lim et al.,
EDSR, CVPR workshops 2017).

Everything stays on the device until somebody asks a step for its losses or its images.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.contracts import Candidate, FillSettings, Losses, Race, RaceControl
from inpaintgui.engine.devices import to_host
from inpaintgui.engine.objective import Objective, SearchProblem
from inpaintgui.engine.posterior import distinct_latents, surrounding_latents
from inpaintgui.engine.presets import BUDGETS, SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search_outcome import Beside, SearchOutcome, as_images, as_losses, means_of, outcomes_of
from inpaintgui.engine.search_state import SearchState
from inpaintgui.engine.variations import TO_CHOOSE_FROM

T = TypeVar("T")

PLATEAU_SPAN = 5
"""Steps between two looks at whether the losses still fall."""


@dataclass(frozen=True)
class SearchStep:
    """Where the search is. The methods compute on demand and are valid until the search goes on."""

    step: int
    steps: int
    state: SearchState

    def losses(self, problem: int = 0) -> Losses:
        """Losses of the leading candidate."""
        return as_losses(to_host(self.state.losses[self.state.ranking(problem)[:1]]))[0]

    def image(self, problem: int = 0) -> NDArray[np.float32]:
        """What the leading candidate says about the square: float32 (R, R, 3) in [0, 1]."""
        image: NDArray[np.float32] = as_images(self.state.seen(self.state.ranking(problem)[:1]))[0]
        return image

    def race(self, problem: int, most: int) -> Race:
        """The ``most`` leading candidates, with what G painted when they were last judged."""
        state = self.state
        ranking = state.ranking(problem)
        leading = ranking[:most]
        images = (as_images(state.images[leading].float()) * 255).round().astype(np.uint8)
        numbers = [int(state.numbers.reshape(-1)[int(index)]) for index in to_host(leading)]
        pinned = state.pinned(problem)
        candidates = tuple(
            Candidate(number, image, losses, number in pinned)
            for number, image, losses in zip(numbers, images, as_losses(to_host(state.losses[leading])), strict=True)
        )
        return Race(state.regions[problem], candidates, len(ranking))


def search_latent(
    problem: SearchProblem, prior: Prior, preset: SearchPreset, *, seed: int
) -> Generator[SearchStep, None, SearchOutcome]:
    """Search ``prior`` for the best completion of one problem; see :func:`search_latents`."""
    outcomes = yield from search_latents((problem,), prior, preset, seeds=(seed,))
    return outcomes[0]


def search_latents(
    problems: Sequence[SearchProblem],
    prior: Prior,
    preset: SearchPreset,
    *,
    seeds: Sequence[int],
    starts: Sequence[NDArray[np.float32] | None] = (),
    control: RaceControl | None = None,
    regions: Sequence[int] = (),
) -> Generator[SearchStep, None, tuple[SearchOutcome, ...]]:
    """Search ``prior`` for the best completions of all problems at once; yields between steps, where it can be closed.

    seeds: one per problem; the same seeds give the same answers on the same machine. starts: for every problem a
    latent to go on from, float32 (latent_size,), or None. control: wishes of whoever watches, who knows the problems
    as ``regions`` (their places, if that is not said).
    """
    mirrored = preset.mirrored and prior.row.answer == "mean" and all(start is None for start in starts)
    posed = (*problems, *(problem.mirrored() for problem in problems)) if mirrored else tuple(problems)
    encoded = preset.warm_start and prior.encoder is not None
    started = bool(starts) and all(start is not None for start in starts)
    preset = preset.for_prior(conditional=prior.conditional, guided=encoded or started, deaf=prior.row.is_deaf)
    objective = Objective(posed, prior, preset)
    state = SearchState(objective, control or RaceControl(), _known_as(regions or range(len(problems)), len(posed)))
    centres = _centres(objective, () if mirrored else starts, encoded=encoded)
    seeds = [*seeds, *(-1 - seed for seed in seeds)][: len(posed)]
    randoms = [torch.Generator(device="cpu").manual_seed(seed) for seed in seeds]
    drawn = _draws(prior, preset, randoms, centres)
    yield from _race(state, preset, drawn, held=centres is not None)
    beside = []
    for place, random in enumerate(randoms):
        # Variations of a reflection would be shown to nobody.
        variations = preset.variations if place < len(problems) else 1
        beside.append((yield from _at(state, preset, _beside(state, place, drawn[place], variations, random))))
    found = yield from _at(state, preset, outcomes_of(state, beside[: len(problems)]))
    if mirrored:
        reflections = yield from _at(state, preset, means_of(state, len(problems), beside[len(problems) :]))
        found = [
            replace(outcome, mean_answer=(outcome.mean_answer + reflection[:, ::-1]) / np.float32(2))
            for outcome, reflection in zip(found, reflections, strict=True)
        ]
    yield SearchStep(state.step, preset.steps, state)
    return tuple(found)


def _beside(
    state: SearchState, place: int, drawn: Tensor, variations: int, random: torch.Generator
) -> Generator[None, None, Beside]:
    """What is painted beside the candidates of one problem. drawn: what was considered first, (N, latent_size)."""
    preset, prior = state.objective.preset, state.objective.prior
    if prior.conditional:
        # Its draws are already samples of what the context leaves open. Where all were kept as they are, they are the
        # candidates.
        as_drawn = preset.steps == 0 and preset.candidates >= preset.draw
        return Beside(samples=None if as_drawn else drawn)
    surrounding = None
    if preset.averaged and prior.row.answer == "mean":
        surrounding = surrounding_latents(state, place, preset.averaged, random)
    if variations < 2:
        return Beside(surrounding=surrounding)
    different = yield from distinct_latents(state, place, TO_CHOOSE_FROM * variations, random)
    return Beside(variations=different, surrounding=surrounding)


def _known_as(regions: Sequence[int], count: int) -> list[int]:
    """What whoever watches calls ``count`` problems; nobody watches those that are mirrored, which come last."""
    return [*regions, *(-1 - place for place in range(count - len(regions)))]


def _at(state: SearchState, preset: SearchPreset, work: Generator[None, None, T]) -> Generator[SearchStep, None, T]:
    """Do the work; where it pauses, say where the search is, once there is something to be seen."""
    try:
        while True:
            next(work)
            if state.candidates:
                yield SearchStep(state.step, preset.steps, state)
    except StopIteration as end:
        done: T = end.value
        return done


def _race(state: SearchState, preset: SearchPreset, drawn: Tensor, *, held: bool) -> Generator[SearchStep, None, None]:
    """From what was drawn to the final candidates."""
    for latents in torch.split(drawn, max(1, state.part // len(drawn)), dim=1):
        yield from _at(state, preset, state.consider(latents, held=held))
        state.start(preset.candidates)
        yield SearchStep(0, preset.steps, state)
    yield from _improve(state, preset)
    yield from _at(state, preset, state.finish())


def _improve(state: SearchState, preset: SearchPreset) -> Generator[SearchStep, None, None]:
    halvings = {max(1, round(share * preset.steps)) for share in preset.halve_at}
    best: Tensor | None = None
    for step in range(1, preset.steps + 1):
        yield from _at(state, preset, state.improve())
        if step in halvings:
            state.keep(state.candidates // 2)
        yield SearchStep(step, preset.steps, state)
        if preset.plateau and step % PLATEAU_SPAN == 0:
            now = state.best()
            if best is not None and bool((best - now <= preset.plateau * now.abs()).all()):
                break
            best = now


def _centres(objective: Objective, starts: Sequence[NDArray[np.float32] | None], *, encoded: bool) -> Tensor | None:
    """Where each problem's candidates start: a given latent, or else the encoder's guess; (P, latent_size) or None."""
    prior = objective.prior
    guess = prior.encode(objective.target, objective.known) if encoded else None
    given = list(starts) or [None] * len(objective.target)
    if all(start is None for start in given):
        return guess
    if guess is None:
        guess = torch.zeros(len(given), prior.row.latent_size, device=prior.device)
    for place, start in enumerate(given):
        if start is not None:
            guess[place] = torch.from_numpy(start).to(prior.device)
    return guess


def _draws(prior: Prior, preset: SearchPreset, randoms: Sequence[torch.Generator], centres: Tensor | None) -> Tensor:
    """What is considered first, (P, N, latent_size); the random generators are used in their order."""
    wanted = max(preset.draw, preset.candidates)
    return torch.stack(
        [
            _draw(prior, preset, wanted, random, None if centres is None else centres[place])
            for place, random in enumerate(randoms)
        ]
    )


def _draw(prior: Prior, preset: SearchPreset, count: int, random: torch.Generator, centre: Tensor | None) -> Tensor:
    """``count`` latents for one problem: from the prior's distribution, or around a centre, which comes first."""
    if centre is None or not preset.guess_precision:
        latents = prior.draw(count, random)
    else:
        moves = torch.randn(count, len(centre), generator=random, device="cpu").to(centre.device)
        latents = centre + moves / preset.guess_precision**0.5
        prior.confine_(latents)
    if centre is not None:
        latents[0] = centre
    return latents


def requested_preset(name: str, settings: FillSettings, *, regions: int = 1) -> SearchPreset:
    """The preset called ``name`` with the candidates and for the variations that the settings ask for.

    regions: how many of one photo share the effort, unless the settings say how many candidates each has. Raises
    BadInputError if there is none of that name.
    """
    preset = preset_called(name)
    if settings.candidates is not None:
        preset = with_candidates(preset, settings.candidates)
    elif name in BUDGETS:
        preset = preset.for_regions(regions)
    return preset.for_variations(settings.variations)


def with_candidates(preset: SearchPreset, candidates: int | None) -> SearchPreset:
    """The preset with another number of candidates, if one is given, however well a prior knows where to start."""
    if candidates is None:
        return preset
    informed = preset.informed and replace(preset.informed, candidates=candidates)
    return replace(preset, candidates=candidates, informed=informed)

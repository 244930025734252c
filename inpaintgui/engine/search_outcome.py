"""What a search found for one problem: the winner, what can be chosen from and the mean answer, on the host."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.contracts import Losses
from inpaintgui.engine.devices import to_host
from inpaintgui.engine.search_state import SearchState

TUNED = 3
"""A tuned answer takes as much time as judging so many latents: D looks at it before and after."""


@dataclass(frozen=True)
class SearchOutcome:
    """What was found for one problem.

    latent: float32 (latent_size,), the winner. answer: what it says about the square, tuned if the preset says so,
    float32 (R, R, 3) in [0, 1]. mean_answer: mean over many answers (see :class:`Beside`), of a conditional generator
    by how plausible the rim makes each, and over those to the mirrored problem if it was searched too, the same; where
    they disagree it is closer to the truth than any one.
    uncertainty: how much these answers disagree, standard deviation, mean over the channels, float32 (R, R).
    pool, pool_answers: what can be chosen from, the candidates that are left, best first, then samples and variations:
    float32 (N, latent_size), (N, R, R, 3). pool_errors: their context errors, (N,). trail: the winner's latents,
    float32 (steps + 1, latent_size). context_error: mean absolute error of G(z) where it had to agree with known
    pixels, in [0, 1] units, see :meth:`Objective.answers_and_errors` and :meth:`Objective.rim_errors`. candidates:
    how many were optimised.
    """

    latent: NDArray[np.float32]
    answer: NDArray[np.float32]
    mean_answer: NDArray[np.float32]
    uncertainty: NDArray[np.float32]
    pool: NDArray[np.float32]
    pool_answers: NDArray[np.float32]
    pool_errors: NDArray[np.float32]
    pool_losses: tuple[Losses, ...]
    pinned: tuple[bool, ...]
    trail: NDArray[np.float32]
    losses: Losses
    context_error: float
    candidates: int
    steps: int


@dataclass(frozen=True)
class Beside:
    """Latents that are painted beside a problem's candidates, each (N, latent_size).

    samples: draws of a conditional generator, as good as candidates. variations: as different as the context allows.
    surrounding: neighbours of the best candidate. The mean answer is that of these, or else of the samples, or else of
    the candidates.
    """

    samples: Tensor | None = None
    variations: Tensor | None = None
    surrounding: Tensor | None = None


@dataclass(frozen=True)
class _Pool:
    """Latents (N, latent_size) of one problem: candidates, best first, samples, variations, what is averaged only.

    losses: (choosable, 3). candidates, choosable: how many are such, from the first one on. averaged: those of which
    the mean is taken. shares: of each of these in it, (N,). leader: number of the best candidate. pinned: for each that
    can be chosen.
    """

    latents: Tensor
    losses: Tensor
    candidates: int
    choosable: int
    averaged: slice
    shares: Tensor
    leader: int
    pinned: tuple[bool, ...]


def outcomes_of(state: SearchState, beside: Sequence[Beside]) -> Generator[None, None, list[SearchOutcome]]:
    """Of the first problems, as many as there are latents beside their candidates; they are painted together."""
    pools: list[_Pool] = []
    for place, more in enumerate(beside):
        pool = yield from _pool(state, place, more)
        pools.append(pool)
    latents, owner, sizes = _joined([pool.latents for pool in pools], first=0)
    answers, errors = yield from _painted(state, latents, owner, [pool.losses for pool in pools])
    found = []
    for place, part in enumerate(zip(pools, torch.split(answers, sizes), torch.split(errors, sizes), strict=True)):
        yield
        found.append(_outcome(state, place, *part))
    return found


def _painted(
    state: SearchState, latents: Tensor, owner: Tensor, losses: Sequence[Tensor]
) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """The answers (N, 3, R, R) of latents (N, latent_size) and their context errors (N,)."""
    objective = state.objective
    if not objective.prior.conditional:
        painted = state.in_parts(
            lambda at: objective.answers_and_errors(latents[at], owner[at]), len(latents), dear=TUNED
        )
        answers, errors = yield from painted
        return answers, errors
    answers = yield from _answers(state, latents, owner)
    return answers, objective.rim_errors(torch.cat(list(losses))[:, 0], owner)


def _pool(state: SearchState, place: int, beside: Beside) -> Generator[None, None, _Pool]:
    ranking = state.ranking(place)
    latents, losses = [state.latents[ranking]], [state.losses[ranking]]
    pinned = state.pinned(place)
    numbers = state.numbers.reshape(-1)[to_host(ranking).astype(np.int64)]
    if beside.samples is not None:
        losses.append(state.considered(place))
        latents.append(beside.samples)
    if beside.variations is not None:
        owner = torch.full((len(beside.variations),), place, device=beside.variations.device)
        losses.append((yield from state.judge(beside.variations, owner)))
        latents.append(beside.variations)
    choosable = sum(len(part) for part in latents)
    averaged = slice(len(ranking)) if beside.samples is None else slice(len(ranking), choosable)
    if beside.surrounding is not None:
        latents.append(beside.surrounding)
        averaged = slice(choosable, None)
    _, shares = _averaged(state, place, beside)
    kept = [int(number) in pinned for number in numbers] + [False] * (choosable - len(ranking))
    return _Pool(
        latents=torch.cat(latents),
        losses=torch.cat(losses),
        candidates=len(ranking),
        choosable=choosable,
        averaged=averaged,
        shares=shares,
        leader=int(numbers[0]),
        pinned=tuple(kept),
    )


def _averaged(state: SearchState, place: int, beside: Beside) -> tuple[Tensor, Tensor]:
    """Latents whose answers make up the mean answer to a problem, (N, latent_size), and their shares, (N,), sum 1."""
    ranking = state.ranking(place)
    latents, losses = state.latents[ranking], state.losses[ranking]
    if beside.samples is not None:
        latents, losses = beside.samples, state.considered(place)
    if beside.surrounding is not None:  # of a generator that is not conditional; nobody judged them
        latents = beside.surrounding
    if state.objective.prior.conditional and state.objective.preset.rim_weighting:
        return latents, state.objective.plausibility(losses[:, 0], place)
    return latents, torch.full((len(latents),), 1 / len(latents), device=latents.device)


def _outcome(state: SearchState, place: int, pool: _Pool, answers: Tensor, errors: Tensor) -> SearchOutcome:
    """answers: (N, 3, R, R). errors: (N,), of the context."""
    painted = as_images(answers)
    averaged, shares = painted[pool.averaged], to_host(pool.shares)
    mean = _weighted(averaged, shares)
    pool_losses = as_losses(to_host(pool.losses))
    return SearchOutcome(
        latent=to_host(pool.latents)[0],
        answer=painted[0],
        mean_answer=mean,
        uncertainty=np.sqrt(_weighted((averaged - mean) ** 2, shares)).mean(axis=2),
        pool=to_host(pool.latents[: pool.choosable]),
        pool_answers=painted[: pool.choosable],
        pool_errors=to_host(errors[: pool.choosable]),
        pool_losses=pool_losses,
        pinned=pool.pinned,
        trail=state.trail(place, pool.leader),
        losses=pool_losses[0],
        context_error=float(to_host(errors)[0]),
        candidates=state.objective.preset.candidates,
        steps=state.step,
    )


def means_of(
    state: SearchState, first: int, beside: Sequence[Beside]
) -> Generator[None, None, list[NDArray[np.float32]]]:
    """The mean answers to the problems from number ``first`` on; see :class:`Beside`."""
    averaged, shares = zip(*(_averaged(state, place, more) for place, more in enumerate(beside, first)), strict=True)
    latents, owner, sizes = _joined(averaged, first=first)
    answers = yield from _answers(state, latents, owner)
    return [
        _weighted(as_images(part), own)
        for part, own in zip(torch.split(answers, sizes), map(to_host, shares), strict=True)
    ]


def _answers(state: SearchState, latents: Tensor, owner: Tensor) -> Generator[None, None, Tensor]:
    objective = state.objective
    dear = 1 if objective.tuning is None else TUNED
    (answers,) = yield from state.in_parts(
        lambda at: (objective.answers(latents[at], owner[at]),), len(latents), dear=dear
    )
    return answers


def _weighted(images: NDArray[np.float32], shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of (N, R, R, 3) with the share of each, (N,)."""
    return np.tensordot(shares, images, axes=1).astype(np.float32)


def _joined(latents: Sequence[Tensor], *, first: int) -> tuple[Tensor, Tensor, list[int]]:
    """All latents (N, latent_size), the problem of each (N,), counted from ``first``, and how many each has."""
    sizes = [len(part) for part in latents]
    together = torch.cat(list(latents))
    owner = torch.arange(first, first + len(sizes)).repeat_interleave(torch.tensor(sizes))
    return together, owner.to(together.device), sizes


def as_losses(losses: NDArray[np.float32]) -> tuple[Losses, ...]:
    """(N, 3) as the rest of the program has them."""
    return tuple(Losses(*(float(value) for value in row)) for row in losses)


def as_images(images: Tensor) -> NDArray[np.float32]:
    """(N, 3, R, R) in [-1, 1] as float32 (N, R, R, 3) in [0, 1]."""
    return np.asarray(((to_host(images).transpose(0, 2, 3, 1) + 1) / 2).clip(0, 1), np.float32)

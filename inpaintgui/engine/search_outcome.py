"""What a search found for one problem: the winner, the pool and their mean, on the host."""

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


@dataclass(frozen=True)
class SearchOutcome:
    """What was found for one problem.

    latent: float32 (latent_size,), the winner. answer: what it says about the square, tuned if the preset says so,
    float32 (R, R, 3) in [0, 1]. mean_answer: mean over the pool, and over that of the mirrored problem if it was
    searched too, the same; where they disagree it is closer to the truth than any one. pool, pool_answers: the
    candidates that are left, best first, or all draws of a conditional generator, which are samples already: float32
    (N, latent_size), (N, R, R, 3). pool_errors: their context errors, (N,). trail: the winner's latents, float32
    (steps + 1, latent_size). context_error: mean absolute error of G(z) over known pixels, in [0, 1] units, see
    :meth:`Objective.context_error`. realism: D's logit of the
    answer. candidates: how many were optimised.
    """

    latent: NDArray[np.float32]
    answer: NDArray[np.float32]
    mean_answer: NDArray[np.float32]
    pool: NDArray[np.float32]
    pool_answers: NDArray[np.float32]
    pool_errors: NDArray[np.float32]
    pool_losses: tuple[Losses, ...]
    pinned: tuple[bool, ...]
    trail: NDArray[np.float32]
    losses: Losses
    context_error: float
    realism: float
    candidates: int
    steps: int

    @property
    def uncertainty(self) -> NDArray[np.float32]:
        """How much the pool disagrees: standard deviation, mean over the channels, float32 (R, R) in [0, 1]."""
        return np.asarray(self.pool_answers.std(axis=0).mean(axis=2), np.float32)


@dataclass(frozen=True)
class _Pool:
    """Latents (N, latent_size) of one problem and their losses (N, 3): candidates, best first, then samples.

    sampled: whether there are samples. leader: number of the best candidate. pinned: for each latent.
    """

    latents: Tensor
    losses: Tensor
    candidates: int
    sampled: bool
    leader: int
    pinned: tuple[bool, ...]


def outcomes_of(
    state: SearchState, count: int, samples: Sequence[Tensor | None]
) -> Generator[None, None, list[SearchOutcome]]:
    """Of the first ``count`` problems, which are painted together.

    samples: for each problem (N, latent_size) that are as good as the candidates, or None.
    """
    pools: list[_Pool] = []
    for place in range(count):
        pool = yield from _pool(state, place, samples[place])
        pools.append(pool)
    latents, owner, sizes = _joined([pool.latents for pool in pools], first=0)
    answers, errors = yield from state.in_parts(
        lambda at: (
            state.objective.answers(latents[at], owner[at]),
            state.objective.context_error(latents[at], owner[at]),
        ),
        len(latents),
    )
    found = []
    for place, part in enumerate(zip(pools, torch.split(answers, sizes), torch.split(errors, sizes), strict=True)):
        yield
        found.append(_outcome(state, place, *part))
    return found


def _pool(state: SearchState, place: int, samples: Tensor | None) -> Generator[None, None, _Pool]:
    ranking = state.ranking(place)
    latents, losses = state.latents[ranking], state.losses[ranking]
    pinned = state.pinned(place)
    numbers = state.numbers.reshape(-1)[to_host(ranking).astype(np.int64)]
    kept = [int(number) in pinned for number in numbers]
    if samples is not None:
        owner = torch.full((len(samples),), place, device=latents.device)
        losses = torch.cat((losses, (yield from state.judge(samples, owner))))
        latents = torch.cat((latents, samples))
        kept += [False] * len(samples)
    return _Pool(latents, losses, len(ranking), samples is not None, int(numbers[0]), tuple(kept))


def _outcome(state: SearchState, place: int, pool: _Pool, answers: Tensor, errors: Tensor) -> SearchOutcome:
    """answers: (N, 3, R, R). errors: (N,), of the context."""
    objective, preset = state.objective, state.objective.preset
    with torch.no_grad():
        realism = objective.prior.score(
            objective.completed(answers[:1], torch.full((1,), place, device=answers.device))
        )
    pool_answers = as_images(answers)
    pool_losses = as_losses(to_host(pool.losses))
    own = pool_answers[pool.candidates :] if pool.sampled else pool_answers
    return SearchOutcome(
        latent=to_host(pool.latents)[0],
        answer=pool_answers[0],
        mean_answer=np.asarray(own.mean(axis=0), np.float32),
        pool=to_host(pool.latents),
        pool_answers=pool_answers,
        pool_errors=to_host(errors),
        pool_losses=pool_losses,
        pinned=pool.pinned,
        trail=state.trail(place, pool.leader),
        losses=pool_losses[0],
        context_error=float(to_host(errors)[0]),
        realism=float(to_host(realism)[0]),
        candidates=preset.candidates,
        steps=state.step,
    )


def means_of(
    state: SearchState, first: int, samples: Sequence[Tensor | None]
) -> Generator[None, None, list[NDArray[np.float32]]]:
    """The mean answers to the problems from number ``first`` on; see :func:`outcomes_of`."""
    chosen = [
        state.latents[state.ranking(first + number)] if drawn is None else drawn
        for number, drawn in enumerate(samples[first:])
    ]
    latents, owner, sizes = _joined(chosen, first=first)
    (answers,) = yield from state.in_parts(lambda at: (state.objective.answers(latents[at], owner[at]),), len(latents))
    return [np.asarray(as_images(part).mean(axis=0), np.float32) for part in torch.split(answers, sizes)]


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

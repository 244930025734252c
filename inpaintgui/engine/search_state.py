"""The candidates of a search: C per problem, their Adam moments, their ranking, the way that each has come."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.contracts import RaceControl
from inpaintgui.engine.devices import computes_bfloat16, to_host
from inpaintgui.engine.objective import Objective
from inpaintgui.engine.recorded_step import RecordedStep
from inpaintgui.errors import DeviceError
from inpaintgui.sentences import say

Pauses = Generator[None, None, None]
"""A computation in parts, which can be given up between them."""

CPU_PART, DEVICE_PART = 12, 1 << 16
"""How many latents are judged at once: on a CPU as many as make a batch worth while and can be waited for."""

WITH_GRADIENT = 3
"""To judge a latent and to differentiate takes as much time as judging so many."""

ADAM_BETAS = (0.9, 0.999)
ADAM_EPSILON = 1e-8


class SearchState:
    """P·C candidates, problem after problem, all on the prior's device.

    latents: (P·C, latent_size). losses: (P·C, 3), see :class:`Objective`. images: (P·C, 3, R, R), the last that
    were judged, which whoever watches sees for nothing. numbers: (P, C), by which a candidate is
    known for the whole search. regions: what whoever watches calls the problems. part: how many latents are judged
    at once; halved when the device's memory is full. What takes long is a generator, which pauses between such parts.
    """

    def __init__(self, objective: Objective, control: RaceControl, regions: Sequence[int]) -> None:
        self.objective = objective
        self.regions = tuple(regions)
        self._control = control
        self.problems = len(objective.target)
        self.step = 0
        prior, preset = objective.prior, objective.preset
        self.bfloat16 = preset.bfloat16 and computes_bfloat16(prior.device)
        self.latents = torch.empty(0, prior.row.latent_size, device=prior.device)
        self.centres: Tensor | None = None
        self._guesses: Tensor | None = None
        self.losses = torch.empty(0, 3, device=prior.device)
        self.images = torch.empty(0, 3, prior.resolution, prior.resolution, device=prior.device)
        self.numbers: NDArray[np.int64] = np.empty((self.problems, 0), np.int64)
        self.part = CPU_PART if prior.device.type == "cpu" else DEVICE_PART
        self._first_moment = self._second_moment = self.latents
        self._gradients = RecordedStep(
            partial(_differentiated, objective, self.bfloat16), device=prior.device, steps=preset.steps
        )
        self._past: list[tuple[NDArray[np.int64], Tensor]] = []
        self._considered: list[Tensor] = []

    def pinned(self, problem: int) -> frozenset[int]:
        """Numbers of the candidates that somebody pinned."""
        return self._control.pinned(self.regions[problem])

    def dropped(self, problem: int) -> frozenset[int]:
        """Numbers of the candidates that somebody dropped."""
        return self._control.dropped(self.regions[problem])

    @property
    def candidates(self) -> int:
        """C, how many each problem has."""
        return int(self.numbers.shape[1])

    @property
    def owner(self) -> Tensor:
        """The problem that each candidate is to solve, (P·C,)."""
        return self._owner(self.candidates)

    def _owner(self, count: int) -> Tensor:
        return torch.arange(self.problems, device=self.latents.device).repeat_interleave(count)

    @torch.no_grad()
    def consider(self, latents: Tensor, *, held: bool) -> Pauses:
        """Judge latents (P, N, latent_size) and put them among the candidates.

        held: whether each is held near the place where it stands now, see :class:`Objective`.
        """
        count = latents.shape[1]
        flat = latents.flatten(0, 1)
        owner, centres = self._owner(count), flat if held else None
        losses, images = yield from self.in_parts(lambda at: self._judged(flat, owner, centres, at), len(flat))
        self._considered.append(losses.unflatten(0, (self.problems, count)))  # type: ignore[no-untyped-call]
        first = int(self.numbers.max(initial=-1)) + 1
        if held and self._guesses is None:
            self._guesses = latents[:, 0]
        numbers = np.broadcast_to(np.arange(first, first + count), (self.problems, count))
        self.latents = self._joined(self.latents, flat)
        self.losses = self._joined(self.losses, losses)
        self.images = self._joined(self.images, images)
        self.numbers = np.concatenate((self.numbers, numbers), axis=1)
        self.centres = self.latents if held else None

    def considered(self, problem: int) -> Tensor:
        """Losses of all latents that were considered for a problem, in their order, those that were not kept too."""
        return torch.cat([losses[problem] for losses in self._considered])

    def _joined(self, before: Tensor, more: Tensor) -> Tensor:
        both = [part.unflatten(0, (self.problems, -1)) for part in (before, more) if len(part)]  # type: ignore[no-untyped-call]
        return torch.cat(both, dim=1).flatten(0, 1)

    def start(self, candidates: int) -> None:
        """Keep at most the best ``candidates`` of each problem and forget how they came to be."""
        self.keep(candidates)
        self._first_moment = torch.zeros_like(self.latents)
        self._second_moment = torch.zeros_like(self.latents)
        self._past = [(self.numbers, self.latents)]

    @torch.no_grad()
    def judge(self, latents: Tensor, owner: Tensor, centres: Tensor | None = None) -> Generator[None, None, Tensor]:
        """See :meth:`Objective.judge`; in parts, as the memory allows."""
        (losses,) = yield from self.in_parts(lambda at: self._judged(latents, owner, centres, at)[:1], len(latents))
        return losses

    def _judged(self, latents: Tensor, owner: Tensor, centres: Tensor | None, at: slice) -> tuple[Tensor, Tensor]:
        with _precision(self.objective, self.bfloat16):
            return self.objective.judge_images(latents[at], owner[at], None if centres is None else centres[at])

    def in_parts(
        self, compute: Callable[[slice], tuple[Tensor, ...]], count: int, *, dear: int = 1
    ) -> Generator[None, None, tuple[Tensor, ...]]:
        """Join what ``compute`` returns for slices of ``count``; smaller slices if the memory does not hold more.

        dear: how many times as long as to judge a latent it takes.
        """
        parts: list[tuple[Tensor, ...]] = []
        done = 0
        while done < count:
            part = max(1, self.part // dear)
            try:
                parts.append(compute(slice(done, done + part)))
            except torch.OutOfMemoryError as error:
                if min(part, count) <= 1:
                    raise DeviceError(say("The device's memory does not even hold one candidate.")) from error
                self.part = dear * ((min(part, count) + 1) // 2)
                continue
            done += part
            if done < count:
                yield
        return tuple(torch.cat(tensors) for tensors in zip(*parts, strict=True))

    def improve(self) -> Pauses:
        """One step of Adam (Kingma & Ba 2015) on all candidates, then back into the prior's support."""
        owner, centres = self.owner, self.centres
        parts = (self.latents, owner) if centres is None else (self.latents, owner, centres)
        self.losses, gradient, self.images = yield from self.in_parts(
            lambda at: self._gradients(*(tensor[at] for tensor in parts)), len(self.latents), dear=WITH_GRADIENT
        )
        self.step += 1
        beta1, beta2 = ADAM_BETAS
        with torch.no_grad():
            self._first_moment.lerp_(gradient, 1 - beta1)
            self._second_moment.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            first = self._first_moment / (1 - beta1**self.step)
            second = self._second_moment / (1 - beta2**self.step)
            self.latents = self.latents - self.learning_rate * first / (second.sqrt() + ADAM_EPSILON)
            self.objective.prior.confine_(self.latents)
        self._past.append((self.numbers, self.latents))

    @property
    def learning_rate(self) -> float:
        """The rate of the current step."""
        preset = self.objective.preset
        if preset.schedule == "constant":
            return preset.learning_rate
        done = self.step / preset.steps
        warm_up = min(1.0, done / 0.05)
        return preset.learning_rate * warm_up * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    @torch.no_grad()
    def keep(self, count: int) -> None:
        """Drop all but the best ``count`` candidates of each problem; those that somebody pinned stay."""
        wishes = [(self.pinned(place), self.dropped(place)) for place in range(self.problems)]
        count = min(self.candidates, max(count, 1, *(len(pinned) for pinned, _ in wishes)))
        order = self.losses[:, 2].view(self.problems, -1)
        if any(pinned or dropped for pinned, dropped in wishes):
            order = order + torch.from_numpy(self._preferences()).to(order)
        kept = order.topk(count, largest=False, sorted=False).indices.sort(dim=1).values
        flat = (kept + torch.arange(self.problems, device=kept.device)[:, None] * self.candidates).flatten()
        self.latents, self.losses, self.images = self.latents[flat], self.losses[flat], self.images[flat]
        if self.centres is not None:
            self.centres = self.centres[flat]
        if len(self._first_moment) > len(flat):
            self._first_moment, self._second_moment = self._first_moment[flat], self._second_moment[flat]
        self.numbers = np.take_along_axis(self.numbers, to_host(kept).astype(np.int64), axis=1)

    def _preferences(self) -> NDArray[np.float64]:
        """What somebody's wishes add to the losses of the ranking, (P, C)."""
        added = np.zeros(self.numbers.shape)
        for place, numbers in enumerate(self.numbers):
            added[place, np.isin(numbers, list(self.dropped(place)))] = _LAST
            added[place, np.isin(numbers, list(self.pinned(place)))] = -_LAST
        return added

    @torch.no_grad()
    def ranking(self, problem: int) -> Tensor:
        """Indices of a problem's candidates, the least total loss first, without those that somebody dropped.

        If all were dropped, they are all back: somebody has to win.
        """
        first = problem * self.candidates
        left = ~np.isin(self.numbers[problem], list(self.dropped(problem)))
        places = torch.from_numpy(np.flatnonzero(left if left.any() else ~left)).to(self.latents.device) + first
        return places[self.losses[places, 2].argsort()]

    def best(self) -> Tensor:
        """The least total loss of each problem, (P,), on the host."""
        return torch.from_numpy(to_host(self.losses[:, 2].view(self.problems, -1).amin(dim=1)))

    @torch.no_grad()
    def seen(self, indices: Tensor) -> Tensor:
        """What the candidates at ``indices`` said when they were last judged, (N, 3, R, R) in [-1, 1].

        It is tuned as the answer will be, but for what D will have to say to that.
        """
        return self.objective.tuned_unasked(self.images[indices].float(), self.owner[indices])

    def finish(self) -> Pauses:
        """Judge the final latents, which the last step moved, in single precision.

        All by the density around the guess that was considered first: one that was held near another place explored
        from there, but is no likelier for that.
        """
        self.bfloat16 = False
        centres = None if self._guesses is None else self._guesses[self.owner]
        self.losses = yield from self.judge(self.latents, self.owner, centres)

    def trail(self, problem: int, number: int) -> NDArray[np.float32]:
        """The latents of one candidate, first to last: float32 (steps + 1, latent_size)."""
        way = []
        for numbers, latents in self._past:
            place = int((numbers[problem] == number).argmax())
            way.append(latents[problem * numbers.shape[1] + place])
        return np.asarray(to_host(torch.stack(way)), np.float32)


_LAST = 1e30
"""More than any loss."""


def _precision(objective: Objective, bfloat16: bool) -> AbstractContextManager[object]:
    return torch.autocast(objective.prior.device.type, torch.bfloat16) if bfloat16 else nullcontext()


def _differentiated(
    objective: Objective,
    bfloat16: bool,
    latents: Tensor,
    owner: Tensor,
    centres: Tensor | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Losses (N, 3) of latents (N, latent_size), the gradient of the total by them, and G's images."""
    with torch.enable_grad():
        latents = latents.detach().requires_grad_()
        with _precision(objective, bfloat16):
            losses, images = objective.judge_images(latents, owner, centres)
        (gradient,) = torch.autograd.grad(losses[:, 2].sum(), latents)
    return losses.detach(), gradient, images.detach()

"""The searches that are compared, behind one interface: published ones, and ours."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.benchmarks.ablations import ABLATIONS
from inpaintgui.benchmarks.projector import ProjectorSettings, project
from inpaintgui.engine.presets import BUDGETS, SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import with_candidates
from inpaintgui.engine.search_outcome import SearchOutcome, as_images
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.completing import answered, finished, found, found_together, whole_image

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]

REFERENCE = "normal"
"""Ours, which every other method is compared with."""

OURS = ("draft", REFERENCE, "best")
PROJECTOR = ProjectorSettings()
COSTLY = frozenset({"published-yeh-64"})
"""Methods that take a quarter of an hour per image on a CPU: they see only some of the images."""


class Task(NamedTuple):
    """One image to complete: uint8 RGB (R, R, 3), the hole, bool (R, R), and the seed of its search."""

    shown: Rgb
    hole: Hole
    seed: int


@dataclass(frozen=True)
class Attempt:
    """What a method made of one hole.

    whole: its generator's final image, float32 (R, R, 3) in [0, 1]. filled: the square as the method completes it,
    uint8 RGB (R, R, 3). blended: the square completed by blending that image in the gradient domain, as every method
    could. seconds: from the masked square to ``filled``.
    """

    whole: NDArray[np.float32]
    filled: Rgb
    blended: Rgb
    seconds: float


class Method(Protocol):
    """A way to search a prior."""

    @property
    def groups(self) -> bool:
        """Whether several images can be searched as one batch: with the same fills, in less time for each."""

    def can_use(self, prior: Prior) -> bool:
        """Whether the prior has what the method needs."""

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """Complete ``shown``, uint8 RGB (R, R, 3), in the hole, bool (R, R), where its pixels are not looked at."""

    def attempt_together(self, prior: Prior, tasks: Sequence[Task]) -> list[Attempt]:
        """The same for several images, whose seconds are NaN: how long one takes alone cannot be told."""

    def shortest(self) -> Method:
        """The same with one step, for whoever wants everything loaded and compiled before the clock runs."""


@dataclass(frozen=True)
class PresetMethod:
    """The program's own search with a preset."""

    preset: SearchPreset
    groups: bool = False

    def can_use(self, _prior: Prior) -> bool:
        """Every prior can be searched."""
        return True

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """See :class:`Method`."""
        started = time.perf_counter()
        outcome = found(prior, self.preset, shown, hole, seed=seed)
        filled = answered(prior, outcome, shown, hole, blend=self.preset.blend)
        return self._attempt(prior, outcome, Task(shown, hole, seed), filled, time.perf_counter() - started)

    def attempt_together(self, prior: Prior, tasks: Sequence[Task]) -> list[Attempt]:
        """See :class:`Method`."""
        shown, holes, seeds = zip(*tasks, strict=True)
        attempts = []
        for task, outcome in zip(tasks, found_together(prior, self.preset, shown, holes, seeds=seeds), strict=True):
            filled = answered(prior, outcome, task.shown, task.hole, blend=self.preset.blend)
            attempts.append(self._attempt(prior, outcome, task, filled, math.nan))
        return attempts

    def _attempt(self, prior: Prior, outcome: SearchOutcome, task: Task, filled: Rgb, seconds: float) -> Attempt:
        blended = answered(prior, outcome, task.shown, task.hole, blend=True)
        return Attempt(whole_image(prior, outcome, task.shown, task.hole), filled, blended, seconds)

    def shortest(self) -> Method:
        """See :class:`Method`."""
        informed = self.preset.informed and replace(self.preset.informed, steps=1)
        return PresetMethod(replace(self.preset, steps=1, informed=informed))


class _LatentMethod(ABC):
    """A method that only says which latents it would take; the rest is the same for all of them."""

    blend: bool
    groups = True

    @abstractmethod
    def latents(self, prior: Prior, pixels: Tensor, known: Tensor, seeds: Sequence[int]) -> Tensor:
        """(N, latent_size), for pixels (N, 3, R, R) in [-1, 1] of which those count whose known (N, 1, R, R) is 1."""

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """See :class:`Method`."""
        started = time.perf_counter()
        (attempt,) = self.attempt_together(prior, [Task(shown, hole, seed)])
        seconds = time.perf_counter() - started
        return replace(attempt, seconds=seconds)

    def attempt_together(self, prior: Prior, tasks: Sequence[Task]) -> list[Attempt]:
        """See :class:`Method`."""
        squares = np.stack([task.shown for task in tasks]).astype(np.float32) / 127.5 - 1
        pixels = torch.from_numpy(squares).permute(0, 3, 1, 2).to(prior.device)
        known = torch.from_numpy(np.stack([~task.hole for task in tasks]))[:, None].to(prior.device, torch.float32)
        latents = self.latents(prior, pixels * known, known, [task.seed for task in tasks])
        with torch.no_grad():
            images = as_images(prior.generate(latents, prior.look_at(pixels, known)))
        return [self._attempt(prior, whole, task) for whole, task in zip(images, tasks, strict=True)]

    def _attempt(self, prior: Prior, whole: NDArray[np.float32], task: Task) -> Attempt:
        blended = finished(prior, whole, task.shown, task.hole, blend=True)
        filled = blended if self.blend else finished(prior, whole, task.shown, task.hole, blend=False)
        return Attempt(whole, filled, blended, math.nan)


@dataclass(frozen=True)
class EncoderMethod(_LatentMethod):
    """The encoder's guess alone, blended."""

    blend: bool = True
    groups = False

    def can_use(self, prior: Prior) -> bool:
        """Whether the prior has an encoder."""
        return prior.encoder is not None

    def latents(self, prior: Prior, pixels: Tensor, known: Tensor, seeds: Sequence[int]) -> Tensor:  # noqa: ARG002
        """The guesses, whatever the seeds."""
        guess = prior.encode(pixels, known)
        if guess is None:
            raise ValueError(f"the prior “{prior.row.name}” has no encoder")
        return guess

    def shortest(self) -> Method:
        """A guess takes no steps."""
        return self


@dataclass(frozen=True)
class ProjectorMethod(_LatentMethod):
    """See :mod:`inpaintgui.benchmarks.projector`; pasted, as a projector only finds the image."""

    settings: ProjectorSettings = PROJECTOR
    blend: bool = False

    def can_use(self, _prior: Prior) -> bool:
        """Every prior can be projected into."""
        return True

    def latents(self, prior: Prior, pixels: Tensor, known: Tensor, seeds: Sequence[int]) -> Tensor:
        """The projections."""
        return project(prior, pixels, known, self.settings, seeds=seeds)

    def shortest(self) -> Method:
        """See :class:`Method`."""
        return replace(self, settings=replace(self.settings, steps=1))


def _preset_method(name: str, *, candidates: int | None = None) -> Method:
    return PresetMethod(with_candidates(preset_called(name), candidates), groups=name not in BUDGETS)


METHODS: Mapping[str, Callable[[], Method]] = {
    "published-bamos": partial(_preset_method, "published-bamos"),
    "published-yeh": partial(_preset_method, "published-yeh"),
    "published-yeh-64": partial(_preset_method, "published-yeh", candidates=64),
    "projector": ProjectorMethod,
    "encoder": EncoderMethod,
    **{name: partial(_preset_method, name) for name in OURS},
}
"""All that run where nobody chooses, by name."""


def methods_called(names: Iterable[str], *, ablations: bool) -> dict[str, Method]:
    """The methods to compare, by name; the reference is always among them.

    names: of :data:`METHODS`, or of any preset. ablations: whether to add the reference without each of its stages.
    Raises BadInputError for a name that is neither.
    """
    chosen = {name: _method_called(name) for name in names}
    reference = preset_called(REFERENCE)
    chosen.setdefault(REFERENCE, PresetMethod(reference))
    if ablations:
        chosen |= {name: PresetMethod(without(reference)) for name, without in ABLATIONS.items()}
    return chosen


def _method_called(name: str) -> Method:
    if name in METHODS:
        return METHODS[name]()
    try:
        return PresetMethod(preset_called(name))
    except BadInputError as error:
        raise BadInputError(
            f"There is no method “{name}”; known methods: {', '.join(METHODS)}, and every other preset by its name."
        ) from error

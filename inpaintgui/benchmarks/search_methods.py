"""The searches that are compared, behind one interface: published ones, and ours."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.benchmarks.ablations import ABLATIONS
from inpaintgui.benchmarks.projector import ProjectorSettings, project
from inpaintgui.engine.devices import to_host
from inpaintgui.engine.presets import SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import with_candidates
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.completing import answered, finished, found, whole_image

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]

REFERENCE = "normal"
"""Ours, which every other method is compared with."""

OURS = ("draft", REFERENCE, "best")
PROJECTOR = ProjectorSettings()
COSTLY = frozenset({"published-yeh-64"})
"""Methods that take a quarter of an hour per image on a CPU: they see only some of the images."""


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

    def can_use(self, prior: Prior) -> bool:
        """Whether the prior has what the method needs."""

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """Complete ``shown``, uint8 RGB (R, R, 3), in the hole, bool (R, R), where its pixels are not looked at."""

    def shortest(self) -> Method:
        """The same with one step, for whoever wants everything loaded and compiled before the clock runs."""


@dataclass(frozen=True)
class PresetMethod:
    """The program's own search with a preset."""

    preset: SearchPreset

    def can_use(self, _prior: Prior) -> bool:
        """Every prior can be searched."""
        return True

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """See :class:`Method`."""
        started = time.perf_counter()
        outcome = found(prior, self.preset, shown, hole, seed=seed)
        filled = answered(prior, outcome, shown, hole, blend=self.preset.blend)
        seconds = time.perf_counter() - started
        blended = answered(prior, outcome, shown, hole, blend=True)
        return Attempt(whole_image(prior, outcome, shown, hole), filled, blended, seconds)

    def shortest(self) -> Method:
        """See :class:`Method`."""
        informed = self.preset.informed and replace(self.preset.informed, steps=1)
        return PresetMethod(replace(self.preset, steps=1, informed=informed))


class _LatentMethod(ABC):
    """A method that only says which latent it would take; the rest is the same for all of them."""

    blend: bool

    @abstractmethod
    def latent(self, prior: Prior, pixels: Tensor, known: Tensor, *, seed: int) -> Tensor:
        """(1, latent_size), for pixels (1, 3, R, R) in [-1, 1] of which those count whose known (1, 1, R, R) is 1."""

    def attempt(self, prior: Prior, shown: Rgb, hole: Hole, *, seed: int) -> Attempt:
        """See :class:`Method`."""
        started = time.perf_counter()
        pixels = torch.from_numpy(shown.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None].to(prior.device)
        known = torch.from_numpy(~hole)[None, None].to(prior.device, torch.float32)
        latent = self.latent(prior, pixels * known, known, seed=seed)
        with torch.no_grad():
            image = to_host(prior.generate(latent, prior.look_at(pixels, known)))[0].transpose(1, 2, 0)
        whole = np.asarray(((image + 1) / 2).clip(0, 1), np.float32)
        filled = finished(prior, whole, shown, hole, blend=self.blend)
        seconds = time.perf_counter() - started
        return Attempt(whole, filled, finished(prior, whole, shown, hole, blend=True), seconds)


@dataclass(frozen=True)
class EncoderMethod(_LatentMethod):
    """The encoder's guess alone, blended."""

    blend: bool = True

    def can_use(self, prior: Prior) -> bool:
        """Whether the prior has an encoder."""
        return prior.encoder is not None

    def latent(self, prior: Prior, pixels: Tensor, known: Tensor, *, seed: int) -> Tensor:  # noqa: ARG002
        """The guess, whatever the seed."""
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

    def latent(self, prior: Prior, pixels: Tensor, known: Tensor, *, seed: int) -> Tensor:
        """The projection."""
        return project(prior, pixels, known, self.settings, seed=seed)

    def shortest(self) -> Method:
        """See :class:`Method`."""
        return replace(self, settings=replace(self.settings, steps=1))


def _preset_method(name: str, *, candidates: int | None = None) -> Method:
    return PresetMethod(with_candidates(preset_called(name), candidates))


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

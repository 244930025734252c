"""What a fill tells while it runs and leaves when it ends."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts.geometry import Box, ContextSquare
from inpaintgui.contracts.photos import Pixels
from inpaintgui.sentences import Sentence

_Result = TypeVar("_Result")


class Phase(StrEnum):
    """What a fill is doing."""

    PREPARE = "prepare"
    SEARCH = "search"
    DETAIL = "detail"
    BLEND = "blend"


@dataclass(frozen=True)
class Losses:
    """The z-search's losses of the leading candidate: ``total`` is what the optimiser minimises."""

    contextual: float
    perceptual: float
    total: float


@dataclass(frozen=True)
class Preview:
    """What the fill looks like so far. pixels: uint8 RGB (box.height, box.width, 3); hole: bool (H, W) of the box."""

    box: Box
    pixels: NDArray[np.uint8]
    hole: NDArray[np.bool_]


@dataclass(frozen=True)
class Candidate:
    """A contestant of a search as it stands.

    number: its own for the whole search of its region. image: what G makes of it, uint8 RGB (R, R, 3). pinned: see
    :class:`RaceControl`.
    """

    number: int
    image: NDArray[np.uint8]
    losses: Losses
    pinned: bool = False


@dataclass(frozen=True)
class Race:
    """The leading candidates of one region, the best first. running: how many there are in all."""

    region: int
    candidates: tuple[Candidate, ...]
    running: int


@dataclass(frozen=True)
class FillStep:
    """Progress between two points where the fill can be cancelled.

    region, regions: the region being worked on, from 0, and how many there are. step, steps: within the phase.
    fraction: of the whole job, 0 to 1, never falling. preview, race: present now and then.
    """

    phase: Phase
    region: int
    regions: int
    step: int
    steps: int
    fraction: float
    losses: Losses | None = None
    preview: Preview | None = None
    race: Race | None = None


@dataclass(frozen=True)
class FilledPatch:
    """New pixels for one box: same dtype and channels as the request; outside the hole bit-identical to it."""

    box: Box
    pixels: Pixels


@dataclass(frozen=True)
class RegionReport:
    """What was done to one region and why.

    prior: the one that was searched. prior_used: whether its answer is in the result; where not, ``reason`` says
    why the photo's own texture alone was used. context_error: mean absolute error of G(z) over the known pixels,
    0 to 1. typical_error: what the prior reaches on images of its own kind (95th percentile), where measured.
    fit: the share of images of its own kind, 0 to 1, on which the prior errs more than here, where measured.
    seconds: per phase. prior_hash: SHA-256 of the prior's weights file.
    """

    box: Box
    prior: str
    prior_used: bool
    reason: Sentence
    candidates: int
    steps: int
    losses: Losses | None
    context_error: float | None
    typical_error: float | None
    seconds: Mapping[str, float]
    fit: float | None = None
    prior_hash: str = ""


@dataclass(frozen=True)
class RegionContext:
    """What a fill would let a prior see of one region. by_hand: whether the square is one of the request's."""

    box: Box
    prior: str
    square: ContextSquare
    by_hand: bool


@dataclass(frozen=True)
class FillReport:
    """What was done to all regions, on which device, and warnings that the user should read."""

    regions: tuple[RegionReport, ...]
    device: str
    seed: int
    preset: str
    seconds: float
    warnings: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Variation:
    """One finished fill of a region.

    latent: float32 (latent_size,). losses: of the search. fit: see :class:`RegionReport`.
    """

    patch: FilledPatch
    latent: NDArray[np.float32]
    losses: Losses
    fit: float | None = None


@dataclass(frozen=True)
class RegionSearch:
    """What the search of one region leaves behind, so that it can be looked through, blended and gone on with.

    prior, square: whose latents these are; see :class:`Start`. variations: distinct fills, the best first. trail:
    the winner's latents, float32 (steps + 1, latent_size), first to last. uncertainty: standard deviation over the
    final candidates, float32 (box.height, box.width) in [0, 1], 0 where known.
    """

    box: Box
    prior: str
    square: ContextSquare
    variations: tuple[Variation, ...]
    trail: NDArray[np.float32]
    uncertainty: NDArray[np.float32]


@dataclass(frozen=True)
class FillResult:
    """One patch per region (boxes may touch but holes do not overlap), the report, and what was searched.

    patches: the first variation of every region. searches: in the order of the patches.
    """

    patches: tuple[FilledPatch, ...]
    report: FillReport
    searches: tuple[RegionSearch, ...] = ()


FillJob = Generator[FillStep, None, FillResult]
"""A fill in progress. Closing it cancels; the result is the generator's return value."""


def run_to_end(job: Generator[Any, None, _Result]) -> _Result:
    """Run a job whose steps nobody watches; returns its result."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            result: _Result = end.value
            return result

"""Types that all layers share: photos, fill requests, progress, results, and the services that the window needs.

Conventions everywhere in the program: images are numpy arrays (H, W, C) in RGB order; masks are uint8 (H, W) with
0 = keep, 255 = hole and feather between; points are (x, y) in image pixels, pixel k covers [k, k + 1).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from inpaintgui.selecting import Selector

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
Mask = NDArray[np.uint8]

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Box:
    """A half-open rectangle of pixels: columns [left, right), rows [top, bottom). May be empty."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def is_empty(self) -> bool:
        return self.width == 0 or self.height == 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def intersect(self, other: Box) -> Box:
        """The common part; empty if there is none."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def unite(self, other: Box) -> Box:
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grow(self, margin: int) -> Box:
        """Wider by ``margin`` on every side."""
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)


def bounding_box(flags: NDArray[Any]) -> Box:
    """The smallest box around the non-zero entries of a (H, W) array; empty (0, 0, 0, 0) if there are none."""
    rows = np.flatnonzero(flags.any(axis=1))
    if rows.size == 0:
        return Box(0, 0, 0, 0)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(flags[top:bottom].any(axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


@dataclass(frozen=True)
class PhotoMetadata:
    """What a file says beside its pixels, as raw blocks to be written back. The orientation is already applied."""

    exif: bytes | None = None
    xmp: bytes | None = None
    icc: bytes | None = None


@dataclass(frozen=True)
class Photo:
    """A decoded photo.

    pixels: uint8 or uint16, (H, W, C); C is 1 (grey), 2 (grey + alpha), 3 (RGB) or 4 (RGBA, not premultiplied).
    jpeg_quality, jpeg_sampling ("4:4:4", "4:2:0" …): estimated from the source's tables where it was a JPEG.
    file_hash: SHA-256 of the file that it was read from.
    """

    pixels: Pixels
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    jpeg_quality: int | None = None
    jpeg_sampling: str | None = None
    file_hash: str | None = None

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


@dataclass(frozen=True)
class ContextSquare:
    """The square of the photo that a prior sees, set by hand. May reach beyond the photo.

    x, y: top-left corner. side: in image pixels.
    """

    x: float
    y: float
    side: float


@dataclass(frozen=True)
class FillSettings:
    """How to fill.

    prior: "auto" or a prior's name. preset: a budget ("draft", "normal", "best") or a published recipe. candidates:
    None means what the preset says. variations: distinct fills of each region to keep, the best first.
    """

    prior: str = "auto"
    preset: str = "normal"
    candidates: int | None = None
    variations: int = 1
    seed: int = 0
    device: str = "auto"
    square: ContextSquare | None = None


class RaceControl:
    """What somebody who watches a search wishes for its candidates. Any thread may write and read it.

    A pinned candidate is never dropped by the search and becomes a variation; a dropped one is gone.
    """

    def __init__(self) -> None:
        self._pinned: frozenset[tuple[int, int]] = frozenset()
        self._dropped: frozenset[tuple[int, int]] = frozenset()

    def pin(self, region: int, number: int, *, pinned: bool = True) -> None:
        """Keep candidate ``number`` of region ``region`` (from 0) whatever its losses; or no longer."""
        self._pinned = self._pinned | {(region, number)} if pinned else self._pinned - {(region, number)}

    def drop(self, region: int, number: int) -> None:
        """Take the candidate out of the race."""
        self._dropped = self._dropped | {(region, number)}

    def pinned(self, region: int) -> frozenset[int]:
        """Numbers of the pinned candidates of a region."""
        return frozenset(number for at, number in self._pinned - self._dropped if at == region)

    def dropped(self, region: int) -> frozenset[int]:
        """Numbers of the dropped candidates of a region."""
        return frozenset(number for at, number in self._dropped if at == region)


@dataclass(frozen=True)
class Start:
    """A latent that is known before a search: where to go on, or what to show without searching.

    box: the region that it belongs to; of a changed mask, the region whose box overlaps most takes it. prior,
    square: what it is a latent of; both are used again. latent: float32 (latent_size,). exact: take it as it is,
    do not search.
    """

    box: Box
    prior: str
    square: ContextSquare
    latent: NDArray[np.float32]
    exact: bool = False


@dataclass(frozen=True)
class FillRequest:
    """A frozen order to fill. ``pixels`` and ``mask`` must not change while the job runs.

    pixels: as in :class:`Photo`. mask: uint8 (H, W). revision: of the document that was read. previews: whether
    somebody will look at them and at the race; without, none are computed. starts: at most one for a region.
    race: wishes of whoever watches.
    """

    pixels: Pixels
    mask: Mask
    settings: FillSettings = field(default_factory=FillSettings)
    revision: int = 0
    previews: bool = True
    starts: tuple[Start, ...] = ()
    race: RaceControl | None = None


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
    reason: str
    candidates: int
    steps: int
    losses: Losses | None
    context_error: float | None
    typical_error: float | None
    seconds: Mapping[str, float]
    fit: float | None = None
    prior_hash: str = ""


@dataclass(frozen=True)
class FillReport:
    """What was done to all regions, on which device, and warnings that the user should read."""

    regions: tuple[RegionReport, ...]
    device: str
    seed: int
    preset: str
    seconds: float
    warnings: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class PriorInfo:
    """A prior as the user sees it."""

    name: str
    title: str
    subject: str
    architecture: str
    resolution: int
    latent_size: int
    latent_distribution: str
    licence: str
    data: str
    file: str
    metrics: Mapping[str, float | int | str]


class Services(Protocol):
    """What the window asks of the rest of the program. All methods may be slow: call them in a worker thread."""

    def open_photo(self, path: Path) -> Photo:
        """Read a photo. Raises ImageFileError."""

    def decode_photo(self, data: bytes, name: str) -> Photo:
        """A photo out of the bytes of a file of that name. Raises ImageFileError."""

    def save_recipe(self, path: Path, source: str, opened: Photo, exported: Photo, records: Sequence[Any]) -> None:
        """Write how ``opened``, a file called ``source``, became ``exported``.

        records: of its fills, as the session keeps them. Raises SaveError, and BadInputError if it cannot be repeated.
        """

    def save_photo(self, path: Path, photo: Photo) -> None:
        """Write a photo, staged and atomic; replaces an existing file. Raises SaveError."""

    def fill(self, request: FillRequest) -> FillJob:
        """Begin a fill; raises the InpaintguiError family, now or while it runs."""

    def estimate(self, request: FillRequest) -> Mapping[str, float]:
        """Seconds that the fill would take, by the names of the presets that an estimate can be given for."""

    def priors(self) -> tuple[PriorInfo, ...]:
        """The priors that can be chosen."""

    def devices(self) -> tuple[str, ...]:
        """Devices that exist here, "cpu" among them."""

    @property
    def selector(self) -> Selector:
        """Selecting, done by the engine."""

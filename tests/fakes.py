"""A stand-in for the engine that yields, blocks and fails as a test wants, so that nothing depends on timing."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from inpaintgui.contracts import (
    BatchStep,
    Box,
    Candidate,
    ContextSquare,
    FilledPatch,
    FillReport,
    FillResult,
    FillStep,
    FinderInfo,
    Glimpse,
    Losses,
    Outcome,
    Phase,
    Photo,
    PhotoResult,
    Preview,
    PriorInfo,
    Race,
    RegionContext,
    RegionReport,
    RegionSearch,
    Variation,
    bounding_box,
)
from inpaintgui.errors import ImageFileError
from inpaintgui.selecting import MaskPart
from inpaintgui.sentences import clauses, say
from inpaintgui.session.fills import prepare_fill

TIMEOUT = 10.0


def make_photo(width=64, height=48, channels=3, dtype=np.uint8, seed=0):
    """A photo of noise, which shows every misplaced pixel."""
    random = np.random.default_rng(seed)
    high = np.iinfo(dtype).max
    return Photo(random.integers(0, high, (height, width, channels), dtype=dtype, endpoint=True))


def make_prior(name="faces"):
    return PriorInfo(
        name=name,
        title=f"The {name}",
        subject=name,
        architecture="DCGAN",
        resolution=64,
        latent_size=100,
        latent_distribution="uniform",
        licence="CC0-1.0",
        data="Synthetic",
        file=f"{name}.safetensors",
        metrics={},
    )


def latent_of(value):
    """The fake generator's code for a flat grey."""
    return np.array([value / 127.5 - 1, 0, 0], np.float32)


def value_of(latent):
    """What the fake generator makes of a code."""
    return round(float(latent[0] + 1) * 127.5)


def region_boxes(mask):
    """Boxes of the holes, which must not lie above each other."""
    columns = np.flatnonzero(np.diff((mask > 0).any(axis=0).astype(np.int8), prepend=0, append=0))
    for left, right in zip(columns[::2], columns[1::2], strict=True):
        rows = np.flatnonzero((mask[:, left:right] > 0).any(axis=1))
        yield Box(int(left), int(rows[0]), int(right), int(rows[-1]) + 1)


def fill_box(request, box, value):
    """A patch that sets the hole pixels of a box to ``value``: a number, or an array (count, C)."""
    pixels = request.pixels[box.slices].copy()
    pixels[request.mask[box.slices] > 0] = value
    return FilledPatch(box, pixels)


def searched(request, box, value, trail_steps=12):
    """What a search leaves: variations of ``value``, ``value`` + 10 …, and a trail from black to the winner."""
    hole = request.mask[box.slices] > 0
    numbers = range(request.settings.variations)
    greys = [value if number == 0 else (value if np.isscalar(value) else 0) + 10 * number for number in numbers]
    variations = tuple(
        Variation(
            fill_box(request, box, grey),
            latent_of(grey) if np.isscalar(grey) else np.zeros(3, np.float32),
            Losses(0.25 + number, 0.5, 0.75 + number),
            fit=0.6 / (number + 1),
        )
        for number, grey in enumerate(greys)
    )
    part = np.linspace(0, 1, trail_steps + 1, dtype=np.float32)[:, None]
    trail = (1 - part) * latent_of(0) + part * variations[0].latent
    uncertainty = np.linspace(0, 0.28, box.width, dtype=np.float32) * hole
    return RegionSearch(box, "faces", ContextSquare(box.left, box.top, 64.0), variations, trail, uncertainty)


def report_on(box, losses=None):
    """A region's report."""
    return RegionReport(
        box=box,
        prior="faces",
        prior_used=True,
        reason=clauses(say("the region lies in a face"), say("aligned to the face")),
        candidates=8,
        steps=12,
        losses=losses or Losses(0.25, 0.5, 0.75),
        context_error=0.05,
        typical_error=0.08,
        seconds={Phase.PREPARE: 0.1, Phase.SEARCH: 1.2},
        fit=0.6,
    )


def filled(request, value=7):
    """A result that sets every hole pixel to ``value``, or to what a start says that is exact."""
    starts = {start.box: start for start in request.starts if start.exact}
    boxes = tuple(region_boxes(request.mask))
    searches = tuple(searched(request, box, value_of(starts[box].latent) if box in starts else value) for box in boxes)
    report = FillReport(
        tuple(map(report_on, boxes)), device="cpu", seed=request.settings.seed, preset="normal", seconds=1.5
    )
    return FillResult(tuple(search.variations[0].patch for search in searches), report, searches)


def ready(request, result):
    """The result, prepared as the worker does."""
    return finish(prepare_fill(request, result))


def finish(job):
    """Run a generator to its end, for its return value."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


class FakeSelector:
    """Selecting without OpenCV. gate: methods wait for it. faces_found: what ``faces`` answers.

    people_found: what ``people`` answers after the steps, unless there is an error. people_closed: set at its end.
    """

    def __init__(self):
        self.gate = None
        self.orders = []
        self.faces_found = ()
        self.people_found = ()
        self.people_steps = (0.0, 0.5)
        self.people_error = None
        self.people_closed = threading.Event()
        self.written = {}
        self.grey = np.zeros((10, 10), np.uint8)

    def _pass(self, *order):
        self.orders.append(order)
        if self.gate is not None and not self.gate.wait(TIMEOUT):
            raise AssertionError("nobody opened the selector's gate")

    def wand(self, pixels, order):
        self._pass(order)
        box = Box(order.x, order.y, order.x + 2, order.y + 2)
        return MaskPart(box, np.full((2, 2), 255, np.uint8))

    def smart(self, pixels, order):
        self._pass(order)
        side = 4 * len(order.scribbles) + (8 if order.box else 0)
        return MaskPart(Box(0, 0, side, side), np.full((side, side), 255, np.uint8))

    def faces(self, pixels):
        self._pass()
        return self.faces_found

    def people(self, pixels):
        try:
            for share in self.people_steps:
                yield share
                self._pass()
        finally:
            self.people_closed.set()
        if self.people_error is not None:
            raise self.people_error
        return self.people_found

    def refine(self, mask, how, amount):
        self._pass(how, amount)
        box = bounding_box(mask).grow(amount).intersect(Box(0, 0, mask.shape[1], mask.shape[0]))
        return MaskPart(box, np.full((box.height, box.width), 255, np.uint8))

    def read_mask(self, path):
        if "missing" in path.name:
            raise ImageFileError(f"The file {path.name} is not an image.")
        return self.grey

    def fit_mask(self, grey, *, threshold, width, height, invert):
        self._pass(threshold, invert)
        return np.full((height, width), 255, np.uint8)

    def write_mask(self, path, mask):
        self.written[path] = mask


@dataclass
class FakeServices:
    """Services for the window.

    steps: of each phase. pause: seconds of pure Python work per step, holding the interpreter's lock as a busy engine
    does between kernels. gates: a phase blocks at its first step until its event is set. endless: a phase that yields
    on and on until the fill is closed. error: raised at the end, or at the first step of ``error_at``. value: of filled
    pixels. bad_patch: the result touches pixels outside the mask. racing: candidates at the start of a search, one of
    which is lost every other step. warnings: of the report. saved: what was written. closed: set when a fill's
    generator was closed or ended.
    """

    photo: Photo = field(default_factory=make_photo)
    steps: int = 12
    pause: float = 0.0
    gates: dict[Phase, threading.Event] = field(default_factory=dict)
    endless: Phase | None = None
    error: BaseException | None = None
    error_at: Phase | None = None
    value: int | np.ndarray = 7
    bad_patch: bool = False
    save_error: Exception | None = None
    racing: int = 6
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outcomes: dict = field(default_factory=dict)
    orders: list = field(default_factory=list)
    glimpsed: Glimpse | None = None
    saved: dict[Path, Photo] = field(default_factory=dict)
    recipes: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    selector: FakeSelector = field(default_factory=FakeSelector)

    def open_photo(self, path, show):
        if "missing" in path.name:
            raise ImageFileError(f"The file {path.name} is not a photo.")
        return self.photo

    def glimpse(self, path):
        return self.glimpsed

    def decode_photo(self, data, name):
        return self.photo

    def save_recipe(self, path, source, opened, exported, records):
        self.recipes[path] = (source, opened, exported, records)

    def save_photo(self, path, photo):
        if self.save_error is not None:
            raise self.save_error
        self.saved[path] = Photo(photo.pixels.copy(), photo.metadata)
        return self.notes

    def batch(self, order, stopped):
        """A step for each input, with what ``outcomes`` says of it; one called “slow…” lasts until it is stopped."""
        self.orders.append(order)
        if self.error is not None:
            raise self.error
        yield BatchStep(order.inputs)
        for path in order.inputs:
            while path.name.startswith("slow"):
                if stopped():
                    self.closed.set()
                    return
                time.sleep(0.001)
            outcome, reason = self.outcomes.get(path.name, (Outcome.FILLED, ""))
            yield BatchStep(order.inputs, PhotoResult(path, order.out / path.name, outcome, reason, 1.5))

    def priors(self):
        return (make_prior("faces"), make_prior("scenes"))

    def finders(self):
        return (FinderInfo("people", "People", "CC0", "photos of people", "people.safetensors"),)

    def devices(self):
        return ("cpu",)

    def estimate(self, request):
        """A second for every 100 pixels, times what the budget allows."""
        pixels = np.count_nonzero(request.mask) / 100
        return {"draft": pixels / 4, "normal": pixels, "best": 4 * pixels}

    def contexts(self, request):
        """A square of 40 pixels around the middle of every hole."""
        found = []
        for box in region_boxes(request.mask):
            x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            by_hand = [square for square in request.settings.squares if square.contains(x, y)]
            square = by_hand[0] if by_hand else ContextSquare(x - 20, y - 20, 40)
            found.append(RegionContext(box, "scenes", square, bool(by_hand)))
        return tuple(found)

    def fill(self, request):
        self.requests.append(request)
        self.closed.clear()
        try:
            yield from self._steps(request)
        finally:
            self.closed.set()
        if self.error is not None:
            raise self.error
        result = filled(replace(request, mask=~request.mask) if self.bad_patch else request, self.value)
        return replace(result, report=replace(result.report, warnings=self.warnings))

    def _steps(self, request):
        box = bounding_box(request.mask).grow(4).intersect(Box(0, 0, request.mask.shape[1], request.mask.shape[0]))
        hole = request.mask[box.slices] > 0
        total = len(Phase) * self.steps
        is_exact = bool(request.starts) and request.starts[0].exact
        for number, phase in enumerate(Phase):
            if is_exact and phase is Phase.SEARCH:
                continue
            for step in itertools.count():
                if step >= self.steps and phase is not self.endless:
                    break
                fraction = (number * self.steps + min(step, self.steps)) / total
                shade = np.full((box.height, box.width, 3), round(255 * fraction), np.uint8)
                yield FillStep(
                    phase=phase,
                    region=0,
                    regions=1,
                    step=step,
                    steps=self.steps,
                    fraction=fraction,
                    losses=Losses(1 - fraction, 0.1, 1.1 - fraction) if phase is Phase.SEARCH else None,
                    preview=Preview(box, shade, hole) if request.previews else None,
                    race=self._race(request, step) if phase is Phase.SEARCH else None,
                )
                if phase is self.error_at:
                    raise self.error
                if phase in self.gates and step == 0 and not self.gates[phase].wait(TIMEOUT):
                    raise AssertionError(f"nobody opened the gate of {phase}")
                _be_busy(self.pause)

    def _race(self, request, step):
        """Candidate k has the loss k + 1 and the grey 20 k; the last ones are given up first, pinned ones never."""
        wishes = request.race
        if wishes is None:
            return None
        left = max(2, self.racing - step // 2)
        pinned, dropped = wishes.pinned(0), wishes.dropped(0)
        numbers = [one for one in range(self.racing) if (one < left or one in pinned) and one not in dropped]
        candidates = tuple(
            Candidate(
                one,
                np.full((64, 64, 3), 20 * one, np.uint8),
                Losses(one + 0.9, 0.1, one + 1.0),
                pinned=one in pinned,
            )
            for one in numbers
        )
        return Race(0, candidates, len(numbers))


def _be_busy(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(100))

"""A whole fill: from a frozen request to one patch per region and a report, as a plain generator."""

from __future__ import annotations

import itertools
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from inpaintgui.contracts import (
    Box,
    FillJob,
    FillReport,
    FillRequest,
    FillResult,
    FillStep,
    Phase,
    RegionReport,
    RegionSearch,
    Start,
)
from inpaintgui.engine.choice import choose_again, choose_prior, start_for
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.faces import Face, find_faces
from inpaintgui.engine.presets import SearchPreset, preset_called
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.region_fill import PreviewClock, RegionJob, relay
from inpaintgui.engine.regions import find_regions
from inpaintgui.engine.search import SearchOutcome, SearchStep, search_latents, with_candidates
from inpaintgui.errors import BadInputError

MOST_CANDIDATES = 1024
MOST_VARIATIONS = 16


@dataclass
class ProgressScale:
    """Puts the phases of all regions on one scale from 0 to 1 that never falls.

    The shares are where each phase begins and ends within a region's part.
    """

    regions: int
    detail: bool
    region: int = 0
    _reached: float = 0.0

    def step(self, phase: Phase, step: int, steps: int) -> FillStep:
        """The step to yield."""
        search_end = 0.5 if self.detail else 0.95
        spans = {
            Phase.PREPARE: (0.0, 0.02),
            Phase.SEARCH: (0.02, search_end),
            Phase.DETAIL: (search_end, 0.97),
            Phase.BLEND: (0.0, 0.0),  # short and in two places: it only holds what was reached
        }
        start, end = spans[phase]
        within = start + (end - start) * step / max(1, steps)
        self._reached = max(self._reached, (self.region + within) / max(1, self.regions))
        return FillStep(phase, self.region, self.regions, step, steps, min(1.0, self._reached))


def fill(request: FillRequest, *, library: PriorLibrary) -> FillJob:
    """Fill the holes of ``request``; yields where it can be cancelled, returns a FillResult.

    Raises BadInputError for a request that makes no sense, PriorError and DeviceError, all of them at the first
    step or later, none of them after a result.
    """
    started = time.perf_counter()
    preset = _checked(request)
    device = resolve_device(request.settings.device)
    regions = find_regions(request.mask)
    scale = ProgressScale(len(regions), preset.detail)
    yield scale.step(Phase.PREPARE, 0, 1)
    faces = _faces_if_needed(request, library)
    yield scale.step(Phase.PREPARE, 1, 1)
    previews = PreviewClock(request.previews)
    photo = Box(0, 0, request.mask.shape[1], request.mask.shape[0])
    jobs: list[RegionJob] = []
    starts: list[Start | None] = []
    for number, region in enumerate(regions):
        scale.region = number
        yield scale.step(Phase.PREPARE, 0, 2)
        start = start_for(region, request.starts)
        choice = (
            choose_prior(region, photo, request.settings, library, faces)
            if start is None
            else choose_again(start, request.settings, library)
        )
        starts.append(start)
        jobs.append(
            RegionJob(
                region=region,
                request=request,
                choice=choice,
                prior=library.load(choice.row.name, device=device),
                preset=preset,
                seed=request.settings.seed + number,
                progress=scale.step,
                previews=previews,
            )
        )
    found = yield from _search_all(jobs, starts, scale, request)
    searches: list[RegionSearch] = []
    reports: list[RegionReport] = []
    for number, job in enumerate(jobs):
        scale.region = number
        search, report = yield from job.finish(found[number])
        searches.append(search)
        reports.append(report)
    summary = FillReport(
        regions=tuple(reports),
        device=str(device),
        seed=request.settings.seed,
        preset=preset.name,
        seconds=time.perf_counter() - started,
    )
    patches = tuple(search.variations[0].patch for search in searches)
    return FillResult(patches, summary, tuple(searches))


def _search_all(
    jobs: Sequence[RegionJob], starts: Sequence[Start | None], scale: ProgressScale, request: FillRequest
) -> Generator[FillStep, None, dict[int, SearchOutcome]]:
    """Search all regions, those of one prior in one batch; outcomes by the region's number."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for number, (job, start) in enumerate(zip(jobs, starts, strict=True)):
        groups.setdefault((job.choice.row.name, start is not None and start.exact), []).append(number)
    found: dict[int, SearchOutcome] = {}
    for (_, exact), numbers in groups.items():
        members = [jobs[number] for number in numbers]
        preset = members[0].preset.as_given() if exact else members[0].preset
        searching = search_latents(
            [member.problem for member in members],
            members[0].prior,
            preset,
            seeds=[member.seed for member in members],
            starts=[None if (start := starts[number]) is None else start.latent for number in numbers],
            control=request.race,
            regions=numbers,
        )
        turn = itertools.cycle(range(len(numbers)))

        def on_step(step: SearchStep, numbers: list[int] = numbers, turn: Iterator[int] = turn) -> FillStep:
            place = next(turn)
            scale.region = numbers[place]
            return jobs[numbers[place]].on_search(step, place)

        begun = time.perf_counter()
        outcomes = yield from relay(searching, on_step)
        for member in members:
            member.clock.share(Phase.SEARCH, (time.perf_counter() - begun) / len(members))
        found |= zip(numbers, outcomes, strict=True)
    return found


def _checked(request: FillRequest) -> SearchPreset:
    """The preset of a request that can be filled."""
    settings = request.settings
    if request.pixels.shape[:2] != request.mask.shape:
        raise BadInputError("The mask has another size than the photo.")
    if not request.mask.any():
        raise BadInputError("Nothing is painted: the mask is empty.")
    if request.mask.all():
        raise BadInputError("Everything is painted: leave some of the photo unpainted.")
    if settings.candidates is not None and not 1 <= settings.candidates <= MOST_CANDIDATES:
        raise BadInputError(f"The number of candidates must be between 1 and {MOST_CANDIDATES}.")
    if settings.square is not None and settings.square.side < 1:
        raise BadInputError("The context square is empty.")
    if not 1 <= settings.variations <= MOST_VARIATIONS:
        raise BadInputError(f"The number of variations must be between 1 and {MOST_VARIATIONS}.")
    preset = with_candidates(preset_called(settings.preset), settings.candidates)
    return preset.for_variations(settings.variations)


def _faces_if_needed(request: FillRequest, library: PriorLibrary) -> Sequence[Face]:
    """The photo's faces, unless the chosen prior has no use for them."""
    name = request.settings.prior
    return find_faces(request.pixels) if name == "auto" or library.row(name).subject == "faces" else ()

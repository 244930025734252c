"""A whole fill: from a frozen request to one patch per region and a report, as a plain generator."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Sequence
from dataclasses import replace

from inpaintgui import limits
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
from inpaintgui.engine.choice import Choice, choose_again, choose_prior, faces_if_needed, start_for
from inpaintgui.engine.detail import DetailSettings
from inpaintgui.engine.devices import one_sentence_when_memory_is_full, resolve_device
from inpaintgui.engine.phase_clock import PreviewClock, share_time
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.progress import ProgressScale, relay
from inpaintgui.engine.region_fill import RegionJob
from inpaintgui.engine.region_search import RegionSearches, load_safely
from inpaintgui.engine.regions import Region, find_regions
from inpaintgui.engine.search import requested_preset
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.engine.side_by_side import in_turn
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import Sentence, say

log = logging.getLogger(__name__)

MOST_CANDIDATES = 1024
THINNEST, LONGEST_HOLE = 200, 100
"""In a photo whose sides differ by more than the first factor, a hole is at most the second times as long as that is
wide: along a wire, blending into a longer one does not converge.
"""
SIDE_BY_SIDE, SMALL = 3, 500_000
"""How many regions are brought to full resolution at once, if the box of none has more than SMALL pixels: each takes
memory, and large ones keep all cores busy by themselves.
"""


def fill(request: FillRequest, *, library: PriorLibrary, detail: bool = True) -> FillJob:
    """Fill the holes of ``request``; yields where it can be cancelled, returns a FillResult.

    detail: False leaves the patch search out whatever the preset says, for the sake of comparison.

    Raises BadInputError for a request that makes no sense, PriorError and DeviceError, all of them at the first
    step or later, none of them after a result.
    """
    with one_sentence_when_memory_is_full():
        return (yield from _fill(request, library, detail))


def _fill(request: FillRequest, library: PriorLibrary, detail: bool) -> FillJob:
    started = time.perf_counter()
    _check(request)
    device = resolve_device(request.settings.device)
    regions = find_regions(request.mask)
    _check_wires(regions, request.mask.shape)
    preset = requested_preset(request.settings.preset, request.settings, regions=len(regions))
    preset = replace(preset, detail=preset.detail and detail)
    scale = ProgressScale(len(regions), preset.detail)
    yield scale.step(Phase.PREPARE, 0, 1)
    starts = [start_for(region, request.starts) for region in regions]
    choices = yield from _choices(request, library, regions, starts, scale)
    previews = PreviewClock(request.previews)
    warnings: list[Sentence] = []
    priors, device = load_safely(library, [choice.row.name for choice in choices], device, warnings)
    jobs = [
        RegionJob(
            region=region,
            request=request,
            choice=choice,
            prior=prior,
            preset=preset,
            seed=request.settings.seed + number,
            texture=0 if start is None else start.texture,
            progress=scale.step,
            previews=previews,
        )
        for number, (region, choice, prior, start) in enumerate(zip(regions, choices, priors, starts, strict=True))
    ]
    search_job = RegionSearches(request, library, device, jobs, starts, scale, warnings)
    found = yield from search_job.run()
    finished = yield from _finish(search_job.jobs, found, scale)
    summary = FillReport(
        regions=tuple(report for _, report in finished),
        device=str(search_job.device),
        seed=request.settings.seed,
        preset=preset.name,
        seconds=time.perf_counter() - started,
        warnings=tuple(search_job.warnings),
    )
    return _result(tuple(search for search, _ in finished), summary)


def _finish(
    jobs: Sequence[RegionJob], found: Sequence[SearchOutcome], scale: ProgressScale
) -> Generator[FillStep, None, list[tuple[RegionSearch, RegionReport]]]:
    """From the searches to full resolution: small regions side by side, large ones one after the other."""
    small = all(job.region.box.width * job.region.box.height <= SMALL for job in jobs)
    started = time.perf_counter()
    most = min(len(jobs), SIDE_BY_SIDE if small else 1)
    threads = DetailSettings.threads if most == 1 else 1
    finishing = [job.finish(outcome, threads=threads) for job, outcome in zip(jobs, found, strict=True)]
    finished = yield from in_turn(finishing, most=most, before=scale.turn_to)
    share_time([job.clock for job in jobs], time.perf_counter() - started)
    return finished


def _choices(
    request: FillRequest,
    library: PriorLibrary,
    regions: Sequence[Region],
    starts: Sequence[Start | None],
    scale: ProgressScale,
) -> Generator[FillStep, None, list[Choice]]:
    """Which prior fills each region. starts: where each goes on from, or None."""
    faces = yield from relay(faces_if_needed(request, regions, library), lambda _: scale.step(Phase.PREPARE, 0, 1))
    yield scale.step(Phase.PREPARE, 1, 1)
    photo = Box(0, 0, request.mask.shape[1], request.mask.shape[0])
    choices: list[Choice] = []
    for number, (region, start) in enumerate(zip(regions, starts, strict=True)):
        scale.turn_to(number)
        yield scale.step(Phase.PREPARE, 0, 2)
        if start is None:
            choices.append(choose_prior(region, photo, request.settings, library, faces))
        else:
            choices.append(choose_again(start, request.settings, library))
    return choices


def _result(searches: tuple[RegionSearch, ...], summary: FillReport) -> FillResult:
    """Log what was done and put it together."""
    for one in summary.regions:
        log.debug("%s: %s, %s; %d steps, seconds %s", one.box, one.prior, one.reason, one.steps, one.seconds)
    log.info("filled %d regions on %s in %.2f s", len(summary.regions), summary.device, summary.seconds)
    patches = tuple(search.variations[0].patch for search in searches)
    return FillResult(patches, summary, searches)


def _check_wires(regions: tuple[Region, ...], shape: tuple[int, ...]) -> None:
    """Raises BadInputError if a hole is too long for a photo this thin."""
    longest = max((max(region.box.width, region.box.height) for region in regions), default=0)
    if max(shape) > THINNEST * min(shape) and longest > LONGEST_HOLE * min(shape):
        raise BadInputError(
            say("The photo is too long and thin for a hole of this length; paint a shorter part of it.")
        )


def _check(request: FillRequest) -> None:
    """Raises BadInputError if the request cannot be filled."""
    settings = request.settings
    if request.pixels.shape[:2] != request.mask.shape:
        raise BadInputError(say("The mask has another size than the photo."))
    if request.exclusion is not None and request.exclusion.shape != request.mask.shape:
        raise BadInputError(say("The excluded area has another size than the photo."))
    if not request.mask.any():
        raise BadInputError(say("Nothing is painted: the mask is empty."))
    if request.mask.all():
        raise BadInputError(say("Everything is painted: leave some of the photo unpainted."))
    if settings.candidates is not None and not 1 <= settings.candidates <= MOST_CANDIDATES:
        raise BadInputError(say("The number of candidates must be between 1 and {most}.", most=MOST_CANDIDATES))
    if any(square.side < 1 for square in settings.squares):
        raise BadInputError(say("The context square is empty."))
    if not 1 <= settings.variations <= limits.VARIATIONS:
        raise BadInputError(say("The number of variations must be between 1 and {most}.", most=limits.VARIATIONS))
    requested_preset(settings.preset, settings)

"""A whole fill: from a frozen request to one patch per region and a report, as a plain generator."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from inpaintgui.contracts import (
    Box,
    FilledPatch,
    FillJob,
    FillReport,
    FillRequest,
    FillResult,
    FillStep,
    Phase,
    RegionReport,
)
from inpaintgui.engine.choice import choose_prior
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.faces import Face, find_faces
from inpaintgui.engine.presets import SearchPreset, preset_called
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.region_fill import PreviewClock, RegionJob
from inpaintgui.engine.regions import find_regions
from inpaintgui.engine.search import with_candidates
from inpaintgui.errors import BadInputError

MOST_CANDIDATES = 1024


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
    patches: list[FilledPatch] = []
    reports: list[RegionReport] = []
    for number, region in enumerate(regions):
        scale.region = number
        yield scale.step(Phase.PREPARE, 0, 2)
        choice = choose_prior(region, photo, request.settings, library, faces)
        job = RegionJob(
            region=region,
            request=request,
            choice=choice,
            prior=library.load(choice.row.name, device=device),
            preset=preset,
            seed=request.settings.seed + number,
            progress=scale.step,
            previews=previews,
        )
        patch, report = yield from job.run()
        patches.append(patch)
        reports.append(report)
    summary = FillReport(
        regions=tuple(reports),
        device=str(device),
        seed=request.settings.seed,
        preset=preset.name,
        seconds=time.perf_counter() - started,
    )
    return FillResult(tuple(patches), summary)


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
    return with_candidates(preset_called(settings.preset), settings.candidates)


def _faces_if_needed(request: FillRequest, library: PriorLibrary) -> Sequence[Face]:
    """The photo's faces, unless the chosen prior has no use for them."""
    name = request.settings.prior
    return find_faces(request.pixels) if name == "auto" or library.row(name).subject == "faces" else ()

"""One region from photo to prior and back: search, guide, full-resolution detail, blending, quantisation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import (
    Box,
    FilledPatch,
    FillRequest,
    FillStep,
    Phase,
    Preview,
    RegionReport,
    RegionSearch,
    Variation,
    surroundings,
)
from inpaintgui.engine.answer import completed
from inpaintgui.engine.blend import CELLS_PER_WAVE, coarse_membrane, enlarged, poisson_blend, power_of_two
from inpaintgui.engine.choice import Choice, fit_score, fits, typical_error
from inpaintgui.engine.crop import Crop
from inpaintgui.engine.detail import DetailSettings, DetailStep, synthesise_detail
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.patch import finished_patch
from inpaintgui.engine.phase_clock import PhaseClock, PreviewClock
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.progress import relay
from inpaintgui.engine.regions import Region, search_problem
from inpaintgui.engine.search import SearchStep
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.engine.side_by_side import elsewhere
from inpaintgui.engine.variations import fitting_variations
from inpaintgui.engine.views import enlarge, mean_over_views
from inpaintgui.sentences import clauses, say

BAND_PIXELS, FINE_PIXEL = 2.5, 8
"""Wavelength, in pixels of the prior, above which the fill takes the colours of the prior's answer, where such a pixel
is not larger than FINE_PIXEL pixels of the photo.

That is nearly all that it resolves: over ten small photos with figures cut out it was worth 0.6 dB and 1 %
of perceptual distance beside taking over the coarsest colours only. In larger photos such wavelengths belong to the
photo's texture, which the prior's soft answer would wash out: there the wavelength rises with the square of the scale.
"""

SURE = DetailSettings(guide_weight=0.5, largest_correction=1.0)
"""Detail synthesis for a prior that is believed in all that it resolves: 1 is the range of a colour."""

MOST_SHOWN = 8
"""Candidates of a race that are shown at once."""

VARIATION_SEEDS = 1_000_003
"""Between the seeds of two variations' textures: farther apart than those of any regions of one photo."""

Progress = Callable[[Phase, int, int], FillStep]
"""Makes a FillStep out of (phase, step, steps); knows the region and the job's overall progress."""


@dataclass(frozen=True)
class RegionJob:
    """Everything that is needed to fill one region, before and after its search.

    texture: with the patches of which variation the first one begins.
    """

    region: Region
    request: FillRequest
    choice: Choice
    prior: Prior
    preset: SearchPreset
    seed: int
    texture: int
    progress: Progress
    previews: PreviewClock
    clock: PhaseClock = field(default_factory=PhaseClock)

    @property
    def photo(self) -> Box:
        """All of it."""
        return Box(0, 0, self.request.mask.shape[1], self.request.mask.shape[0])

    def with_choice(self, choice: Choice, prior: Prior) -> RegionJob:
        """The same with another prior, or with the same on another device; the time spent so far is kept."""
        return replace(self, choice=choice, prior=prior)

    @cached_property
    def problem(self) -> SearchProblem:
        """What the region looks like to the prior."""
        self.clock.restart()  # other priors may have been searched since the job was made
        request = self.request
        problem = search_problem(request.pixels, request.mask, self.choice.square, self.prior.resolution)
        self.clock.lap(Phase.PREPARE)
        return problem

    def finish(
        self, outcome: SearchOutcome, *, threads: int
    ) -> Generator[FillStep, None, tuple[RegionSearch, RegionReport]]:
        """From the search's outcome to full resolution; yields where it can be cancelled. threads: of the detail."""
        self.clock.restart()
        crop = Crop.around(self.region, self.request)
        yield self.progress(Phase.DETAIL, 0, 1)
        chosen = fitting_variations(outcome, self.problem.hole, self.request.settings.variations, self.prior)
        use_prior = self.choice.forced or not self.preset.detail or fits(self.choice.row, outcome.context_error)
        # Without a prior there is one answer, the texture; every draw of patches makes another one of it.
        places = chosen if use_prior else chosen[:1] * self.request.settings.variations
        variations = []
        for number, place in enumerate(places):
            means = number == 0 and self.choice.row.answer == "mean"
            source = outcome.mean_answer if means else outcome.pool_answers[place]
            guide = (yield from self._guide(crop, source, means=means)) if use_prior else None
            patch = yield from self._painted(crop, guide, self._detail_settings(number, threads))
            error = float(outcome.pool_errors[place])
            fit = fit_score(self.choice.row, error)
            variations.append(Variation(patch, outcome.pool[place], outcome.pool_losses[place], fit))
        return self._searched(outcome, tuple(variations)), self._report(outcome, use_prior)

    def _guide(
        self, crop: Crop, source: NDArray[np.float32], *, means: bool
    ) -> Generator[FillStep, None, NDArray[np.float32]]:
        """What the prior says about the crop, from its picture of the square. means: it is a mean, not one answer.

        Outside the hole and its neighbourhood it is the photo itself. It is blended into the photo once more, at full
        resolution: it knows the light beside the hole only as means over its own large pixels.
        """
        answering = completed(self.problem, source, self.choice.row, blend=self.preset.blend)
        answer = yield from relay(answering, lambda _: self.progress(Phase.BLEND, 0, 1))
        around, step = surroundings(crop.hole, 2), self._guide_cell
        box = around.moved(crop.box.left, crop.box.top)
        if means and self.looks_around:
            looking = self._mean_over_views(answer, box, step)
            part = yield from relay(looking, lambda _: self.progress(Phase.BLEND, 0, 1))
        else:
            part = enlarge(answer, self.choice.square, box, step=step)
        shape = (around.height, around.width)
        yield self.progress(Phase.BLEND, 0, 1)
        part = enlarged(part, step, shape)
        if self.preset.detail:
            hole = np.ascontiguousarray(crop.hole[around.slices])
            lacking = coarse_membrane(crop.image[around.slices] - part, hole, step)
            rim = yield from relay(lacking, lambda _: self.progress(Phase.BLEND, 0, 1))
            part = part + enlarged(rim, step, shape)
        guide = crop.image.copy()
        yield self.progress(Phase.BLEND, 0, 1)
        guide[around.slices] = part
        return guide

    @property
    def _guide_cell(self) -> int:
        """Side in pixels of the cells in which the guide is made: detail synthesis reads its low frequencies only."""
        if not self.preset.detail:
            return 1
        return power_of_two(self._band_cutoff / CELLS_PER_WAVE)

    @property
    def looks_around(self) -> bool:
        """Whether the prior is asked in several views of the region, not in the square of the search alone."""
        return self.choice.row.answer == "mean" and self.prior.conditional and not self._is_sure

    def _mean_over_views(
        self, answer: NDArray[np.float32], box: Box, step: int
    ) -> Generator[None, None, NDArray[np.float32]]:
        preset = self.preset.for_prior(conditional=True, guided=True, deaf=self.choice.row.is_deaf)
        return mean_over_views(
            answer,
            self.choice.square,
            self.request,
            self.prior,
            own=self.region.box,
            box=box,
            step=step,
            most=preset.views,
            draws=preset.draw,
            seed=self.seed,
        )

    def _painted(
        self, crop: Crop, guide: NDArray[np.float32] | None, settings: DetailSettings
    ) -> Generator[FillStep, None, FilledPatch]:
        """One fill at full resolution."""
        if self.preset.detail or guide is None:
            synthesis = elsewhere(self._detail(crop, guide, settings), shown=lambda step: step.image is not None)
            fill = yield from relay(synthesis, lambda step: self._on_detail(crop, step))
        else:
            fill = guide
        self.clock.lap(Phase.DETAIL)
        if self.preset.blend:
            fill = yield from self._blended(crop.image, fill, crop.hole)
        yield self.progress(Phase.BLEND, 1, 1)
        patch = finished_patch(self.region, self.request, fill[crop.own.slices])
        self.clock.lap(Phase.BLEND)
        return patch

    def _searched(self, outcome: SearchOutcome, variations: tuple[Variation, ...]) -> RegionSearch:
        doubt = outcome.uncertainty[..., None].repeat(3, axis=2)
        seen = enlarge(np.ascontiguousarray(doubt), self.choice.square, self.region.box)[..., 0]
        return RegionSearch(
            box=self.region.box,
            prior=self.choice.row.name,
            square=self.choice.square,
            variations=variations,
            trail=outcome.trail,
            uncertainty=np.where(self.region.hole, seen, np.float32(0)),
        )

    def _blended(
        self, target: NDArray[np.float32], source: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> Generator[FillStep, None, NDArray[np.float32]]:
        return relay(poisson_blend(target, source, hole), lambda _: self.progress(Phase.BLEND, 0, 1))

    @property
    def _is_sure(self) -> bool:
        """Whether the prior is believed in all that it resolves, as one of faces is: no texture has another mouth."""
        return self.choice.row.guide_resolution >= self.choice.row.resolution

    @property
    def _guide_cutoff(self) -> float:
        """Wavelength in pixels of the photo below which the prior says nothing about which patch to take."""
        return 2 * self.choice.square.side / self.prior.row.guide_resolution

    @property
    def _band_cutoff(self) -> float:
        """Wavelength in pixels of the photo above which the fill takes the prior's colours."""
        pixel = self.choice.square.side / self.prior.row.resolution
        return min(self._guide_cutoff, BAND_PIXELS * pixel * max(1.0, pixel / FINE_PIXEL) ** 2)

    def _detail_settings(self, number: int, threads: int) -> DetailSettings:
        """Of variation ``number``: each begins with other patches, so that alike answers still differ in texture."""
        return replace(
            SURE if self._is_sure else DetailSettings(),
            seed=self.seed + (self.texture + number) * VARIATION_SEEDS,
            threads=threads,
        )

    def _detail(
        self, crop: Crop, guide: NDArray[np.float32] | None, settings: DetailSettings
    ) -> Generator[DetailStep, None, NDArray[np.float32]]:
        return synthesise_detail(
            crop.image,
            crop.hole,
            guide=guide,
            guide_cutoff=self._guide_cutoff,
            band_cutoff=self._band_cutoff,
            source=crop.source,
            settings=settings,
        )

    def on_search(self, step: SearchStep, place: int) -> FillStep:
        """Progress of a search in which this region is problem number ``place``; with pictures when they are due."""
        progress = self.progress(Phase.SEARCH, step.step, step.steps)
        if not self.previews.due():
            return progress
        seen = enlarge(step.image(place), self.choice.square, self.region.box)
        race = step.race(place, MOST_SHOWN) if step.state.candidates > 1 else None
        return replace(progress, losses=step.losses(place), preview=self._preview(seen), race=race)

    def _on_detail(self, crop: Crop, step: DetailStep | None) -> FillStep:
        if step is None:
            return self.progress(Phase.DETAIL, 0, 1)
        progress = self.progress(Phase.DETAIL, step.step, step.steps)
        if step.image is None or not self.previews.due():
            return progress
        whole = cv2.resize(step.image, (crop.box.width, crop.box.height), interpolation=cv2.INTER_LINEAR)
        return replace(progress, preview=self._preview(np.asarray(whole[crop.own.slices], np.float32)))

    def _preview(self, seen: NDArray[np.float32]) -> Preview:
        preview = Preview(self.region.box, (seen.clip(0, 1) * 255).round().astype(np.uint8), self.region.hole)
        self.previews.made()
        return preview

    def _report(self, outcome: SearchOutcome, prior_used: bool) -> RegionReport:
        reason = self.choice.reason
        typical = typical_error(self.choice.row)
        if typical is not None and not fits(self.choice.row, outcome.context_error):
            verdict = say("used all the same") if prior_used else say("texture of the photo only")
            misfit = say(
                "it fits badly (error {error:.3f}, usually below {typical:.3f}): {verdict}",
                error=outcome.context_error,
                typical=typical,
                verdict=verdict,
            )
            reason = clauses(reason, misfit)
        return RegionReport(
            box=self.region.box,
            prior=self.choice.row.name,
            prior_used=prior_used,
            reason=reason,
            candidates=outcome.candidates,
            steps=outcome.steps,
            losses=outcome.losses,
            context_error=outcome.context_error,
            typical_error=typical,
            seconds=self.clock.seconds,
            fit=fit_score(self.choice.row, outcome.context_error),
            prior_hash=self.choice.row.sha256,
        )

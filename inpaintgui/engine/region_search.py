"""The searches of all regions of a photo: those of one prior in one batch.

Where the first choice of a prior does not fit, a second one is tried; where the device fails, the CPU takes over.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace

import torch

from inpaintgui.contracts import FillRequest, FillStep, Phase, Start
from inpaintgui.engine.choice import fits, second_choice
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.progress import ProgressScale, relay
from inpaintgui.engine.region_fill import RegionJob
from inpaintgui.engine.search import SearchStep, search_latents
from inpaintgui.engine.search_outcome import SearchOutcome
from inpaintgui.errors import DeviceError
from inpaintgui.sentences import Sentence, say

log = logging.getLogger(__name__)

CPU = torch.device("cpu")

DEVICE_FAILURES = (DeviceError, torch.OutOfMemoryError, torch.AcceleratorError)


def load_safely(
    library: PriorLibrary, names: Sequence[str], device: torch.device, warnings: list[Sentence]
) -> tuple[list[Prior], torch.device]:
    """The priors of these names on ``device``, or all on the CPU if it fails: it may be full of what others do.

    Returns the device that they are on; what happened is added to ``warnings``.
    """
    try:
        return [library.load(name, device=device) for name in names], device
    except DEVICE_FAILURES as error:
        if device == CPU:
            raise
        warnings.append(_cpu_takes_over(device, error))
    return [library.load(name, device=CPU) for name in names], CPU


def _cpu_takes_over(device: torch.device, error: BaseException) -> Sentence:
    """Log the failure that is being handled; what the user should read."""
    log.warning("failed on %s", device, exc_info=error)
    problem = str(error).partition("\n")[0]
    return say("The device “{device}” failed ({problem}); the CPU took over.", device=device, problem=problem)


def _has_one_answer(job: RegionJob) -> bool:
    """Whether nothing depends on the latent, and nobody asked to see several, or to see a published recipe at work."""
    settings = job.request.settings
    alone = settings.variations == 1 and settings.candidates is None
    return job.choice.row.is_deaf and job.preset.informed is not None and alone


@dataclass
class RegionSearches:
    """Runs the searches. ``jobs`` and ``device`` are in the end those that the outcomes belong to.

    starts: one per job, or None. warnings: what the user should read.
    """

    request: FillRequest
    library: PriorLibrary
    device: torch.device
    jobs: list[RegionJob]
    starts: Sequence[Start | None]
    scale: ProgressScale
    warnings: list[Sentence] = field(default_factory=list)

    def run(self) -> Generator[FillStep, None, list[SearchOutcome]]:
        """Search every region; one outcome per job. Yields where it can be cancelled."""
        outcomes = yield from self._safely(range(len(self.jobs)))
        firsts: dict[int, RegionJob] = {}
        for number, outcome in outcomes.items():
            job = self.jobs[number]
            other = second_choice(job.choice, job.region, job.photo, self.request.settings, self.library)
            if other is not None and self.starts[number] is None and not fits(job.choice.row, outcome.context_error):
                firsts[number] = job
                self.jobs[number] = job.with_choice(other, self.library.load(other.row.name, device=self.device))
        seconds = yield from self._safely(firsts)
        for number, first in firsts.items():
            if fits(self.jobs[number].choice.row, seconds[number].context_error):
                outcomes[number] = seconds[number]
            else:
                self.jobs[number] = first
        return [outcomes[number] for number in range(len(self.jobs))]

    def _safely(self, numbers: Iterable[int]) -> Generator[FillStep, None, dict[int, SearchOutcome]]:
        """Search the jobs with these numbers; on the CPU if the device fails."""
        numbers = list(numbers)
        try:
            return (yield from self._search(numbers))
        except DEVICE_FAILURES as error:
            if self.device == CPU:
                raise
            self.warnings.append(_cpu_takes_over(self.device, error))
        self.device = CPU
        self.jobs[:] = [
            job.with_choice(job.choice, self.library.load(job.choice.row.name, device=CPU)) for job in self.jobs
        ]
        return (yield from self._search(numbers))

    def _search(self, numbers: Sequence[int]) -> Generator[FillStep, None, dict[int, SearchOutcome]]:
        groups: dict[tuple[str, bool], list[int]] = {}
        for number in numbers:
            start = self.starts[number]
            groups.setdefault((self.jobs[number].choice.row.name, start is not None and start.exact), []).append(number)
        outcomes: dict[int, SearchOutcome] = {}
        for place, ((_, exact), members) in enumerate(groups.items()):
            self.scale.batch(place, len(groups))
            outcomes |= yield from self._batch(members, exact=exact)
        return outcomes

    def _batch(self, numbers: list[int], *, exact: bool) -> Generator[FillStep, None, dict[int, SearchOutcome]]:
        """Search regions of one prior together."""
        jobs = [self.jobs[number] for number in numbers]
        preset = jobs[0].preset
        if exact:
            preset = preset.as_given()
        elif _has_one_answer(jobs[0]):
            preset = preset.for_one_answer()
        begun = time.perf_counter()
        searching = search_latents(
            [job.problem for job in jobs],
            jobs[0].prior,
            # Several views of a region are mirrored already.
            replace(preset, mirrored=preset.mirrored and not jobs[0].looks_around),
            seeds=[job.seed for job in jobs],
            starts=[None if (start := self.starts[number]) is None else start.latent for number in numbers],
            control=self.request.race,
            regions=numbers,
        )
        turn = itertools.cycle(range(len(numbers)))

        def on_step(step: SearchStep) -> FillStep:
            place = next(turn)  # everybody's picture is shown in turn
            self.scale.turn_to(numbers[place])
            return jobs[place].on_search(step, place)

        found = yield from relay(searching, on_step)
        share = (time.perf_counter() - begun) / len(jobs)
        for job in jobs:
            job.clock.share(Phase.SEARCH, share)
        return dict(zip(numbers, found, strict=True))

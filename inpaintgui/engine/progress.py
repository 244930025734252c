"""Progress of jobs within jobs, on one scale for all regions: searched together, finished side by side."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar

from inpaintgui.contracts import FillStep, Phase

PREPARED = 0.02
"""Share of the whole at which the search begins."""

_Item = TypeVar("_Item")
_Step = TypeVar("_Step")
_Result = TypeVar("_Result")


def relay(job: Generator[_Item, None, _Result], as_step: Callable[[_Item], _Step]) -> Generator[_Step, None, _Result]:
    """Run an inner job to its end, with every item that it yields turned into a step."""
    try:
        while True:
            yield as_step(next(job))
    except StopIteration as end:
        result: _Result = end.value
        return result
    finally:
        job.close()


@dataclass
class ProgressScale:
    """Puts the phases of all regions on one scale that never falls.

    detail: whether full-resolution detail follows the search. region: the one that steps are about.
    """

    regions: int
    detail: bool
    region: int = 0
    _batch: int = 0
    _batches: int = 1
    _reached: float = 0.0
    _detailed: dict[int, float] = field(default_factory=dict)

    def turn_to(self, region: int) -> None:
        """The next steps are about this region."""
        self.region = region

    def batch(self, place: int, count: int) -> None:
        """The next search is number ``place`` of ``count``."""
        self._batch, self._batches = place, count

    def step(self, phase: Phase, step: int, steps: int) -> FillStep:
        """The step to yield."""
        searched = 0.5 if self.detail else 0.95
        within = step / max(1, steps)
        if phase is Phase.PREPARE:
            reached = PREPARED * (self.region + within) / self.regions
        elif phase is Phase.SEARCH:
            reached = PREPARED + (searched - PREPARED) * (self._batch + within) / self._batches
        elif phase is Phase.DETAIL:
            self._detailed[self.region] = max(within, self._detailed.get(self.region, 0.0))
            reached = searched + (1 - searched) * 0.97 * sum(self._detailed.values()) / self.regions
        else:  # blending is short and comes in two places: it only holds what was reached
            reached = 0.0
        self._reached = max(self._reached, min(1.0, reached))
        return FillStep(phase, self.region, self.regions, step, steps, self._reached)

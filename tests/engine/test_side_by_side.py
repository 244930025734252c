"""Jobs side by side, and fills whose regions are finished that way."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator

import numpy as np
import pytest

from inpaintgui.contracts import Box, FillRequest, Phase, run_to_end
from inpaintgui.engine import fill as fill_module
from inpaintgui.engine.phase_clock import PhaseClock, share_time
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.progress import relay
from inpaintgui.engine.side_by_side import elsewhere, in_turn
from tests.engine.conftest import run


class Counter:
    """A job that counts, notes its threads and whether it was closed."""

    def __init__(self, steps: int, *, fails: bool = False) -> None:
        self.steps, self.fails = steps, fails
        self.threads: set[int] = set()
        self.closed = False

    def job(self) -> Generator[int, None, str]:
        try:
            for step in range(self.steps):
                self.threads.add(threading.get_ident())
                yield step
            if self.fails:
                raise ValueError("broken")
            return f"counted to {self.steps}"
        finally:
            self.closed = True


def test_a_job_elsewhere_runs_on_another_thread_and_returns_its_result() -> None:
    counter = Counter(30)
    seen: list[int | None] = []
    job = elsewhere(counter.job(), shown=lambda step: step % 10 == 9)
    result = run_to_end(relay(job, seen.append))
    assert result == "counted to 30"
    assert seen[0] is None
    assert {9, 19, 29} <= set(seen)
    assert len(counter.threads) == 1
    assert threading.get_ident() not in counter.threads


def test_what_fails_elsewhere_fails_here() -> None:
    counter = Counter(3, fails=True)
    with pytest.raises(ValueError, match="broken"):
        run_to_end(elsewhere(counter.job(), shown=lambda _: True))


def test_closing_ends_and_closes_the_job() -> None:
    counter = Counter(sys.maxsize)
    job = elsewhere(counter.job(), shown=lambda step: step == 1)
    while next(job) != 1:
        pass
    assert not counter.closed
    job.close()
    assert counter.closed


def test_jobs_take_turns() -> None:
    counters = [Counter(2), Counter(3), Counter(2), Counter(0)]
    turns: list[int] = []
    results = run_to_end(in_turn([counter.job() for counter in counters], most=2, before=turns.append))
    assert results == ["counted to 2", "counted to 3", "counted to 2", "counted to 0"]
    # The third begins when the first has ended, the fourth after the second.
    assert turns == [0, 1, 0, 1, 0, 1, 2, 1, 2, 3, 2]


def test_the_failure_of_one_ends_all() -> None:
    counters = [Counter(50), Counter(2, fails=True), Counter(50)]
    with pytest.raises(ValueError, match="broken"):
        run_to_end(in_turn([counter.job() for counter in counters], most=2, before=lambda _: None))
    assert counters[0].closed
    assert counters[1].closed
    assert not counters[2].threads


def test_regions_side_by_side_are_what_they_are_one_after_the_other(
    library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = np.random.default_rng(1).integers(0, 256, (96, 128, 3)).astype(np.uint8)
    mask = np.zeros((96, 128), np.uint8)
    boxes = [Box(8, 8, 24, 24), Box(50, 10, 80, 22), Box(96, 40, 116, 70), Box(20, 60, 50, 84)]
    for box in boxes:
        mask[box.slices] = 255
    request = FillRequest(photo, mask)
    together, side = run(request, library)
    monkeypatch.setattr(fill_module, "SIDE_BY_SIDE", 1)
    alone, by_one = run(request, library)
    assert len(side.patches) == len(by_one.patches) == 4
    for patch, other in zip(side.patches, by_one.patches, strict=True):
        assert patch.box == other.box
        np.testing.assert_array_equal(patch.pixels, other.pixels)
    detail = [step.region for step in together if step.phase is Phase.DETAIL]
    assert detail != sorted(detail)
    in_order = [step.region for step in alone if step.phase is Phase.DETAIL]
    assert in_order == sorted(in_order)
    for steps in (together, alone):
        reached = [step.fraction for step in steps]
        assert reached == sorted(reached)


def test_time_is_shared_out() -> None:
    clocks = [PhaseClock({"search": 5.0, "detail": 2.0, "blend": 1.0}), PhaseClock({"search": 5.0, "detail": 3.0})]
    share_time(clocks, 3.0)
    assert clocks[0].seconds == pytest.approx({"search": 5.0, "detail": 1.0, "blend": 0.5})
    assert clocks[1].seconds == pytest.approx({"search": 5.0, "detail": 1.5})

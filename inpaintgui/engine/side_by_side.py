"""Jobs side by side: generators that are advanced in turn while other threads do what they wait for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

SLICE = 0.02
"""Seconds of work that another thread does between two looks at it: how long a cancelled job goes on."""

_Step = TypeVar("_Step")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class _Ended(Generic[_Result]):
    """What a generator returned."""

    result: _Result


def elsewhere(
    job: Generator[_Step, None, _Result], *, shown: Callable[[_Step], bool]
) -> Generator[_Step | None, None, _Result]:
    """Run ``job`` on a thread of its own, a slice at a time; yields while a slice is on its way.

    Whoever advances this may therefore do something else in between, such as advancing another job. What it yields is
    the last step of the slice before, None if there is none. shown: steps that must not be left out. Closing it
    waits for the slice and closes the job.
    """
    step: _Step | None = None
    running: Future[_Step | _Ended[_Result]] | None = None
    with ThreadPoolExecutor(1) as thread:
        try:
            while True:
                running = thread.submit(_advance, job, shown)
                yield step
                outcome = running.result()
                if isinstance(outcome, _Ended):
                    return outcome.result
                step = outcome
        finally:
            if running is not None:
                wait([running])
            job.close()


def _advance(job: Generator[_Step, None, _Result], shown: Callable[[_Step], bool]) -> _Step | _Ended[_Result]:
    until = time.perf_counter() + SLICE
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            return _Ended(end.value)
        if shown(step) or time.perf_counter() >= until:
            return step


def in_turn(
    jobs: Sequence[Generator[_Step, None, _Result]], *, most: int, before: Callable[[int], None]
) -> Generator[_Step, None, list[_Result]]:
    """Advance jobs in turn, ``most`` at a time, in their order; yields their steps, returns what they return.

    before: is told a job's number before it is advanced. If one fails, or this is closed, all are closed.
    """
    waiting = iter(range(len(jobs)))
    active = deque(islice(waiting, most))
    results: dict[int, _Result] = {}
    try:
        while active:
            number = active.popleft()
            before(number)
            try:
                step = next(jobs[number])
            except StopIteration as end:
                results[number] = end.value
                active.extend(islice(waiting, 1))
            else:
                active.append(number)
                yield step
    finally:
        for job in jobs:
            job.close()
    return [results[number] for number in range(len(jobs))]

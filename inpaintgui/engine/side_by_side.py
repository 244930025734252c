"""Jobs side by side: generators that are advanced in turn while other threads do what they wait for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeVar, cast

PATIENCE = 0.005
"""Seconds that a step of another thread is waited for before somebody else has his turn."""

_Step = TypeVar("_Step")
_Result = TypeVar("_Result")


_END = object()
"""Stands after the last step of a job."""


def elsewhere(
    job: Generator[_Step, None, _Result], *, shown: Callable[[_Step], bool]
) -> Generator[_Step | None, None, _Result]:
    """Run ``job`` on a thread of its own; yields now and then meanwhile.

    Whoever advances this may therefore do something else in between, such as advancing another job. What it yields is
    the last step so far, None if there is no new one. shown: steps that must not be left out. Closing it waits for the
    step that is being made and closes the job.
    """
    steps: SimpleQueue[object] = SimpleQueue()
    stop = Event()
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(_drive, job, steps, stop)
        step: _Step | None = None
        try:
            while True:
                yield step
                news = _news(steps, shown)
                if news is _END:
                    return running.result()
                step = cast("_Step | None", news)
        finally:
            stop.set()


def _drive(job: Generator[_Step, None, _Result], steps: SimpleQueue[object], stop: Event) -> _Result:
    """Advance the job to its end, or close it after ``stop``: then there is no result."""
    try:
        while not stop.is_set():
            steps.put(next(job))
    except StopIteration as end:
        return cast("_Result", end.value)
    finally:
        job.close()
        steps.put(_END)
    raise CancelledError


def _news(steps: SimpleQueue[object], shown: Callable[[_Step], bool]) -> object:
    """The first step that must be shown, else the last; None if there is none before patience ends."""
    latest: object = None
    with suppress(Empty):
        latest = steps.get(timeout=PATIENCE)
        while latest is not _END and not shown(cast("_Step", latest)):
            latest = steps.get_nowait()
    return latest


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

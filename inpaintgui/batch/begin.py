"""From an order to what is to be done, and the batch as the window follows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from inpaintgui.batch.plan import BatchTask, plan, shard
from inpaintgui.batch.run import run_in_processes
from inpaintgui.batch.work import BatchResult, never
from inpaintgui.contracts import BatchJob, BatchOrder, BatchStep, Existing, Outcome, PhotoResult
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say


@dataclass(frozen=True)
class Begun:
    """tasks: all of them. kept: whose results were there. waiting: what is to be done."""

    tasks: tuple[BatchTask, ...]
    kept: tuple[BatchResult, ...]
    waiting: tuple[BatchTask, ...]


def begin(order: BatchOrder, part: tuple[int, int] = (1, 1)) -> Begun:
    """Settle what is to be done. part: only I of N parts. Raises BadInputError, and nothing was written then."""
    if order.jobs < 1:
        raise BadInputError(say("The number of processes must be at least 1."))
    for path in (order.holes.mask, order.holes.folder, order.exclude):
        if path is not None and not path.exists():
            raise BadInputError(say("There is no file or folder “{path}”.", path=path))
    tasks = plan(order.inputs, order.holes, order.out, order.settings, recipes=order.recipes)
    tasks = shard(tuple(replace(task, exclude=order.exclude) for task in tasks), *part)
    return Begun(tasks, *_sorted_out(tasks, order.existing))


def _sorted_out(
    tasks: Sequence[BatchTask], existing: Existing
) -> tuple[tuple[BatchResult, ...], tuple[BatchTask, ...]]:
    """Results that are kept, and what is to be done."""
    there = [task for task in tasks if task.out.exists()]
    if there and existing is Existing.REFUSE:
        raise BadInputError(
            say(
                "“{path}” is there already{more}; say whether such results are to be kept or replaced "
                "(--resume or --overwrite).",
                path=there[0].out,
                more=_more(len(there) - 1),
            )
        )
    if existing is not Existing.KEEP:
        return (), tuple(tasks)
    kept = tuple(BatchResult(task, Outcome.KEPT, say("The result is there already.")) for task in there)
    return kept, tuple(task for task in tasks if task not in there)


def _more(count: int) -> str:
    return say(", and {count} more", count=count) if count else ""


def batch(order: BatchOrder, stopped: Callable[[], bool] = never) -> BatchJob:
    """Carry an order out in processes of its own, and tell about every photo. stopped: asked several times a second.

    Raises BadInputError before the first step if the order makes no sense.
    """
    begun = begin(order)
    photos = tuple(task.photo for task in begun.tasks)
    yield BatchStep(photos)
    for result in begun.kept:
        yield BatchStep(photos, _told(result))
    job = run_in_processes(begun.waiting, order.jobs, stopped)
    try:
        for result in job:
            yield BatchStep(photos, _told(result))
    finally:
        job.close()


def _told(result: BatchResult) -> PhotoResult:
    output = result.task.out if result.outcome in (Outcome.FILLED, Outcome.KEPT) else None
    return PhotoResult(result.task.photo, output, result.outcome, result.reason, result.seconds)

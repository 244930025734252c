"""Runs the tasks of a batch: here, in several processes, or on the workers of a Dask cluster.

Whoever has a process free takes the next photo; there is no queue of our own. Results come in the order in which they
are ready.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Event
from typing import Any

from inpaintgui.batch.plan import BatchTask
from inpaintgui.batch.work import BatchResult, Stopped, never, run_task
from inpaintgui.contracts import Outcome
from inpaintgui.errors import BadInputError
from inpaintgui.log_file import start_log
from inpaintgui.sentences import say

Batch = Generator[BatchResult, None, None]
_DIED = say("The process that filled it ended unexpectedly; perhaps there was not enough memory.")

_ASK_SECONDS = 0.1
"""How long to wait for a photo before asking whether the batch is to end."""

_stop: list[Event] = []
"""In a process of a pool: what says that the batch is being ended. Set once, when the process starts."""


def run_here(tasks: Sequence[BatchTask], stopped: Callable[[], bool] = never) -> Batch:
    """One after the other in this process; between two steps of a fill it asks ``stopped``."""
    for task in tasks:
        try:
            yield run_task(task, stopped)
        except Stopped:
            return


def run_in_processes(tasks: Sequence[BatchTask], jobs: int, stopped: Callable[[], bool] = never) -> Batch:
    """In ``jobs`` processes. Closing the generator, or ``stopped``, ends them at their next step.

    A process that dies (the system kills the largest when memory runs out) takes its pool down: the photos that were
    not ready yet are done again, one at a time in a process of its own, so that only the culprit is lost.
    """
    if not tasks:
        return
    unfinished = yield from _run_pool(tasks, jobs, stopped)
    for task in unfinished:
        if stopped():
            return
        if (yield from _run_pool([task], 1, stopped)):
            yield BatchResult(task, Outcome.FAILED, _DIED)


def _run_pool(
    tasks: Sequence[BatchTask], jobs: int, stopped: Callable[[], bool]
) -> Generator[BatchResult, None, list[BatchTask]]:
    """Run one pool to its end; returns the tasks that were lost with it."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    lost = []
    pool = _pool(context, min(jobs, len(tasks)), stop)
    try:
        waiting: dict[Future[BatchResult], BatchTask] = {}
        for task in tasks:
            try:
                waiting[pool.submit(_run_in_pool, task)] = task
            except BrokenProcessPool:
                lost.append(task)
        while waiting and not stopped():
            ready, _ = wait(waiting, timeout=_ASK_SECONDS, return_when=FIRST_COMPLETED)
            for future in ready:
                task = waiting.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(task)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
    return lost


def _pool(context: SpawnContext, jobs: int, stop: Event) -> ProcessPoolExecutor:
    threads = max(1, (os.cpu_count() or 1) // jobs)
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(stop, threads))


def _begin(stop: Event, threads: int) -> None:
    """In a new process: Ctrl+C is the parent's business, without it there is none, and the processors are shared."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    _stop.append(stop)
    start_log()
    import torch

    from inpaintgui.engine.opencv import cv2

    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_in_pool(task: BatchTask) -> BatchResult:
    try:
        return run_task(task, _stop[0].is_set)
    except Stopped:
        raise CancelledError from None


def run_on_cluster(tasks: Sequence[BatchTask], address: str) -> Batch:
    """On the workers of a Dask scheduler; all machines must see the files under the same paths.

    address: such as "tcp://host:8786". Raises BadInputError if Dask is not installed or the scheduler does not answer.
    """
    try:
        import distributed
    except ImportError as error:
        raise BadInputError(say("--cluster needs Dask: pip install 'inpaintgui[cluster]'.")) from error
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInputError(say("No Dask scheduler answers at “{address}”.", address=address)) from error
    with client:
        # Not "pure": equal tasks are not answered from memory, their result is a file.
        futures = {client.submit(run_task, task, pure=False, retries=0): task for task in tasks}
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                yield _outcome(future, futures[future])
        finally:
            client.cancel(list(futures))


def _outcome(future: Any, task: BatchTask) -> BatchResult:
    error = future.exception()
    if error is not None:
        return BatchResult(
            task,
            Outcome.FAILED,
            say("The worker failed: {kind}: {error}", kind=type(error).__name__, error=error),
        )
    result: BatchResult = future.result()
    return result

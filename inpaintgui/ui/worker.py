"""Slow work in threads of its own: fills step by step, and single tasks such as opening and saving.

Workers are QObjects living in a QThread; they know nothing of widgets and are spoken to by queued signals. Every job
has an id that comes back with each signal, so that a listener can drop what it no longer wants.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from inpaintgui.contracts import FillStep, Race, Services
from inpaintgui.session.fills import ReadyFill, prepare_fill
from inpaintgui.session.swaps import prepare_swap
from inpaintgui.ui.display_colour import ToBgra
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.pyramid import to_bgra

log = logging.getLogger(__name__)

PROGRESS_PERIOD = 1 / 30
"""Seconds between progress signals: what a person can see."""
PREVIEW_PERIOD = 1 / 20
RACE_PERIOD = 1 / 15
STACK_BYTES = 16 << 20
"""Secondary threads on macOS get 512 KiB, too little for numba and LAPACK."""


def make_thread(name: str, *workers: QObject) -> QThread:
    """A started thread with the workers in it."""
    thread = QThread()
    thread.setObjectName(name)
    thread.setStackSize(STACK_BYTES)
    for worker in workers:
        worker.moveToThread(thread)
    thread.start()
    return thread


class FillWorker(QObject):
    """Runs one fill after the other. Each ends in exactly one of ``finished``, ``failed`` and ``cancelled``.

    The first argument of every signal is the job id.
    """

    progress = Signal(int, object)
    """FillStep without its preview; at most one per PROGRESS_PERIOD, but always at a change of phase or region."""
    preview = Signal(int, object)
    """PreviewImage; at most one per PREVIEW_PERIOD."""
    race = Signal(int, object)
    """Race; at most one per RACE_PERIOD, but never without the newest at the next step, and only while watched."""
    finished = Signal(int, object)
    """ReadyFill."""
    failed = Signal(int, object)
    """The exception, with its traceback."""
    cancelled = Signal(int)

    def __init__(self, services: Services, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._services = services
        self._clock = clock
        self._cancelled_up_to = -1
        self._progress_at = self._preview_at = self._race_at = float("-inf")
        self._place: tuple[object, int] | None = None
        self._watched = True
        self._race: Race | None = None
        self.convert: ToBgra = to_bgra
        """Of the photo that is filled, for previews; set before the fill is started."""

    def watch(self, watched: bool) -> None:
        """Whether anybody sees the race. May be called from any thread."""
        self._watched = watched

    def cancel(self, job: int) -> None:
        """End this job, and all before it, at the next step. May be called from any thread, also before the start."""
        self._cancelled_up_to = max(self._cancelled_up_to, job)

    @Slot(int, object)
    def run(self, job: int, order: Any) -> None:
        """Do one fill to its end. order: a FillRequest."""
        self._progress_at = self._preview_at = self._race_at = float("-inf")
        self._place = self._race = None
        try:
            result = self._drive(job, order)
        except BaseException as error:  # noqa: BLE001  every failure must reach the window; a Rust library's is no Exception
            self.failed.emit(job, error)
        else:
            if result is None:
                self.cancelled.emit(job)
            else:
                self.finished.emit(job, result)

    def _is_cancelled(self, job: int) -> bool:
        return job <= self._cancelled_up_to

    def _drive(self, job: int, order: Any) -> ReadyFill | None:
        """The result, or None if the job was cancelled."""
        if self._is_cancelled(job):
            return None
        steps = self._steps(order)
        try:
            return self._exhaust(job, steps)
        finally:
            steps.close()

    def _steps(self, order: Any) -> Generator[FillStep | None, None, ReadyFill]:
        """The fill, and what the document needs of it: packing a large hole's undo step takes tenths of a second."""
        result = yield from self._services.fill(order)
        return (yield from prepare_fill(order, result))

    def _exhaust(self, job: int, steps: Generator[FillStep | None, None, ReadyFill]) -> ReadyFill | None:
        while not self._is_cancelled(job):
            try:
                step = next(steps)
            except StopIteration as end:
                ready: ReadyFill = end.value
                return None if self._is_cancelled(job) else ready
            if step is not None:
                self._tell(job, step)
        return None

    def _tell(self, job: int, step: FillStep) -> None:
        now = self._clock()
        place = (step.phase, step.region)
        if place != self._place or now - self._progress_at >= PROGRESS_PERIOD:
            self._place, self._progress_at = place, now
            self.progress.emit(job, step)
        if step.preview is not None and now - self._preview_at >= PREVIEW_PERIOD:
            self._preview_at = now
            self.preview.emit(job, PreviewImage.of(step.preview, self.convert))
        self._race = step.race or self._race
        if self._race is not None and self._watched and now - self._race_at >= RACE_PERIOD:
            self._race_at = now
            self.race.emit(job, self._race)
            self._race = None


class RepaintWorker(FillWorker):
    """Paints single latents; its orders are :class:`Repaint`."""

    def _steps(self, order: Any) -> Generator[FillStep | None, None, ReadyFill]:
        request = order.request()
        yield None
        result = yield from self._services.fill(request)
        return (yield from prepare_swap(order.swap, order.answer(request, result)))


class TaskWorker(QObject):
    """Runs single calls one after the other; each ends in ``done`` or ``failed`` with its job id."""

    done = Signal(int, object)
    failed = Signal(int, object)

    @Slot(int, object)
    def run(self, job: int, task: Callable[[], Any]) -> None:
        """Call the task and tell the outcome."""
        try:
            result = task()
        except BaseException as error:  # noqa: BLE001  every failure must reach the window; a Rust library's is no Exception
            self.failed.emit(job, error)
        else:
            self.done.emit(job, result)


def join(threads: list[QThread], *, seconds: float) -> bool:
    """Let the threads end after what they are doing; False if one is still busy after that time.

    There is no termination by force: it could leave locks held and files half written.
    """
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.quit()
    ended = [thread.wait(max(0, int((deadline - time.monotonic()) * 1000))) for thread in threads]
    return all(ended)

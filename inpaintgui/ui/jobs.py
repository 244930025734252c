"""The window's side of the workers: starts jobs, drops what is stale, and joins the threads at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import FillRequest, FillStep, Race, Services
from inpaintgui.session.fills import ReadyFill
from inpaintgui.ui.display_colour import ToBgra
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.pyramid import to_bgra
from inpaintgui.ui.worker import FillWorker, RepaintWorker, TaskWorker, join, make_thread

JOIN_SECONDS = 10.0
EVERY_JOB = 1 << 30
"""More than there will be: to cancel it is to cancel all, also those that wait."""


class FillRunner(QObject):
    """At most one fill at a time. All signals belong to the current job; those of earlier jobs are dropped."""

    started = Signal()
    progress = Signal(object)
    preview = Signal(object)
    race = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelling = Signal()
    cancelled = Signal()
    _run = Signal(int, object)
    _run_task = Signal(int, object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = 0
        self._busy = False
        self._cancelled = False
        self.worker = FillWorker(services)
        self.repaint_worker = RepaintWorker(services)
        # Engine calls that are no fill (asking for priors, which loads the engine) take turns with fills.
        self.tasks = TaskRunner("engine", self.worker, self.repaint_worker)
        self._run.connect(self.worker.run)
        self.worker.progress.connect(self._on_progress)
        self.worker.preview.connect(self._on_preview)
        self.worker.race.connect(self._on_race)
        self.worker.finished.connect(self._on_finished)
        self.worker.failed.connect(self._on_failed)
        self.worker.cancelled.connect(self._on_cancelled)

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def is_cancelling(self) -> bool:
        return self._busy and self._cancelled

    def start(self, request: FillRequest, convert: ToBgra = to_bgra) -> None:
        """Begin a fill. convert: for its previews, as of the photo's pyramid. RuntimeError if one is running."""
        if self._busy:
            raise RuntimeError("a fill is already running")
        self._job += 1
        self._busy, self._cancelled = True, False
        self.worker.convert = convert
        self.started.emit()
        self._run.emit(self._job, request)

    def cancel(self) -> None:
        """End the running fill at its next step; ``cancelled`` follows. Nothing happens if none runs."""
        if not self._busy or self._cancelled:
            return
        self._cancelled = True
        self.worker.cancel(self._job)
        self.cancelling.emit()

    def close(self) -> bool:
        """Cancel and join; nothing is emitted afterwards. False if the engine did not come back in time."""
        self.cancel()
        self.repaint_worker.cancel(EVERY_JOB)
        self._job += 1
        self._busy = False
        return self.tasks.close()

    def _is_current(self, job: int) -> bool:
        return self._busy and job == self._job

    def _on_progress(self, job: int, step: FillStep) -> None:
        if self._is_current(job) and not self._cancelled:
            self.progress.emit(step)

    def _on_preview(self, job: int, preview: PreviewImage) -> None:
        if self._is_current(job) and not self._cancelled:
            self.preview.emit(preview)

    def _on_race(self, job: int, race: Race) -> None:
        if self._is_current(job) and not self._cancelled:
            self.race.emit(race)

    def _on_finished(self, job: int, ready: ReadyFill) -> None:
        if not self._is_current(job):
            return
        self._busy = False
        # Cancelled while the result was on its way here: the user was told that nothing changes.
        if self._cancelled:
            self.cancelled.emit()
        else:
            self.finished.emit(ready)

    def _on_failed(self, job: int, error: Exception) -> None:
        if self._is_current(job):
            self._busy = False
            self.failed.emit(error)

    def _on_cancelled(self, job: int) -> None:
        if self._is_current(job):
            self._busy = False
            self.cancelled.emit()


class TaskRunner(QObject):
    """Calls functions one after the other in a thread and hands their outcome back in this one."""

    _run = Signal(int, object)

    def __init__(self, name: str, *others: QObject, parent: QObject | None = None) -> None:
        """Begin the thread. others: further workers to live in it."""
        super().__init__(parent)
        self._worker = TaskWorker()
        self._run.connect(self._worker.run)
        self._worker.done.connect(self._on_done)
        self._worker.failed.connect(self._on_failed)
        self._waiting: dict[int, tuple[Callable[[Any], None], Callable[[Exception], None]]] = {}
        self._job = 0
        self._thread = make_thread(name, self._worker, *others)

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    def run(self, task: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Queue a call. Exactly one of ``done`` and ``failed`` follows, unless the runner is closed before."""
        self._job += 1
        self._waiting[self._job] = (done, failed)
        self._run.emit(self._job, task)

    def close(self) -> bool:
        """Join the thread after the call it is in; False if that takes too long. Outcomes are dropped."""
        self._waiting.clear()
        return join([self._thread], seconds=JOIN_SECONDS)

    def _on_done(self, job: int, result: object) -> None:
        done, _ = self._waiting.pop(job, (None, None))
        if done is not None:
            done(result)

    def _on_failed(self, job: int, error: Exception) -> None:
        _, failed = self._waiting.pop(job, (None, None))
        if failed is not None:
            failed(error)

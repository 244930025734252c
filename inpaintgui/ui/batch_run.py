"""The window's side of a batch: runs it off the window's thread and tells about every photo."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import BatchOrder, BatchStep, Services
from inpaintgui.ui.jobs import TaskRunner


class BatchRun(QObject):
    """At most one batch at a time. Each ends in exactly one of ``finished``, ``cancelled`` and ``failed``."""

    stepped = Signal(object)
    """BatchStep."""
    finished = Signal()
    cancelled = Signal()
    failed = Signal(object)
    """The exception."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._tasks: TaskRunner | None = None
        self._stop = threading.Event()

    @property
    def busy(self) -> bool:
        return self._tasks is not None and self._tasks.busy

    @property
    def is_cancelling(self) -> bool:
        return self.busy and self._stop.is_set()

    def start(self, order: BatchOrder) -> None:
        """Begin; RuntimeError if one is running."""
        if self.busy:
            raise RuntimeError("a batch is already running")
        if self._tasks is None:
            self._tasks = TaskRunner("batch", parent=self)
        # One event per batch: whoever still looks at an older one must not see it cleared.
        self._stop = stop = threading.Event()
        self._tasks.run(lambda: self._drive(order, stop), lambda _nothing: self._end(stop), self.failed.emit)

    def _drive(self, order: BatchOrder, stop: threading.Event) -> None:
        """In the batch's thread."""
        job = self._services.batch(order, stop.is_set)
        try:
            for step in job:
                if stop.is_set():
                    return
                self._tell(step)
        finally:
            job.close()

    def _tell(self, step: BatchStep) -> None:
        self.stepped.emit(step)

    def _end(self, stop: threading.Event) -> None:
        if stop.is_set():
            self.cancelled.emit()
        else:
            self.finished.emit()

    def cancel(self) -> None:
        """End the running batch; photos that are ready stay."""
        self._stop.set()

    def close(self) -> bool:
        """Cancel and join; False if it does not end in time."""
        self.cancel()
        return self._tasks is None or self._tasks.close()

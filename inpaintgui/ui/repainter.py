"""Paints latents on wish while somebody drags a slider: the newest wish wins, and each gets at least a quick look."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.swaps import Repaint
from inpaintgui.ui.display_colour import ToBgra
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.worker import RepaintWorker


class Repainter(QObject):
    """One paint job at a time, and at most one waiting.

    A job that is overtaken is cancelled, but not before its first preview: otherwise a slider that keeps moving would
    never show anything.
    """

    preview = Signal(object)
    painted = Signal(object, object)
    """The Repaint and its ReadyFill."""
    failed = Signal(object)
    busy_changed = Signal()
    _run = Signal(int, object)

    def __init__(self, worker: RepaintWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._job = 0
        self._running: Repaint | None = None
        self._waiting: Repaint | None = None
        self._wanted = self._was_seen = False
        self._run.connect(worker.run)
        worker.preview.connect(self._on_preview)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)
        # A method of this object, not a lambda: Qt would call that in the worker's thread.
        worker.cancelled.connect(self._on_cancelled)

    @property
    def busy(self) -> bool:
        """Whether something is being painted that is still wanted."""
        return self._wanted or self._waiting is not None

    def paint(self, order: Repaint, convert: ToBgra) -> None:
        """Paint this instead of whatever was wanted before. convert: for previews, as of the photo's pyramid."""
        self._worker.convert = convert
        self._waiting = order
        if self._running is None:
            self._next()
        elif self._was_seen or not self._wanted:
            self._worker.cancel(self._job)
        self.busy_changed.emit()

    def cancel(self) -> None:
        """Nothing is wanted any more; nothing follows."""
        if not self.busy:
            return
        self._waiting, self._wanted = None, False
        self._worker.cancel(self._job)
        self.busy_changed.emit()

    def _next(self) -> None:
        """The job that ran has ended: go on with what waits."""
        self._running, self._waiting = self._waiting, None
        self._wanted, self._was_seen = self._running is not None, False
        if self._running is not None:
            self._job += 1
            self._run.emit(self._job, self._running)
        self.busy_changed.emit()

    def _on_preview(self, job: int, preview: PreviewImage) -> None:
        if job != self._job or not self._wanted:
            return
        self._was_seen = True
        self.preview.emit(preview)
        if self._waiting is not None:
            self._worker.cancel(job)

    def _on_cancelled(self, _job: int) -> None:
        self._next()

    def _on_finished(self, _job: int, ready: ReadyFill) -> None:
        done, wanted = self._running, self._wanted and self._waiting is None
        self._next()
        if wanted:
            self.painted.emit(done, ready)

    def _on_failed(self, _job: int, error: Exception) -> None:
        wanted = self._wanted
        self._next()
        if wanted:
            self.failed.emit(error)

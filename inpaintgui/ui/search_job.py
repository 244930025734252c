"""A search in the photo that tells how far it is and can be cancelled: a generator, driven by whatever thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

_Found = TypeVar("_Found")


class SearchJob(QObject):
    """At most one search counts. progress: share of its work that is done, 0 to 1."""

    changed = Signal()
    """A search began, came further or ended."""
    _came = Signal(object, float)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop: threading.Event | None = None
        self.progress = 0.0
        # Both are emitted by the thread that searches, and arrive in this one.
        self._came.connect(self._on_progress)
        self._ended.connect(self._on_end)

    @property
    def is_running(self) -> bool:
        return self._stop is not None

    def begin(self, search: Callable[[], Generator[float, None, _Found]]) -> Callable[[], _Found | None]:
        """Begin to count as running; returns what the thread has to call, which returns None if it was stopped."""
        self.stop()
        self._stop = stop = threading.Event()
        self.progress = 0.0
        self.changed.emit()

        def work() -> _Found | None:
            steps: Generator[float, None, _Found] | None = None
            try:
                steps = search()
                while not stop.is_set():
                    self._came.emit(stop, next(steps))
                return None
            except StopIteration as end:
                found: _Found = end.value
                return found
            finally:
                if steps is not None:
                    steps.close()
                self._ended.emit(stop)

        return work

    def stop(self) -> None:
        """Let the search end at its next step; from now on it does not count."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            self.changed.emit()

    def _on_progress(self, stop: threading.Event, share: float) -> None:
        if stop is self._stop:
            self.progress = share
            self.changed.emit()

    def _on_end(self, stop: threading.Event) -> None:
        if stop is self._stop:
            self._stop = None
            self.changed.emit()

"""Measures how long the window's thread is kept from its events while a fill runs. For debugging and tests."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, Qt, QTimer

from inpaintgui.ui.jobs import FillRunner

log = logging.getLogger(__name__)

PERIOD_MS = 10


class Heartbeat(QObject):
    """Logs, after each fill, the longest time between two beats of a timer in this thread, and when it was.

    The time that the window takes to accept the result counts too.
    """

    def __init__(self, fills: FillRunner) -> None:
        super().__init__(fills)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self._beat)
        self._started = self._last = self._longest = self._at = 0.0
        self._ending = False
        fills.started.connect(self._start)
        for ended in (fills.finished, fills.failed, fills.cancelled):
            ended.connect(self._end)

    def _start(self) -> None:
        self._started = self._last = time.perf_counter()
        self._longest, self._ending = 0.0, False
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        if now - self._last > self._longest:
            self._longest, self._at = now - self._last, now - self._started
        self._last = now
        if self._ending:
            self._timer.stop()
            log.debug("longest gap %.0f ms, at %.2f s of %.2f s", 1000 * self._longest, self._at, now - self._started)

    def _end(self, *_: object) -> None:
        # One beat more: what the end of the fill costs shows in it.
        self._ending = True

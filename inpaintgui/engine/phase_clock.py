"""How long the phases of a fill take, and when its next preview is due."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from inpaintgui.contracts import Phase

PREVIEW_INTERVAL = 0.06
"""Least time between two previews, in seconds."""

PREVIEW_SPACING = 9
"""Least time between two previews, in times that the first one took to make."""

FINISHING = (Phase.DETAIL, Phase.BLEND)
"""The phases after the search."""


@dataclass
class PhaseClock:
    """Seconds spent in each phase."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def restart(self) -> None:
        """Leave out the time since the last call."""
        self._since = time.perf_counter()

    def share(self, phase: Phase, seconds: float) -> None:
        """Put time down to ``phase`` that was spent on several regions at once."""
        self.seconds[phase.value] = self.seconds.get(phase.value, 0.0) + seconds

    def lap(self, phase: Phase) -> None:
        """Put the time since the last call (or the start) down to ``phase``."""
        now = time.perf_counter()
        self.share(phase, now - self._since)
        self._since = now


def share_time(clocks: Sequence[PhaseClock], seconds: float) -> None:
    """Share out among regions the time in which they were finished side by side.

    Each has counted the whole time that went by, also while it waited for the others.
    """
    counted = sum(clock.seconds.get(phase.value, 0.0) for clock in clocks for phase in FINISHING)
    for clock in clocks:
        for phase in FINISHING:
            if phase.value in clock.seconds:
                clock.seconds[phase.value] *= seconds / max(counted, 1e-9)


@dataclass
class PreviewClock:
    """Says when the next preview is due; never, if nobody looks.

    Previews of large holes are dear: they are spaced so that making them takes at most a tenth of the time.
    """

    wanted: bool
    _begun: float = 0.0
    _next: float = 0.0

    def due(self) -> bool:
        """Whether a preview should be made now. If so, tell :meth:`made` when it is."""
        self._begun = time.monotonic()
        return self.wanted and self._begun >= self._next

    def made(self) -> None:
        """A preview that was due has been made."""
        now = time.monotonic()
        self._next = now + max(PREVIEW_INTERVAL, PREVIEW_SPACING * (now - self._begun))

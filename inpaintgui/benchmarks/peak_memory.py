"""How much memory a piece of work takes at its peak."""

from __future__ import annotations

from pathlib import Path
from typing import Self

_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


class PeakMemory:
    """Measures a ``with`` block; grown: bytes by which the resident memory peaked above what it was at its begin.

    ``grown`` is None where the system does not tell: it is read from Linux' proc files.
    """

    def __init__(self) -> None:
        self.grown: int | None = None
        self._before: int | None = None

    def __enter__(self) -> Self:
        try:
            _REFERENCES.write_text(_RESET_PEAK)
            self._before = _resident("VmRSS")
        except OSError:
            self._before = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            self.grown = max(0, _resident("VmHWM") - self._before)


def _resident(field: str) -> int:
    """The value in bytes of a field of the process' status."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024

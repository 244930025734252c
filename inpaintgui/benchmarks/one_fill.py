"""``python -m inpaintgui.benchmarks.one_fill METHOD PHOTO.npy HOLE.npy``: one fill in a process of its own.

Prints one JSON object: seconds of the fill alone, and memory in bytes by which the process grew above what it had with
the photo loaded and the method warmed up (programs that it starts count with their own peak).
"""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from inpaintgui.benchmarks.fill_methods import fill_methods
from inpaintgui.benchmarks.peak_memory import PeakMemory
from inpaintgui.contracts import FillSettings
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import InpaintguiError

_TOUCHED = 1 << 31
"""Bytes that are used once before the time is taken."""
_WARM_SIDE, _WARM_HOLE = 160, slice(60, 100)


def main(arguments: list[str]) -> int:
    """Returns the exit code; an expected failure is one sentence on stderr."""
    name, photo_file, hole_file, preset = arguments
    try:
        fill = fill_methods(FillSettings(preset=preset), PriorLibrary.shipped(), [name])[name]
        small = np.random.default_rng(0).integers(0, 256, (_WARM_SIDE, _WARM_SIDE, 3), dtype=np.uint8)
        corner = np.zeros((_WARM_SIDE, _WARM_SIDE), np.bool_)
        corner[_WARM_HOLE, _WARM_HOLE] = True
        fill(small, corner)
        photo, hole = np.load(Path(photo_file)), np.load(Path(hole_file))
        _touch_memory()
        started_programs = _programs_peak()
        with PeakMemory() as memory:
            begun = time.perf_counter()
            fill(photo, hole)
            seconds = time.perf_counter() - begun
    except InpaintguiError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    grown, others = memory.grown, _programs_peak()
    if grown is not None and others > started_programs:
        grown += others
    print(json.dumps({"seconds": seconds, "memory": grown}))
    return 0


def _touch_memory() -> None:
    """Let the system hand out memory, and give it back.

    A virtual machine gets what it has not yet used from its host, which takes ten times as long as to use it again:
    the first of several methods would pay for all that come after it.
    """
    np.ones(_TOUCHED, np.uint8)


def _programs_peak() -> int:
    """Bytes of the largest program that this process started and that has ended; 0 where the system does not tell."""
    if find_spec("resource") is None:
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

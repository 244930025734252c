"""A fill's progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TypeVar

from inpaintgui.contracts import FillStep

_Result = TypeVar("_Result")


def watch(job: Generator[FillStep, None, _Result]) -> _Result:
    """Run a job to its end with a progress bar on stderr; returns its result."""
    from tqdm import tqdm

    with tqdm(total=1.0, file=sys.stderr, bar_format="{l_bar}{bar}| {elapsed} {desc}") as bar:
        while True:
            try:
                step = next(job)
            except StopIteration as end:
                result: _Result = end.value
                bar.n = 1.0
                bar.refresh()
                return result
            bar.n = step.fraction
            bar.set_description_str(f"region {step.region + 1}/{step.regions} {step.phase.value}")

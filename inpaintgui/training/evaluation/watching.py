"""Progress of an evaluation on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TypeVar

from tqdm import tqdm

_Result = TypeVar("_Result")


def watched(steps: Generator[int, None, _Result], total: int | None, title: str) -> _Result:
    """Run ``steps``, which yield how many images are done, with a progress bar on stderr; returns their result."""
    with tqdm(total=total, desc=title, unit="image", file=sys.stderr) as bar:
        while True:
            try:
                done = next(steps)
            except StopIteration as end:
                result: _Result = end.value
                return result
            bar.update(done - bar.n)

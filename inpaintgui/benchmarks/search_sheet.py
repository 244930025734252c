"""A contact sheet of a comparison of searches: one case a line, from the hole over every method to the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.search_scores import SearchRun, evenly
from inpaintgui.engine.picture_sheet import picture_sheet

Rgb = NDArray[np.uint8]

CASES = 24
MASKED = (255, 0, 255)
BLANK = 232


def search_sheet(runs: Sequence[SearchRun]) -> Rgb:
    """uint8 RGB: up to :data:`CASES` cases, evenly chosen from all holes; columns hole, each method, truth.

    Under each fill stands the method's name. A tile is blank where a method did not see the image.
    """
    cases = [(run, index) for run in runs for index in range(len(run.images))]
    tiles: list[Rgb] = []
    captions: list[str] = []
    names = [name for name, scores in runs[0].scores.items() if scores is not None]
    for place in evenly(len(cases), CASES):
        run, index = cases[place]
        truth, hole = run.images.pixels[index], run.holes[index]
        tiles.append(np.where(hole[..., None], np.array(MASKED, np.uint8), truth))
        captions.append(f"{run.mask} {index}")
        for name in names:
            tiles.append(run.fills[name].get(index, np.full_like(truth, BLANK)))
            captions.append(name)
        tiles.append(truth)
        captions.append("truth")
    return picture_sheet(np.stack(tiles).astype(np.float32) / np.float32(255), captions, columns=len(names) + 2)

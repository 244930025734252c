"""``inpaintgui bench pace``: how long whoever fills a photo waits for the first preview, a cancel and the end."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from inpaintgui import paths
from inpaintgui.contracts import FillRequest, FillSettings, Phase
from inpaintgui.engine.fill import fill
from inpaintgui.engine.image_io import load_mask, load_photo
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError

SAMPLES = paths.resources() / "samples"
PHOTO, MASK = SAMPLES / "portrait.jpg", SAMPLES / "portrait-mask.png"
REPEAT = 3
DISC = 0.3
"""Radius of one of several holes, as a share of the side of the part of the photo that it has to itself."""


@dataclass(frozen=True)
class Pace:
    """How one fill went by.

    seconds: in all. first_preview: seconds until there was one; None if there was none. By the name of the phase,
    spent: seconds; longest: seconds between two places where it could have been cancelled; previews: how many.
    """

    seconds: float
    first_preview: float | None
    spent: dict[str, float]
    longest: dict[str, float]
    previews: dict[str, int]


def timed_fill(request: FillRequest, library: PriorLibrary) -> Pace:
    """Fill, with a look at the clock at every step."""
    begun = last = time.perf_counter()
    first: float | None = None
    spent: dict[str, float] = {}
    longest: dict[str, float] = {}
    previews: Counter[str] = Counter()
    phase = Phase.PREPARE.value
    steps = fill(request, library=library)
    while True:
        step = next(steps, None)
        now = time.perf_counter()
        phase = phase if step is None else step.phase.value
        spent[phase] = spent.get(phase, 0.0) + now - last
        longest[phase] = max(longest.get(phase, 0.0), now - last)
        last = now
        if step is None:
            return Pace(now - begun, first, spent, longest, dict(previews))
        if step.preview is not None:
            previews[phase] += 1
            first = first if first is not None else now - begun


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench pace``."""
    defaults = FillSettings()
    parser.description = (
        "Fill a photo again and again, with and without previews, against the clock. Let nothing else run meanwhile."
    )
    parser.epilog = (
        "Medians over the runs. longest: the time between two places where the fill could have been cancelled, the "
        "longest of each phase. price: of the search, with previews against without."
    )
    parser.add_argument("--photo", type=Path, default=PHOTO, metavar="PHOTO", help=f"default: {PHOTO.name}, a sample")
    parser.add_argument("--mask", type=Path, default=MASK, metavar="MASK", help=f"default: {MASK.name}")
    parser.add_argument("--prior", default=defaults.prior, metavar="auto|NAME")
    parser.add_argument("--preset", default=defaults.preset)
    parser.add_argument("--candidates", type=int, metavar="N", help="latents searched at once")
    parser.add_argument("--variations", type=int, default=defaults.variations, metavar="K")
    parser.add_argument("--device", default=defaults.device, help="auto, cpu, cuda, cuda:1 or mps")
    regions = "instead of the mask, N discs: how long all take, against one of them alone"
    parser.add_argument("--regions", type=int, metavar="N", help=regions)
    repeat = f"runs of each kind, after one that does not count (default: {REPEAT})"
    parser.add_argument("--repeat", type=int, default=REPEAT, metavar="N", help=repeat)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code."""
    if arguments.repeat < 1 or (arguments.regions is not None and arguments.regions < 2):
        raise BadInputError("--repeat must be at least 1, --regions at least 2.")
    settings = FillSettings(
        prior=arguments.prior,
        preset=arguments.preset,
        candidates=arguments.candidates,
        variations=arguments.variations,
        device=arguments.device,
    )
    pixels, library = load_photo(arguments.photo).pixels, PriorLibrary.shipped()
    if arguments.regions is not None:
        labels = numbered_discs(pixels.shape[:2], arguments.regions)
        told = _regions(FillRequest(pixels, np.uint8(255) * (labels > 0), settings), labels, library, arguments.repeat)
    else:
        told = _previews(FillRequest(pixels, load_mask(arguments.mask, pixels.shape[:2]), settings), library, arguments)
    told |= {"photo": arguments.photo.name, "threads": torch.get_num_threads()}
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for name, value in told.items():
            print(f"{name:14} {_worded(value)}")
    return 0


def _previews(request: FillRequest, library: PriorLibrary, arguments: argparse.Namespace) -> dict[str, Any]:
    seen, unseen = _paces([replace(request, previews=wanted) for wanted in (True, False)], library, arguments.repeat)
    search = Phase.SEARCH.value
    searching = median(pace.spent[search] for pace in seen)
    return {
        "seconds": median(pace.seconds for pace in seen),
        "first_preview": median(pace.first_preview for pace in seen if pace.first_preview is not None),
        "spent": {phase: median(pace.spent[phase] for pace in seen) for phase in seen[0].spent},
        "longest": {phase: median(pace.longest[phase] for pace in seen) for phase in seen[0].longest},
        "previews_per_second": median(pace.previews.get(search, 0) for pace in seen) / searching,
        "price": searching / median(pace.spent[search] for pace in unseen),
    }


def _regions(request: FillRequest, labels: NDArray[np.int64], library: PriorLibrary, repeat: int) -> dict[str, Any]:
    """All regions of the request against each alone. labels: (H, W), see :func:`numbered_discs`."""
    alone = [replace(request, mask=np.uint8(255) * (labels == k + 1)) for k in range(labels.max())]
    all_of_them, *each = _paces([replace(one, previews=False) for one in (request, *alone)], library, repeat)
    together = median(pace.seconds for pace in all_of_them)
    one = median(median(pace.seconds for pace in paces) for paces in each)
    return {"regions": len(alone), "together": together, "one": one, "times": together / one}


def _paces(requests: Sequence[FillRequest], library: PriorLibrary, repeat: int) -> list[list[Pace]]:
    """``repeat`` fills of every request, in turn, so that a machine that slows down is slow for all."""
    timed_fill(requests[0], library)  # loads and compiles what is needed
    paces: list[list[Pace]] = [[] for _ in requests]
    for number in tqdm(range(repeat * len(requests)), unit="fill", file=sys.stderr):
        place = number % len(requests)
        paces[place].append(timed_fill(requests[place], library))
    return paces


def numbered_discs(shape: tuple[int, ...], count: int) -> NDArray[np.int64]:
    """Discs 1 to ``count`` all over a photo, 0 where there is none: (H, W). None touches another one."""
    height, width = shape
    across = max(1, round((count * width / height) ** 0.5))
    down = -(-count // across)
    cell_height, cell_width = height / down, width / across
    y, x = np.mgrid[:height, :width] + 0.5
    row, column = np.floor(y / cell_height).astype(np.int64), np.floor(x / cell_width).astype(np.int64)
    off = np.hypot(y - (row + 0.5) * cell_height, x - (column + 0.5) * cell_width)
    number = row * across + column + 1
    return np.where((off < DISC * min(cell_height, cell_width)) & (number <= count), number, 0)


def _worded(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{phase} {seconds:.3f}" for phase, seconds in value.items())
    return f"{value:.3f}" if isinstance(value, float) else str(value)

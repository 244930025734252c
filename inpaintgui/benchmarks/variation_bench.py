"""``inpaintgui bench variations``: whether several fills of one hole differ, and whether each fits."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from inpaintgui import limits
from inpaintgui.benchmarks import image_options
from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine.choice import fits
from inpaintgui.engine.fill import fill
from inpaintgui.engine.presets import SearchPreset, preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.variations import fitting_variations
from inpaintgui.errors import BadInputError
from inpaintgui.session.fills import filled_pixels
from inpaintgui.session.recipe import variation_of
from inpaintgui.training.evaluation.completing import finished, found
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import hole_maker
from inpaintgui.training.evaluation.perceptual import FeatureNetwork, load_feature_network

PRESET, COUNT = "normal", 4
SMALLEST = 64


@dataclass(frozen=True)
class Spread:
    """What became of one hole.

    found: how many fills there are to choose from; fitting: of how many the prior says that they fit. apart:
    perceptual distances in the hole of every two of them. unrelated: that of the image and the next one of the set.
    """

    found: int
    fitting: int
    apart: tuple[float, ...]
    unrelated: float


def spreads(
    prior: Prior, preset: SearchPreset, images: Squares, mask: str, network: FeatureNetwork, *, seed: int
) -> Iterator[Spread]:
    """One hole per image, for as many variations as the preset wants. mask: see :func:`hole_maker`."""
    make_hole = hole_maker(mask, prior.resolution)
    for number, truth in enumerate(images.pixels):
        hole = make_hole(number)
        shown = np.where(hole[..., None], np.uint8(0), truth)
        outcome = found(prior, preset, shown, hole, seed=seed + number)
        chosen = fitting_variations(outcome, hole, preset.variations, prior)
        fills = [finished(prior, outcome.pool_answers[place], shown, hole, blend=True) for place in chosen]
        fitting = sum(fits(prior.row, float(outcome.pool_errors[place])) for place in chosen)
        yield _spread(fills, images, number, hole, network, fitting=fitting)


def filled_spreads(
    settings: FillSettings, library: PriorLibrary, images: Squares, mask: str, network: FeatureNetwork
) -> Iterator[Spread]:
    """The same of whole fills, as the window makes them, with the texture of the photo."""
    make_hole = hole_maker(mask, images.pixels.shape[1])
    for number, truth in enumerate(images.pixels):
        hole = make_hole(number)
        shown = np.where(hole[..., None], np.uint8(0), truth)
        request = FillRequest(shown, np.where(hole, np.uint8(255), np.uint8(0)), settings, previews=False)
        result = run_to_end(fill(request, library=library))
        count = max(len(search.variations) for search in result.searches)
        fills = []
        for place in range(count):
            patches = tuple(variation_of(search, place).patch for search in result.searches)
            fills.append(filled_pixels(request, replace(result, patches=patches)).astype(np.uint8, copy=False))
        # All but the first are chosen from what fits; a prior that somebody named is used even where it does not.
        first = all(fits(library.row(told.prior), told.context_error or 0.0) for told in result.report.regions)
        fitting = count if first else count - 1
        yield _spread(fills, images, number, hole, network, fitting=fitting)


def _spread(
    fills: Sequence[NDArray[np.uint8]],
    images: Squares,
    number: int,
    hole: NDArray[np.bool_],
    network: FeatureNetwork,
    *,
    fitting: int,
) -> Spread:
    other = images.pixels[(number + 1) % len(images)]
    return Spread(
        found=len(fills),
        fitting=fitting,
        apart=tuple(float(network.distances(a, b[None], hole)[0]) for a, b in itertools.combinations(fills, 2)),
        unrelated=float(network.distances(images.pixels[number], other[None], hole)[0]),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench variations``."""
    parser.description = "Make several fills of one hole per image; tell how much they differ and how many fit."
    parser.epilog = (
        "apart: perceptual distance in the hole of two fills of one hole, median over all pairs. unrelated: of two "
        "images of the set, median. share: the one by the other."
    )
    image_options.add_arguments(parser)
    parser.add_argument("--preset", default=PRESET, help=f"default: {PRESET}")
    whole = (
        "pixels: whole fills of images of this side, with the texture around the hole, not the prior's answers alone"
    )
    parser.add_argument("--size", type=int, metavar="N", help=whole)
    parser.add_argument("--variations", type=int, default=COUNT, metavar="K", help=f"of each hole (default: {COUNT})")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code."""
    if arguments.size is not None and arguments.size < SMALLEST:
        raise BadInputError(f"--size must be at least {SMALLEST}.")
    if arguments.limit < 2 or not 2 <= arguments.variations <= limits.VARIATIONS:
        raise BadInputError(f"--limit must be at least 2, --variations between 2 and {limits.VARIATIONS}.")
    preset = preset_called(arguments.preset).for_variations(arguments.variations)
    prior, images, masks = image_options.chosen(arguments, side=arguments.size)
    network = load_feature_network(prior.device)
    if network is None:
        raise BadInputError("Distances need a feature network: install inpaintgui[evaluation].")
    settings = FillSettings(
        prior=prior.row.name,
        preset=preset.name,
        variations=arguments.variations,
        seed=arguments.seed,
        device=arguments.device,
    )
    told: dict[str, Any] = {"prior": prior.row.name, "images": images.source, "n": len(images), "masks": {}}
    for mask in masks:
        if arguments.size is None:
            making = spreads(prior, preset, images, mask, network, seed=arguments.seed)
        else:
            making = filled_spreads(settings, PriorLibrary.shipped(), images, mask, network)
        done = list(tqdm(making, total=len(images), desc=mask, unit="hole", file=sys.stderr))
        told["masks"][mask] = summary(done)
        if not arguments.json:
            print(f"{prior.row.name}, {mask}, {len(images)} images of {images.source}: {_worded(told['masks'][mask])}")
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def summary(done: list[Spread]) -> dict[str, float]:
    """Medians of the distances, means of the numbers."""
    pairs = [distance for spread in done for distance in spread.apart]
    apart = float(np.median(pairs)) if pairs else 0.0
    unrelated = float(np.median([spread.unrelated for spread in done]))
    return {
        "apart": apart,
        "unrelated": unrelated,
        "share": apart / unrelated,
        "found": float(np.mean([spread.found for spread in done])),
        "fitting": float(np.mean([spread.fitting for spread in done])),
    }


def _worded(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {figure:.3f}" for name, figure in figures.items())

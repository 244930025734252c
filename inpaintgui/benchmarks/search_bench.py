"""``inpaintgui bench search``: the published searches, a projector, the encoder alone and ours, on the same holes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from inpaintgui.benchmarks import image_options
from inpaintgui.benchmarks.search_methods import COSTLY, METHODS, REFERENCE, Method, methods_called
from inpaintgui.benchmarks.search_scores import MethodScores, SearchRun, count_attempts, interval, run_searches
from inpaintgui.benchmarks.search_sheet import CASES, search_sheet
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.perceptual import load_feature_network
from inpaintgui.training.run import write_sheet

FEW, TIMED = 2, 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench search``."""
    parser.description = (
        "Search a prior as the published recipes, a projector, the encoder alone and our presets do, one hole per "
        f"image, and compare “{REFERENCE}” with each. Let nothing else run meanwhile: seconds are wall clock."
    )
    parser.epilog = (
        "psnr: in the hole, of the square as the method completes it; blended: of every generator's image blended "
        "alike. context: mean absolute difference between the generator's final image and the known pixels. wins: "
        f"share of images on which “{REFERENCE}” is at least as good in both, PSNR and context."
    )
    image_options.add_arguments(parser)
    few = f"of these, images for {', '.join(COSTLY)}, which takes a quarter of an hour each on a CPU (default: {FEW})"
    parser.add_argument("--subset", type=int, default=FEW, metavar="N", help=few)
    together = (
        "images that the published searches and the projector take as one batch, the same in less time (default: 1)"
    )
    parser.add_argument("--together", type=int, default=1, metavar="N", help=together)
    timed = f"with --together: images that they search alone, against the clock (default: {TIMED})"
    parser.add_argument("--timed", type=int, default=TIMED, metavar="N", help=timed)
    known = f"by commas: {', '.join(METHODS)}, or any preset (default: all of these; with --ablations {REFERENCE})"
    parser.add_argument("--methods", metavar="NAMES", help=known)
    ablations = f"also run “{REFERENCE}” without each of its stages"
    parser.add_argument("--ablations", action="store_true", help=ablations)
    parser.add_argument("--sheet", type=Path, metavar="FILE.jpg", help=f"write a contact sheet of {CASES} cases")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code."""
    if min(arguments.limit, arguments.subset, arguments.together, arguments.timed) < 1:
        raise BadInputError("--limit, --subset, --together and --timed must be at least 1.")
    methods = _methods(arguments)
    prior, images, masks = image_options.chosen(arguments)
    network = load_feature_network(prior.device)
    if network is None:
        print("note: no perceptual distance: install inpaintgui[evaluation] for it", file=sys.stderr)
    runs = []
    for mask in masks:
        searches = run_searches(
            prior,
            methods,
            images,
            mask,
            subset=arguments.subset,
            together=arguments.together,
            timed=arguments.timed,
            seed=arguments.seed,
            network=network,
        )
        attempts = count_attempts(prior, methods, len(images), subset=arguments.subset)
        runs.append(_watched(searches, attempts, mask))
        if not arguments.json:
            _print_block(runs[-1], prior, arguments.seed)
    if arguments.json:
        print(json.dumps(_as_json(runs, prior, images, arguments.seed), ensure_ascii=False, indent=1))
    if arguments.sheet:
        write_sheet(arguments.sheet, search_sheet(runs))
    return 0


def _methods(arguments: argparse.Namespace) -> dict[str, Method]:
    default = [REFERENCE] if arguments.ablations else list(METHODS)
    names = arguments.methods.split(",") if arguments.methods else default
    return methods_called(names, ablations=arguments.ablations)


def _watched(searches: Generator[str, None, SearchRun], total: int, title: str) -> SearchRun:
    with tqdm(total=total, desc=title, unit="search", file=sys.stderr) as bar:
        while True:
            try:
                bar.set_postfix_str(f"{next(searches)} done", refresh=False)
            except StopIteration as end:
                result: SearchRun = end.value
                return result
            bar.update()


def _as_json(runs: list[SearchRun], prior: Prior, images: Squares, seed: int) -> dict[str, Any]:
    return {
        "prior": prior.row.name,
        "images": images.source,
        "n": len(images),
        "skipped": list(images.skipped),
        "seed": seed,
        "device": str(prior.device),
        "threads": torch.get_num_threads(),
        "reference": REFERENCE,
        "masks": {run.mask: run.as_json() for run in runs},
    }


def _print_block(run: SearchRun, prior: Prior, seed: int) -> None:
    print(
        f"{prior.row.name}, mask {run.mask}, {len(run.images)} images of {run.images.source}, seed {seed}, "
        f"{prior.device}, {torch.get_num_threads()} CPU threads"
    )
    print(
        f"{'':18} {'n':>4} {'PSNR dB':>8} {'blended':>8} {'perceptual':>10} {'context':>8} {'seconds':>8} "
        f"{'× ' + REFERENCE:>9} {'wins':>5}  95 % interval of the gain of “{REFERENCE}” in PSNR; both blended"
    )
    for name, scores in run.scores.items():
        if scores is None:
            print(f"{name:18} not to be had: the prior “{prior.row.name}” lacks what it needs")
        else:
            print(f"{name:18} {_own_figures(scores)} {_compared_figures(run, name)}")
    if few := [name for name in COSTLY if (s := run.scores.get(name)) and len(s.images) < len(run.images)]:
        print(f"{', '.join(few)}: on a subset of the images, for its time (--subset); compared on the same images")
    if any(s is not None and np.isnan(s.seconds).any() for s in run.scores.values()):
        print("seconds: of the images that were searched alone (--timed); the others went together (--together)")
    if same := run.like_reference():
        print(f"{', '.join(same)}: the very same fills as “{REFERENCE}”")
    print(flush=True)


def _own_figures(scores: MethodScores) -> str:
    perceptual = "–" if scores.perceptual is None else f"{scores.perceptual.mean():.3f}"
    return (
        f"{len(scores.images):4} {scores.psnr.mean():8.2f} {scores.psnr_blended.mean():8.2f} {perceptual:>10} "
        f"{scores.context.mean():8.4f} {np.nanmean(scores.seconds):8.3f}"
    )


def _compared_figures(run: SearchRun, name: str) -> str:
    comparison = run.comparison(name)
    if comparison is None:
        return f"{'–':>9} {'–':>5}"
    intervals = [interval(gain) for gain in (comparison.gain, comparison.gain_blended)]
    gains = "; ".join(f"{low:+.2f} … {high:+.2f}" for low, high in intervals)
    return f"{comparison.slower:9.2f} {comparison.wins.mean():5.0%}  {gains}"

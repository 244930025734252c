"""``inpaintgui bench fill``: fills holes whose content is known and prints how far the result is from it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from inpaintgui.benchmarks import fill_compare, large_photos
from inpaintgui.benchmarks.composites import composite_cases
from inpaintgui.benchmarks.fill_cases import Case, Rgb, drawn_cases, photos
from inpaintgui.benchmarks.fill_methods import OURS, OWN, fill_methods
from inpaintgui.benchmarks.fill_scores import Failure, Score, print_failures, print_table, score_fill, summaries
from inpaintgui.benchmarks.fill_sheet import CASES, contact_sheet, without_hole, write_picture
from inpaintgui.benchmarks.fill_verdicts import best_peer, verdicts
from inpaintgui.benchmarks.peak_memory import PeakMemory
from inpaintgui.benchmarks.peers import Method
from inpaintgui.benchmarks.removals import show_removals
from inpaintgui.benchmarks.search_scores import evenly
from inpaintgui.contracts import FillSettings
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.drawn_holes import KINDS
from inpaintgui.training.evaluation.perceptual import load_feature_network

Results = dict[int, tuple[Case, Mapping[str, Rgb]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench fill``."""
    parser.add_argument("--photos", type=Path, metavar="PATH", help="zip file or folder of photos")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"kinds of holes (default: {','.join(KINDS)})")
    parser.add_argument("--masks", type=Path, metavar="PATH", help="irregular holes from files, white = hole")
    parser.add_argument("--limit", type=int, default=12, metavar="N", help="photos, evenly spread (default: 12)")
    methods_help = "only these (default: our modes and every peer that is installed)"
    parser.add_argument("--methods", metavar="NAME,…", help=methods_help)
    parser.add_argument("--prior", default="auto", metavar="auto|NAME")
    parser.add_argument("--preset", default="normal")
    parser.add_argument("--device", default="auto")
    sheet_help = f"write a contact sheet of {CASES} cases that nobody picked"
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=sheet_help)
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    people = parser.add_argument_group("people to remove, pasted onto the held-out ones of the photos")
    people.add_argument("--composites", type=int, metavar="N", help="how many, in place of drawn holes")
    people.add_argument("--people", type=Path, metavar="PATH", help="photos NAME.jpg with NAME.png, white = person")
    people.add_argument("--folder", default="", metavar="NAME", help="only photos whose names begin so, e.g. nature/")
    people.add_argument("--seed", type=int, default=0)
    large = parser.add_argument_group("large photos, every fill in a process of its own")
    large.add_argument("--megapixels", metavar="N,…", help="enlarge the first photo; print seconds and peak memory")
    large.add_argument("--hole", type=float, default=0.03, metavar="SHARE", help="of the photo (default: 0.03)")
    large.add_argument("--patience", type=float, default=180.0, metavar="S", help="longest wait for one (default: 180)")
    real = parser.add_argument_group("real removals")
    real.add_argument("--removals", type=Path, metavar="DIR", help="photos NAME.* with masks NAME-mask.png")
    real.add_argument("--out", type=Path, metavar="DIR", help="where the pictures side by side go")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code: 1 if we changed a pixel outside a hole."""
    settings = FillSettings(prior=arguments.prior, preset=arguments.preset, device=arguments.device)
    wanted = arguments.methods.split(",") if arguments.methods else None
    methods = fill_methods(settings, PriorLibrary.shipped(), wanted)
    if arguments.removals is not None:
        return _removals(arguments, methods)
    if arguments.photos is None:
        raise BadInputError("Name the photos with --photos, or photos and masks with --removals.")
    if arguments.megapixels is not None:
        return _large(arguments, methods)
    cases = _cases(arguments)
    shown = _unpicked(cases) if arguments.sheet else set()
    scores, failures, results = _filled(cases, methods, shown)
    found = fill_compare.comparisons(scores)
    said = verdicts(scores, found)
    if arguments.sheet:
        write_picture(arguments.sheet, _sheet(results, scores))
    if arguments.json:
        told: dict[str, Any] = {"summary": summaries(scores), "comparisons": fill_compare.as_rows(found)}
        told["verdicts"] = said
        told["failures"] = [asdict(failure) for failure in failures]
        _print_json(told | {"fills": [asdict(score) for score in scores]})
    else:
        print_table(scores)
        print_failures(failures)
        fill_compare.print_comparisons(found)
        for sentence in said:
            print(sentence)
    return int(any(score.changed_outside for score in scores if score.method in OWN))


def _cases(arguments: argparse.Namespace) -> list[Case]:
    if arguments.composites is None:
        kinds = arguments.kinds.split(",")
        for kind in kinds:
            if kind not in KINDS:
                raise BadInputError(f"There is no kind of hole called “{kind}”; there are: {', '.join(KINDS)}.")
        return drawn_cases(arguments.photos, arguments.limit, kinds, arguments.masks)
    if arguments.people is None or arguments.composites < 1:
        raise BadInputError("Composites need people (--people) and their number, at least 1.")
    return composite_cases(
        arguments.photos, arguments.people, arguments.composites, folder=arguments.folder, seed=arguments.seed
    )


def _unpicked(cases: Sequence[Case]) -> set[int]:
    """Numbers of the cases for the contact sheet: every so many of each kind."""
    by_kind = sorted(range(len(cases)), key=lambda number: cases[number].kind)
    return {by_kind[place] for place in evenly(len(cases), CASES)}


def _filled(
    cases: Sequence[Case], methods: Mapping[str, Method], shown: set[int]
) -> tuple[list[Score], list[Failure], Results]:
    """Fill every hole with every method: what each is worth, and the results of the cases numbered in ``shown``.

    A failure of another program costs it that hole; one of ours ends the run.
    """
    network = load_feature_network(torch.device("cpu"))
    scores: list[Score] = []
    failures: list[Failure] = []
    results: Results = {}
    for number, case in enumerate(tqdm(cases, unit="hole", file=sys.stderr)):
        posed, made = case.posed(), {}
        for method, function in methods.items():
            with PeakMemory() as memory:
                started = time.perf_counter()
                try:
                    made[method] = function(posed.copy(), case.hole.copy())
                except Exception as error:
                    if method in OWN:
                        raise
                    failures.append(Failure(case.name, case.kind, method, str(error)))
                    made[method] = without_hole(case.truth, case.hole)
                    continue
                seconds = time.perf_counter() - started
            told = score_fill(case, method, made[method], network=network, seconds=seconds, memory=memory.grown)
            scores.append(told)
        if number in shown:
            results[number] = (case, made)
    return scores, failures, results


def _sheet(results: Results, scores: Sequence[Score]) -> Rgb:
    """Ours and the best peer; without one of them, whatever ran."""
    ran = list(dict.fromkeys(score.method for score in scores))
    named = [name for name in (OURS, best_peer(scores)) if name in ran]
    return contact_sheet(list(results.values()), named if len(named) > 1 else ran)


def _large(arguments: argparse.Namespace, methods: Mapping[str, Method]) -> int:
    try:
        sizes = [float(size) for size in arguments.megapixels.split(",")]
    except ValueError as error:
        raise BadInputError("--megapixels takes numbers with commas between them.") from error
    if min(sizes) <= 0 or not 0 < arguments.hole < 0.5:
        raise BadInputError("Megapixels must be above 0 and the hole's share between 0 and 0.5.")
    _, photo = next(photos(arguments.photos, 1), ("", np.zeros((0, 0, 3), np.uint8)))
    if not photo.size:
        raise BadInputError(f"“{arguments.photos}” holds no photo.")
    told = large_photos.measure_large(
        photo, sizes, arguments.hole, list(methods), preset=arguments.preset, limit=arguments.patience
    )
    if arguments.json:
        _print_json({"large": large_photos.as_rows(told)})
    else:
        large_photos.print_large(told)
    return 0


def _removals(arguments: argparse.Namespace, methods: Mapping[str, Method]) -> int:
    if arguments.out is None:
        raise BadInputError("Say with --out where the pictures go.")
    told = show_removals(arguments.removals, arguments.out, methods)
    if arguments.json:
        _print_json({"removals": told})
        return 0
    for name, seconds in told.items():
        print(f"{name}: " + ", ".join(f"{method} {value:.2f} s" for method, value in seconds.items()))
    return 0


def _print_json(told: dict[str, Any]) -> None:
    print(json.dumps(told, ensure_ascii=False, indent=2))

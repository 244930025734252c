"""``inpaintgui bench``: one subcommand per benchmark, each declared and run by its own module."""

from __future__ import annotations

import argparse

from inpaintgui.benchmarks import fill_bench, pace_bench, search_bench, variation_bench

CANVAS = "canvas"
"""Measures the window, which nothing here knows: whoever knows it runs it."""

FILL, SEARCH, VARIATIONS, PACE = "fill", "search", "variations", "pace"
BENCHMARKS = {FILL: fill_bench.run, SEARCH: search_bench.run, VARIATIONS: variation_bench.run, PACE: pace_bench.run}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench``."""
    parser.description = "Measure fills and searches, ours and the peers', on images whose content is known."
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    fill_help = "fill known photos; PSNR in the hole, seconds, a contact sheet"
    fill_bench.add_arguments(what.add_parser(FILL, help=fill_help))
    canvas = what.add_parser(CANVAS, help="open, paint, pan and zoom on a large photo; needs a screen, or xvfb-run")
    canvas.add_argument("--megapixels", type=float, default=100.0, metavar="N", help="size of the photo")
    canvas.add_argument("--json", action="store_true", help="print one JSON object")
    search_help = "search a prior as we do and as the published recipes do; quality, seconds, wins, ablations"
    search_bench.add_arguments(what.add_parser(SEARCH, help=search_help))

    variations_help = "make several fills of one hole; how much they differ and how many fit"
    variation_bench.add_arguments(what.add_parser(VARIATIONS, help=variations_help))
    pace_help = (
        "fill a photo against the clock: first preview, longest wait for a cancel, price of previews and regions"
    )
    pace_bench.add_arguments(what.add_parser(PACE, help=pace_help))


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark that was asked for, but for that of the window; returns the exit code."""
    return BENCHMARKS[arguments.what](arguments)

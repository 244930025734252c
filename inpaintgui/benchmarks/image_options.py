"""What the benchmarks of a prior on square images have in common: which prior, which images, which holes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import open_prior
from inpaintgui.training.evaluation.images import Squares, load_squares
from inpaintgui.training.evaluation.masks import NAMED, hole_maker

PRIOR = "faces-64"
MASKS = "center,half,object"
IMAGES = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options for prior, images and holes."""
    parser.add_argument("--images", type=Path, required=True, metavar="PATH", help="zip file or folder of images")
    masks = f"{', '.join(NAMED)}, boxN (N pixels) or a zip of masks; several by commas (default: {MASKS})"
    parser.add_argument("--mask", default=MASKS, metavar="KIND", help=masks)
    parser.add_argument("--held-out", action="store_true", help="only images that a training on PATH leaves out")
    prior = f"a prior's name or its .safetensors file; the images should show what it learnt (default: {PRIOR})"
    parser.add_argument("--prior", default=PRIOR, metavar="NAME|FILE", help=prior)
    limit = f"images, evenly spread (default: {IMAGES})"
    parser.add_argument("--limit", type=int, default=IMAGES, metavar="N", help=limit)
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def chosen(arguments: argparse.Namespace, *, side: int | None = None) -> tuple[Prior, Squares, list[str]]:
    """The prior, the images and the kinds of holes; what cannot be read is told on stderr.

    side: of the images, in pixels; None: as the prior makes them.

    Raises BadInputError for what does not exist, before anything takes long.
    """
    prior = open_prior(arguments.prior, device=resolve_device(arguments.device))
    side = side or prior.resolution
    masks: list[str] = arguments.mask.split(",")
    for mask in masks:
        hole_maker(mask, side)  # a misspelt one shall not be found out after an hour
    held_out = True if arguments.held_out else None
    images = load_squares(arguments.images, side, limit=arguments.limit, held_out=held_out)
    for name in images.skipped:
        print(f"skipped “{name}”: not an image that can be read", file=sys.stderr)
    return prior, images, masks

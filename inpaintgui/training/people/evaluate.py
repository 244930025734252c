"""``inpaintgui evaluate --people``: how well people are found, in figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from inpaintgui import paths
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.finder import PEOPLE, installed_finders
from inpaintgui.engine.people.network import PeopleNet
from inpaintgui.engine.people.weights import load_people_net
from inpaintgui.errors import BadInputError
from inpaintgui.training.card_record import CardRecord
from inpaintgui.training.datasets import encoded_images
from inpaintgui.training.evaluation.watching import watched
from inpaintgui.training.people.cutouts import Rgb, load_pairs
from inpaintgui.training.people.export import COMPOSITES, PAIRS, POINTS, finder_row_of, write_people_card
from inpaintgui.training.people.measure import measure_composites, measure_pairs, measure_points, read_points
from inpaintgui.training.people.start import people_sampler

COMPOSITE_SIDE, COMPOSITE_HEIGHTS, COMPOSITE_COUNT = 1024, (0.05, 0.2), 100
"""Composites for measuring: their side in pixels, the height of people in them, and how many are made."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that belong to finding people."""
    people = parser.add_argument_group("people (--images: photos X.jpg with masks X.png, or with --points photos)")
    scenes_help = "zip file or folder of scenes without people: measure small people pasted onto these, too"
    people.add_argument("--scenes", type=Path, metavar="PATH", help=scenes_help)
    points_help = "lines NAME X,Y X,Y …: a point on everybody in a photo; tells recall and false alarms"
    people.add_argument("--points", type=Path, metavar="FILE", help=points_help)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; returns the exit code."""
    if arguments.points and (arguments.scenes or arguments.held_out):
        raise BadInputError("--points goes with photos that are all measured: without --scenes and --held-out.")
    weights = _weights(arguments.people)
    row = finder_row_of(weights)
    network = load_people_net(weights, row)
    for figures in _measured(arguments, network):
        print(json.dumps(figures, ensure_ascii=False, indent=None if arguments.json else 1), flush=True)
        if arguments.card:
            write_people_card(weights, row, CardRecord.read(weights).with_evaluation(figures))
    return 0


def _weights(name: str) -> Path:
    if name != PEOPLE:
        return Path(name)
    installed = installed_finders()
    if PEOPLE not in installed:
        raise BadInputError("The network that finds people is not installed.")
    return installed[PEOPLE][0]


def _measured(arguments: argparse.Namespace, network: PeopleNet) -> Iterator[dict[str, Any]]:
    if arguments.points:
        points = read_points(arguments.points)
        steps = measure_points(network, _photos(arguments.images, arguments.limit), points)
        finds = watched(steps, arguments.limit, POINTS)
        yield {"mask": POINTS, "images": arguments.images.name, **finds.as_json()}
        return
    pairs = load_pairs([arguments.images], paths.cache_dir() / "training")
    numbers = pairs.split(held_out=True) if arguments.held_out else np.arange(len(pairs))
    numbers = numbers[: arguments.limit]
    overlaps = watched(measure_pairs(network, pairs, numbers), len(numbers), PAIRS)
    about = {"images": arguments.images.name, "held_out": arguments.held_out}
    yield {"mask": PAIRS, **about, **overlaps.as_json()}
    if arguments.scenes:
        sampler = people_sampler(
            [arguments.images],
            [arguments.scenes],
            resolution=COMPOSITE_SIDE,
            seed=arguments.seed,
            held_out=arguments.held_out,
            heights=COMPOSITE_HEIGHTS,
        )
        count = arguments.limit or COMPOSITE_COUNT
        overlaps = watched(measure_composites(network, sampler, count), count, COMPOSITES)
        yield {"mask": COMPOSITES, **about, **overlaps.as_json()}


def _photos(source: Path, limit: int | None) -> Iterator[tuple[str, Rgb]]:
    for number, (name, content) in enumerate(encoded_images(source)):
        if limit is not None and number >= limit:
            return
        photo = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
        if photo is None:
            print(f"skipped “{name}”: not an image that can be read", file=sys.stderr)
        else:
            yield name, np.asarray(photo, np.uint8)

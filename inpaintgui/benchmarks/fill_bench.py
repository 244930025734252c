"""``inpaintgui bench fill``: fills holes whose content is known and prints how far the result is from it."""

from __future__ import annotations

import argparse
import json
import sys
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from inpaintgui.benchmarks.fill_methods import OWN, Method, fill_methods
from inpaintgui.benchmarks.fill_scores import Case, Score, as_json, print_table, score_fill
from inpaintgui.benchmarks.peak_memory import PeakMemory
from inpaintgui.contracts import FillSettings
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.drawn_holes import KINDS, make_hole
from inpaintgui.training.evaluation.perceptual import FeatureNetwork, load_feature_network

Rgb = NDArray[np.uint8]
MAGENTA = (255, 0, 255)
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench fill``."""
    parser.add_argument("--photos", type=Path, required=True, help="zip file or folder of photos")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"kinds of holes (default: {','.join(KINDS)})")
    parser.add_argument("--limit", type=int, default=12, metavar="N", help="photos, evenly spread (default: 12)")
    parser.add_argument(
        "--methods", metavar="NAME,…", help="only these (default: ours and every peer that is installed)"
    )
    parser.add_argument("--prior", default="auto", metavar="auto|NAME")
    parser.add_argument("--preset", default="normal")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="write a contact sheet: photo, hole, each method")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code: 1 if we changed a pixel outside a hole."""
    kinds = _known(arguments.kinds, KINDS, "kind of hole")
    settings = FillSettings(prior=arguments.prior, preset=arguments.preset, device=arguments.device)
    methods = fill_methods(settings, PriorLibrary.shipped())
    if arguments.methods:
        methods = {name: methods[name] for name in _known(arguments.methods, methods, "method")}
    network = load_feature_network(torch.device("cpu"))
    scores: list[Score] = []
    rows: list[Rgb] = []
    photos = list(_photos(arguments.photos, arguments.limit))
    for index, (name, photo) in enumerate(tqdm(photos, unit="photo", file=sys.stderr)):
        for kind in kinds:
            case = Case(name, kind, photo, make_hole(kind, *photo.shape[:2], index=index))
            told, tiles = _filled(case, methods, network)
            scores += told
            rows.append(np.hstack([_tile(tile) for tile in tiles]))
    if arguments.sheet:
        _write_sheet(arguments.sheet, rows)
    if arguments.json:
        print(json.dumps(as_json(scores), ensure_ascii=False, indent=2))
    else:
        print_table(scores)
    return int(any(score.changed_outside for score in scores if score.method in OWN))


def _filled(case: Case, methods: Mapping[str, Method], network: FeatureNetwork | None) -> tuple[list[Score], list[Rgb]]:
    """Fill one hole with every method; what each is worth, and the tiles: photo, hole, each method's result.

    Noise stands in the hole when a method sees the photo, so that none learns what was there.
    """
    photo, hole = case.truth, case.hole
    seed = zlib.crc32(f"{case.name} {case.kind}".encode())
    noise = np.random.default_rng(seed).integers(0, 256, photo.shape, dtype=np.uint8)
    posed = np.where(hole[..., None], noise, photo)
    scores: list[Score] = []
    tiles = [photo, np.where(hole[..., None], np.array(MAGENTA, np.uint8), photo)]
    for method, function in methods.items():
        with PeakMemory() as memory:
            started = time.perf_counter()
            result = function(posed.copy(), hole.copy())
            seconds = time.perf_counter() - started
        scores.append(score_fill(case, method, result, network=network, seconds=seconds, memory=memory.grown))
        tiles.append(np.where(hole[..., None], result, photo))
    return scores, tiles


def _known(wanted: str, known: Iterable[str], what: str) -> list[str]:
    """The comma-separated names in ``wanted``; raises BadInputError for one that is not known."""
    names, known = wanted.split(","), list(known)
    for name in names:
        if name not in known:
            raise BadInputError(f"There is no {what} called “{name}”; there are: {', '.join(known)}.")
    return names


def _photos(source: Path, limit: int) -> Iterator[tuple[str, Rgb]]:
    """Names and RGB pixels of up to ``limit`` photos, evenly spread over the sorted names."""
    if source.is_dir():
        files = sorted(p for p in source.iterdir() if p.suffix.lower() in SUFFIXES)
        contents = [(p.name, p.read_bytes()) for p in files]
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            names = sorted(n for n in archive.namelist() if Path(n).suffix.lower() in SUFFIXES)
            contents = [(n, archive.read(n)) for n in names]
    else:
        raise BadInputError(f"“{source}” is neither a folder of photos nor a zip file.")
    for name, content in contents[:: max(1, len(contents) // max(1, limit))][:limit]:
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB)
        if pixels is None:
            raise BadInputError(f"“{name}” in “{source}” is not a photo that can be read.")
        yield name, np.asarray(pixels, np.uint8)


def _tile(photo: Rgb, height: int = 240) -> Rgb:
    width = max(1, round(photo.shape[1] * height / photo.shape[0]))
    return np.asarray(cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _write_sheet(path: Path, rows: list[Rgb]) -> None:
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 4), (0, width - row.shape[1]), (0, 0)), constant_values=255) for row in rows]
    if not cv2.imwrite(str(path), np.vstack(padded)[..., ::-1]):
        raise BadInputError(f"The contact sheet “{path}” cannot be written.")

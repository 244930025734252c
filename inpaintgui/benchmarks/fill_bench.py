"""``inpaintgui bench fill``: fills holes whose content is known and prints how far the result is from it."""

from __future__ import annotations

import argparse
import json
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine.fill import fill
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError
from inpaintgui.session.fills import check_patches
from inpaintgui.training.evaluation.drawn_holes import KINDS, make_hole
from inpaintgui.training.evaluation.metrics import psnr

Rgb = NDArray[np.uint8]
MAGENTA = (255, 0, 255)
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})


@dataclass(frozen=True)
class Score:
    """One fill. psnr: inside the hole, dB. changed_outside: pixels outside the hole that differ (must be 0)."""

    photo: str
    kind: str
    method: str
    psnr: float
    seconds: float
    changed_outside: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui bench fill``."""
    parser.add_argument("--photos", type=Path, required=True, help="zip file or folder of photos")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"kinds of holes (default: {','.join(KINDS)})")
    parser.add_argument("--limit", type=int, default=12, metavar="N", help="photos, evenly spread (default: 12)")
    parser.add_argument("--prior", default="auto", metavar="auto|NAME")
    parser.add_argument("--preset", default="normal")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="write a contact sheet: photo, hole, Telea, ours")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; returns the exit code: 1 if a pixel outside a hole changed."""
    kinds = arguments.kinds.split(",")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise BadInputError(f"There is no kind of hole called “{unknown[0]}”; known kinds: {', '.join(KINDS)}.")
    settings = FillSettings(prior=arguments.prior, preset=arguments.preset, device=arguments.device)
    library = PriorLibrary.shipped()
    methods: dict[str, Callable[[Rgb, NDArray[np.uint8]], Rgb]] = {
        "telea": lambda photo, mask: np.asarray(cv2.inpaint(photo, mask, 5, cv2.INPAINT_TELEA), np.uint8),
        "ours": lambda photo, mask: _ours(photo, mask, settings, library),
    }
    scores: list[Score] = []
    rows: list[Rgb] = []
    photos = list(_photos(arguments.photos, arguments.limit))
    for index, (name, photo) in enumerate(tqdm(photos, unit="photo", file=sys.stderr)):
        for kind in kinds:
            hole = make_hole(kind, *photo.shape[:2], index=index)
            tiles = [photo, np.where(hole[..., None], np.array(MAGENTA, np.uint8), photo)]
            for method, function in methods.items():
                started = time.perf_counter()
                result = function(photo, hole.astype(np.uint8) * 255)
                seconds = time.perf_counter() - started
                changed = int((result != photo).any(axis=2)[~hole].sum())
                scores.append(Score(name, kind, method, psnr(photo, result, hole), seconds, changed))
                tiles.append(result)
            rows.append(np.hstack([_tile(tile) for tile in tiles]))
    if arguments.sheet:
        _write_sheet(arguments.sheet, rows)
    if arguments.json:
        print(json.dumps({"fills": [asdict(score) for score in scores]}, ensure_ascii=False, indent=2))
    else:
        _print_table(scores, kinds, list(methods))
    return int(any(score.changed_outside for score in scores))


def _ours(photo: Rgb, mask: NDArray[np.uint8], settings: FillSettings, library: PriorLibrary) -> Rgb:
    result = run_to_end(fill(FillRequest(photo, mask, settings, previews=False), library=library))
    filled = photo.copy()
    for patch, changed in zip(result.patches, check_patches(result.patches, photo, mask), strict=True):
        np.copyto(filled[patch.box.slices], patch.pixels.astype(np.uint8), where=changed[..., None])
    return filled


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


def _print_table(scores: list[Score], kinds: list[str], methods: list[str]) -> None:
    print(f"{'hole':8} {'method':8} {'fills':>5} {'PSNR dB':>8} {'median s':>9} {'changed outside':>16}")
    for kind in kinds:
        for method in methods:
            own = [s for s in scores if s.kind == kind and s.method == method]
            if own:
                mean, median = np.mean([s.psnr for s in own]), np.median([s.seconds for s in own])
                changed = sum(s.changed_outside for s in own)
                print(f"{kind:8} {method:8} {len(own):5} {mean:8.2f} {median:9.2f} {changed:16}")

"""``inpaintgui fill``: one fill without a window."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inpaintgui.contracts import (
    ContextSquare,
    FillReport,
    FillRequest,
    FillResult,
    FillSettings,
    Mask,
    Photo,
    Variation,
)
from inpaintgui.errors import BadInputError
from inpaintgui.progress import watch
from inpaintgui.session.recipe import FillRecord, variation_of
from inpaintgui.staged_file import check_writable, replace_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui fill``."""
    parser.description = "Fill the white parts of a mask in a photo. The photo itself is never changed."
    defaults = FillSettings()
    parser.add_argument("photo", type=Path, metavar="PHOTO")
    parser.add_argument("--mask", type=Path, required=True, help="image of the photo's size, white = hole")
    parser.add_argument("--exclude", type=Path, metavar="MASK", help="white = never to be copied into the hole")
    parser.add_argument("-o", "--out", type=Path, required=True, help="file to write; its suffix is the format")
    parser.add_argument("--prior", default=defaults.prior, metavar="auto|NAME", help="see “inpaintgui models list”")
    parser.add_argument(
        "--preset", default=defaults.preset, help="draft, normal, best, published-bamos or published-yeh"
    )
    parser.add_argument("--candidates", type=int, metavar="N", help="latents searched at once")
    parser.add_argument(
        "--variations", type=int, default=defaults.variations, metavar="K", help="fills to make: OUT, OUT-2, …"
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, metavar="N")
    parser.add_argument("--device", default=defaults.device, help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument(
        "--square",
        type=_square,
        action="append",
        default=[],
        metavar="X,Y,SIDE[,ANGLE]",
        help="a square that a prior is to see, turned clockwise by ANGLE degrees; may be given for several regions",
    )
    parser.add_argument(
        "--recipe",
        type=Path,
        metavar="FILE",
        help="write down how to repeat this, for “replay”; of variations FILE, FILE-2, …",
    )
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object on stdout")


def _square(text: str) -> ContextSquare:
    try:
        x, y, side, *angle = (float(part) for part in text.split(","))
        return ContextSquare(x, y, side, *angle)
    except (ValueError, TypeError):
        raise argparse.ArgumentTypeError(f"“{text}” is not X,Y,SIDE or X,Y,SIDE,ANGLE") from None


def run(arguments: argparse.Namespace) -> int:
    """Fill, write and tell; returns the exit code."""
    from inpaintgui.engine.fill import fill
    from inpaintgui.engine.image_io import check_format, load_mask, load_photo
    from inpaintgui.engine.priors import PriorLibrary

    _check_output(arguments)
    photo = load_photo(arguments.photo)
    mask = load_mask(arguments.mask, photo.pixels.shape[:2])
    for path in _variation_paths(arguments.out, arguments.variations):
        check_writable(path)
        check_format(path, photo)
    request = _request(arguments, photo, mask)
    result = watch(fill(request, library=PriorLibrary.shipped()))
    outputs = _variation_paths(arguments.out, max(len(search.variations) for search in result.searches))
    if len(outputs) < arguments.variations:
        print(f"note: only {len(outputs)} of {arguments.variations} fills fit and differ visibly", file=sys.stderr)
    _write_all(arguments, photo, request, result, outputs)
    if arguments.json:
        print(json.dumps(_as_json(result, outputs), ensure_ascii=False, indent=2))
    else:
        _print_summary(result.report, arguments.out)
        for path in outputs[1:]:
            print(f"variation: {path}")
    return 0


def _request(arguments: argparse.Namespace, photo: Photo, mask: Mask) -> FillRequest:
    from inpaintgui.engine.image_io import load_mask

    settings = FillSettings(
        prior=arguments.prior,
        preset=arguments.preset,
        candidates=arguments.candidates,
        variations=arguments.variations,
        seed=arguments.seed,
        device=arguments.device,
        squares=tuple(arguments.square),
    )
    exclusion = None if arguments.exclude is None else load_mask(arguments.exclude, photo.pixels.shape[:2])
    return FillRequest(photo.pixels, mask, settings, previews=False, exclusion=exclusion)


def _write_all(
    arguments: argparse.Namespace, photo: Photo, request: FillRequest, result: FillResult, outputs: Sequence[Path]
) -> None:
    """Every variation, and its recipe if one is wanted."""
    from inpaintgui.engine.image_io import save_photo
    from inpaintgui.session.fills import filled_pixels

    recipes = _variation_paths(arguments.recipe, len(outputs)) if arguments.recipe is not None else []
    for number, path in enumerate(outputs):
        patches = [variation_of(search, number).patch for search in result.searches]
        filled = dataclasses.replace(
            photo, pixels=filled_pixels(request, dataclasses.replace(result, patches=tuple(patches)))
        )
        if arguments.recipe is not None:
            record = FillRecord.of(request, result, filled.pixels, variation=number)
            _write_recipe(arguments, recipes[number], photo, filled, record)
        for note in save_photo(path, filled):
            print(f"note: {path}: {note}", file=sys.stderr)


def _variation_paths(out: Path, count: int) -> list[Path]:
    """Beside OUT.png: OUT-2.png, OUT-3.png and so on."""
    return [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, count + 1))]


def _write_recipe(arguments: argparse.Namespace, path: Path, photo: Photo, filled: Photo, record: FillRecord) -> None:
    from inpaintgui.engine.recipe_file import make_recipe, to_json

    recipe = make_recipe(arguments.photo.name, photo, filled, [record])
    replace_file(path, to_json(recipe).encode())


def _check_output(arguments: argparse.Namespace) -> None:
    outputs = _variation_paths(arguments.out, arguments.variations)
    if any(path.exists() and path.samefile(arguments.photo) for path in outputs):
        raise BadInputError("The result would overwrite the original photo; choose another name for it.")
    if arguments.recipe is not None:
        recipes = _variation_paths(arguments.recipe, arguments.variations)
        for path in recipes:
            check_writable(path)
        others = [arguments.photo, arguments.mask, *outputs, *([arguments.exclude] if arguments.exclude else [])]
        if {path.resolve() for path in recipes} & {path.resolve() for path in others}:
            raise BadInputError("The recipe would overwrite another file of this command; choose another name for it.")
    if arguments.candidates is not None and arguments.candidates < 1:
        raise BadInputError("--candidates must be at least 1.")


def _peak_memory_megabytes() -> float | None:
    """Largest resident size of this process so far, where the platform tells."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _as_json(result: FillResult, outputs: Sequence[Path]) -> dict[str, Any]:
    variations = [[_variation(one) for one in search.variations] for search in result.searches]
    return {
        "output": str(outputs[0]),
        "outputs": [str(path) for path in outputs],
        **dataclasses.asdict(result.report),
        "variations": variations,
        "uncertainty": [
            round(float(search.uncertainty[search.uncertainty > 0].mean()), 5) if search.uncertainty.any() else 0.0
            for search in result.searches
        ],
        "peak_memory_megabytes": _peak_memory_megabytes(),
    }


def _variation(variation: Variation) -> dict[str, Any]:
    losses = dataclasses.asdict(variation.losses)
    return {"fit": variation.fit, "losses": losses, "latent": variation.latent.tolist()}


def _print_summary(report: FillReport, out: Path) -> None:
    for number, region in enumerate(report.regions, 1):
        print(f"region {number}: {region.prior}, {region.reason}")
    memory = _peak_memory_megabytes()
    peak = f", peak memory {memory:.0f} MB" if memory is not None else ""
    print(f"{out}: {report.seconds:.1f} s on {report.device}{peak}")
    for warning in report.warnings:
        print(f"note: {warning}", file=sys.stderr)

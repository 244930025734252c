"""The command line: the window, one fill without a window, the list of priors, training, evaluation, benchmarks.

Exit codes: 0 done, 1 failed, 2 bad use or bad input, 130 interrupted. Errors are one sentence on stderr.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import inpaintgui
from inpaintgui import models_command, replay_command
from inpaintgui.contracts import ContextSquare, FillReport, FillRequest, FillResult, FillSettings, Photo, Variation
from inpaintgui.errors import BadInputError, InpaintguiError
from inpaintgui.log_file import DEBUG_VARIABLE, log_files, start_log
from inpaintgui.progress import watch
from inpaintgui.session.recipe import FillRecord, variation_of
from inpaintgui.staged_file import check_writable, replace_file

log = logging.getLogger(__name__)

Command = Callable[[argparse.Namespace], int]


def run(arguments: Sequence[str], *, keep_log: bool = False) -> int:
    """Carry out ``arguments`` (without the program's name); returns the exit code. keep_log: write the log file."""
    try:
        if arguments and arguments[0] in COMMANDS:
            command = arguments[0]
            parsed = _parser(command).parse_args(arguments[1:])
            parsed.typed = list(arguments[1:])
            _begin_log(parsed, keep_log=keep_log)
            log.info("version %s: %s", inpaintgui.__version__, list(arguments))
            return COMMANDS[command](parsed)
        return _window(_window_parser().parse_args(arguments))
    except InpaintguiError as error:
        print(f"inpaintgui: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as order:
        print("inpaintgui: interrupted", file=sys.stderr)
        if type(order) is not KeyboardInterrupt:
            raise  # the system's order to end, which has an exit code of its own
        return 130
    except SystemExit:
        raise  # argparse: bad use, or help was all that was asked for
    except BaseException as error:  # a bug, of a Rust library perhaps, whose errors are no Exception
        log.critical("not caught", exc_info=True)
        print(f"inpaintgui: {_fault(error)}", file=sys.stderr)
        return 1


def _begin_log(arguments: argparse.Namespace, *, keep_log: bool) -> None:
    if arguments.verbose:
        os.environ[DEBUG_VARIABLE] = "1"
    if keep_log:
        start_log()


def _fault(error: BaseException) -> str:
    """One sentence about a bug; where no log is kept, the details went to stderr."""
    kept = log_files()
    details = f" The details are in “{kept[0]}”." if kept else ""
    return f"This is a fault of the program, not yours: {type(error).__name__}: {error}.{details}"


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="inpaintgui",
        description="Content-aware fill. Without a command: open the window.",
        epilog=f"Commands: {', '.join(COMMANDS)}. “inpaintgui COMMAND --help” explains each.",
    )
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="photo to open in the window")
    parser.add_argument("--verbose", action="store_true", help="tell the log in full, here too")
    parser.add_argument("--version", action="version", version=f"inpaintgui {inpaintgui.__version__}")
    return parser


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"inpaintgui {command}")
    if command == "fill":
        _declare_fill(parser)
    elif command == "models":
        models_command.add_arguments(parser)
    elif command == "batch":
        from inpaintgui.batch import command as batch

        batch.add_arguments(parser)
    elif command == "replay":
        replay_command.add_arguments(parser)
    elif command == "bench":
        from inpaintgui.benchmarks import command as benchmarks

        benchmarks.add_arguments(parser)
    elif command == "evaluate":
        from inpaintgui.training.evaluation import command as evaluation

        evaluation.add_arguments(parser)
    else:
        from inpaintgui.training import options as training

        training.add_arguments(parser)
    parser.add_argument("--verbose", action="store_true", help="tell the log in full, here too")
    return parser


def _declare_fill(parser: argparse.ArgumentParser) -> None:
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


def _window(arguments: argparse.Namespace) -> int:
    from inpaintgui.app import run_app

    _begin_log(arguments, keep_log=False)  # the window begins it
    return run_app(arguments.photos)


def _train(arguments: argparse.Namespace) -> int:
    from inpaintgui.training import command

    return command.run(arguments)


def _bench(arguments: argparse.Namespace) -> int:
    from inpaintgui.benchmarks import command

    if arguments.what == command.CANVAS:
        from inpaintgui.app import run_canvas_bench

        return run_canvas_bench(arguments.megapixels, as_json=arguments.json)
    return command.run(arguments)


def _batch(arguments: argparse.Namespace) -> int:
    from inpaintgui.batch import command

    return command.run(arguments)


def _evaluate(arguments: argparse.Namespace) -> int:
    from inpaintgui.training.evaluation import command

    return command.run(arguments)


def _fill(arguments: argparse.Namespace) -> int:
    from inpaintgui.engine.fill import fill
    from inpaintgui.engine.image_io import check_format, load_mask, load_photo, save_photo
    from inpaintgui.engine.priors import PriorLibrary
    from inpaintgui.session.fills import filled_pixels

    _check_output(arguments)
    photo = load_photo(arguments.photo)
    mask = load_mask(arguments.mask, photo.pixels.shape[:2])
    for path in _variation_paths(arguments.out, arguments.variations):
        check_writable(path)
        check_format(path, photo)
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
    request = FillRequest(photo.pixels, mask, settings, previews=False, exclusion=exclusion)
    result = watch(fill(request, library=PriorLibrary.shipped()))
    outputs = _variation_paths(arguments.out, max(len(search.variations) for search in result.searches))
    if len(outputs) < arguments.variations:
        print(f"note: only {len(outputs)} of {arguments.variations} fills fit and differ visibly", file=sys.stderr)
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
    if arguments.json:
        print(json.dumps(_as_json(result, outputs), ensure_ascii=False, indent=2))
    else:
        _print_summary(result.report, arguments.out)
        for path in outputs[1:]:
            print(f"variation: {path}")
    return 0


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


COMMANDS: dict[str, Command] = {
    "fill": _fill,
    "batch": _batch,
    "replay": replay_command.run,
    "models": models_command.run,
    "train": _train,
    "evaluate": _evaluate,
    "bench": _bench,
}

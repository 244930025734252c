"""The command line: the window, one fill without a window, the list of priors, training, evaluation, benchmarks.

Exit codes: 0 done, 1 failed, 2 bad use or bad input, 130 interrupted. Errors are one sentence on stderr.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import inpaintgui
from inpaintgui import fill_command, models_command, replay_command
from inpaintgui.errors import InpaintguiError
from inpaintgui.log_file import DEBUG_VARIABLE, log_files, start_log

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
        fill_command.add_arguments(parser)
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


COMMANDS: dict[str, Command] = {
    "fill": fill_command.run,
    "batch": _batch,
    "replay": replay_command.run,
    "models": models_command.run,
    "train": _train,
    "evaluate": _evaluate,
    "bench": _bench,
}

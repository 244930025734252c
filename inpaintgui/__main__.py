"""``python -m inpaintgui`` and the ``inpaintgui`` command."""

from __future__ import annotations

import signal
import sys
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The system asked the program to end (SIGTERM): it does so in as good order as after Ctrl+C."""


def main() -> int:
    """Run the command line; returns the exit code."""
    from inpaintgui.cli import run

    signal.signal(signal.SIGTERM, _terminate)
    try:
        return run(sys.argv[1:], keep_log=True)
    except Terminated:
        return 128 + signal.SIGTERM


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


if __name__ == "__main__":
    sys.exit(main())

"""``python -m inpaintgui`` and the ``inpaintgui`` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    from inpaintgui.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

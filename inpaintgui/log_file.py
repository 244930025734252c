"""The log: a rotating file in the state folder. It tells of names, sizes and settings, never of what a photo shows."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from pathlib import Path

from inpaintgui import paths

NAME = "inpaintgui.log"
MOST_BYTES, OLDER_FILES = 1 << 20, 2
DEBUG_VARIABLE = "INPAINTGUI_DEBUG"
"""Set: the log is told in full, and on stderr too. It is inherited by the processes of a batch."""


def start_log() -> None:
    """Write the log to the state folder; with INPAINTGUI_DEBUG set, in full detail and to stderr too.

    A second call does nothing. Where the folder cannot be written this says so on stderr, and Python's own last resort
    tells warnings there.
    """
    root = logging.getLogger("inpaintgui")
    if log_files():
        return
    debug = bool(os.environ.get(DEBUG_VARIABLE))
    handlers: list[logging.Handler] = [logging.StreamHandler()] if debug else []
    try:
        paths.state_dir().mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                paths.state_dir() / NAME, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
            )
        )
    except OSError as error:
        sys.stderr.write(f"inpaintgui: no log file: {error}\n")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)


def log_files() -> tuple[Path, ...]:
    """The files that the log is being written to, the newest first; none if it was not started or cannot be kept."""
    for handler in logging.getLogger("inpaintgui").handlers:
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            newest = Path(handler.baseFilename)
            older = [newest.with_name(f"{newest.name}.{number}") for number in range(1, OLDER_FILES + 1)]
            return (newest, *(path for path in older if path.exists()))
    return ()

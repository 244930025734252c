"""Runs the program with a user in a thread beside it, who ends it; prints what each step took.

Arguments: a folder, and which of the sittings it is.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
import traceback
from pathlib import Path

from e2e.hand import Hand
from e2e.session_steps import SITTINGS, Sitting, prepare
from PySide6.QtWidgets import QApplication

from inpaintgui import app, settings

_LIMIT = 300.0
_FAILED = 3


def _use(folder, steps):
    """All steps; what goes wrong ends the program."""
    while QApplication.instance() is None or not QApplication.topLevelWidgets():
        time.sleep(0.01)
    try:
        sitting = Sitting(Hand(), folder)
        for step in steps:
            since = time.monotonic()
            step(sitting)
            print(f"{step.__name__}: {time.monotonic() - since:.2f} s", flush=True)
    except BaseException:  # noqa: BLE001  whatever it is, the program must not wait for a user who is gone
        traceback.print_exc()
        os._exit(_FAILED)


def main():
    faulthandler.dump_traceback_later(_LIMIT, exit=True)
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    if number == 0:
        prepare(folder)
        settings.save(settings.Settings(language="en", theme="dark", preset="draft", variations=2, brush_size=30.0))
    threading.Thread(target=_use, args=(folder, SITTINGS[number]), daemon=True).start()
    return app.run_app(())


if __name__ == "__main__":
    sys.exit(main())

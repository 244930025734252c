"""Sittings of a user: every tool, every dialog and every way out, by real events on a real X server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
from e2e.session_steps import SITTINGS
from e2e.x_server import XServer

from inpaintgui import paths

pytestmark = [
    pytest.mark.xcb,
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs Xvfb and xdotool"
    ),
]
_TESTS = Path(__file__).parents[1]


def compile_translations():
    """As installing does: the program takes them from there, and those of an earlier state may lie there."""
    tool = Path(PySide6.__file__).with_name("lrelease.exe" if sys.platform == "win32" else "lrelease")
    for source in (paths.resources() / "translations").glob("*.ts"):
        subprocess.run([tool, "-silent", source, "-qm", source.with_suffix(".qm")], check=True)


def test_whole_sittings(tmp_path):
    compile_translations()
    screen, home = tmp_path / "screen", tmp_path / "home"
    screen.mkdir()
    (home / "config").mkdir(parents=True)
    (home / "config" / "window.ini").write_text("[General]\nhints_seen=yes\n")
    server = XServer(screen)
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    surroundings |= {
        "DISPLAY": server.display,
        "QT_QPA_PLATFORM": "xcb",
        "INPAINTGUI_HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(_TESTS), str(_TESTS.parent)]),
    }
    try:
        for number, steps in enumerate(SITTINGS):
            done = subprocess.run(
                [sys.executable, "-m", "e2e.session", str(tmp_path), str(number)],
                env=surroundings,
                capture_output=True,
                text=True,
                check=False,
                timeout=400,
            )
            print(done.stdout)
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
            assert [line.split(":")[0] for line in done.stdout.splitlines()] == [step.__name__ for step in steps]
    finally:
        server.stop()

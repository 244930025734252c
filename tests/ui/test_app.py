"""The program from its entry point, in a process of its own: there can be only one QApplication in one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inpaintgui.app import EngineServices
from inpaintgui.errors import ImageFileError

TESTS = Path(__file__).parents[1]
PROLOGUE = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}]
from pathlib import Path
from PySide6.QtCore import QTimer
from fakes import FakeServices
from inpaintgui import app

class Watched(app.MainWindow):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        watch(self)

app.MainWindow = Watched
"""


def run(code, *arguments, home, **variables):
    """Python code in a fresh interpreter with an offscreen window; the finished process."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "INPAINTGUI_HOME": str(home), **variables}
    return subprocess.run(
        [sys.executable, "-c", PROLOGUE + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def test_files_of_the_command_line_are_opened_and_closing_ends_the_program(tmp_path):
    code = """
def watch(window):
    def opened(path):
        print(path, window.controller.document.width, window.windowTitle())
        if path.stem == "second":
            QTimer.singleShot(0, window.close)
    window.files.opened.connect(opened)
    window.show()

sys.exit(app.run_app([Path(name) for name in sys.argv[1:]], services=FakeServices()))
"""
    done = run(code, tmp_path / "beach.jpg", tmp_path / "second.jpg", home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = [f"{tmp_path / name} 64 {name}[*] – inpaintgui" for name in ("beach.jpg", "second.jpg")]
    assert done.stdout.splitlines() == told
    assert "QThread" not in done.stderr
    assert "opened" in (tmp_path / "state" / "inpaintgui.log").read_text(encoding="utf-8")


def test_what_nobody_caught_is_shown_and_logged_and_the_program_goes_on(tmp_path):
    code = """
def watch(window):
    def shown(summary, error):
        print(summary, repr(error))
        QTimer.singleShot(0, window.close)
    window.dialogs.show_error = shown
    def fail():
        raise LookupError("a bug")
    window.controller.engine_ready.connect(fail)

sys.exit(app.run_app([], services=FakeServices()))
"""
    done = run(code, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Something unexpected happened. LookupError('a bug')\n"
    log = (tmp_path / "state" / "inpaintgui.log").read_text(encoding="utf-8")
    assert "CRITICAL" in log
    assert "a bug" in log


def test_bad_settings_are_told_and_the_window_comes_up(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.json").write_text("{", encoding="utf-8")
    code = """
def watch(window):
    def ready():
        print(window.controller.settings.theme, window.statusBar().currentMessage())
        window.close()
    window.controller.engine_ready.connect(ready)

sys.exit(app.run_app([], services=FakeServices()))
"""
    done = run(code, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("system The settings in ")


def test_an_engine_that_hangs_does_not_keep_the_program_alive(tmp_path):
    code = """
import threading
from inpaintgui.ui import jobs
jobs.JOIN_SECONDS = 0.05
services = FakeServices()
started = threading.Event()
def hang():
    started.set()
    threading.Event().wait()
services.priors = hang

def watch(window):
    timer = QTimer(window)
    timer.timeout.connect(lambda: started.is_set() and window.close())
    timer.start(10)

sys.exit(app.run_app([], services=services))
"""
    done = run(code, home=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "QThread: Destroyed" not in done.stderr
    assert "did not end in time" in (tmp_path / "state" / "inpaintgui.log").read_text(encoding="utf-8")


def test_the_log_is_told_in_full_where_somebody_looks_for_a_fault(tmp_path):
    code = """
def watch(window):
    window.controller.engine_ready.connect(window.close)

sys.exit(app.run_app([], services=FakeServices()))
"""
    done = run(code, home=tmp_path, INPAINTGUI_DEBUG="1")
    assert done.returncode == 0, done.stderr
    assert "engine ready: 2 priors, devices cpu" in done.stderr


def test_the_engine_s_services_read_and_write(tmp_path):
    services = EngineServices()
    with pytest.raises(ImageFileError):
        services.open_photo(tmp_path / "missing.png", print)
    assert "cpu" in services.devices()


@pytest.mark.parametrize("order", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("phase", ["idle", "stroke", "fill"])
def test_the_systems_order_to_end_loses_nothing(tmp_path, order, phase):
    code = f"""
import os, signal
from inpaintgui.contracts import Phase

def watch(window):
    controller = window.controller

    def opened(_path):
        document = controller.document
        controller.apply(document.begin_stroke("Brush"))
        controller.apply(document.paint((10, 10), (40, 30), radius=5))
        if "{phase}" != "stroke":
            controller.apply(document.end_stroke())
        if "{phase}" == "fill":
            controller.fills.progress.connect(end)
            controller.fill()
        else:
            end()

    def end(_step=None):
        print(int(controller.document.mask.astype(int).sum()), flush=True)
        os.kill(os.getpid(), signal.{order})

    controller.engine_ready.connect(lambda: window.files.open_path(Path("beach.jpg").absolute()))
    window.files.opened.connect(opened)

code = app.run_app([], services=FakeServices(endless=Phase.SEARCH))
from inpaintgui.session.project import open_project
from inpaintgui.session.recovery import find_lost
(lost,) = find_lost()
print(int(open_project(lost.folder, lambda *_: None).state.mask.astype(int).sum()))
sys.exit(code)
"""
    done = run(code, home=tmp_path)
    assert done.returncode == 0, done.stderr
    painted, *_, kept = done.stdout.split()
    assert painted == kept != "0"

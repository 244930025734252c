"""SIGTERM, SIGINT and closing, whatever the program is at: it ends, nothing is half written, no work is lost.

A batch of the command line is in batch/test_batch_command.py; cancelling a fill in ui/test_fills.py.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpaintgui import __main__, paths
from inpaintgui.contracts import Phase
from inpaintgui.engine import image_io
from inpaintgui.engine.progress import ProgressScale
from tests.engine.conftest import write_small_mask, write_tiny_priors

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

ORDERS = [signal.SIGTERM, signal.SIGINT]
NOISE = np.random.default_rng(1).integers(0, 256, (40, 48, 3), dtype=np.uint8)


# The command line, in this process


@pytest.fixture
def heeded():
    """SIGINT raises, even if these tests were started in the background, where it is ignored from the start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_priors(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def command(tmp_path, monkeypatch, weights, fresh_log):
    """What is typed, and afterwards the signals' handlers as they were."""
    monkeypatch.setattr(paths, "weights", lambda: weights)
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(NOISE).save(folder / "a.png")
    write_small_mask(folder / "mask.png")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        sys, "argv", ["inpaintgui", "fill", "a.png", "--mask", "mask.png", "-o", "out.png", "--preset", "draft"]
    )
    handlers = {number: signal.getsignal(number) for number in ORDERS}
    yield folder
    for number, handler in handlers.items():
        signal.signal(number, handler)


def kill_in(monkeypatch, owner, name, number, when=lambda *_: True):
    """The system's order comes while a function runs."""
    function = getattr(owner, name)

    def interrupted(*arguments, **named):
        if when(*arguments):
            os.kill(os.getpid(), number)
        return function(*arguments, **named)

    monkeypatch.setattr(owner, name, interrupted)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("number", ORDERS)
@pytest.mark.parametrize("phase", ["load", *Phase, "encode", "write"])
def test_on_the_command_line(command, monkeypatch, capsys, number, phase):
    if phase == "load":
        kill_in(monkeypatch, image_io, "load_photo", number)
    elif phase == "encode":
        kill_in(monkeypatch, image_io, "save_photo", number)
    elif phase == "write":
        kill_in(monkeypatch, os, "fsync", number)
    else:
        kill_in(monkeypatch, ProgressScale, "step", number, lambda _, here, *_rest: here is phase)
    assert __main__.main() == 128 + number
    assert capsys.readouterr().err.endswith("inpaintgui: interrupted\n")
    assert sorted(path.name for path in command.iterdir()) == ["a.png", "mask.png"]


# The window, in a process of its own

PROLOGUE = f"""
import os, signal, sys, threading
sys.path[:0] = [{str(Path(__file__).parent)!r}]
from pathlib import Path
from PySide6.QtCore import QTimer
from fakes import FakeServices
from inpaintgui import app
from inpaintgui.contracts import BatchOrder, FillSettings, Holes, Phase
from inpaintgui.session.project import open_project
from inpaintgui.session.recovery import find_lost

how, phase = sys.argv[1:]
services = FakeServices()
held = threading.Event()

def hold(name):
    # Let the call begin, tell the window to end, and go on a little later.
    call = getattr(services, name)
    def slow(*arguments):
        window.begun.emit()
        assert held.wait(20)
        return call(*arguments)
    setattr(services, name, slow)

class Ended(app.MainWindow):
    begun = app.Signal()

    def __init__(self, *arguments):
        global window
        super().__init__(*arguments)
        window = self
        self.dialogs.ask_export = lambda proposal: Path("result.png")
        self.dialogs.ask_stop_batch = lambda: True
        self.begun.connect(self.end)
        if phase == "engine":
            hold("priors")
        self.controller.engine_ready.connect(lambda: self.files.open_path(Path("beach.jpg").absolute()))
        self.first = self.files.opened.connect(self.paint)

    def paint(self, _path):
        self.files.opened.disconnect(self.first)
        controller, document = self.controller, self.controller.document
        controller.apply(document.begin_stroke("Brush"))
        controller.apply(document.paint((10, 10), (40, 30), radius=5))
        if phase != "stroke":
            controller.apply(document.end_stroke())
        print(int(document.mask.astype(int).sum()), flush=True)
        if phase in ("idle", "stroke"):
            self.end()
        elif phase == "load":
            hold("open_photo")
            self.files.open_path(Path("second.jpg").absolute())
        elif phase == "save":
            hold("save_photo")
            self.files.export_as()
        elif phase == "batch":
            self.commands.batch.stepped.connect(lambda _: self.end())
            self.commands.batch.start(
                BatchOrder((Path("slow.png"),), Holes(find="faces"), Path("out"), FillSettings())
            )
        else:
            services.endless = Phase(phase)
            controller.fills.progress.connect(lambda step: step.phase is services.endless and self.end())
            controller.fill()

    def end(self):
        threading.Timer(0.05, held.set).start()
        if how == "close":
            self.close()
        else:
            os.kill(os.getpid(), getattr(signal, how))

app.MainWindow = Ended
code = app.run_app([], services=services)
lost = find_lost()
print(*(int(open_project(one.folder, lambda *_: None).state.mask.astype(int).sum()) for one in lost), flush=True)
print(*services.saved, flush=True)
print(services.closed.is_set(), flush=True)
sys.exit(code)
"""
PLACES = ["engine", "load", "idle", "stroke", *(str(phase.value) for phase in Phase), "save", "batch"]


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "close"])
@pytest.mark.parametrize("phase", PLACES)
def test_the_window(tmp_path, how, phase):
    """Ended by the system it leaves the mask to the next start; closed by the user, who was asked, nothing."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "INPAINTGUI_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROLOGUE, how, phase],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "QThread" not in done.stderr
    *painted, lost, saved, closed = done.stdout.split("\n")[:-1]
    assert lost == ("" if how == "close" or phase == "engine" else painted[0])
    assert saved == ("result.png" if phase == "save" else "")
    if phase in {"batch", *(str(one.value) for one in Phase)}:
        assert closed == "True"  # the job was ended, not abandoned
    log = (tmp_path / "state" / "inpaintgui.log").read_text("utf-8")
    assert "ERROR" not in log
    assert ("asked to end by the system" in log) == (how != "close")

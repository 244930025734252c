"""Whatever a fill raises, at whatever step: one sentence, the details in the log, nothing changed, and the next works.

On the command line and in a batch the real engine runs; the window's side is in ui/test_fills.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inpaintgui import paths
from inpaintgui.batch import work
from inpaintgui.cli import run
from inpaintgui.contracts import Phase
from inpaintgui.engine.progress import ProgressScale
from inpaintgui.errors import DeviceError, PriorError
from tests.engine.conftest import write_small_mask, write_tiny_home

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

NOISE = np.random.default_rng(1).integers(0, 256, (40, 48, 3), dtype=np.uint8)


class PanicError(BaseException):
    """As a Rust library raises it: no Exception, so that nobody mistakes it for one."""


FAILURES = {
    "own": (PriorError("The weights are gone."), "The weights are gone."),
    "device": (DeviceError("The device is gone."), "The device is gone."),
    "bug": (RuntimeError("shapes differ"), "fault of the program, not yours: RuntimeError: shapes differ"),
    "memory": (MemoryError(), "There is not enough memory for this fill"),
    "allocator": (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "There is not enough memory"),
    "device memory": (torch.OutOfMemoryError("CUDA out of memory."), "The device has not enough memory"),
    "panic": (PanicError("index out of bounds"), "fault of the program, not yours: PanicError: index out of bounds"),
}
UNEXPECTED = {"bug", "panic"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny_home(tmp_path_factory.mktemp("homes") / "home")


@pytest.fixture(autouse=True)
def _home(home, tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(home))
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "no weights")
    work.library.cache_clear()
    yield
    work.library.cache_clear()


@pytest.fixture
def photo(tmp_path):
    Image.fromarray(NOISE).save(tmp_path / "a.png")
    write_small_mask(tmp_path / "mask.png")
    return tmp_path / "a.png"


def fail_at(monkeypatch, phase, error, times=1):
    """The engine raises at its first ``times`` steps in the phase."""
    step, left = ProgressScale.step, [None] * times

    def failing(self, here, *numbers):
        if here is phase and left:
            left.pop()
            raise error
        return step(self, here, *numbers)

    monkeypatch.setattr(ProgressScale, "step", failing)


def fill(photo, out):
    options = ["--mask", str(photo.parent / "mask.png"), "--preset", "draft", "--device", "cpu"]
    return run(["fill", str(photo), "-o", str(out), *options])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("failure", FAILURES)
def test_on_the_command_line(photo, tmp_path, capsys, caplog, monkeypatch, failure, phase):
    error, words = FAILURES[failure]
    fail_at(monkeypatch, phase, error)
    assert fill(photo, tmp_path / "out.png") == 1
    *_, last = capsys.readouterr().err.strip().splitlines()
    assert last.startswith("inpaintgui: ")
    assert words in last
    assert ("Traceback" in caplog.text) == (failure in UNEXPECTED)
    assert names(tmp_path) == ["a.png", "mask.png"]
    assert fill(photo, tmp_path / "out.png") == 0


@pytest.mark.parametrize("phase", Phase)
def test_ctrl_c_on_the_command_line(photo, tmp_path, capsys, monkeypatch, phase):
    fail_at(monkeypatch, phase, KeyboardInterrupt())
    assert fill(photo, tmp_path / "out.png") == 130
    assert capsys.readouterr().err.endswith("inpaintgui: interrupted\n")
    assert names(tmp_path) == ["a.png", "mask.png"]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("failure", FAILURES)
def test_in_a_batch(photo, tmp_path, capsys, caplog, monkeypatch, failure, phase):
    """The first photo fails, the second is filled; a second run does the first one only."""
    error, words = FAILURES[failure]
    fail_at(monkeypatch, phase, error)
    Image.fromarray(NOISE[::-1]).save(tmp_path / "b.png")
    command = ["batch", str(photo), str(tmp_path / "b.png"), "--mask", str(tmp_path / "mask.png"), "--json"]
    command += ["-o", str(tmp_path / "out"), "--preset", "draft", "--device", "cpu"]
    assert run(command) == 1
    failed, filled = map(json.loads, capsys.readouterr().out.splitlines())
    assert (failed["outcome"], filled["outcome"]) == ("failed", "filled")
    assert words.replace(", not yours", "") in failed["reason"]
    assert ("Traceback" in caplog.text) == (failure in UNEXPECTED)
    assert names(tmp_path / "out") == ["b.png"]
    assert run([*command, "--resume"]) == 0
    assert names(tmp_path / "out") == ["a.png", "b.png"]


def test_the_log_of_the_command_line_has_the_traceback(photo, tmp_path):
    """In a process of its own, as from a terminal: one sentence there, the rest in the file that it names."""
    code = f"""
import sys
sys.path.insert(0, {str(Path.cwd())!r})
from inpaintgui import __main__
from inpaintgui.engine.progress import ProgressScale
def failing(*_):
    raise LookupError("a bug")
ProgressScale.step = failing
sys.exit(__main__.main())
"""
    options = ["--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png", "--device", "cpu"]
    environment = {**os.environ, "INPAINTGUI_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code, "fill", photo, *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    file = tmp_path / "home" / "state" / "inpaintgui.log"
    assert done.returncode == 1
    told = done.stderr.strip().splitlines()[-1]
    assert told.endswith(f"fault of the program, not yours: LookupError: a bug. The details are in “{file}”.")
    assert "Traceback" not in done.stderr
    assert "LookupError: a bug" in file.read_text("utf-8")
    assert "Traceback" in file.read_text("utf-8")

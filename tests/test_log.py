"""The log: one rotating file, levels, nothing of what photos show."""

import logging
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from inpaintgui import log_file
from inpaintgui.log_file import log_files, start_log
from tests.engine.conftest import write_small_mask, write_tiny_home


@pytest.fixture
def home(tmp_path, monkeypatch, fresh_log):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_file_rotates_and_is_bounded(home, monkeypatch):
    monkeypatch.setattr(log_file, "MOST_BYTES", 2000)
    start_log()
    for number in range(1000):
        logging.getLogger("inpaintgui.test").info("line %d", number)
    assert [path.name for path in log_files()] == ["inpaintgui.log", "inpaintgui.log.1", "inpaintgui.log.2"]
    assert sorted((home / "state").iterdir()) == sorted(log_files())
    assert all(0 < path.stat().st_size <= 2000 for path in log_files())
    assert "line 999" in log_files()[0].read_text("utf-8")


def test_a_second_start_does_not_write_twice(home):
    start_log()
    start_log()
    logging.getLogger("inpaintgui.test").info("once")
    assert log_files()[0].read_text("utf-8").count("once") == 1


@pytest.mark.parametrize("debug", [False, True])
def test_levels(home, monkeypatch, capsys, debug):
    if debug:
        monkeypatch.setenv(log_file.DEBUG_VARIABLE, "1")
    start_log()
    log = logging.getLogger("inpaintgui.test")
    log.debug("in full")
    log.info("in short")
    told = log_files()[0].read_text("utf-8")
    assert " INFO inpaintgui.test: in short\n" in told
    assert (" DEBUG inpaintgui.test: in full\n" in told) == debug
    assert ("in full" in capsys.readouterr().err) == debug


def test_where_nothing_can_be_written_it_says_so_and_warnings_go_to_the_terminal(tmp_path, monkeypatch, home, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "file"))
    start_log()
    assert log_files() == ()
    assert capsys.readouterr().err.startswith("inpaintgui: no log file: ")


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("jobs", ["fill", "batch", "2"])
def test_commands_tell_what_they_do_and_nothing_of_what_the_photo_shows(tmp_path, verbose, jobs):
    """Not even in full: no pixels, no latents, no metadata."""
    home = write_tiny_home(tmp_path / "home")
    pixels = np.random.default_rng(1).integers(200, 256, (40, 48, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x010E] = "a private description"
    for name in ("a.png", "b.png"):
        Image.fromarray(pixels).save(tmp_path / name, exif=exif)
    write_small_mask(tmp_path / "mask.png")
    inputs = ["a.png"] if jobs == "fill" else ["a.png", "b.png"]
    out = ["out.png"] if jobs == "fill" else ["out", "--jobs", "2" if jobs == "2" else "1"]
    options = ["--mask", "mask.png", "--preset", "draft", "--device", "cpu", *(["--verbose"] if verbose else [])]
    done = subprocess.run(
        [sys.executable, "-m", "inpaintgui", "fill" if jobs == "fill" else "batch", *inputs, "-o", *out, *options],
        env={**os.environ, "INPAINTGUI_HOME": str(home)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = (home / "state" / log_file.NAME).read_text("utf-8")
    assert told.count("filled 1 regions on cpu") == len(inputs)
    assert (" DEBUG " in told) == (" DEBUG " in done.stderr) == verbose
    for private in ("array", "[[", "tensor", "private description"):
        assert private not in told
    assert len(told) < 3000

"""A session that ends without its user is found again; one that runs is left alone."""

import os
import subprocess
import sys

import numpy as np
import pytest
from fakes import make_photo

from inpaintgui import paths
from inpaintgui.errors import SaveError
from inpaintgui.session.document import Document
from inpaintgui.session.project import Project, open_project
from inpaintgui.session.recovery import RecoveryFolder, find_lost, recovery_root


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))


def a_project(seed=0):
    document = Document(make_photo(seed=seed))
    document.begin_stroke("Brush")
    document.paint((10, 10), (30, 30), radius=4)
    document.end_stroke()
    return Project(document.photo, document.freeze())


def test_a_running_session_is_not_offered_and_a_lost_one_is():
    recovery = RecoveryFolder.create()
    project = a_project()
    recovery.write(project)
    assert find_lost() == ()
    recovery.release()
    (lost,) = find_lost()
    again = open_project(lost.folder, lambda *_: None)
    assert np.array_equal(again.photo.pixels, project.photo.pixels)
    assert np.array_equal(again.state.mask, project.state.mask)
    assert find_lost() == ()  # whoever found it has it
    lost.recovery.discard()
    assert list(recovery_root().iterdir()) == []


def test_another_process_holds_its_session_until_it_dies():
    """Two programs at once: neither offers the other's session; after kill -9 it is offered."""
    script = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "from tests.session.test_recovery import a_project\n"
        "from inpaintgui.session.recovery import RecoveryFolder\n"
        "recovery = RecoveryFolder.create()\n"
        "recovery.write(a_project())\n"
        "print('written', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "written\n"
        assert find_lost() == ()
        other.kill()
        other.wait()
        (lost,) = find_lost()
        lost.recovery.discard()


def test_litter_is_cleared_and_damage_is_passed_over(caplog):
    for number, manifest in enumerate([None, b"{", b"[]", b'{"original": 3}']):
        folder = recovery_root() / str(number)
        (folder / "parts").mkdir(parents=True)
        (folder / "parts" / ".abc.partial").touch()
        if manifest is not None:
            (folder / "project.json").write_bytes(manifest)
    assert find_lost() == ()
    assert sorted(folder.name for folder in recovery_root().iterdir()) == ["1", "2", "3"]  # kept for those who can help
    assert list(recovery_root().rglob("*.partial")) == []
    assert caplog.text.count("cannot be read") == 3


def test_a_home_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "state_dir", lambda: tmp_path / "file" / "state")
    with pytest.raises(SaveError, match="cannot be made"):
        RecoveryFolder.create()
    assert find_lost() == ()


@pytest.mark.parametrize("call", range(1, 8))
def test_killed_between_any_two_writes_the_last_state_is_whole(call, monkeypatch):
    """Every os.replace is a point where the system may end the process."""
    recovery = RecoveryFolder.create()
    first, second = a_project(), a_project(seed=1)
    recovery.write(first)
    calls = iter(range(1, 1000))
    rename = os.replace

    class Killed(BaseException):
        pass

    def replace(*places):
        if next(calls) == call:
            raise Killed
        rename(*places)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr("pathlib.Path.replace", replace)
    try:
        recovery.write(second)
        expected = second
    except Killed:
        expected = first
    recovery.release()
    (lost,) = find_lost()
    again = open_project(lost.folder, lambda *_: None)
    assert np.array_equal(again.photo.pixels, expected.photo.pixels)
    lost.recovery.discard()

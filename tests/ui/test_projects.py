"""Projects, autosave and what a crash leaves, in the window."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeServices
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from inpaintgui.errors import SaveError
from inpaintgui.session.recovery import RecoveryFolder, find_lost, recovery_root
from inpaintgui.settings import Settings
from inpaintgui.ui.dialogs import Lost, Unsaved
from inpaintgui.ui.main_window import MainWindow


def paint(window, start=(10, 10), end=(40, 30)):
    document = window.controller.document
    window.controller.apply(document.begin_stroke("Brush"))
    window.controller.apply(document.paint(start, end, radius=5))
    window.controller.apply(document.end_stroke())


def fill(qtbot, window):
    with qtbot.waitSignal(window.controller.report_changed):
        window.controller.fill()


def wait_saved(qtbot, window, action):
    with qtbot.waitSignal(window.autosave.saved):
        action()


@pytest.fixture
def second_window(qtbot, answers):
    """The next start of the program."""
    made = []

    def start():
        window = MainWindow(FakeServices(), Settings(brush_size=10.0), dialogs=answers)
        made.append(window)
        with qtbot.waitSignal(window.controller.engine_ready):
            window.show()
        return window

    yield start
    answers.unsaved = Unsaved.DISCARD
    for window in made:
        window.close()
        qtbot.waitUntil(window.isHidden)
        assert window.all_joined
        window.deleteLater()
        QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def crash(window):
    """Leave what was kept and take the lock away, as the system does when a process dies."""
    folder = window.autosave.folder.folder
    copy = folder.with_name(folder.name + "-lost")
    shutil.copytree(folder, copy)
    return copy


def test_a_project_is_saved_and_opened_with_its_history(qtbot, window, canvas, answers):
    paint(window)
    fill(qtbot, window)
    before = window.controller.document
    pixels = before.pixels.copy()
    window.files.save_project()
    qtbot.waitUntil(lambda: not window.files.busy)
    assert answers.proposals[-1].name == "beach.inpaint"
    assert not before.is_modified
    with qtbot.waitSignal(window.controller.document_replaced):
        window.files.open_path(answers.project_path)
    document = window.controller.document
    assert document is not before
    assert np.array_equal(document.pixels, pixels)
    assert not document.is_modified
    assert [entry.kind for entry in document.history.entries] == ["stroke", "fill"]
    shown = window.controller.photo_pyramid.levels[0][20, 20, :3]
    assert np.array_equal(shown, document.pixels[20, 20, ::-1])
    window.controller.edit("undo")
    assert np.array_equal(document.pixels, document.original)
    assert document.is_modified
    assert answers.errors == []


def test_a_damaged_project_is_told_and_the_photo_stays(qtbot, window, document, answers, tmp_path):
    (tmp_path / "bad.inpaint").write_bytes(b"no zip")
    window.files.open_path(tmp_path / "bad.inpaint")
    qtbot.waitUntil(lambda: bool(answers.errors))
    assert "damaged" in str(answers.errors[0][1])
    assert window.controller.document is document


def test_after_a_fill_the_session_is_on_disk_and_comes_back(qtbot, window, canvas, answers, second_window):
    paint(window)
    wait_saved(qtbot, window, lambda: fill(qtbot, window))
    pixels = window.controller.document.pixels.copy()
    assert find_lost() == ()  # it runs
    crash(window)
    again = second_window()
    with qtbot.waitSignal(again.recovery.restored):
        assert again.recovery.offer()
    ((name, _, others),) = answers.asked_lost
    assert (name, others) == ("beach.jpg", 0)
    document = again.controller.document
    assert np.array_equal(document.pixels, pixels)
    assert document.is_modified
    assert len(document.history.entries) == 2
    again.controller.edit("undo")
    assert document.has_mask


def test_a_mask_alone_is_kept_after_the_set_time(qtbot, window, canvas):
    window.controller.set_setting("autosave_seconds", 1)
    wait_saved(qtbot, window, lambda: paint(window))
    assert (window.autosave.folder.folder / "project.json").exists()


def test_an_untouched_photo_leaves_nothing(qtbot, window, canvas):
    window.autosave.save()
    assert window.autosave.folder is None
    assert not recovery_root().exists()


def test_a_good_end_leaves_nothing(qtbot, window, canvas, answers):
    paint(window)
    wait_saved(qtbot, window, lambda: fill(qtbot, window))
    answers.unsaved = Unsaved.DISCARD
    window.close()
    qtbot.waitUntil(window.isHidden)
    assert list(recovery_root().iterdir()) == []


def test_the_systems_order_to_end_asks_nothing_and_loses_nothing(qtbot, window, canvas, answers, second_window):
    paint(window)
    fill(qtbot, window)
    paint(window, (50, 40), (55, 45))
    mask = window.controller.document.mask.copy()
    window.end_session()
    assert window.isHidden()
    assert answers.asked_unsaved == 0
    again = second_window()
    with qtbot.waitSignal(again.recovery.restored):
        again.recovery.offer()
    assert np.array_equal(again.controller.document.mask, mask)


def test_a_closed_photo_leaves_nothing(qtbot, window, canvas, open_photo, answers):
    paint(window)
    wait_saved(qtbot, window, lambda: fill(qtbot, window))
    answers.unsaved = Unsaved.DISCARD
    open_photo("other.jpg")
    paint(window)
    wait_saved(qtbot, window, window.autosave.save)
    assert len(list(recovery_root().iterdir())) == 2
    window.actions_by_id["previous_photo"].trigger()
    kept = window.autosave.folder.folder
    window.actions_by_id["close_photo"].trigger()
    qtbot.waitUntil(lambda: not kept.exists())
    assert len(list(recovery_root().iterdir())) == 1


@pytest.mark.parametrize("answer", [Lost.DISCARD, Lost.LATER])
def test_a_lost_session_can_be_deleted_or_left(qtbot, window, canvas, answers, second_window, answer):
    paint(window)
    wait_saved(qtbot, window, window.autosave.save)
    crash(window)
    answers.lost = answer
    again = second_window()
    assert not again.recovery.offer()
    assert again.controller.document is None
    assert len(find_lost()) == (0 if answer is Lost.DISCARD else 1)


def test_all_photos_of_a_lost_session_come_back(qtbot, window, canvas, answers, second_window):
    paint(window)
    wait_saved(qtbot, window, window.autosave.save)
    first = crash(window)
    shutil.copytree(first, first.with_name("another"))
    again = second_window()
    again.recovery.offer()
    qtbot.waitUntil(lambda: len(again.controller.photos) == 2)
    assert answers.asked_lost[0][2] == 1
    for photo in again.controller.photos:
        np.testing.assert_array_equal(photo.document.mask, window.controller.document.mask)
        assert photo.recovery is not None
    assert find_lost() == ()


def test_a_damaged_lost_session_is_told_and_kept(qtbot, window, canvas, answers, second_window):
    paint(window)
    wait_saved(qtbot, window, window.autosave.save)
    folder = crash(window)
    for part in (folder / "parts").iterdir():
        part.write_bytes(b"other")
    again = second_window()
    again.recovery.offer()
    qtbot.waitUntil(lambda: bool(answers.errors))
    assert "hash" in str(answers.errors[0][1])
    assert len(find_lost()) == 1


def test_a_state_folder_that_cannot_be_written_is_told_once(qtbot, window, canvas, monkeypatch):
    def refuse():
        raise SaveError("The folder cannot be made.")

    monkeypatch.setattr(RecoveryFolder, "create", refuse)
    said = []
    window.controller.message.connect(said.append)
    paint(window)
    window.autosave.save()
    qtbot.waitUntil(lambda: bool(said))
    assert "cannot be made" in said[0]
    window.autosave.save()
    qtbot.waitUntil(lambda: not window.autosave._tasks.busy)
    assert len(said) == 1


def test_recipes_beside_exports(qtbot, window, canvas, services, answers):
    window.actions_by_id["recipe_sidecar"].trigger()
    paint(window)
    fill(qtbot, window)
    opened = window.controller.document.photo
    with qtbot.waitSignal(window.files.exported):
        window.files.export_as()
    ((path, (source, before, after, records)),) = services.recipes.items()
    assert path == answers.export_path.with_name("result.png.recipe.json")
    assert source == "beach.jpg"
    assert before is opened
    assert np.array_equal(after.pixels, window.controller.document.pixels)
    assert len(records) == 1
    assert records[0].settings.seed == window.controller.settings.seed


def test_an_export_that_somebody_changed_is_asked_about_again(qtbot, window, canvas, services, answers, monkeypatch):
    paint(window)
    fill(qtbot, window)
    monkeypatch.setattr(services, "save_photo", lambda path, photo: Path(path).write_bytes(b"ours") and ())
    for _ in range(2):
        with qtbot.waitSignal(window.files.exported):
            window.files.export()
    assert len(answers.proposals) == 1
    answers.export_path.write_bytes(b"somebody else's")
    with qtbot.waitSignal(window.files.exported):
        window.files.export()
    assert len(answers.proposals) == 2


def test_two_programs_on_one_photo(qtbot, window, canvas, services, answers, monkeypatch, second_window):
    """Neither takes the other's session or writes over its export unasked; of one that dies the next start hears."""
    other = second_window()
    with qtbot.waitSignal(other.controller.document_replaced):
        other.files.open_path(Path("beach.jpg").absolute())
    for program, value in ((window, 7), (other, 99)):
        engine = program.controller.services
        engine.value = value
        text = f"pixels of {value}"
        monkeypatch.setattr(engine, "save_photo", lambda path, _photo, text=text: path.write_text(text) and ())
        paint(program)
        wait_saved(qtbot, program, lambda program=program: fill(qtbot, program))
    assert not other.recovery.offer()
    assert window.autosave.folder.folder != other.autosave.folder.folder
    for program, questions in ((window, 1), (window, 1), (other, 2), (window, 3)):
        with qtbot.waitSignal(program.files.exported):
            program.files.export()
        assert len(answers.proposals) == questions
    assert answers.export_path.read_text() == "pixels of 7"
    crash(window)
    third = second_window()
    with qtbot.waitSignal(third.recovery.restored):
        assert third.recovery.offer()
    assert np.array_equal(third.controller.document.pixels, window.controller.document.pixels)
    assert not np.array_equal(third.controller.document.pixels, other.controller.document.pixels)

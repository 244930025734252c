"""Opening and exporting, and never losing work."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import make_photo
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inpaintgui.contracts import Glimpse
from inpaintgui.errors import ImageFileError, SaveError
from inpaintgui.settings import Settings
from inpaintgui.ui import recent
from inpaintgui.ui.dialogs import Unsaved
from inpaintgui.ui.formats import export_filters, open_filters, proposed_name
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.welcome import sample_photos

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def modified(qtbot, window, open_photo):
    """A document with a fill that was not exported."""
    document = open_photo()
    document.set_mask(np.full((48, 64), 255, np.uint8), "Brush")
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    return document


def export(qtbot, window):
    with qtbot.waitSignal(window.files.exported):
        window.actions_by_id["export"].trigger()


def mime(*urls, text=""):
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    return data


def drop(window, data):
    """Drag it over the window and let go; whether each was accepted."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, buttons, keys, QEvent.Type.Drop)
    event.ignore()
    QApplication.sendEvent(window, event)
    return enter.isAccepted(), event.isAccepted()


# Opening


def test_open_asks_and_shows_the_photo(qtbot, services, window, answers):
    answers.open_path = Path("/photos/beach.jpg")
    with qtbot.waitSignal(window.controller.document_replaced):
        QTest.keyClick(window, Qt.Key.Key_O, CONTROL)
    np.testing.assert_array_equal(window.controller.document.pixels, services.photo.pixels)
    assert window.windowTitle() == "beach.jpg[*] – inpaintgui"
    assert window.canvas.isVisible()
    assert not window.isWindowModified()


def test_thinking_better_of_it_opens_nothing(window, answers):
    window.actions_by_id["open"].trigger()
    assert not window.files.busy
    assert window.controller.document is None


def test_a_dropped_photo_is_opened(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.files.opened) as opened:
        assert drop(window, mime(QUrl.fromLocalFile(str(tmp_path / "a photo.png")).toString())) == (True, True)
    assert opened.args == [tmp_path / "a photo.png"]


def test_several_dropped_photos_are_opened(qtbot, window, tmp_path):
    urls = [QUrl.fromLocalFile(str(tmp_path / name)).toString() for name in ("a.png", "b.png")]
    with qtbot.waitSignals([window.files.opened, window.files.opened]):
        assert drop(window, mime(*urls)) == (True, True)
    assert [photo.document.path.name for photo in window.controller.photos] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    "data",
    [
        {"text": "hello"},
        {"urls": ["https://example.org/beach.jpg"]},
        {"urls": ["file:///a.jpg", "https://example.org/beach.jpg"]},
    ],
)
def test_what_cannot_be_opened_cannot_be_dropped(window, data):
    assert drop(window, mime(*data.get("urls", ()), text=data.get("text", ""))) == (False, False)
    assert not window.files.busy


def test_a_photo_that_cannot_be_read_is_told_and_the_other_stays(qtbot, window, open_photo, answers):
    document = open_photo()
    with qtbot.waitSignal(window.controller.failed):
        window.files.open_path(Path("/photos/missing.jpg"))
    ((summary, error),) = answers.errors
    assert summary == "The photo cannot be opened."
    assert isinstance(error, ImageFileError)
    assert window.controller.document is document
    assert not window.files.busy
    assert recent.load() == [Path("beach.jpg").absolute()]


def test_of_two_photos_asked_for_in_a_row_the_last_is_in_front(qtbot, services, window):
    first, second = make_photo(seed=1), make_photo(seed=2)
    photos = {"first.png": first, "second.png": second}
    services.open_photo = lambda path, show: photos[path.name]
    shown = []
    window.files.opened.connect(shown.append)
    window.files.open_path(Path("/photos/first.png"))
    window.files.open_path(Path("/photos/second.png"))
    qtbot.waitUntil(lambda: not window.files.busy)
    assert shown == [Path("/photos/first.png"), Path("/photos/second.png")]
    np.testing.assert_array_equal(window.controller.document.pixels, second.pixels)


def test_the_status_bar_says_what_is_going_on(qtbot, services, window):
    gate = threading.Event()
    services.open_photo = lambda path, show: gate.wait(5) and services.photo
    window.files.open_path(Path("/photos/beach.jpg"))
    assert window.statusBar().currentMessage() == "Opening beach.jpg…"
    assert not window.actions_by_id["export"].isEnabled()
    with qtbot.waitSignal(window.files.opened):
        gate.set()
    assert window.statusBar().currentMessage() == ""


def test_a_large_photo_is_glimpsed_while_it_is_opened(qtbot, services, window):
    gate = threading.Event()
    services.open_photo = lambda path, show: gate.wait(5) and services.photo
    services.glimpsed = Glimpse(np.full((6, 8, 3), 200, np.uint8), services.photo.width, services.photo.height)
    with qtbot.waitSignal(window.files.glimpsed):
        window.files.open_path(Path("/photos/beach.jpg"))
    assert window.opening.isVisible()
    middle = window.opening.grab().toImage().pixelColor(window.opening.rect().center())
    assert middle.getRgb()[:3] == (200, 200, 200)
    with qtbot.waitSignal(window.files.opened):
        gate.set()
    assert window.canvas.isVisible()
    assert not window.opening.isVisible()


def test_a_large_photo_is_seen_from_above_while_its_rows_are_decoded(qtbot, services, window):
    gate = threading.Event()
    painted = []
    window.opening.painted.connect(painted.append)

    def open_photo(path, show):
        for share in (0.25, 0.5):
            show(Glimpse(np.full((6, 8, 3), 200, np.uint8), services.photo.width, services.photo.height, share))
        gate.wait(5)
        return services.photo

    services.open_photo = open_photo
    with qtbot.waitSignals([window.files.glimpsed, window.files.glimpsed]):
        window.files.open_path(Path("/photos/beach.png"))
    assert window.opening.isVisible()
    image = window.opening.grab().toImage()
    across, height = image.width() // 2, image.height()
    colours = [image.pixelColor(across, round(part * height)).red() for part in (0.1, 0.45, 0.55, 0.9)]
    assert colours[:2] == [200, 200]
    assert max(colours[2:]) < 100
    qtbot.waitUntil(lambda: len(painted) == 1)
    with qtbot.waitSignal(window.files.opened):
        gate.set()
    assert len(painted) == 1
    assert window.canvas.isVisible()


def test_a_glimpse_of_what_cannot_be_opened_goes_away(qtbot, services, window):
    services.glimpsed = Glimpse(np.full((6, 8, 3), 200, np.uint8), 64, 48)
    with qtbot.waitSignal(window.controller.failed):
        window.files.open_path(Path("/photos/missing.jpg"))
    assert window.welcome.isVisible()


# Recent files


def test_recent_photos_are_listed_newest_first_without_doubles(qtbot, window, open_photo):
    for name in ("a.png", "b.png", "a.png"):
        open_photo(name)
    assert recent.load() == [Path("a.png").absolute(), Path("b.png").absolute()]
    entries = window.menus._recent.actions()
    assert [entry.text() for entry in entries] == ["a.png", "b.png"]
    with qtbot.waitSignal(window.files.opened) as opened:
        entries[1].trigger()
    assert opened.args == [Path("b.png").absolute()]


def test_an_ampersand_in_a_name_is_no_mnemonic(window, open_photo):
    open_photo("salt & pepper.png")
    assert window.menus._recent.actions()[0].text() == "salt && pepper.png"


def test_samples_are_not_remembered(qtbot, window):
    sample = sample_photos()[0]
    with qtbot.waitSignal(window.files.opened):
        window.welcome.sample_chosen.emit(sample)
    assert recent.load() == []


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", "[" * 100_000, '"text"'])
def test_a_broken_list_means_none(content):
    recent.recent_file().parent.mkdir(parents=True)
    recent.recent_file().write_text(content, encoding="utf-8")
    assert recent.load() == []
    recent.remember(Path("/photos/a.png"))
    assert recent.load() == [Path("/photos/a.png").absolute()]


def test_the_list_is_bounded_and_can_be_forgotten():
    for number in range(recent.LIMIT + 5):
        recent.remember(Path(f"/photos/{number}.png"))
    assert len(recent.load()) == recent.LIMIT
    assert recent.load()[0].name == f"{recent.LIMIT + 4}.png"
    recent.forget()
    recent.forget()
    assert recent.load() == []


def test_a_list_that_cannot_be_kept_disturbs_nobody(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "taken"))
    assert recent.remember(Path("/photos/a.png")) == [Path("/photos/a.png").absolute()]
    assert recent.load() == []


# Exporting


def test_the_first_export_asks_and_proposes_another_name_than_the_original(qtbot, services, window, modified, answers):
    export(qtbot, window)
    assert [path.name for path in answers.proposals] == ["beach-filled.jpg"]
    assert answers.proposals[0].parent == Path("beach.jpg").absolute().parent
    np.testing.assert_array_equal(services.saved[answers.export_path].pixels, modified.pixels)
    assert not modified.is_modified
    assert not window.isWindowModified()


def test_later_exports_go_to_the_same_file_and_export_as_asks_again(qtbot, services, window, modified, answers):
    export(qtbot, window)
    window.actions_by_id["undo"].trigger()
    assert modified.is_modified
    export(qtbot, window)
    assert len(answers.proposals) == 1
    np.testing.assert_array_equal(services.saved[answers.export_path].pixels, modified.original)
    answers.export_path = answers.export_path.with_name("other.png")
    with qtbot.waitSignal(window.files.exported):
        QTest.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert len(answers.proposals) == 2
    assert answers.proposals[1].name == "result.png"
    assert window.windowTitle().startswith("other.png")


def test_another_photo_is_never_exported_over_the_first(qtbot, window, modified, answers, open_photo):
    export(qtbot, window)
    open_photo("second.png")
    export(qtbot, window)
    assert [path.name for path in answers.proposals] == ["beach-filled.jpg", "second-filled.png"]


def test_a_sample_is_exported_to_the_user_s_own_folder(qtbot, window, answers):
    with qtbot.waitSignal(window.files.opened):
        window.files.open_path(sample_photos()[0], sample=True)
    export(qtbot, window)
    assert answers.proposals[0].parent == Path.home()


def test_the_metadata_goes_along(qtbot, services, window, modified, answers):
    export(qtbot, window)
    assert services.saved[answers.export_path].metadata == services.photo.metadata


def test_no_name_no_export(window, modified, answers):
    answers.export_path = None
    window.actions_by_id["export"].trigger()
    assert not window.files.busy
    assert modified.is_modified


def test_a_failed_export_keeps_the_changes_and_asks_again(qtbot, services, window, modified, answers):
    services.save_error = SaveError("The disk is full.")
    with qtbot.waitSignal(window.controller.failed):
        window.actions_by_id["export"].trigger()
    assert answers.errors == [("The photo cannot be exported.", services.save_error)]
    assert modified.is_modified
    assert window.isWindowModified()
    assert window.actions_by_id["export"].isEnabled()
    services.save_error = None
    export(qtbot, window)
    assert len(answers.proposals) == 2
    assert not modified.is_modified


def test_what_a_format_could_not_keep_is_said(qtbot, services, window, modified):
    services.notes = ("The whole JPEG was compressed again, because it is odd.",)
    with qtbot.waitSignal(window.controller.message) as told:
        window.actions_by_id["export"].trigger()
    assert told.args[0].endswith("The whole JPEG was compressed again, because it is odd.")


def test_changes_made_while_it_is_written_stay_unsaved(qtbot, services, window, modified, answers):
    gate, save = threading.Event(), services.save_photo
    services.save_photo = lambda path, photo: gate.wait(5) and save(path, photo)
    before = modified.pixels.copy()
    window.actions_by_id["export"].trigger()
    window.actions_by_id["undo"].trigger()
    with qtbot.waitSignal(window.files.exported):
        gate.set()
    np.testing.assert_array_equal(services.saved[answers.export_path].pixels, before)
    assert modified.is_modified
    window.actions_by_id["redo"].trigger()
    assert not modified.is_modified


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("beach.jpg", "beach-filled.jpg"),
        ("BEACH.JPG", "BEACH-filled.JPG"),
        ("beach-filled.jpg", "beach-filled.jpg"),
        ("beach.heic", "beach-filled.png"),
        ("a.b.tiff", "a.b-filled.tiff"),
        ("beach", "beach-filled.png"),
        (None, "filled.png"),
    ],
)
def test_proposed_names(name, proposed):
    assert proposed_name(None if name is None else Path("/photos") / name) == proposed


def test_filters_name_the_formats():
    assert export_filters(".tif").split(";;")[0].startswith("TIFF (*.tif ")
    assert export_filters(".xyz").split(";;")[0].startswith("JPEG")
    first, *_, last = open_filters().split(";;")
    assert "*.jpg" in first
    assert "*.WEBP" in first
    assert last == "All files (*)"


# Work that would be lost


def test_closing_with_changes_can_be_taken_back(window, modified, answers):
    answers.unsaved = Unsaved.STAY
    assert not window.close()
    assert answers.asked_unsaved == 1
    assert window.isVisible()
    assert modified.is_modified


def test_closing_with_changes_can_discard_them(qtbot, services, window, modified, answers):
    answers.unsaved = Unsaved.DISCARD
    window.close()
    qtbot.waitUntil(window.isHidden)
    assert answers.asked_unsaved == 1
    assert services.saved == {}


def test_closing_with_changes_can_export_first(qtbot, services, window, modified, answers):
    answers.unsaved = Unsaved.EXPORT
    window.close()
    qtbot.waitUntil(window.isHidden)
    assert answers.asked_unsaved == 1
    assert list(services.saved) == [answers.export_path]
    assert window.all_joined


def test_closing_stays_open_if_the_export_fails(qtbot, services, window, modified, answers):
    answers.unsaved = Unsaved.EXPORT
    services.save_error = SaveError("The disk is full.")
    with qtbot.waitSignal(window.controller.failed):
        window.close()
    assert window.isVisible()
    assert modified.is_modified
    assert len(answers.errors) == 1


def test_without_changes_closing_asks_nothing(window, open_photo, answers):
    open_photo()
    assert window.close()
    assert answers.asked_unsaved == 0


def test_a_mask_alone_is_no_change_to_lose(window, open_photo, answers):
    document = open_photo()
    window.controller.apply(document.invert_mask())
    assert window.close()
    assert answers.asked_unsaved == 0


def test_opening_another_photo_asks_nothing_and_keeps_both(qtbot, services, window, modified, answers):
    with qtbot.waitSignal(window.files.opened):
        window.files.open_path(Path("/photos/other.png"))
    assert window.controller.document is not modified
    assert len(window.controller.photos) == 2
    assert modified.is_modified
    assert answers.asked_unsaved == 0


@pytest.mark.parametrize("answer", Unsaved)
def test_closing_a_photo_asks_about_changes(qtbot, services, window, modified, answers, answer):
    answers.unsaved = answer
    photos = window.controller.photos
    if answer is Unsaved.EXPORT:
        with qtbot.waitSignal(photos.closed):
            window.actions_by_id["close_photo"].trigger()
    else:
        window.actions_by_id["close_photo"].trigger()
    assert answers.asked_unsaved == 1
    assert len(photos) == (1 if answer is Unsaved.STAY else 0)
    assert bool(services.saved) == (answer is Unsaved.EXPORT)
    assert window.welcome.isVisible() == (answer is not Unsaved.STAY)


def test_closing_the_window_asks_about_every_photo(qtbot, window, modified, open_photo, answers):
    other = open_photo("other.png")
    window.controller.apply(other.invert_mask())
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    assert not window.close()  # stays: the first one asked about is brought to the front
    assert answers.asked_unsaved == 1
    assert window.controller.document is modified
    answers.unsaved = Unsaved.DISCARD
    window.close()
    qtbot.waitUntil(window.isHidden)
    assert answers.asked_unsaved == 3


def test_closing_while_a_file_is_written_lets_it_finish(qtbot, services, window, open_photo, answers):
    open_photo()
    begun, gate, save = threading.Event(), threading.Event(), services.save_photo

    def slow(path, photo):
        begun.set()
        assert gate.wait(5)
        return save(path, photo)

    services.save_photo = slow
    window.actions_by_id["export"].trigger()
    assert begun.wait(5)
    opener = threading.Timer(0.05, gate.set)
    opener.start()
    assert window.close()
    opener.join()
    assert list(services.saved) == [answers.export_path]


# What is kept


def test_settings_and_geometry_are_kept_on_closing(qtbot, services, window, answers, tmp_path):
    window.controller.set_setting("theme", "light")
    window.controller.set_brush_size(77)
    window.resize(780, 560)  # the offscreen platform's screen is small
    assert window.close()
    kept = json.loads((tmp_path / "home" / "config" / "settings.json").read_text(encoding="utf-8"))
    assert kept["theme"] == "light"
    assert kept["brush_size"] == 77
    again = MainWindow(services, Settings(**kept), dialogs=answers)
    qtbot.addWidget(again)
    assert again.height() == 560
    assert again.controller.brush.size == 77
    assert again.close()


def test_settings_that_cannot_be_kept_do_not_hold_the_window_open(window, monkeypatch, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "taken"))
    assert window.close()

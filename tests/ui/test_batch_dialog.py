"""Many photos in the window: what is asked, a line for each photo, cancelling, resuming, and the real thing once."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from inpaintgui import paths
from inpaintgui.contracts import FOUND, Existing, Holes, Outcome
from inpaintgui.errors import BadInputError
from inpaintgui.ui.batch_dialog import BatchDialog
from tests.engine.conftest import write_tiny_home


@pytest.fixture
def dialog(qtbot, window, tmp_path):
    window.actions_by_id["batch"].trigger()
    (shown,) = window.findChildren(BatchDialog)
    assert shown.isVisible()
    return shown


def choose(box, data):
    box.setCurrentIndex(box.findData(data))


def ask(dialog, tmp_path, *names, hole="faces"):
    dialog.form.add([tmp_path / name for name in names])
    choose(dialog.form.holes, hole)
    dialog.form.out.line.setText(str(tmp_path / "out"))


def column(dialog, number):
    return [dialog.table.item(row, number).text() for row in range(dialog.table.rowCount())]


def test_it_can_start_when_everything_was_said(dialog, tmp_path):
    assert not dialog.start.isEnabled()
    dialog.form.add([tmp_path / "a.png", tmp_path / "a.png"])
    assert dialog.form.inputs.count() == 1
    dialog.form.out.line.setText("out")
    assert not dialog.start.isEnabled()  # the mask is missing
    dialog.form.mask_row.line.setText("mask.png")
    assert dialog.start.isEnabled()
    choose(dialog.form.holes, "masks")
    assert dialog.form.order(dialog._settings()).holes.folder.name == "mask.png"
    choose(dialog.form.holes, "faces")
    assert not dialog.form.mask_row.isVisible()
    assert dialog.start.isEnabled()
    dialog.form.inputs.selectAll()
    dialog.form.remove.click()
    assert not dialog.start.isEnabled()


def test_everything_that_can_be_found_is_offered(dialog):
    offered = [dialog.form.holes.itemData(row) for row in range(dialog.form.holes.count())]
    assert offered == ["mask", "masks", *FOUND]


def test_a_line_for_each_photo(qtbot, window, services, dialog, tmp_path):
    services.outcomes = {"b.png": (Outcome.FAILED, "“b.png” is damaged."), "c.png": (Outcome.KEPT, "It is there.")}
    ask(dialog, tmp_path, "a.png", "b.png", "c.png")
    window.controller.set_setting("preset", "draft")
    dialog.form.jobs.setValue(1)
    dialog.form.recipes.setChecked(True)
    with qtbot.waitSignal(window.commands.batch.finished):
        dialog.start.click()
        assert not dialog.form.isEnabled()
        assert dialog.cancel.isEnabled()
    (order,) = services.orders
    assert order.holes == Holes(find="faces")
    assert order.settings.preset == "draft"
    assert order.existing is Existing.KEEP
    assert (order.recipes, order.jobs) == (True, 1)
    assert column(dialog, 0) == ["a.png", "b.png", "c.png"]
    assert column(dialog, 1) == ["filled, 1.5 s", "failed", "kept"]
    assert column(dialog, 2) == ["", "“b.png” is damaged.", "It is there."]
    assert dialog.bar.value() == dialog.bar.maximum() == 3
    assert dialog.summary.text() == "All photos were looked at. failed: 1, filled: 1, kept: 1"
    assert dialog.form.isEnabled()


def test_cancelling_keeps_what_is_ready(qtbot, window, services, dialog, tmp_path):
    ask(dialog, tmp_path, "a.png", "slow.png", "c.png")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3 and column(dialog, 1)[0].startswith("filled"))
    with qtbot.waitSignal(window.commands.batch.cancelled):
        dialog.cancel.click()
        assert not dialog.cancel.isEnabled()
        assert dialog.summary.text() == "Cancelling…"
    assert column(dialog, 1) == ["filled, 1.5 s", "waiting", "waiting"]
    assert dialog.summary.text() == "Cancelled; what was ready stays. filled: 1"
    assert services.closed.is_set()
    assert dialog.start.isEnabled()


def test_closing_the_dialog_ends_the_batch(qtbot, window, services, dialog, tmp_path):
    ask(dialog, tmp_path, "slow.png")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    with qtbot.waitSignal(window.commands.batch.cancelled):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    window.actions_by_id["batch"].trigger()
    assert dialog.isVisible()
    assert dialog.start.isEnabled()


@pytest.mark.parametrize("close", [lambda dialog: dialog.close(), lambda dialog: dialog.window().parent().close()])
def test_a_batch_goes_on_if_that_was_not_meant(qtbot, window, services, dialog, answers, tmp_path, close):
    ask(dialog, tmp_path, "slow.png")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    answers.stops_batch = False
    close(dialog)
    assert answers.asked_stop_batch == 1
    assert window.isVisible()
    assert dialog.isVisible()
    assert window.commands.batch.busy
    assert not window.commands.batch.is_cancelling
    answers.stops_batch = True
    with qtbot.waitSignal(window.commands.batch.cancelled):
        dialog.cancel.click()
    dialog.close()
    assert answers.asked_stop_batch == 1
    assert not dialog.isVisible()


def test_closing_the_window_ends_the_batch(qtbot, window, services, dialog, answers, tmp_path):
    ask(dialog, tmp_path, "slow.png")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    window.close()
    assert answers.asked_stop_batch == 1
    assert window.all_joined
    assert services.closed.is_set()


def test_an_order_that_makes_no_sense_is_said_in_the_dialog(qtbot, window, services, dialog, tmp_path, answers):
    services.error = BadInputError("There is no photo among the inputs.")
    ask(dialog, tmp_path, "a.png")
    with qtbot.waitSignal(window.commands.batch.failed):
        dialog.start.click()
    assert dialog.summary.text() == "There is no photo among the inputs."
    assert answers.errors == []
    services.error = ZeroDivisionError("a bug")
    with qtbot.waitSignal(window.commands.batch.failed):
        dialog.start.click()
    assert answers.errors == [("The photos cannot be filled.", services.error)]


def test_files_are_asked_for_and_dropped(dialog, tmp_path, monkeypatch):
    names = [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (names, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mask.png"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    dialog.form._ask_photos()
    dialog.form._add_folder()
    dialog.form.mask_row.button.click()
    dialog.form.out.button.click()
    assert dialog.start.isEnabled()
    order = dialog.form.order(dialog._settings())
    assert order.inputs == (tmp_path / "a.png", tmp_path / "b.png", tmp_path)
    assert order.holes == Holes(mask=tmp_path / "mask.png")
    assert order.out == tmp_path
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.png"))])
    no_buttons, no_keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, no_buttons, no_keys))
    assert dialog.form.inputs.item(3).text() == str(tmp_path / "dropped.png")


@pytest.mark.slow
def test_the_engine_behind_it(qtbot, window, dialog, tmp_path, monkeypatch):
    """Three photos, the second of them damaged, in a process of its own; then once more, and only that one is done."""
    from inpaintgui.app import EngineServices

    home = write_tiny_home(tmp_path / "home")
    monkeypatch.setenv("INPAINTGUI_HOME", str(home))
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "no weights")
    window.commands.batch._services = EngineServices()
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in "abc":
        pixels = np.random.default_rng(ord(name)).integers(0, 256, (40, 48, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(photos / f"{name}.png")
    whole = (photos / "b.png").read_bytes()
    (photos / "b.png").write_bytes(whole[:900])
    mask = np.zeros((40, 48), np.uint8)
    mask[10:20, 10:20] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    ask(dialog, tmp_path, "photos", hole="mask")
    dialog.form.mask_row.line.setText(str(tmp_path / "mask.png"))
    for name, value in (("preset", "draft"), ("prior", "scenes-tiny"), ("device", "cpu")):
        window.controller.set_setting(name, value)
    with qtbot.waitSignal(window.commands.batch.finished, timeout=120_000):
        dialog.start.click()
    assert [state.split(",")[0] for state in column(dialog, 1)] == ["filled", "failed", "filled"]
    assert "ends too early" in column(dialog, 2)[1]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "c.png"]
    (photos / "b.png").write_bytes(whole)
    with qtbot.waitSignal(window.commands.batch.finished, timeout=120_000):
        dialog.start.click()
    assert [state.split(",")[0] for state in column(dialog, 1)] == ["kept", "filled", "kept"]

"""The real boxes, answered by a hand that comes from the event loop."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPlainTextEdit, QPushButton, QWidget

from inpaintgui.errors import DeviceError
from inpaintgui.ui.dialogs import Dialogs, ErrorDialog, Unsaved


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs(parent):
    return Dialogs(parent)


def answer(text):
    """Click the button of that text in the box that will be open, or press Escape."""

    def click():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        if text is None:
            box.reject()
            return
        next(button for button in box.buttons() if button.text().replace("&", "") == text).click()

    QTimer.singleShot(0, click)


def button(dialog, text):
    return next(made for made in dialog.findChildren(QPushButton) if made.text().replace("&", "") == text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Export…", Unsaved.EXPORT),
        ("Discard", Unsaved.DISCARD),
        ("Cancel", Unsaved.STAY),
        (None, Unsaved.STAY),
    ],
)
def test_the_question_about_unsaved_changes(dialogs, text, expected):
    answer(text)
    assert dialogs.ask_unsaved("beach.jpg") is expected


def test_open_asks_for_photos(dialogs, monkeypatch, tmp_path):
    asked = []

    def choose(*arguments):
        asked.append(arguments)
        return [str(tmp_path / "a.png"), str(tmp_path / "b.png")], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    assert dialogs.ask_open(tmp_path) == (tmp_path / "a.png", tmp_path / "b.png")
    assert str(tmp_path) in asked[0]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    assert dialogs.ask_open(tmp_path) == ()


@pytest.mark.parametrize("typed", ["other", "other.png", None])
def test_export_proposes_and_completes_the_name(dialogs, monkeypatch, tmp_path, typed):
    proposal = tmp_path / "beach-filled.png"

    def choose(dialog):
        assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        assert Path(dialog.selectedFiles()[0]) == proposal
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
        if typed is None:
            return QFileDialog.DialogCode.Rejected
        dialog.selectFile(typed)
        return QFileDialog.DialogCode.Accepted

    monkeypatch.setattr(QFileDialog, "exec", choose)
    expected = None if typed is None else tmp_path / "other.png"
    assert dialogs.ask_export(proposal) == expected


def test_an_expected_failure_is_one_sentence_with_details_at_hand(qtbot, dialogs, parent):
    dialogs.show_error("The fill did not succeed.", DeviceError("The device has no memory left."))
    dialog = parent.findChild(ErrorDialog)
    assert dialog.isVisible()
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert texts == ["The fill did not succeed.", "The device has no memory left."]
    details = dialog.findChild(QPlainTextEdit)
    assert not details.isVisible()
    button(dialog, "Show details").click()
    assert details.isVisible()
    button(dialog, "Copy details").click()
    copied = QGuiApplication.clipboard().text()
    assert "DeviceError: The device has no memory left." in copied
    assert copied.startswith("inpaintgui ")
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()


def test_a_fault_shows_its_trace_at_once(qtbot):
    def fail():
        raise RuntimeError("shapes <b>differ</b>")

    with pytest.raises(RuntimeError) as caught:
        fail()
    dialog = ErrorDialog("The fill did not succeed.", caught.value)
    qtbot.addWidget(dialog)
    dialog.show()
    details = dialog.findChild(QPlainTextEdit)
    assert details.isVisible()
    assert "in fail" in details.toPlainText()
    sentence = dialog.findChildren(QLabel)[1].text()
    assert "fault of the program" in sentence
    assert "shapes <b>differ</b>" in sentence

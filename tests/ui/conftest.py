"""The window under test, with the fake engine and answers in place of dialogs."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import subprocess
import sys
from pathlib import Path

import pytest
from fakes import FakeServices
from PySide6.QtCore import QEvent, QTranslator
from PySide6.QtWidgets import QApplication

from inpaintgui import paths
from inpaintgui.settings import Settings
from inpaintgui.ui import theme
from inpaintgui.ui.dialogs import Lost, Unsaved
from inpaintgui.ui.main_window import MainWindow


class Answers:
    """Stands in for Dialogs: says what it is told to and notes what it was asked and shown."""

    def __init__(self, folder):
        self.open_path = None
        self.export_path = folder / "result.png"
        self.project_path = folder / "work.inpaint"
        self.unsaved = Unsaved.STAY
        self.lost = Lost.RESTORE
        self.asked_lost = []
        self.proposals = []
        self.amount = 3
        self.mask_name = None
        self.mask_path = folder / "mask.png"
        self.mask_export_path = folder / "exported.png"
        self.threshold = (128, False)
        self.asked_unsaved = 0
        self.stops_batch = True
        self.asked_stop_batch = 0
        self.errors = []

    def ask_open(self, folder):
        return () if self.open_path is None else (self.open_path,)

    def ask_export(self, proposal):
        self.proposals.append(proposal)
        return self.export_path

    def ask_project(self, proposal):
        self.proposals.append(proposal)
        return self.project_path

    def ask_lost(self, name, saved, others):
        self.asked_lost.append((name, saved, others))
        return self.lost

    def ask_unsaved(self, name):
        self.asked_unsaved += 1
        return self.unsaved

    def ask_stop_batch(self):
        self.asked_stop_batch += 1
        return self.stops_batch

    def ask_amount(self, how, proposal):
        return self.amount

    def ask_mask_name(self, proposal):
        return self.mask_name or proposal

    def ask_mask_file(self, folder):
        return self.mask_path

    def ask_threshold(self, name, grey, size):
        return self.threshold

    def ask_mask_export(self, proposal):
        return self.mask_export_path

    def show_error(self, summary, error):
        self.errors.append((summary, error))


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "window.ini").write_text("[General]\nhints_seen=yes\n")  # the first cards would lie over the canvas


@pytest.fixture
def qapp(qapp):
    if not qapp.styleSheet():
        theme.apply(qapp, "dark")
    return qapp


@pytest.fixture
def services():
    return FakeServices()


@pytest.fixture
def answers(tmp_path):
    return Answers(tmp_path)


@pytest.fixture
def window(qtbot, services, answers):
    """A shown window whose engine is ready; closed and joined afterwards."""
    made = MainWindow(services, Settings(brush_size=10.0), dialogs=answers)
    made.resize(1280, 720)
    with qtbot.waitSignal(made.controller.engine_ready):
        made.show()
    yield made
    for gate in services.gates.values():
        gate.set()
    answers.unsaved = Unsaved.DISCARD
    made.close()
    qtbot.waitUntil(made.isHidden)
    assert made.all_joined
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_photo(qtbot, window):
    """Opens the fake's photo under a name and waits until it is shown."""

    def opened(name="beach.jpg"):
        with qtbot.waitSignal(window.controller.document_replaced):
            window.files.open_path(Path(name).absolute())
        return window.controller.document

    return opened


@pytest.fixture
def canvas(window, open_photo):
    open_photo()
    return window.canvas


@pytest.fixture
def document(window, canvas):
    return window.controller.document


def tool(name):
    """One of Qt's tools."""
    return str(Path(sys.executable).with_name(name))


def file_of(language):
    """The translations into a language."""
    return paths.resources() / "translations" / f"inpaintgui_{language}.ts"


@pytest.fixture(scope="session")
def compiled_chinese(tmp_path_factory):
    compiled = tmp_path_factory.mktemp("translations") / "inpaintgui_zh_CN.qm"
    subprocess.run([tool("pyside6-lrelease"), str(file_of("zh_CN")), "-qm", str(compiled)], check=True)
    return compiled


@pytest.fixture
def chinese(qapp, compiled_chinese):
    """The program's texts are Chinese."""
    translator = QTranslator()
    assert translator.load(str(compiled_chinese))
    QApplication.installTranslator(translator)
    yield
    QApplication.removeTranslator(translator)

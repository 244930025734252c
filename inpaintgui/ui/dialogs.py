"""Everything that asks or tells the user something in a box of its own. Tests put a stand-in in its place."""

from __future__ import annotations

import enum
import traceback
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inpaintgui import __version__
from inpaintgui.contracts import Mask
from inpaintgui.errors import InpaintguiError
from inpaintgui.selecting import Refine
from inpaintgui.ui.formats import PROJECT_SUFFIX, export_filters, open_filters, project_filter
from inpaintgui.ui.mask_import import MaskImport
from inpaintgui.ui.texts import error_text

_MOST_PIXELS = 500


class Unsaved(enum.Enum):
    """What to do with changes that were not exported."""

    EXPORT = enum.auto()
    DISCARD = enum.auto()
    STAY = enum.auto()


class Lost(enum.Enum):
    """What to do with a session that a crash left."""

    RESTORE = enum.auto()
    DISCARD = enum.auto()
    LATER = enum.auto()


class Dialogs(QObject):
    """The questions, asked with Qt's dialogs over a parent window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent

    def ask_open(self, folder: Path) -> tuple[Path, ...]:
        """Which photos to open; none if the user thinks better of it."""
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open photos"), str(folder), open_filters())
        return tuple(Path(name) for name in names)

    def ask_export(self, proposal: Path) -> Path | None:
        """Where to write; the dialog itself asks before an existing file is replaced."""
        dialog = QFileDialog(self._window, self.tr("Export photo"), str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(export_filters(proposal.suffix))
        # Added by the dialog, so that its question about existing files is about the right name.
        dialog.setDefaultSuffix(proposal.suffix)
        dialog.selectFile(proposal.name)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        return Path(dialog.selectedFiles()[0])

    def ask_project(self, proposal: Path) -> Path | None:
        """Where to save a project; the dialog itself asks before an existing file is replaced."""
        dialog = QFileDialog(self._window, self.tr("Save project"), str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(project_filter())
        dialog.setDefaultSuffix(PROJECT_SUFFIX)
        dialog.selectFile(proposal.name)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        return Path(dialog.selectedFiles()[0])

    def ask_lost(self, name: str, saved: datetime, others: int) -> Lost:
        """Whether photos of a session that ended unexpectedly are to be restored. others: how many beside this one."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Restore the last session"))
        box.setText(self.tr("The program ended unexpectedly while “{}” was open.").format(name or self.tr("a photo")))
        moment = QDateTime.fromSecsSinceEpoch(int(saved.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        told = self.tr("The photo, the mask and the history can be restored as they were on {}.").format(when)
        if others:
            told += " " + self.tr("The same goes for the other photos that were open: {}.").format(others)
        box.setInformativeText(told)
        restore = box.addButton(self.tr("Restore"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        later = box.addButton(self.tr("Not now"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(restore)
        box.setEscapeButton(later)
        box.exec()
        clicked = box.clickedButton()
        if clicked is restore:
            return Lost.RESTORE
        return Lost.DISCARD if clicked is discard else Lost.LATER

    def ask_unsaved(self, name: str) -> Unsaved:
        """Whether changes to the photo of that name are exported, given up, or looked at again."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Unsaved changes"))
        box.setText(self.tr("“{}” has changes that were not exported.").format(name))
        box.setInformativeText(self.tr("If you do not export them, they are lost."))
        export = box.addButton(self.tr("Export…"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(export)
        box.setEscapeButton(stay)
        box.exec()
        clicked = box.clickedButton()
        if clicked is export:
            return Unsaved.EXPORT
        return Unsaved.DISCARD if clicked is discard else Unsaved.STAY

    def ask_stop_batch(self) -> bool:
        """Whether to give up the photos of a batch that are not filled yet."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Fill many photos"))
        box.setText(self.tr("Photos are still being filled."))
        box.setInformativeText(self.tr("What is ready stays. The photos that are left can be filled later."))
        stop = box.addButton(self.tr("Stop filling"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is stop

    def ask_amount(self, how: Refine, proposal: int) -> int | None:
        """By how many pixels the mask is to be changed."""
        titles = {
            Refine.GROW: self.tr("Grow mask"),
            Refine.SHRINK: self.tr("Shrink mask"),
            Refine.FEATHER: self.tr("Feather mask"),
            Refine.SMOOTH: self.tr("Smooth mask"),
        }
        amount, agreed = QInputDialog.getInt(
            self._window, titles[how], self.tr("By how many pixels of the photo"), proposal, 1, _MOST_PIXELS
        )
        return amount if agreed else None

    def ask_mask_name(self, proposal: str) -> str | None:
        """A name for the mask."""
        name, agreed = QInputDialog.getText(self._window, self.tr("Keep mask"), self.tr("Name"), text=proposal)
        return name.strip() if agreed else None

    def ask_mask_file(self, folder: Path) -> Path | None:
        """Which image is the mask."""
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import mask"), str(folder), open_filters())
        return Path(name) if name else None

    def ask_threshold(self, name: str, grey: Mask, size: tuple[int, int]) -> tuple[int, bool] | None:
        """From which brightness on an image is hole, and whether it is the dark part. grey, size: see MaskImport."""
        dialog = MaskImport(name, grey, size, self._window)
        return dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else None

    def ask_mask_export(self, proposal: Path) -> Path | None:
        """Where to write the mask."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export mask"), str(proposal), export_filters(".png")
        )
        path = Path(name)
        return (path if path.suffix else path.with_suffix(".png")) if name else None

    def show_error(self, summary: str, error: BaseException) -> None:
        """Tell about a failure. Returns at once."""
        ErrorDialog(summary, error, self._window).open()


class ErrorDialog(QDialog):
    """One plain sentence, and the details to copy for those who can help."""

    def __init__(self, summary: str, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        expected = isinstance(error, InpaintguiError)
        sentence = (
            error_text(error)
            if expected
            else self.tr("This is a fault of the program, not yours: {}").format(f"{type(error).__name__}: {error}")
        )
        self.details = error_details(summary, error)
        title = QLabel(summary)
        title.setObjectName("error_title")
        title.setStyleSheet("font-weight: 600;")
        text = QLabel(sentence)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setMinimumWidth(420)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QPlainTextEdit(self.details)
        box.setReadOnly(True)
        box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        box.setMinimumHeight(200)
        box.setVisible(not expected)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(self.tr("Copy details"))
        show = QPushButton(self.tr("Show details"))
        show.setCheckable(True)
        show.setChecked(not expected)
        show.toggled.connect(box.setVisible)
        show.toggled.connect(lambda _on: self.adjustSize())
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details))
        buttons.addButton(show, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (title, text, box, buttons):
            layout.addWidget(widget)


def error_details(summary: str, error: BaseException) -> str:
    """What to send along with a bug report."""
    trace = "".join(traceback.format_exception(error))
    return f"inpaintgui {__version__}\n{summary}\n\n{trace}"

"""About the program: versions, device, licences of the weights and their data, all of it to be copied."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
)
from PySide6.QtWidgets import QWidget as Widget

from inpaintgui import __version__
from inpaintgui.contracts import FinderInfo, PriorInfo
from inpaintgui.errors import SaveError
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.diagnostics import diagnostics, write_bundle


class AboutDialog(QDialog):
    """Shown by Help → About."""

    def __init__(self, controller: Controller, parent: Widget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About"))
        self.resize(560, 460)
        self._controller = controller
        self.details = diagnostics(controller)
        page = QTextBrowser()
        page.setHtml(self._licences(controller) + self._versions())
        layout = QVBoxLayout(self)
        layout.addLayout(self._head())
        layout.addWidget(page)
        layout.addWidget(self._buttons())

    def _head(self) -> QHBoxLayout:
        """What the program is."""
        picture = QLabel()
        picture.setPixmap(QGuiApplication.windowIcon().pixmap(64, 64))
        self.title = QLabel(f"inpaintgui {__version__}")
        self.title.setObjectName("welcome_title")
        text = QLabel(
            self.tr(
                "Content-aware fill that searches the latent space of generative networks. "
                "Everything is computed on this computer. MIT licence."
            )
        )
        text.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(text)
        head.addLayout(words, stretch=1)
        return head

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = QPushButton(self.tr("Copy diagnostics"))
        self.copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(self.details))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.save = QPushButton(self.tr("Save diagnostics…"))
        self.save.setToolTip(
            self.tr(
                "A zip file for a bug report: versions, settings and the log, which names the files that were opened. "
                "It holds nothing of what the photos show."
            )
        )
        self.save.clicked.connect(self._save)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        return buttons

    def _save(self) -> None:
        proposal = str(Path.home() / "inpaintgui-diagnostics.zip")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save diagnostics"), proposal, "ZIP (*.zip)")
        if not name:
            return
        path = Path(name)
        try:
            write_bundle(path, self.details)
        except SaveError as error:
            self._controller.failed.emit(self.tr("The diagnostics cannot be saved."), error)
        else:
            self._controller.message.emit(self.tr("Saved to {}.").format(path))

    def _licences(self, controller: Controller) -> str:
        networks: list[PriorInfo | FinderInfo] = [*controller.priors, *controller.finders]
        rows = [
            f"<p><b>{escape(info.title)}</b><br>{escape(info.data)}<br>{escape(info.licence)}</p>" for info in networks
        ]
        if not rows:
            loading = self.tr("The engine is still being loaded.")
            rows = [f"<p>{escape(loading)}</p>"]
        title = self.tr("Networks, what they learnt from, and their terms")
        return f"<h3>{escape(title)}</h3>" + "".join(rows)

    def _versions(self) -> str:
        lines = "<br>".join(escape(line) for line in self.details.splitlines())
        title = self.tr("Versions and devices")
        return f"<h3>{escape(title)}</h3><p>{lines}</p>"

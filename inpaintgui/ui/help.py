"""The help page: shortcuts and gestures, straight from the actions' table."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from inpaintgui import __version__
from inpaintgui.ui.actions import GESTURES, shortcut_rows, translated


def help_html() -> str:
    """All shortcuts, by menu, and what the pointer does."""
    parts = [_table(translated("Pointer and held keys"), [(translated(a), translated(b)) for a, b in GESTURES])]
    by_menu: dict[str, list[tuple[str, str]]] = {}
    for menu, keys, text in shortcut_rows():
        by_menu.setdefault(menu, []).append((keys, text))
    parts += [_table(menu, rows) for menu, rows in by_menu.items()]
    return "".join(parts)


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding:2px 24px 2px 0'><b>{escape(keys)}</b></td>"
        f"<td style='padding:2px 0'>{escape(text)}</td></tr>"
        for keys, text in rows
    )
    return f"<h3>{escape(title)}</h3><table>{cells}</table>"


class HelpDialog(QDialog):
    """Shown by F1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(520, 620)
        page = QTextBrowser()
        page.setHtml(help_html())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(page)
        layout.addWidget(buttons)


def show_about(parent: QWidget) -> None:
    """Name, version and licence."""
    box = QMessageBox(parent)
    box.setWindowTitle(parent.tr("About"))
    box.setIconPixmap(parent.windowIcon().pixmap(64, 64))
    box.setText(f"inpaintgui {__version__}")
    box.setInformativeText(
        parent.tr(
            "Content-aware fill that searches the latent space of generative networks. "
            "Everything is computed on this computer. MIT licence."
        )
    )
    box.open()

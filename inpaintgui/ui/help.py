"""The help page: shortcuts and gestures, straight from the actions' table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from inpaintgui.ui.actions import GESTURES, shortcut_rows, translated
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

_POINTER = QT_TRANSLATE_NOOP("Actions", "Pointer and held keys")


def help_html(shortcuts: Mapping[str, Sequence[str]] | None = None) -> str:
    """All shortcuts, by menu, and what the pointer does. shortcuts: those in force, if not the declared ones."""
    parts = [_table(translated(_POINTER), [(translated(a), translated(b)) for a, b in GESTURES])]
    by_menu: dict[str, list[tuple[str, str]]] = {}
    for menu, keys, text in shortcut_rows(shortcuts):
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

    def __init__(self, shortcuts: Mapping[str, Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(520, 620)
        page = QTextBrowser()
        page.setHtml(help_html(shortcuts))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(page)
        layout.addWidget(buttons)

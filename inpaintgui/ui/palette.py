"""The command palette: type a few letters of what you want to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from inpaintgui.ui.actions import without_mnemonic

_MOST = 200
_INDEX = Qt.ItemDataRole.UserRole
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}


@dataclass(frozen=True)
class Entry:
    """A line of the palette. where: the menu that it stands in."""

    action: QAction
    where: str

    @property
    def text(self) -> str:
        return without_mnemonic(self.action.text()).rstrip("…")

    @property
    def shown(self) -> str:
        """The line as it is drawn."""
        keys = self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return f"{self.where} › {self.text}" + (f"    {keys}" if keys else "")


def score(wanted: str, text: str) -> int | None:
    """How well letters fit a text: smaller is better, None not at all. Whole words first, then letters in order."""
    wanted, text = wanted.lower().strip(), text.lower()
    if not wanted:
        return 0
    found = text.find(wanted)
    if found >= 0:
        return found if found == 0 or not text[found - 1].isalnum() else 100 + found
    at, gaps = -1, 0
    for letter in wanted.replace(" ", ""):
        nearest = text.find(letter, at + 1)
        if nearest < 0:
            return None
        gaps += nearest - at - 1
        at = nearest
    return 1000 + gaps


class CommandPalette(QDialog):
    """Lists what can be done now; Enter does it."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = list(entries)
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Type what you want to do"))
        self.line.setAccessibleName(self.tr("Command"))
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.resize(520, 420)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._run)
        self.list.itemClicked.connect(lambda _item: self._run())
        self.line.installEventFilter(self)
        self._filter("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the line keeps the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)

    def _filter(self, wanted: str) -> None:
        ranked = []
        for number, entry in enumerate(self._entries):
            # The menu's name may be typed too, but a hit in the text itself counts more.
            scores = [score(wanted, entry.text), score(wanted, f"{entry.where} {entry.text}")]
            fits = [value + 50 * place for place, value in enumerate(scores) if value is not None]
            if fits:
                ranked.append((not entry.action.isEnabled(), min(fits), number))
        self.list.clear()
        for _disabled, _score, number in sorted(ranked)[:_MOST]:
            self._add(number)
        self.list.setCurrentRow(0)

    def _add(self, number: int) -> None:
        entry = self._entries[number]
        item = QListWidgetItem(entry.shown)
        item.setData(_INDEX, number)
        if not entry.action.isEnabled():
            item.setForeground(self.palette().placeholderText())
        self.list.addItem(item)

    def _run(self) -> None:
        if not self.list.count():
            return
        action = self._entries[self.list.currentItem().data(_INDEX)].action
        if action.isEnabled():
            self.accept()
            action.trigger()

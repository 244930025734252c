"""Lists every action with its keys; new keys are pressed into a field. Keys that are taken are refused by name."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inpaintgui.ui import shortcuts
from inpaintgui.ui.actions import ACTIONS, plain_text, translated, without_mnemonic

_ID = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Edits a copy of the shortcuts; ``changed`` tells of every one that was set."""

    changed = Signal(object)
    """dict[str, tuple[str, ...]]."""

    def __init__(self, current: dict[str, tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Customise shortcuts"))
        self.resize(560, 600)
        self._shortcuts = dict(current)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setAccessibleName(self.tr("Actions and their keys"))
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setAccessibleName(self.tr("New keys"))
        self.assign = QPushButton(self.tr("Assign"))
        self.clear = QPushButton(self.tr("No keys"))
        self.reset = QPushButton(self.tr("Default"))
        self.told = QLabel()
        self.told.setObjectName("dim")
        self.told.setWordWrap(True)
        self._lay_out()
        self._list()
        self.assign.clicked.connect(lambda _checked=False: self._assign())
        self.clear.clicked.connect(lambda _checked=False: self._set(()))
        self.reset.clicked.connect(lambda _checked=False: self._reset())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("New keys:")))
        row.addWidget(self.keys, stretch=1)
        for button in (self.assign, self.clear, self.reset):
            button.setAutoDefault(False)
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tree)
        layout.addLayout(row)
        layout.addWidget(self.told)
        layout.addWidget(buttons)

    def _list(self) -> None:
        menus: dict[str, QTreeWidgetItem] = {}
        for spec in ACTIONS:
            if spec.menu not in menus:
                menus[spec.menu] = QTreeWidgetItem(self.tree, [without_mnemonic(translated(spec.menu))])
                menus[spec.menu].setExpanded(True)
            item = QTreeWidgetItem(menus[spec.menu], [plain_text(spec), self._shown(spec.id)])
            item.setData(0, _ID, spec.id)

    def _shown(self, name: str) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        return ", ".join(QKeySequence(keys).toString(native) for keys in self._shortcuts[name])

    def _chosen(self) -> str | None:
        item = self.tree.currentItem()
        name = item.data(0, _ID) if item is not None else None
        return str(name) if name is not None else None

    def _assign(self) -> None:
        keys = self.keys.keySequence().toString()
        if keys:
            self._set((keys,))

    def _reset(self) -> None:
        name = self._chosen()
        if name is not None:
            self._set(shortcuts.defaults()[name])

    def _set(self, keys: tuple[str, ...]) -> None:
        name = self._chosen()
        if name is None:
            self.told.setText(self.tr("Choose an action first."))
            return
        others = {other: taken for other, taken in self._shortcuts.items() if other != name}
        for key in keys:
            user = shortcuts.user_of(key, others)
            if user is not None:
                spec = next(spec for spec in ACTIONS if spec.id == user)
                self.told.setText(self.tr("“{}” has these keys already.").format(plain_text(spec)))
                return
        self._shortcuts[name] = keys
        self.told.clear()
        self.keys.clear()
        item = self.tree.currentItem()
        if item is not None:
            item.setText(1, self._shown(name))
        self.changed.emit(dict(self._shortcuts))

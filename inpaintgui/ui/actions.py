"""What derives from the table of actions: the actions themselves, tool tips, the list of shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from inpaintgui.ui import icons
from inpaintgui.ui.action_table import ACTIONS, GESTURES, MENUS, ActionSpec

__all__ = ["ACTIONS", "GESTURES", "MENUS", "ActionSpec", "build", "shortcut_rows", "tooltip", "translated"]


def translated(text: str) -> str:
    """A text of this module in the user's language."""
    return QCoreApplication.translate("Actions", text)


def build(parent: QWidget, slots: Mapping[str, Callable[..., object]]) -> dict[str, QAction]:
    """One QAction per declaration, by id, belonging to ``parent``. slots: exactly one per id.

    A checkable action's slot gets the new state; the others' get nothing.
    """
    declared = {spec.id for spec in ACTIONS}
    if slots.keys() != declared:
        raise ValueError(f"actions and slots disagree: {sorted(slots.keys() ^ declared)}")
    built: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for spec in ACTIONS:
        action = QAction(translated(spec.text), parent)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setCheckable(spec.checkable)
        if spec.icon:
            action.setIcon(icons.icon(spec.icon))
        action.setToolTip(tooltip(spec))
        if spec.group:
            if spec.group not in groups:
                groups[spec.group] = QActionGroup(parent)
            groups[spec.group].addAction(action)
        _connect(action, slots[spec.id])
        parent.addAction(action)
        built[spec.id] = action
    return built


def _connect(action: QAction, slot: Callable[..., object]) -> None:
    if action.isCheckable():
        action.triggered.connect(slot)
    else:
        action.triggered.connect(lambda _checked=False: slot())


def tooltip(spec: ActionSpec) -> str:
    """The text without its mnemonic, and the first shortcut."""
    text = translated(spec.text).replace("&", "").rstrip("…")
    return f"{text} ({_native(spec.shortcuts[0])})" if spec.shortcuts else text


def shortcut_rows() -> list[tuple[str, str, str]]:
    """(menu, keys, text) of every action with a shortcut, for the help page."""
    return [
        (
            translated(spec.menu).replace("&", ""),
            ", ".join(_native(keys) for keys in spec.shortcuts),
            translated(spec.text).replace("&", "").rstrip("…"),
        )
        for spec in ACTIONS
        if spec.shortcuts
    ]


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

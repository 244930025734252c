"""What derives from the table of actions: the actions themselves, tool tips, the list of shortcuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from inpaintgui.ui import icons
from inpaintgui.ui.action_table import ACTIONS, GESTURES, MENUS, ActionSpec

__all__ = [
    "ACTIONS",
    "GESTURES",
    "MENUS",
    "ActionSpec",
    "build",
    "plain_text",
    "shortcut_rows",
    "tooltip",
    "translated",
    "without_mnemonic",
]


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
            icons.give(action, spec.icon)
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


def without_mnemonic(text: str) -> str:
    """A menu's text as it is read. Chinese ones have their mnemonics in brackets behind the text."""
    return re.sub(r"\(&.\)", "", text).replace("&&", "\0").replace("&", "").replace("\0", "&")


def plain_text(spec: ActionSpec) -> str:
    """An action's text without its mnemonic and without the dots of a dialog."""
    return without_mnemonic(translated(spec.text)).rstrip("…")


def tooltip(spec: ActionSpec, shortcuts: Sequence[str] | None = None) -> str:
    """The text without its mnemonic, and the first shortcut. shortcuts: those in force, if not the declared ones."""
    keys = spec.shortcuts if shortcuts is None else shortcuts
    return f"{plain_text(spec)} ({_native(keys[0])})" if keys else plain_text(spec)


def shortcut_rows(shortcuts: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, str, str]]:
    """(menu, keys, text) of every action with a shortcut, for the help page. shortcuts: as for :func:`tooltip`."""
    in_force = {spec.id: spec.shortcuts if shortcuts is None else shortcuts[spec.id] for spec in ACTIONS}
    return [
        (
            without_mnemonic(translated(spec.menu)),
            ", ".join(_native(keys) for keys in in_force[spec.id]),
            plain_text(spec),
        )
        for spec in ACTIONS
        if in_force[spec.id]
    ]


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

"""Every action, declared once: menus, tool bar, shortcuts and the help page derive from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from inpaintgui.ui import icons
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

FILE, EDIT, TOOLS, VIEW, FILL, HELP = MENUS = (
    QT_TRANSLATE_NOOP("Actions", "&File"),
    QT_TRANSLATE_NOOP("Actions", "&Edit"),
    QT_TRANSLATE_NOOP("Actions", "&Tools"),
    QT_TRANSLATE_NOOP("Actions", "&View"),
    QT_TRANSLATE_NOOP("Actions", "F&ill"),
    QT_TRANSLATE_NOOP("Actions", "&Help"),
)


@dataclass(frozen=True)
class ActionSpec:
    """One thing the user can do.

    id: the name in code. menu: one of MENUS. text: with its mnemonic. shortcuts: the first one is shown. icon: file in
    resources/icons. group: actions of the same group exclude each other. separated: a line before it in the menu.
    """

    id: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    separated: bool = False


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", FILE, QT_TRANSLATE_NOOP("Actions", "&Open…"), ("Ctrl+O",), "open"),
    ActionSpec("export", FILE, QT_TRANSLATE_NOOP("Actions", "&Export"), ("Ctrl+S",), "export", separated=True),
    ActionSpec("export_as", FILE, QT_TRANSLATE_NOOP("Actions", "Export &as…"), ("Ctrl+Shift+S",)),
    ActionSpec("quit", FILE, QT_TRANSLATE_NOOP("Actions", "&Quit"), ("Ctrl+Q",), separated=True),
    ActionSpec("undo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Undo"), ("Ctrl+Z",), "undo"),
    ActionSpec("redo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec(
        "clear_mask", EDIT, QT_TRANSLATE_NOOP("Actions", "&Clear mask"), ("Ctrl+D",), "clear-mask", separated=True
    ),
    ActionSpec("invert_mask", EDIT, QT_TRANSLATE_NOOP("Actions", "&Invert mask"), ("Ctrl+I",)),
    ActionSpec("clear_square", EDIT, QT_TRANSLATE_NOOP("Actions", "Clear context &square")),
    ActionSpec("brush", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Brush"), ("B",), "brush", checkable=True, group="tool"),
    ActionSpec(
        "eraser", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Eraser"), ("E",), "eraser", checkable=True, group="tool"
    ),
    ActionSpec(
        "square",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Context &square"),
        ("S",),
        "square",
        checkable=True,
        group="tool",
    ),
    ActionSpec("smaller", TOOLS, QT_TRANSLATE_NOOP("Actions", "S&maller brush"), ("[",), separated=True),
    ActionSpec("larger", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Larger brush"), ("]",)),
    ActionSpec("zoom_in", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &in"), ("Ctrl++", "Ctrl+=")),
    ActionSpec("zoom_out", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &out"), ("Ctrl+-",)),
    ActionSpec("actual_size", VIEW, QT_TRANSLATE_NOOP("Actions", "&100 %"), ("Ctrl+0",), "actual-size"),
    ActionSpec("fit", VIEW, QT_TRANSLATE_NOOP("Actions", "&Fit the window"), ("Ctrl+F",), "fit"),
    ActionSpec(
        "show_mask", VIEW, QT_TRANSLATE_NOOP("Actions", "Show &mask"), ("Q",), "mask", checkable=True, separated=True
    ),
    ActionSpec("compare", VIEW, QT_TRANSLATE_NOOP("Actions", "&Before and after"), ("C",), "compare", checkable=True),
    ActionSpec("fill", FILL, QT_TRANSLATE_NOOP("Actions", "&Fill"), ("Return", "Enter"), "fill"),
    ActionSpec("cancel", FILL, QT_TRANSLATE_NOOP("Actions", "&Cancel the fill"), ("Esc",), "cancel"),
    ActionSpec("new_seed", FILL, QT_TRANSLATE_NOOP("Actions", "&New seed"), (), "dice", separated=True),
    ActionSpec("help", HELP, QT_TRANSLATE_NOOP("Actions", "&Shortcuts"), ("F1",), "help"),
    ActionSpec("about", HELP, QT_TRANSLATE_NOOP("Actions", "&About")),
)

GESTURES: tuple[tuple[str, str], ...] = (
    (QT_TRANSLATE_NOOP("Actions", "Drag"), QT_TRANSLATE_NOOP("Actions", "Paint what should be filled")),
    (
        QT_TRANSLATE_NOOP("Actions", "Alt+drag"),
        QT_TRANSLATE_NOOP("Actions", "Erase with the brush, paint with the eraser"),
    ),
    (QT_TRANSLATE_NOOP("Actions", "Shift+click"), QT_TRANSLATE_NOOP("Actions", "Straight line from the last stroke")),
    (QT_TRANSLATE_NOOP("Actions", "Wheel, Ctrl+wheel"), QT_TRANSLATE_NOOP("Actions", "Zoom at the pointer")),
    (QT_TRANSLATE_NOOP("Actions", "Space+drag, middle drag"), QT_TRANSLATE_NOOP("Actions", "Move the photo")),
    (QT_TRANSLATE_NOOP("Actions", "Tab held"), QT_TRANSLATE_NOOP("Actions", "Show the original")),
    (QT_TRANSLATE_NOOP("Actions", "Esc while painting"), QT_TRANSLATE_NOOP("Actions", "Take the stroke back")),
    (QT_TRANSLATE_NOOP("Actions", "Drop a file"), QT_TRANSLATE_NOOP("Actions", "Open it")),
)


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

"""The user's own shortcuts: a small JSON file beside the settings, from an action's id to its keys."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence

from inpaintgui import paths
from inpaintgui.staged_file import make_folder, replace_file
from inpaintgui.ui.actions import ACTIONS, tooltip

log = logging.getLogger(__name__)


def shortcuts_file() -> Path:
    """Where the shortcuts are kept."""
    return paths.config_dir() / "shortcuts.json"


def defaults() -> dict[str, tuple[str, ...]]:
    """As declared, by id."""
    return {spec.id: spec.shortcuts for spec in ACTIONS}


def load() -> dict[str, tuple[str, ...]]:
    """The shortcuts in force, by id. What cannot be read or names no action is passed over: the declared ones hold."""
    result = defaults()
    try:
        kept = json.loads(shortcuts_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return result
    except (OSError, ValueError, RecursionError) as error:
        log.warning("shortcuts cannot be read: %s", error)
        return result
    for name, keys in kept.items() if isinstance(kept, dict) else ():
        if name in result and isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            result[name] = tuple(keys)
    return result


def save(shortcuts: Mapping[str, tuple[str, ...]]) -> None:
    """Keep what differs from the declared shortcuts. Raises SaveError."""
    declared = defaults()
    own = {name: list(keys) for name, keys in shortcuts.items() if keys != declared[name]}
    make_folder(shortcuts_file().parent)
    replace_file(shortcuts_file(), (json.dumps(own, indent=2) + "\n").encode())


def apply(shortcuts: Mapping[str, tuple[str, ...]], actions: Mapping[str, QAction]) -> None:
    """Give the actions their shortcuts and tool tips."""
    for spec in ACTIONS:
        action = actions[spec.id]
        action.setShortcuts([QKeySequence(keys) for keys in shortcuts[spec.id]])
        action.setToolTip(tooltip(spec, shortcuts[spec.id]))


def user_of(keys: str, shortcuts: Mapping[str, tuple[str, ...]]) -> str | None:
    """The id of the action that has these keys; None if they are free."""
    wanted = QKeySequence(keys)
    for name, taken in shortcuts.items():
        if any(QKeySequence(one) == wanted for one in taken):
            return name
    return None

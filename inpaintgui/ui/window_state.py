"""What of the window outlasts it beside the settings: geometry, docks, and whether the first steps were seen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from inpaintgui import paths

_HINTS_SEEN = "hints_seen"


def keep(window: QMainWindow) -> None:
    """Note where the window and its docks are."""
    store = _store()
    store.setValue("geometry", window.saveGeometry())
    store.setValue("state", window.saveState())


def restore(window: QMainWindow) -> bool:
    """Put them back; False if nothing is known of the docks."""
    store = _store()
    geometry, state = store.value("geometry"), store.value("state")
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    return isinstance(state, QByteArray) and window.restoreState(state)


def hints_were_seen() -> bool:
    """Whether the first steps have been shown to the end."""
    return _store().value(_HINTS_SEEN) is not None


def note_hints() -> None:
    """They have."""
    _store().setValue(_HINTS_SEEN, "yes")


def _store() -> QSettings:
    return QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)

"""Where files live: shipped data in the source tree or the wheel, user data where the platform says.

Environment variable ``INPAINTGUI_HOME`` moves all user data into one folder; tests use it.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_APP = "inpaintgui"


def shipped(kind: str) -> Path:
    """The folder ``resources`` or ``weights`` that came with the program."""
    installed = _PACKAGE / "_data" / kind
    return installed if installed.is_dir() else _PACKAGE.parent / kind


def resources() -> Path:
    """Icons, style sheet, translations, sample photos."""
    return shipped("resources")


def weights() -> Path:
    """The priors that came with the program, with their manifest."""
    return shipped("weights")


def _user(kind: str) -> Path:
    home = os.environ.get("INPAINTGUI_HOME")
    if home:
        return Path(home) / kind
    folders = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
        "cache": platformdirs.user_cache_path,
    }
    return folders[kind](_APP, appauthor=False)


def config_dir() -> Path:
    """Settings and window geometry."""
    return _user("config")


def state_dir() -> Path:
    """Logs, recent files, recovery data."""
    return _user("state")


def cache_dir() -> Path:
    """Files that can be made again."""
    return _user("cache")


def user_weights() -> Path:
    """Priors that the user trained or imported, with a manifest of their own."""
    return _user("data") / "weights"

"""The photos opened last, newest first, in a small JSON file. A bad file means none."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from inpaintgui import paths
from inpaintgui.errors import SaveError
from inpaintgui.staged_file import make_folder, replace_file

log = logging.getLogger(__name__)
LIMIT = 10


def recent_file() -> Path:
    """Where the list is kept."""
    return paths.state_dir() / "recent.json"


def load() -> list[Path]:
    """Absolute paths, newest first; some may not exist any more."""
    try:
        names = json.loads(recent_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        log.warning("recent files cannot be read: %s", error)
        return []
    if not isinstance(names, list):
        return []
    return [Path(name) for name in names if isinstance(name, str)][:LIMIT]


def remember(path: Path) -> list[Path]:
    """Put a photo first; the new list. Failing to keep it is no reason to disturb the user: it is logged."""
    path = path.absolute()
    files = [path, *(other for other in load() if other != path)][:LIMIT]
    try:
        make_folder(recent_file().parent)
        replace_file(recent_file(), json.dumps([str(file) for file in files], indent=2, ensure_ascii=False).encode())
    except SaveError as error:
        log.warning("recent files: %s", error)
    return files


def forget() -> None:
    """Empty the list."""
    recent_file().unlink(missing_ok=True)

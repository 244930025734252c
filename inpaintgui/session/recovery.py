"""What is kept of a session while it runs, so that nothing is lost if the program or the machine dies.

Every running session has a folder of its own, with a lock that the system lets go when its process ends, however it
ends. A folder whose lock is free belongs to nobody: if there is a project in it, that session ended without its user
knowing, and is offered at the next start.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from inpaintgui import limits, paths
from inpaintgui.errors import InpaintguiError
from inpaintgui.session.blobs import MANIFEST, FolderReader, FolderWriter
from inpaintgui.session.project import Project, write_project
from inpaintgui.staged_file import make_folder

log = logging.getLogger(__name__)

_LOCK = "lock"


def recovery_root() -> Path:
    """The folder of all sessions' folders."""
    return paths.state_dir() / "recovery"


def _lock_of(folder: Path) -> FileLock:
    # Taken in one thread and given back in another, perhaps.
    return FileLock(folder / _LOCK, timeout=0, thread_local=False)


class RecoveryFolder:
    """The folder of a running session."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        """With a lock that is held. Use :meth:`create` or :func:`find_lost`."""
        self.folder = folder
        self._lock = lock

    @classmethod
    def create(cls) -> Self:
        """A new one. Raises SaveError if the state folder cannot be written."""
        folder = recovery_root() / f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        make_folder(folder)
        lock = _lock_of(folder)
        lock.acquire()
        return cls(folder, lock)

    def write(self, project: Project) -> None:
        """Keep the project as it is now; parts that are there already are not written again. Raises SaveError."""
        write_project(FolderWriter(self.folder), project)

    def discard(self) -> None:
        """Nothing of it is wanted any more."""
        # The description goes first: a folder without it is never offered.
        with contextlib.suppress(OSError):
            (self.folder / MANIFEST).unlink(missing_ok=True)
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        """Leave it to the next start."""
        self._lock.release()


@dataclass(frozen=True)
class LostSession:
    """A session that ended without its user. name: of its photo. saved: when it was last kept. Its lock is held."""

    recovery: RecoveryFolder
    name: str
    saved: datetime

    @property
    def folder(self) -> Path:
        return self.recovery.folder


def find_lost() -> tuple[LostSession, ...]:
    """All sessions that nobody has, the last one first; what cannot be one is cleared away. Never raises."""
    found = []
    try:
        folders = sorted(folder for folder in recovery_root().iterdir() if folder.is_dir())
    except OSError:
        return ()
    for folder in folders:
        lock = _lock_of(folder)
        try:
            lock.acquire()
        except (Timeout, OSError):
            continue  # in use, or not ours to touch
        lost = _lost(RecoveryFolder(folder, lock))
        found += [lost] if lost is not None else []
    return tuple(sorted(found, key=lambda lost: lost.saved, reverse=True))


def _lost(recovery: RecoveryFolder) -> LostSession | None:
    manifest = recovery.folder / MANIFEST
    if not manifest.is_file():
        recovery.discard()
        return None
    for partial in [*recovery.folder.glob(".*.partial"), *recovery.folder.glob("*/.*.partial")]:
        partial.unlink(missing_ok=True)
    try:
        content = json.loads(FolderReader(recovery.folder).manifest()[: limits.PROJECT_MANIFEST])
        name = str(content["original"]["name"])
        saved = datetime.fromtimestamp(manifest.stat().st_mtime)
    except (InpaintguiError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        log.warning("the session in %s cannot be read: %s", recovery.folder, error)
        recovery.release()
        return None
    return LostSession(recovery, name, saved)

"""Writes a file so that the old one or the new one is there, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from inpaintgui.errors import SaveError
from inpaintgui.sentences import os_reason, say


def check_writable(path: Path) -> None:
    """Raise SaveError if ``path`` cannot be written: no such folder, a folder itself, or no permission."""
    target = path.resolve()
    if target.is_dir():
        raise SaveError(say('Cannot save "{path}": it is a folder.', path=path))
    if not target.parent.is_dir():
        raise SaveError(
            say('Cannot save "{path}": the folder "{folder}" does not exist.', path=path, folder=target.parent)
        )
    if target.exists() and not os.access(target, os.W_OK):
        raise SaveError(say('Cannot save "{path}": the file is write-protected.', path=path))
    if not os.access(target.parent, os.W_OK):
        raise SaveError(
            say('Cannot save "{path}": the folder "{folder}" is write-protected.', path=path, folder=target.parent)
        )


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, if they are not there yet. Raises SaveError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            say('The folder "{folder}" cannot be made: {reason}.', folder=folder, reason=os_reason(error))
        ) from error


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``: a temporary file beside it, fsync, atomic replace.

    An existing file keeps its permissions; through a symbolic link the file that it names is replaced. Raises
    SaveError; then the file is as it was and nothing is left beside it.
    """
    write_file(path, lambda file: file.write(data))


def write_file(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """As :func:`replace_file`, for content that is written piece by piece. fill: writes it into an open file."""
    check_writable(path)
    target = path.resolve()
    permissions = _permissions(target)
    staged = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with _staged(staged) as file:
            fill(file)
        if permissions is not None:
            staged.chmod(permissions)
        staged.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise SaveError(say('Cannot save "{path}": {reason}.', path=path, reason=os_reason(error))) from error
    finally:
        staged.unlink(missing_ok=True)


def _permissions(target: Path) -> int | None:
    return stat.S_IMODE(target.stat().st_mode) if target.exists() else None


@contextlib.contextmanager
def _staged(path: Path) -> Iterator[BinaryIO]:
    """A new file to write to, on the disk when the block ends."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name durable. Not every system can (Windows, some network folders); the file is whole anyway."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

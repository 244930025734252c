"""Where a project's parts lie: in a zip file, or as files of a folder. Parts are named by the hash of their bytes.

So a part is written once however often the project is saved, and damage is found when it is read. Nothing is ever
unpacked to a path that a file names: parts are read into memory by their hash.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from inpaintgui import limits
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import os_reason, say
from inpaintgui.staged_file import make_folder, replace_file

MANIFEST = "project.json"
_PARTS = "parts"


def blob_name(data: bytes) -> str:
    """The name of a part: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class BlobReader(Protocol):
    """Gives out parts."""

    def manifest(self) -> bytes:
        """The project's description. Raises BadInputError."""

    def blob(self, name: str, most: int) -> bytes:
        """The part of that name, a SHA-256. Raises BadInputError if it is missing, damaged or above ``most`` bytes."""


class ZipReader:
    """A project file."""

    def __init__(self, path: Path) -> None:
        """Raises BadInputError if it cannot be read."""
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise BadInputError(
                say("The project “{path}” cannot be read: {reason}.", path=path, reason=os_reason(error))
            ) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise BadInputError(say("“{path}” is not a project, or it is damaged.", path=path)) from error
        if len(self._zip.namelist()) > limits.PROJECT_MEMBERS:
            raise BadInputError(say("“{path}” has more parts than any project may have.", path=path))

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def manifest(self) -> bytes:
        return self._read(MANIFEST, limits.PROJECT_MANIFEST)

    def blob(self, name: str, most: int) -> bytes:
        member = f"{_PARTS}/{name}"
        if member in self._zip.NameToInfo and self._zip.getinfo(member).compress_type != zipfile.ZIP_STORED:
            # So that a part is never larger than the file.
            raise BadInputError(say("The project “{path}” is damaged: a part is compressed twice.", path=self._path))
        return _checked(self._read(member, most), name, self._path)

    def _read(self, name: str, most: int) -> bytes:
        """At most ``most`` bytes, whatever the zip's directory claims."""
        try:
            with self._zip.open(name) as member:
                data = member.read(most + 1)
        except KeyError as error:
            raise BadInputError(say("The project “{path}” lacks a part.", path=self._path)) from error
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            raise BadInputError(
                say("The project “{path}” is damaged: {error}.", path=self._path, error=error)
            ) from error
        except Exception as error:
            # zlib.error, lzma.LZMAError and their like: what a decompressor raises about damage has no common base.
            raise BadInputError(
                say("The project “{path}” is damaged: {error}.", path=self._path, error=error)
            ) from error
        if len(data) > most:
            raise BadInputError(say("The project “{path}” has a part that is larger than it may be.", path=self._path))
        return data


class MeteredReader:
    """Another reader, which gives out only so much in all: a small file can name the same large part in every step.

    Honest projects seldom name a part twice.
    """

    _OFTEN, _ANYWAY = 16, 64 * limits.MEBIBYTE

    def __init__(self, reader: BlobReader) -> None:
        self._reader = reader
        self._sizes: dict[str, int] = {}
        self._given = 0

    def manifest(self) -> bytes:
        return self._reader.manifest()

    def blob(self, name: str, most: int) -> bytes:
        data = self._reader.blob(name, most)
        self._sizes[name] = len(data)
        self._given += len(data)
        if self._given > self._OFTEN * sum(self._sizes.values()) + self._ANYWAY:
            raise BadInputError(say("The project is damaged: it names the same parts again and again."))
        return data


class FolderReader:
    """A project that is laid out in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def manifest(self) -> bytes:
        return self._read(self._folder / MANIFEST, limits.PROJECT_MANIFEST)

    def blob(self, name: str, most: int) -> bytes:
        return _checked(self._read(self._folder / _PARTS / name, most), name, self._folder)

    def _read(self, path: Path, most: int) -> bytes:
        try:
            if path.stat().st_size > most:
                raise BadInputError(say("“{path}” is larger than it may be.", path=path))
            return path.read_bytes()
        except OSError as error:
            raise BadInputError(
                say("“{path}” cannot be read: {reason}.", path=path, reason=os_reason(error))
            ) from error


def _checked(data: bytes, name: str, place: Path) -> bytes:
    if blob_name(data) != name:
        raise BadInputError(say("The project “{path}” is damaged: a part does not have its hash.", path=place))
    return data


class FolderWriter:
    """Writes a project into a folder, part by part; the project is there as a whole once the manifest is replaced.

    Killed at any moment, the folder holds the last project that was finished.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Whether the part is there already."""
        return (self._folder / _PARTS / name).is_file()

    def add(self, data: bytes) -> str:
        """Write a part, if it is not there yet; returns its name. Raises SaveError."""
        name = blob_name(data)
        if not self.has(name):
            make_folder(self._folder / _PARTS)
            replace_file(self._folder / _PARTS / name, data)
        return name

    def finish(self, manifest: bytes, used: Iterable[str]) -> None:
        """Write the manifest and forget the parts that it does not use. Raises SaveError."""
        make_folder(self._folder)
        replace_file(self._folder / MANIFEST, manifest)
        kept = set(used)
        for part in (self._folder / _PARTS).glob("*"):
            if part.name not in kept:
                part.unlink(missing_ok=True)


class ZipWriter:
    """Writes a project into an open zip file. Parts are compressed already."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._names: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the part is there already."""
        return name in self._names

    def add(self, data: bytes) -> str:
        """Write a part, if it is not there yet; returns its name."""
        name = blob_name(data)
        if name not in self._names:
            self._zip.writestr(f"{_PARTS}/{name}", data)
            self._names.add(name)
        return name

    def finish(self, manifest: bytes, used: Iterable[str]) -> None:
        """Write the manifest."""
        del used
        self._zip.writestr(MANIFEST, manifest, zipfile.ZIP_DEFLATED)


BlobWriter = FolderWriter | ZipWriter

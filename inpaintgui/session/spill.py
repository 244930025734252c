"""Byte strings that were moved from memory to disk: one temporary file without a name, gone with the process."""

from __future__ import annotations

import logging
import tempfile
import threading
import weakref
from collections import deque
from typing import IO

from inpaintgui.errors import SaveError
from inpaintgui.sentences import say

log = logging.getLogger(__name__)


class Spilled:
    """Bytes on disk. Their place is free for others once nobody holds this object any more."""

    def __init__(self, file: SpillFile, offset: int, length: int) -> None:
        self._file, self._offset, self._length = file, offset, length
        weakref.finalize(self, file.freed.append, (offset, length))

    def __len__(self) -> int:
        return self._length

    def read(self) -> bytes:
        """The bytes. Raises SaveError if the disk does not give them back."""
        return self._file.read(self._offset, self._length)


class SpillFile:
    """Where bytes are put. Any thread may read and write."""

    def __init__(self, limit: int) -> None:
        """limit: bytes on disk at most. The file is made when it is first needed."""
        self._limit = limit
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()
        self._end = 0
        self._holes: list[tuple[int, int]] = []
        # Filled by finalizers, which may run at any moment in any thread: appending to a deque needs no lock.
        self.freed: deque[tuple[int, int]] = deque()

    @property
    def size(self) -> int:
        """Bytes that the file takes."""
        return self._end

    def write(self, data: bytes) -> Spilled | None:
        """Put bytes on disk; None if the limit or the disk does not allow it."""
        if self._limit == 0:
            return None
        with self._lock:
            self._take_back()
            offset = self._place(len(data))
            if offset is None:
                return None
            try:
                if self._file is None:
                    self._file = tempfile.TemporaryFile(prefix="inpaintgui-history-")  # noqa: SIM115 - lives on
                    weakref.finalize(self, self._file.close)
                self._file.seek(offset)
                self._file.write(data)
                self._file.flush()
            except OSError as error:
                log.warning("undo steps cannot be moved to disk: %s", error)
                return None
            self._end = max(self._end, offset + len(data))
            return Spilled(self, offset, len(data))

    def read(self, offset: int, length: int) -> bytes:
        """Bytes at a place. Raises SaveError."""
        try:
            with self._lock:
                if self._file is None:
                    raise OSError("nothing was written")
                self._file.seek(offset)
                data = self._file.read(length)
        except OSError as error:
            raise SaveError(say("An undo step cannot be read back from the disk: {error}.", error=error)) from error
        if len(data) != length:
            raise SaveError(say("An undo step cannot be read back from the disk: it is not whole any more."))
        return data

    def _take_back(self) -> None:
        """Join what was freed into holes; a hole at the end shortens the file."""
        while self.freed:
            self._holes.append(self.freed.popleft())
        joined: list[tuple[int, int]] = []
        for offset, length in sorted(self._holes):
            if joined and joined[-1][0] + joined[-1][1] == offset:
                joined[-1] = joined[-1][0], joined[-1][1] + length
            else:
                joined.append((offset, length))
        if joined and joined[-1][0] + joined[-1][1] == self._end:
            self._end = joined.pop()[0]
        self._holes = joined

    def _place(self, length: int) -> int | None:
        """Where ``length`` bytes fit: the first hole, or the end."""
        for number, (offset, free) in enumerate(self._holes):
            if free >= length:
                rest = (offset + length, free - length)
                self._holes[number : number + 1] = [rest] if rest[1] else []
                return offset
        return self._end if self._end + length <= self._limit else None

"""What a mutator did, so that views repaint and enable exactly what they must."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from inpaintgui.contracts import Box

NO_BOX = Box(0, 0, 0, 0)


class Changed(enum.Flag):
    """The parts of a document that views follow.

    OVERLAY is what is drawn over the photo apart from the mask's values: the mask shown or hidden, a context square.
    FILE is the path or whether there is something to save.
    """

    PIXELS = enum.auto()
    MASK = enum.auto()
    EXCLUSION = enum.auto()
    OVERLAY = enum.auto()
    HISTORY = enum.auto()
    FILE = enum.auto()


_NO_CHANGE = Changed(0)


@dataclass(frozen=True)
class Change:
    """What changed and where. ``box`` holds every pixel that has to be drawn again; empty if there is none."""

    what: Changed = _NO_CHANGE
    box: Box = NO_BOX

    def __or__(self, other: Change) -> Change:
        """Both changes, one after the other."""
        return Change(self.what | other.what, self.box.unite(other.box))

    def __bool__(self) -> bool:
        return bool(self.what)


NOTHING = Change()

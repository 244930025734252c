"""What tools have in common: events, the protocol, and what they show while they are used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from inpaintgui.session.changes import Change
from inpaintgui.session.combining import Combine
from inpaintgui.session.document import Document
from inpaintgui.session.raster import Point


@dataclass(frozen=True)
class ToolEvent:
    """A pointer event.

    x, y: in image pixels, anywhere. pressure: 0 to 1, 1 for a mouse. alt, shift: keys held. clicks: 2 for the second
    press of a double click. reach: how far from a point counts as on it, in image pixels. eraser: by the other end of a
    pen, which takes away whatever the tool in hand would do.
    """

    x: float
    y: float
    pressure: float = 1.0
    alt: bool = False
    shift: bool = False
    clicks: int = 1
    reach: float = 6.0
    eraser: bool = False

    @property
    def point(self) -> Point:
        return self.x, self.y

    def meant(self, combine: Combine) -> Combine:
        """How a selection that begins with this event meets the mask, if it would be ``combine`` otherwise."""
        return Combine.SUBTRACT if self.eraser else combine.turned(alt=self.alt, shift=self.shift)


class LineKind(StrEnum):
    """What a line of a sketch means."""

    OUTLINE = "outline"
    KEEP = "keep"
    DROP = "drop"
    HANDLE = "handle"


@dataclass(frozen=True)
class SketchLine:
    """A line over the photo. width: in image pixels, 0 for a hairline."""

    points: tuple[Point, ...]
    kind: LineKind = LineKind.OUTLINE
    closed: bool = False
    width: float = 0.0


Sketch = tuple[SketchLine, ...]
"""What a tool shows of work that is not in the mask yet."""


class Tool(Protocol):
    """What a view drives: press, any number of moves, then release or cancel. Events out of turn do nothing."""

    @property
    def active(self) -> bool:
        """Whether something was begun that is not finished."""

    @property
    def sketch(self) -> Sketch:
        """To be drawn over the photo."""

    def press(self, event: ToolEvent, document: Document) -> Change: ...

    def move(self, event: ToolEvent, document: Document) -> Change: ...

    def hover(self, event: ToolEvent, document: Document) -> Change:
        """The pointer moves with no button down."""

    def release(self, event: ToolEvent, document: Document) -> Change: ...

    def cancel(self, event: ToolEvent, document: Document) -> Change: ...

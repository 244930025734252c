"""Tools: state machines on image coordinates and plain events. They know nothing of a window."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Protocol

from inpaintgui.contracts import Box, ContextSquare
from inpaintgui.session.changes import NO_BOX, NOTHING, Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.raster import Point

SMALLEST_BRUSH = 1.0
LARGEST_BRUSH = 2000.0
SMALLEST_SQUARE = 8.0
PAINT_STROKE = "Brush"
ERASE_STROKE = "Eraser"
_STEP = 0.125


@dataclass(frozen=True)
class ToolEvent:
    """A pointer event. x, y: in image pixels, anywhere. pressure: 0 to 1, 1 for a mouse. alt, shift: keys held."""

    x: float
    y: float
    pressure: float = 1.0
    alt: bool = False
    shift: bool = False

    @property
    def point(self) -> Point:
        return self.x, self.y


class Tool(Protocol):
    """What a view drives: press, any number of moves, then release or cancel. Events out of turn do nothing."""

    def press(self, event: ToolEvent, document: Document) -> Change: ...

    def move(self, event: ToolEvent, document: Document) -> Change: ...

    def release(self, event: ToolEvent, document: Document) -> Change: ...

    def cancel(self, event: ToolEvent, document: Document) -> Change: ...


@dataclass
class _Drag:
    """A brush stroke between press and release."""

    last: Point
    radius: float
    erase: bool


class BrushTool:
    """Paints or erases the mask.

    Pressure scales the size. Alt at the press swaps painting and erasing for the whole stroke. Shift at the press draws
    a straight line from where the last stroke on the same document ended.
    """

    def __init__(self, size: float = 60.0, hardness: float = 1.0, *, erase: bool = False) -> None:
        """Begin. size: diameter in image pixels, clamped to 1..2000. hardness: 0 to 1, clamped."""
        self.size = size
        self.hardness = hardness
        self.erase = erase
        self._drag: _Drag | None = None
        self._end: tuple[weakref.ref[Document], Point] | None = None

    @property
    def size(self) -> float:
        """Diameter in image pixels at full pressure, 1 to 2000."""
        return self._size

    @size.setter
    def size(self, size: float) -> None:
        self._size = min(max(float(size), SMALLEST_BRUSH), LARGEST_BRUSH)

    @property
    def hardness(self) -> float:
        """The part of the radius that is painted fully, 0 to 1."""
        return self._hardness

    @hardness.setter
    def hardness(self, hardness: float) -> None:
        self._hardness = min(max(float(hardness), 0.0), 1.0)

    @property
    def active(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._drag is not None

    def larger(self) -> None:
        """One key press up: an eighth, at least a pixel."""
        self.size = self._size + max(1, round(self._size * _STEP))

    def smaller(self) -> None:
        """One key press down: the inverse of :meth:`larger` up to rounding, at least a pixel."""
        self.size = self._size - max(1, round(self._size * _STEP / (1 + _STEP)))

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Open a stroke and put the first dab."""
        erase = self.erase != event.alt
        self._drag = _Drag(event.point, self._radius(event.pressure), erase)
        change = document.begin_stroke(ERASE_STROKE if erase else PAINT_STROKE)
        start = self._line_start(document) if event.shift else None
        return change | self._paint(start or event.point, event.point, document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Paint on to the pointer."""
        drag = self._drag
        if drag is None:
            return NOTHING
        if not document.stroke_open:  # the document has closed the stroke for a reason of its own
            self._drag = None
            return NOTHING
        drag.radius = self._radius(event.pressure)
        return self._paint(drag.last, event.point, document)

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Close the stroke: one undo step. The pen lifts, so its pressure here says nothing about the size."""
        drag = self._drag
        if drag is None:
            return NOTHING
        change = NOTHING
        if document.stroke_open and event.point != drag.last:
            change = self._paint(drag.last, event.point, document)
        self._drag = None
        self._end = (weakref.ref(document), event.point)
        return change | document.end_stroke()

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Take the stroke back."""
        if self._drag is None:
            return NOTHING
        self._drag = None
        return document.cancel_stroke()

    def _radius(self, pressure: float) -> float:
        return max(SMALLEST_BRUSH, self._size * min(max(pressure, 0.0), 1.0)) / 2

    def _line_start(self, document: Document) -> Point | None:
        if self._end is None or self._end[0]() is not document:
            return None
        return self._end[1]

    def _paint(self, start: Point, end: Point, document: Document) -> Change:
        drag = self._drag
        if drag is None:
            return NOTHING
        drag.last = end
        return document.paint(start, end, radius=drag.radius, erase=drag.erase, hardness=self._hardness)


class SquareTool:
    """Sets the square of the photo that a prior sees, by dragging from corner to corner; Alt drags from the centre.

    A click without a drag, or a square under 8 pixels, leaves the choice to the program again (``square`` is None).
    """

    def __init__(self) -> None:
        """Begin without a square."""
        self.square: ContextSquare | None = None
        self._anchor: Point | None = None
        self._before: ContextSquare | None = None

    @property
    def active(self) -> bool:
        """Whether a square is being dragged."""
        return self._anchor is not None

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Set one corner."""
        self._anchor, self._before = event.point, self.square
        return self._set(None, document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Pull the opposite corner."""
        if self._anchor is None:
            return NOTHING
        return self._set(_square(self._anchor, event), document)

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Keep the square."""
        change = self.move(event, document)
        self._anchor = None
        return change

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Back to the square from before the press."""
        if self._anchor is None:
            return NOTHING
        self._anchor = None
        return self._set(self._before, document)

    def _set(self, square: ContextSquare | None, document: Document) -> Change:
        if square == self.square:
            return NOTHING
        touched = _outline(self.square).unite(_outline(square)).intersect(document.box)
        self.square = square
        return Change(Changed.OVERLAY, touched)


def _square(anchor: Point, event: ToolEvent) -> ContextSquare | None:
    dx, dy = event.x - anchor[0], event.y - anchor[1]
    side = max(abs(dx), abs(dy))
    if event.alt:
        side *= 2
        x, y = anchor[0] - side / 2, anchor[1] - side / 2
    else:
        x, y = anchor[0] - (side if dx < 0 else 0), anchor[1] - (side if dy < 0 else 0)
    return ContextSquare(x, y, side) if side >= SMALLEST_SQUARE else None


def _outline(square: ContextSquare | None) -> Box:
    if square is None:
        return NO_BOX
    right, bottom = square.x + square.side, square.y + square.side
    return Box(math.floor(square.x), math.floor(square.y), math.ceil(right), math.ceil(bottom))

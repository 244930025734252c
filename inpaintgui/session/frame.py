"""The context frame: the square of the photo that a prior sees, set and changed by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from inpaintgui.contracts import Box, ContextSquare
from inpaintgui.session.changes import NO_BOX, NOTHING, Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.raster import Point
from inpaintgui.session.tools import LineKind, Sketch, SketchLine, ToolEvent

SMALLEST_SQUARE = 8.0

_Grip = Literal["new", "move", "corner"]


@dataclass(frozen=True)
class _Drag:
    """anchor: the fixed corner, or where the pointer took hold of the square. before: the square at the press."""

    grip: _Grip
    anchor: Point
    before: ContextSquare | None


class SquareTool:
    """Sets the square that a prior sees. Dragging on free ground draws a new one, Alt from its centre.

    Dragging within the square moves it, dragging a corner resizes it. A click on free ground, or a square under
    8 pixels, leaves the choice to the program again (``square`` is None).
    """

    def __init__(self) -> None:
        """Begin without a square."""
        self.square: ContextSquare | None = None
        self._drag: _Drag | None = None

    @property
    def active(self) -> bool:
        """Whether a square is being dragged."""
        return self._drag is not None

    @property
    def sketch(self) -> Sketch:
        """The corners to take hold of."""
        if self.square is None:
            return ()
        return tuple(SketchLine((corner,), LineKind.HANDLE) for corner in _corners(self.square))

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Take hold of the square or of a corner, or begin a new one."""
        square = self.square
        if square is not None:
            corners = _corners(square)
            distances = [math.dist(corner, event.point) for corner in corners]
            nearest = distances.index(min(distances))
            if distances[nearest] <= event.reach:
                self._drag = _Drag("corner", corners[(nearest + 2) % 4], square)
                return NOTHING
            if _contains(square, event.point):
                self._drag = _Drag("move", event.point, square)
                return NOTHING
        self._drag = _Drag("new", event.point, square)
        return self._set(None, document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Pull the corner, or the whole square, to the pointer."""
        drag = self._drag
        if drag is None:
            return NOTHING
        if drag.grip == "move" and drag.before is not None:
            x, y = drag.before.x + event.x - drag.anchor[0], drag.before.y + event.y - drag.anchor[1]
            return self._set(ContextSquare(x, y, drag.before.side), document)
        return self._set(_square(drag.anchor, event), document)

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Nothing happens."""
        return NOTHING

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Keep the square."""
        change = self.move(event, document)
        self._drag = None
        return change

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Back to the square from before the press."""
        drag = self._drag
        if drag is None:
            return NOTHING
        self._drag = None
        return self._set(drag.before, document)

    def _set(self, square: ContextSquare | None, document: Document) -> Change:
        if square == self.square:
            return NOTHING
        touched = _outline(self.square).unite(_outline(square)).intersect(document.box)
        self.square = square
        return Change(Changed.OVERLAY, touched)


def _corners(square: ContextSquare) -> tuple[Point, Point, Point, Point]:
    """Clockwise from the top left."""
    x, y, side = square.x, square.y, square.side
    return (x, y), (x + side, y), (x + side, y + side), (x, y + side)


def _contains(square: ContextSquare, point: Point) -> bool:
    return 0 <= point[0] - square.x <= square.side and 0 <= point[1] - square.y <= square.side


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

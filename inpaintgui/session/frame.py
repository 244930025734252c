"""The context frames: the squares of the photo that priors see, set and changed by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from inpaintgui.contracts import ContextSquare
from inpaintgui.session.changes import NOTHING, Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.raster import Point
from inpaintgui.session.tools import LineKind, Sketch, SketchLine, ToolEvent

SMALLEST_SQUARE = 8.0
TURN_REACH = 0.12
"""How far the handle for turning stands off the square, in sides."""
TURN_STEP = 15.0
"""Degrees between the angles that Shift allows."""

_Grip = Literal["new", "move", "corner", "turn"]


@dataclass(frozen=True)
class _Drag:
    """anchor: the fixed corner, or where the pointer took hold. before: the squares at the press.

    others: those that are not concerned. square: the one taken hold of; None if a new one is drawn.
    """

    grip: _Grip
    anchor: Point
    before: tuple[ContextSquare, ...]
    others: tuple[ContextSquare, ...]
    square: ContextSquare | None = None


class SquareTool:
    """Sets the squares that priors see, at most one for a region.

    Dragging on free ground draws a new one, Alt from its centre. Dragging within a square moves it, dragging a corner
    resizes it, dragging the handle above its top side turns it (Shift: in steps). Squares that the program chose can
    be taken by their corners, handle and sides, and are set by hand from then on. A click on free ground leaves all
    regions to the program again.
    """

    def __init__(self) -> None:
        """Begin without squares."""
        self.squares: tuple[ContextSquare, ...] = ()
        self.automatic: tuple[ContextSquare, ...] = ()
        """What the program would choose for the regions that have no square, as far as that is known."""
        self._drag: _Drag | None = None

    @property
    def active(self) -> bool:
        """Whether a square is being dragged."""
        return self._drag is not None

    @property
    def sketch(self) -> Sketch:
        """What there is to take hold of."""
        return tuple(line for square in (*self.automatic, *self.squares) for line in _handles(square))

    def clear(self) -> None:
        """Leave all regions to the program."""
        self.squares = ()
        self._drag = None

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Take hold of a square, or begin a new one."""
        self._drag = self._grip(event)
        return self._follow(event, document) if self._drag.grip == "new" else NOTHING

    def _grip(self, event: ToolEvent) -> _Drag:
        before, point = self.squares, event.point
        for square in (*reversed(before), *self.automatic):
            others = tuple(one for one in before if one is not square)
            if math.dist(_turn_handle(square), point) <= event.reach:
                return _Drag("turn", point, before, others, square)
            corners = square.corners
            distances = [math.dist(corner, point) for corner in corners]
            nearest = distances.index(min(distances))
            if distances[nearest] <= event.reach:
                return _Drag("corner", corners[(nearest + 2) % 4], before, others, square)
            by_hand = any(one is square for one in before)
            if square.contains(*point) if by_hand else _on_sides(square, point, event.reach):
                return _Drag("move", point, before, others, square)
        return _Drag("new", point, before, before)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Pull what was taken hold of to the pointer."""
        return NOTHING if self._drag is None else self._follow(event, document)

    def _follow(self, event: ToolEvent, document: Document) -> Change:
        drag = self._drag
        if drag is None:
            return NOTHING
        square = drag.square
        if drag.grip == "new" or square is None:
            made = _pulled(drag.anchor, event, 0.0)
            others = () if made is None else tuple(one for one in drag.others if not _share_a_place(one, made))
        else:
            others, made = drag.others, _changed(drag.grip, square, drag.anchor, event)
        squares = others if made is None else (*others, made)
        if squares == self.squares:
            return NOTHING
        self.squares = squares
        self.automatic = tuple(one for one in self.automatic if one is not square)
        # A square may reach beyond the photo, so that no box of it says where to draw.
        return Change(Changed.OVERLAY, document.box)

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Nothing happens."""
        return NOTHING

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Keep the square."""
        change = self.move(event, document)
        self._drag = None
        return change

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Back to the squares from before the press."""
        drag, self._drag = self._drag, None
        if drag is None or drag.before == self.squares:
            return NOTHING
        self.squares = drag.before
        return Change(Changed.OVERLAY, document.box)


def _turn_handle(square: ContextSquare) -> Point:
    return square.point(square.side / 2, -TURN_REACH * square.side)


def _handles(square: ContextSquare) -> Sketch:
    stem = SketchLine((square.point(square.side / 2, 0), _turn_handle(square)))
    grips = (*square.corners, _turn_handle(square))
    return (stem, *(SketchLine((grip,), LineKind.HANDLE) for grip in grips))


def _on_sides(square: ContextSquare, point: Point, reach: float) -> bool:
    u, v = square.local(*point)
    inside = min(u, v, square.side - u, square.side - v)
    return -reach <= inside <= reach


def _share_a_place(one: ContextSquare, other: ContextSquare) -> bool:
    """Whether two squares are about the same: one of them holds the other's middle."""
    return one.contains(*other.centre) or other.contains(*one.centre)


def _changed(grip: _Grip, square: ContextSquare, anchor: Point, event: ToolEvent) -> ContextSquare | None:
    if grip == "move":
        return replace(square, x=square.x + event.x - anchor[0], y=square.y + event.y - anchor[1])
    if grip == "turn":
        x, y = square.centre
        angle = math.degrees(math.atan2(event.x - x, y - event.y))
        return replace(square, angle=round(angle / TURN_STEP) * TURN_STEP if event.shift else angle)
    return _pulled(anchor, event, square.angle)


def _pulled(anchor: Point, event: ToolEvent, angle: float) -> ContextSquare | None:
    """The square at this angle from a fixed corner (Alt: from its centre) to the pointer; None if it is too small."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    dx, dy = event.x - anchor[0], event.y - anchor[1]
    along, down = cos * dx + sin * dy, cos * dy - sin * dx
    side = max(abs(along), abs(down))
    if event.alt:
        side, centre = 2 * side, anchor
    else:
        u, v = math.copysign(side / 2, along), math.copysign(side / 2, down)
        centre = anchor[0] + cos * u - sin * v, anchor[1] + sin * u + cos * v
    if side < SMALLEST_SQUARE:
        return None
    return ContextSquare(centre[0] - side / 2, centre[1] - side / 2, side, angle)

"""Tools whose selection the engine works out: they gather what was pointed at and leave an order to be taken."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inpaintgui.contracts import Box
from inpaintgui.selecting import Scribble, SmartOrder, WandOrder
from inpaintgui.session.changes import NOTHING, Change, Changed
from inpaintgui.session.combining import Combine
from inpaintgui.session.document import Document
from inpaintgui.session.raster import Point
from inpaintgui.session.tools import LineKind, Sketch, SketchLine, ToolEvent

WAND_STEP, SMART_STEP = "Magic wand", "Smart select"
_SCRIBBLE_RADIUS = 0.5
"""Of a scribble over the reach: a line about as wide as the pointer's tolerance."""
_SMALLEST_BOX = 8


@dataclass(frozen=True)
class SelectionOrder:
    """What to select and how it meets the mask. continues: refines the selection of the order before."""

    order: WandOrder | SmartOrder
    combine: Combine
    name: str
    continues: bool = False


class WandTool:
    """One click selects what looks alike."""

    def __init__(self) -> None:
        self.combine = Combine.ADD
        self.tolerance = 24
        self.contiguous = True
        self._order: SelectionOrder | None = None

    @property
    def active(self) -> bool:
        return False

    @property
    def sketch(self) -> Sketch:
        return ()

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Leave an order for the pixel under the pointer."""
        x, y = math.floor(event.x), math.floor(event.y)
        if 0 <= x < document.width and 0 <= y < document.height:
            how = event.meant(self.combine)
            self._order = SelectionOrder(WandOrder(x, y, self.tolerance, self.contiguous), how, WAND_STEP)
        return document.end_stroke()

    def take_order(self) -> SelectionOrder | None:
        """The order that was left, once."""
        order, self._order = self._order, None
        return order

    def move(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        return NOTHING

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        return NOTHING

    def release(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        return NOTHING

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        self._order = None
        return NOTHING


class SmartTool:
    """Scribble on an object, or drag a box around it (with ``boxes``); further scribbles refine what was found.

    A scribble with Alt marks what does not belong to the object. The scribbles stay until :meth:`forget`, which
    whoever carries out the orders calls when the mask was changed by something else.
    """

    def __init__(self) -> None:
        self.combine = Combine.ADD
        self.boxes = False
        self._scribbles: list[Scribble] = []
        self._box: Box | None = None
        self._drawing: list[Point] = []
        self._keeps = True
        self._boxing = False
        self._radius = 1.0
        self._order: SelectionOrder | None = None
        self._how = Combine.ADD

    @property
    def active(self) -> bool:
        """Whether a scribble or box is being drawn."""
        return bool(self._drawing)

    @property
    def refining(self) -> bool:
        """Whether the next scribble refines what was selected before."""
        return bool(self._scribbles) or self._box is not None

    @property
    def sketch(self) -> Sketch:
        """Scribbles and the box."""
        lines = [_line(scribble) for scribble in self._scribbles]
        if self._drawing and self._boxing:
            lines.append(SketchLine(_box_points(self._drawing[0], self._drawing[-1]), closed=True))
        elif self._drawing:
            lines.append(_line(self._scribble()))
        return tuple(lines)

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Begin a scribble, or a box."""
        change = document.end_stroke()
        if not self.refining:
            self._how = self.combine
        self._keeps = not (event.alt or event.eraser)
        self._boxing = self.boxes and not self.refining and self._keeps
        self._radius = max(1.0, event.reach * _SCRIBBLE_RADIUS)
        self._drawing = [event.point]
        return change | _redraw(document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Draw on."""
        if not self._drawing or event.point == self._drawing[-1]:
            return NOTHING
        self._drawing.append(event.point)
        return _redraw(document)

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        return NOTHING

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Leave an order with all that was marked."""
        if not self._drawing:
            return NOTHING
        change = self.move(event, document)
        continues = self.refining
        if self._boxing:
            box = _whole_box(self._drawing[0], self._drawing[-1]).intersect(document.box)
            if min(box.width, box.height) >= _SMALLEST_BOX:
                self._box = box
        else:
            self._scribbles.append(self._scribble())
        self._drawing = []
        if self._box is not None or any(scribble.keep for scribble in self._scribbles):
            order = SmartOrder(tuple(self._scribbles), self._box)
            self._order = SelectionOrder(order, self._how, SMART_STEP, continues)
        return change | _redraw(document)

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Forget what is being drawn; if nothing is, all marks."""
        if self._drawing:
            self._drawing = []
            return _redraw(document)
        return self.forget(document)

    def forget(self, document: Document) -> Change:
        """Begin with another object."""
        if not self.refining:
            return NOTHING
        self._scribbles, self._box, self._order = [], None, None
        return _redraw(document)

    def take_order(self) -> SelectionOrder | None:
        """The order that was left, once."""
        order, self._order = self._order, None
        return order

    def _scribble(self) -> Scribble:
        return Scribble(tuple(self._drawing), self._radius, self._keeps)


def _line(scribble: Scribble) -> SketchLine:
    kind = LineKind.KEEP if scribble.keep else LineKind.DROP
    return SketchLine(scribble.points, kind, width=2 * scribble.radius)


def _box_points(start: Point, end: Point) -> tuple[Point, ...]:
    return start, (end[0], start[1]), end, (start[0], end[1])


def _whole_box(start: Point, end: Point) -> Box:
    xs, ys = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return Box(math.floor(xs[0]), math.floor(ys[0]), math.ceil(xs[1]), math.ceil(ys[1]))


def _redraw(document: Document) -> Change:
    return Change(Changed.OVERLAY, document.box)

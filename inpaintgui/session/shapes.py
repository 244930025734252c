"""Selecting by an outline: rectangle, ellipse, lasso, polygon."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from inpaintgui.session.changes import NOTHING, Change, Changed
from inpaintgui.session.combining import Combine
from inpaintgui.session.document import Document
from inpaintgui.session.polygon import ellipse_points, fill_polygon, rectangle_points
from inpaintgui.session.raster import Point
from inpaintgui.session.tools import Sketch, SketchLine, ToolEvent

RECTANGLE_STEP, ELLIPSE_STEP, LASSO_STEP, POLYGON_STEP = "Rectangle", "Ellipse", "Lasso", "Polygon"
_LASSO_SPACING = 0.7
"""Image pixels between two points of a lasso: finer ones do not change which centres are inside."""


class OutlineTool:
    """What the tools with an outline share: keys decide at the press how it meets the mask; Esc forgets it."""

    def __init__(self, name: str) -> None:
        """name: of the undo step."""
        self.name = name
        self.combine = Combine.ADD
        self._points: list[Point] = []
        self._how = Combine.ADD

    @property
    def active(self) -> bool:
        """Whether an outline was begun."""
        return bool(self._points)

    @property
    def sketch(self) -> Sketch:
        """The outline so far."""
        points = self._shown()
        return (SketchLine(tuple(points), closed=True),) if len(points) > 1 else ()

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Begin."""
        change = document.end_stroke()
        self._how = event.meant(self.combine)
        self._points = [event.point]
        return change | _redraw(document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Draw on."""
        raise NotImplementedError

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Nothing happens."""
        return NOTHING

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Close the outline: one undo step."""
        if not self.active:
            return NOTHING
        return self.move(event, document) | self.finish(document)

    def cancel(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Forget the outline."""
        if not self.active:
            return NOTHING
        self._points = []
        return _redraw(document)

    def finish(self, document: Document) -> Change:
        """Make the outline a part of the mask. One around no pixel changes nothing."""
        points = self._shown()
        self._points = []
        box, values = fill_polygon(points, document.box)
        if box.is_empty or not values.any():
            return _redraw(document)
        return document.combine_mask(box, values, self._how, self.name) | _redraw(document)

    def _shown(self) -> Sequence[Point]:
        return self._points


class BoxTool(OutlineTool):
    """Rectangle or ellipse from corner to corner; Shift makes the sides equal."""

    def __init__(self, name: str, outline: Callable[[Point, Point], tuple[Point, ...]]) -> None:
        """outline: from two opposite corners to the points."""
        super().__init__(name)
        self._outline = outline

    @classmethod
    def rectangle(cls) -> BoxTool:
        """The rectangle tool."""
        return cls(RECTANGLE_STEP, rectangle_points)

    @classmethod
    def ellipse(cls) -> BoxTool:
        """The ellipse tool."""
        return cls(ELLIPSE_STEP, ellipse_points)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Pull the opposite corner."""
        if not self.active:
            return NOTHING
        (x, y), end = self._points[0], event.point
        if event.shift:
            side = max(abs(end[0] - x), abs(end[1] - y))
            end = (x + math.copysign(side, end[0] - x), y + math.copysign(side, end[1] - y))
        self._points[1:] = [end]
        return _redraw(document)

    def _shown(self) -> Sequence[Point]:
        return self._outline(self._points[0], self._points[1]) if len(self._points) == 2 else ()


class LassoTool(OutlineTool):
    """A freehand outline; its ends are joined by a straight line."""

    def __init__(self) -> None:
        super().__init__(LASSO_STEP)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Draw on to the pointer."""
        if not self.active or math.dist(self._points[-1], event.point) < _LASSO_SPACING:
            return NOTHING
        self._points.append(event.point)
        return _redraw(document)


class PolygonTool(OutlineTool):
    """An outline of straight lines, one click a corner.

    A double click, a click on the first corner, or :meth:`finish` closes it; :meth:`step_back` takes the last corner
    away. Dragging moves the corner that was just set.
    """

    def __init__(self) -> None:
        super().__init__(POLYGON_STEP)
        self._pointer: Point | None = None
        self._held = False

    @property
    def dragging(self) -> bool:
        """Whether a corner is held."""
        return self._held

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Set a corner, or close the outline."""
        if not self.active:
            self._held, self._pointer = True, None
            return super().press(event, document)
        closes = math.dist(self._points[0], event.point) <= event.reach and len(self._points) > 2
        if event.clicks > 1 or closes:
            self._held = False
            return self.finish(document)
        self._points.append(event.point)
        self._held, self._pointer = True, None
        return _redraw(document)

    def move(self, event: ToolEvent, document: Document) -> Change:
        """Move the corner that is held."""
        if not (self.active and self._held):
            return NOTHING
        self._points[-1] = event.point
        return _redraw(document)

    def hover(self, event: ToolEvent, document: Document) -> Change:
        """Show where the next line would go."""
        if not self.active:
            return NOTHING
        self._pointer = event.point
        return _redraw(document)

    def release(self, event: ToolEvent, document: Document) -> Change:
        """Let the corner go; the outline stays open."""
        change = self.move(event, document)
        self._held = False
        return change

    def cancel(self, event: ToolEvent, document: Document) -> Change:
        """Forget the outline."""
        self._held = False
        return super().cancel(event, document)

    def finish(self, document: Document) -> Change:
        """Close the outline."""
        self._held, self._pointer = False, None
        return super().finish(document)

    def step_back(self, document: Document) -> Change:
        """Take the last corner away."""
        if not self.active:
            return NOTHING
        self._points.pop()
        return _redraw(document)

    def _shown(self) -> Sequence[Point]:
        return self._points if self._pointer is None else [*self._points, self._pointer]


def _redraw(document: Document) -> Change:
    """An outline may be anywhere, also outside of the photo."""
    return Change(Changed.OVERLAY, document.box)

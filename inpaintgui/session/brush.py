"""The brush and the eraser, for the mask and for what must not be copied from."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from enum import StrEnum

from inpaintgui.session.changes import NOTHING, Change
from inpaintgui.session.document import Document
from inpaintgui.session.history import Layer
from inpaintgui.session.raster import Point
from inpaintgui.session.tools import Sketch, ToolEvent

SMALLEST_BRUSH = 1.0
LARGEST_BRUSH = 2000.0
PAINT_STROKE = "Brush"
ERASE_STROKE = "Eraser"
EXCLUDE_STROKE = "Exclude sources"
INCLUDE_STROKE = "Allow sources"
_STEP = 0.125


class PenPressure(StrEnum):
    """What the pressure of a pen changes."""

    SIZE = "size"
    HARDNESS = "hardness"
    NOTHING = "nothing"


@dataclass
class _Drag:
    """A brush stroke between press and release. last: where the brush is, which trails the pointer when smoothing."""

    last: Point
    radius: float
    hardness: float
    erase: bool


class BrushTool:
    """Paints or erases the mask, or with ``layer`` set so, the exclusion.

    A pen's pressure scales the size or the hardness. Alt at the press swaps painting and erasing for the whole stroke;
    the eraser end of a pen erases in any case.
    Shift at the press draws a straight line from where the last stroke on the same document ended. With smoothing the
    brush hangs on a string: it follows only where the pointer pulls it, so a trembling hand leaves a calm line, and
    catches up at the release.
    """

    def __init__(
        self,
        size: float = 60.0,
        hardness: float = 1.0,
        *,
        erase: bool = False,
        smoothing: float = 0.0,
        pressure: PenPressure = PenPressure.SIZE,
    ) -> None:
        """Begin.

        size: diameter in image pixels, clamped to 1..2000. hardness: 0 to 1, clamped. smoothing: 0 to 1, clamped; the
        string's length in diameters.
        """
        self.size = size
        self.hardness = hardness
        self.erase = erase
        self.layer = Layer.MASK
        self.smoothing = smoothing
        self.pressure = pressure
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
    def smoothing(self) -> float:
        """How long the string is, 0 to 1 diameters."""
        return self._smoothing

    @smoothing.setter
    def smoothing(self, smoothing: float) -> None:
        self._smoothing = min(max(float(smoothing), 0.0), 1.0)

    @property
    def active(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._drag is not None

    @property
    def sketch(self) -> Sketch:
        """Nothing: what is painted is in the mask at once."""
        return ()

    def larger(self) -> None:
        """One key press up: an eighth, at least a pixel."""
        self.size = self._size + max(1, round(self._size * _STEP))

    def smaller(self) -> None:
        """One key press down: the inverse of :meth:`larger` up to rounding, at least a pixel."""
        self.size = self._size - max(1, round(self._size * _STEP / (1 + _STEP)))

    def press(self, event: ToolEvent, document: Document) -> Change:
        """Open a stroke and put the first dab."""
        erase = event.eraser or self.erase != event.alt
        self._drag = _Drag(event.point, self._radius(event.pressure), self._softness(event.pressure), erase)
        names = (PAINT_STROKE, ERASE_STROKE) if self.layer is Layer.MASK else (EXCLUDE_STROKE, INCLUDE_STROKE)
        change = document.begin_stroke(names[erase], self.layer)
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
        drag.hardness = self._softness(event.pressure)
        pulled = self._pulled(drag.last, event.point)
        return NOTHING if pulled == drag.last else self._paint(drag.last, pulled, document)

    def hover(self, event: ToolEvent, document: Document) -> Change:  # noqa: ARG002 - the tools' common signature
        """Nothing happens."""
        return NOTHING

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
        share = min(max(pressure, 0.0), 1.0) if self.pressure is PenPressure.SIZE else 1.0
        return max(SMALLEST_BRUSH, self._size * share) / 2

    def _softness(self, pressure: float) -> float:
        return self._hardness * (min(max(pressure, 0.0), 1.0) if self.pressure is PenPressure.HARDNESS else 1.0)

    def _pulled(self, brush: Point, pointer: Point) -> Point:
        """Where the string pulls the brush."""
        length = self._smoothing * self._size
        distance = math.hypot(pointer[0] - brush[0], pointer[1] - brush[1])
        if distance <= length or distance == 0:
            return pointer if length == 0 else brush
        share = 1 - length / distance
        return brush[0] + (pointer[0] - brush[0]) * share, brush[1] + (pointer[1] - brush[1]) * share

    def _line_start(self, document: Document) -> Point | None:
        if self._end is None or self._end[0]() is not document:
            return None
        return self._end[1]

    def _paint(self, start: Point, end: Point, document: Document) -> Change:
        drag = self._drag
        if drag is None:
            return NOTHING
        drag.last = end
        return document.paint(start, end, radius=drag.radius, erase=drag.erase, hardness=drag.hardness)

"""The tools of the window, by name, set up from the settings."""

from __future__ import annotations

from inpaintgui.session.brush import BrushTool, PenPressure
from inpaintgui.session.combining import Combine
from inpaintgui.session.frame import SquareTool
from inpaintgui.session.history import Layer
from inpaintgui.session.seeded import SelectionOrder, SmartTool, WandTool
from inpaintgui.session.shapes import BoxTool, LassoTool, PolygonTool
from inpaintgui.session.tools import Tool
from inpaintgui.settings import Settings

BRUSH, ERASER, EXCLUDE, SQUARE = "brush", "eraser", "exclude", "square"
LASSO, POLYGON, RECTANGLE, ELLIPSE, WAND, SMART = "lasso", "polygon", "rectangle", "ellipse", "wand", "smart"
PAINTING = frozenset({BRUSH, ERASER, EXCLUDE})
SELECTING = frozenset({LASSO, POLYGON, RECTANGLE, ELLIPSE, WAND, SMART})


class Toolbox:
    """One of each tool. The brush, the eraser and the exclusion's brush are the same one, with the same size."""

    def __init__(self, settings: Settings) -> None:
        self.brush = BrushTool(size=settings.brush_size)
        self.square = SquareTool()
        self.polygon = PolygonTool()
        self.wand = WandTool()
        self.smart = SmartTool()
        self._combining = (
            LassoTool(),
            self.polygon,
            BoxTool.rectangle(),
            BoxTool.ellipse(),
            self.wand,
            self.smart,
        )
        names = (LASSO, POLYGON, RECTANGLE, ELLIPSE, WAND, SMART)
        self._tools: dict[str, Tool] = dict(zip(names, self._combining, strict=True))
        self._tools |= dict.fromkeys(PAINTING, self.brush) | {SQUARE: self.square}
        self.name = BRUSH
        self.take(settings)

    @property
    def current(self) -> Tool:
        """The tool in hand."""
        return self._tools[self.name]

    @property
    def combine(self) -> Combine:
        """How a selection meets the mask."""
        return self.wand.combine

    @combine.setter
    def combine(self, how: Combine) -> None:
        for tool in self._combining:
            tool.combine = how

    def take_order(self) -> SelectionOrder | None:
        """What the tool in hand has left to the engine, once."""
        if self.name == WAND:
            return self.wand.take_order()
        return self.smart.take_order() if self.name == SMART else None

    def choose(self, name: str) -> None:
        """Take another tool in hand. KeyError if there is none of that name."""
        self._tools[name]
        self.name = name
        self.brush.erase = name == ERASER
        self.brush.layer = Layer.EXCLUSION if name == EXCLUDE else Layer.MASK

    def take(self, settings: Settings) -> None:
        """Follow the settings."""
        self.brush.size = settings.brush_size
        self.brush.hardness = settings.brush_hardness
        self.brush.smoothing = settings.brush_smoothing
        self.brush.pressure = PenPressure(settings.pen_pressure)
        self.wand.tolerance = settings.wand_tolerance
        self.wand.contiguous = settings.wand_contiguous

"""Holds the document and the tools, turns what the user does into changes, and tells the views what changed."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal

from inpaintgui.contracts import FillRequest, FillSettings, FinderInfo, PriorInfo, Services
from inpaintgui.errors import InpaintguiError, SaveError
from inpaintgui.session.brush import BrushTool
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.combining import Combine
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.frame import SquareTool
from inpaintgui.session.tools import Sketch, ToolEvent
from inpaintgui.settings import Settings, declaration, fill_settings
from inpaintgui.ui.contexts import Contexts
from inpaintgui.ui.estimates import Estimates
from inpaintgui.ui.explorer import Explorer
from inpaintgui.ui.fill_queue import FillQueue
from inpaintgui.ui.jobs import FillRunner
from inpaintgui.ui.photo_desk import PhotoDesk
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.selecting import Selecting
from inpaintgui.ui.texts import in_users_language
from inpaintgui.ui.toolbox import BRUSH, ERASER, PAINTING, POLYGON, SELECTING, SQUARE, Toolbox

log = logging.getLogger(__name__)

__all__ = ["BRUSH", "ERASER", "SQUARE", "Controller"]


class Controller(PhotoDesk):
    """The one that mutates the document. Views call its methods and listen to its signals; they never guess."""

    tool_changed = Signal()
    """Another tool, or its size."""
    settings_changed = Signal()
    engine_ready = Signal()
    """The priors and devices are known and a fill may start."""
    report_changed = Signal()
    failed = Signal(str, object)
    """What was tried, and the exception."""
    message = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, services: Services, settings: Settings) -> None:
        super().__init__(settings)
        self.services = services
        self.priors: tuple[PriorInfo, ...] = ()
        self.finders: tuple[FinderInfo, ...] = ()
        self.devices: tuple[str, ...] = ()
        self.is_engine_ready = False
        self.tools = Toolbox(settings)
        self.selecting = Selecting(self)
        self.fills = FillRunner(services, self)
        self.fills.cancelling.connect(lambda: log.info("fill cancelling"))
        self.photos.leaving.connect(self._on_leaving)
        self.photos.current_changed.connect(self._on_current)
        self.queue = FillQueue(self)
        self.explorer = Explorer(self)
        self.estimates = Estimates(self)
        self.contexts = Contexts(self)

    # The engine

    def load_engine(self) -> None:
        """Ask the engine what it offers, in its thread. This imports it: see ``EngineServices``."""
        self.fills.tasks.run(
            lambda: (self.services.priors(), self.services.finders(), self.services.devices()),
            self._on_engine_loaded,
            lambda error: self.failed.emit(self.tr("The fill engine cannot be loaded."), error),
        )

    def _on_engine_loaded(self, offer: tuple[tuple[PriorInfo, ...], tuple[FinderInfo, ...], tuple[str, ...]]) -> None:
        self.priors, self.finders, self.devices = offer
        self.is_engine_ready = True
        log.info("engine ready: %d priors, devices %s", len(self.priors), ", ".join(self.devices))
        self.engine_ready.emit()

    # The photos

    def _on_leaving(self, photo: OpenPhoto) -> None:
        self.cancel_drag()
        self.apply(self.tools.smart.forget(photo.document))
        photo.squares = self.square.squares

    def _on_current(self) -> None:
        self.square.clear()
        if self.photos.current is not None:
            self.square.squares = self.photos.current.squares
        self.document_replaced.emit()
        self.report_changed.emit()

    def edit(self, method: str, *arguments: Any) -> None:
        """Call one of the document's mutators (undo, redo, go_to, clear_mask, invert_mask), if editing is possible."""
        if self.document is not None and self.can_edit:
            try:
                self.apply(getattr(self.document, method)(*arguments))
            except SaveError as error:  # a step that was moved to disk does not come back
                self.failed.emit(self.tr("This step cannot be undone or redone."), error)
            log.debug("%s: revision %d", method, self.document.revision)
            self.queue.settle()

    def show_mask(self, visible: bool) -> None:
        """Show or hide the mask; possible during a fill too."""
        if self.document is not None and not self.document.stroke_open:
            self.apply(self.document.show_mask(visible))

    # Tools

    @property
    def tool(self) -> str:
        """The name of the tool in hand, one of the toolbox's."""
        return self.tools.name

    @property
    def brush(self) -> BrushTool:
        """To read from."""
        return self.tools.brush

    @property
    def square(self) -> SquareTool:
        """To read from."""
        return self.tools.square

    @property
    def sketch(self) -> Sketch:
        """What the tool shows of unfinished work."""
        return self.tools.current.sketch

    def choose_tool(self, name: str) -> None:
        """Switch to another tool; what is unfinished is taken back."""
        self.cancel_drag()
        if self.document is not None:
            self.apply(self.tools.smart.forget(self.document))
        self.tools.choose(name)
        self.tool_changed.emit()

    def set_combine(self, how: Combine) -> None:
        """How selections meet the mask from now on."""
        self.tools.combine = how
        self.tool_changed.emit()

    def swap(self) -> None:
        """Adding becomes taking away, and back: brush and eraser, or what selections do."""
        if self.tool in PAINTING:
            self.choose_tool(BRUSH if self.tool == ERASER else ERASER)
        elif self.tool in SELECTING:
            subtracts = self.tools.combine is Combine.SUBTRACT
            self.set_combine(Combine.ADD if subtracts else Combine.SUBTRACT)

    def set_smart_boxes(self, on: bool) -> None:
        """Whether smart select begins with a box."""
        self.tools.smart.boxes = on
        self.tool_changed.emit()

    def set_brush_size(self, size: float) -> None:
        """Diameter in image pixels, clamped to what the brush allows."""
        if size != self.brush.size:
            self.brush.size = size
            self._keep_brush_size()

    def step_brush(self, *, up: bool) -> None:
        """One key press larger or smaller."""
        (self.brush.larger if up else self.brush.smaller)()
        self._keep_brush_size()

    def press(self, event: ToolEvent) -> None:
        """The tool's button or pen goes down on the canvas."""
        if self.can_edit and self.document is not None:
            self.apply(self.tools.current.press(event, self.document))
            self._take_order()

    def drag(self, event: ToolEvent) -> None:
        """It moves while down."""
        if self.can_edit and self.document is not None:
            self.apply(self.tools.current.move(event, self.document))

    def hover(self, event: ToolEvent) -> None:
        """The pointer moves with nothing pressed."""
        if self.can_edit and self.document is not None:
            self.apply(self.tools.current.hover(event, self.document))

    def release(self, event: ToolEvent) -> None:
        """It goes up."""
        if self.can_edit and self.document is not None:
            self.apply(self.tools.current.release(event, self.document))
            self._take_order()
            self.queue.settle()

    def cancel_drag(self) -> None:
        """Take back what is being drawn."""
        if self.document is not None:
            self.apply(self.tools.current.cancel(ToolEvent(0.0, 0.0), self.document))
            self.queue.settle()

    def close_outline(self) -> None:
        """Finish a polygon."""
        if self.can_edit and self.document is not None and self.tool == POLYGON:
            self.apply(self.tools.polygon.finish(self.document))

    def drop_corner(self) -> None:
        """Take the last corner of a polygon away."""
        if self.can_edit and self.document is not None and self.tool == POLYGON:
            self.apply(self.tools.polygon.step_back(self.document))

    def clear_square(self) -> None:
        """Let the program choose again what a prior sees."""
        if self.square.squares and self.document is not None:
            self.square.clear()
            self.apply(Change(Changed.OVERLAY, self.document.box))

    def _take_order(self) -> None:
        """Have the engine carry out what the tool has left to it."""
        order = self.tools.take_order()
        if order is not None:
            self.selecting.select(order)

    def _keep_brush_size(self) -> None:
        self.settings = replace(self.settings, brush_size=self.brush.size)
        self.tool_changed.emit()

    # Settings

    def set_setting(self, name: str, value: Any) -> None:
        """Change one setting; raises BadInputError if the declaration forbids the value."""
        checked = declaration(name).check(value)
        if getattr(self.settings, name) != checked:
            self.settings = replace(self.settings, **{name: checked})
            self.tools.take(self.settings)
            self.settings_changed.emit()
            self.tool_changed.emit()

    @property
    def fill_settings(self) -> FillSettings:
        """What a fill is asked for now."""
        return fill_settings(self.settings, self.square.squares)

    # Filling

    @property
    def can_fill(self) -> bool:
        """Whether there is a mask that no fill is at work on yet."""
        document = self.document
        ready = self.is_engine_ready and document is not None and document.has_mask
        return ready and document is not None and not document.mask_is_submitted

    def fill(self) -> None:
        """Fill what is masked, now or as soon as the fills before it are done."""
        photo = self.photos.current
        if not self.can_fill or photo is None:
            return
        self.apply(photo.document.end_stroke())
        try:
            self.queue.submit(photo, self.fill_settings, self.explorer.starts)
        except InpaintguiError as error:
            self.failed.emit(self.tr("The fill cannot start."), error)

    def take_fill(self, photo: OpenPhoto, change: Change, fill: ReadyFill, request: FillRequest) -> None:
        """A fill has been put into a photo, in front or not."""
        photo.report = fill.report
        self.apply(change, photo)
        self.explorer.take(photo, fill, request)
        self.report_changed.emit()
        told = [self.tr("Filled in {:.1f} s.").format(fill.report.seconds)]
        wanted = request.settings.variations
        made = max((len(region.search.variations) for region in fill.regions if region.search), default=wanted)
        if made < wanted:
            told.append(self.tr("Variations that can be told apart: {} of {}.").format(made, wanted))
        self.message.emit(" ".join((*told, *map(in_users_language, fill.report.warnings))))

"""What priors would see of the regions: asked for while somebody wants to see it, when the mask has come to rest."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inpaintgui.contracts import ContextSquare, RegionContext
from inpaintgui.session.changes import Change, Changed
from inpaintgui.ui.toolbox import SQUARE

if TYPE_CHECKING:
    from inpaintgui.ui.controller import Controller

log = logging.getLogger(__name__)

REST_MS = 250


class Contexts(QObject):
    """Asks in the engine's thread, one question at a time, and hands the answer to the tool that changes squares."""

    changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._on_demand = self._is_asking = self._is_stale = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask)
        controller.changed.connect(self._on_change)
        for other in (
            controller.settings_changed,
            controller.engine_ready,
            controller.report_changed,
            controller.fills.cancelled,
            controller.fills.failed,
        ):
            other.connect(lambda *_: self._rest.start())
        controller.document_replaced.connect(self._forget)
        controller.tool_changed.connect(self._on_tool)

    @property
    def wanted(self) -> bool:
        """Whether the squares are to be seen: on demand, and while the tool for them is in hand."""
        return self._on_demand or self._controller.tool == SQUARE

    @property
    def shown(self) -> tuple[ContextSquare, ...]:
        """The squares that the program would choose, where they are to be seen."""
        return self._controller.square.automatic if self.wanted else ()

    def show(self, on: bool) -> None:
        """Show the squares that the program chooses, or no longer."""
        self._on_demand = on
        self._on_tool()

    def ask(self) -> None:
        """Ask now, unless an answer is on its way: then as soon as it has come."""
        controller, document = self._controller, self._controller.document
        if self._is_asking or not self.wanted or document is None or document.stroke_open:
            self._is_stale = True
            return
        if not controller.can_fill or controller.fills.busy:
            self._take(())
            return
        self._is_asking, self._is_stale = True, False
        request = document.request(controller.fill_settings)

        def answered(found: Sequence[RegionContext]) -> None:
            self._is_asking = False
            if self._is_stale or document is not controller.document:
                self._rest.start()
            else:
                self._take(found)

        def failed(error: Exception) -> None:
            # What is wrong with the request is told when the fill is started.
            log.warning("no contexts", exc_info=error)
            answered(())

        controller.fills.tasks.run(lambda: controller.services.contexts(request), answered, failed)

    def _take(self, found: Sequence[RegionContext]) -> None:
        tool = self._controller.square
        if not tool.active:
            tool.automatic = tuple(one.square for one in found if not one.by_hand)
            self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if change.what & (Changed.MASK | Changed.OVERLAY | Changed.PIXELS):
            self._is_stale = True
            self._rest.start()

    def _on_tool(self) -> None:
        if self.wanted:
            self._rest.start()
        self.changed.emit()

    def _forget(self) -> None:
        self._take(())
        self._is_stale = True
        self._rest.start()

"""How long a fill would take, asked again whenever mask or settings have come to rest."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inpaintgui.session.changes import Change, Changed

if TYPE_CHECKING:
    from inpaintgui.ui.controller import Controller

log = logging.getLogger(__name__)

REST_MS = 400
"""Time without a change before the engine is asked: not at every dab."""


class Estimates(QObject):
    """Asks in the engine's thread, at most once at a time and never while a fill runs."""

    changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._seconds: Mapping[str, float] = {}
        self.goes_on = False
        self._is_asking = self._is_stale = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask)
        controller.changed.connect(self._on_change)
        for changed in (
            controller.settings_changed,
            controller.engine_ready,
            controller.document_replaced,
            controller.report_changed,
            controller.explorer.outcome_changed,
            controller.fills.cancelled,
            controller.fills.failed,
        ):
            changed.connect(self._begin_rest)

    @property
    def by_preset(self) -> Mapping[str, float]:
        """Seconds; empty while nothing is known or nothing can be filled."""
        return self._seconds if self._controller.can_fill else {}

    @property
    def seconds(self) -> float | None:
        """With the preset that is chosen."""
        return self.by_preset.get(self._controller.settings.preset)

    def _on_change(self, change: Change) -> None:
        if change.what & (Changed.MASK | Changed.OVERLAY | Changed.HISTORY):
            self._begin_rest()

    def _begin_rest(self) -> None:
        if not self._controller.can_fill:
            self._tell({})
        self._is_stale = True
        self._rest.start()

    def ask(self) -> None:
        """Ask now, unless an answer is on its way: then as soon as it has come."""
        controller, document = self._controller, self._controller.document
        if self._is_asking or not controller.can_fill or document is None or document.stroke_open:
            return
        if controller.fills.busy:  # the answer would come after it
            self._tell({})
            return
        self.goes_on = bool(controller.explorer.starts)
        if not document.mask_visible:
            # Right after a fill, of which is known what it took. A snapshot of the photo now would make the undo that
            # may follow copy all of it.
            photo = controller.photos.current
            report = None if photo is None else photo.report
            self._tell({} if report is None else {report.preset: report.seconds})
            return
        self._is_asking, self._is_stale = True, False
        request = document.request(controller.fill_settings)
        controller.fills.tasks.run(lambda: controller.services.estimate(request), self._on_answer, self._on_failed)

    def _on_answer(self, seconds: Mapping[str, float]) -> None:
        self._is_asking = False
        self._tell(seconds)
        if self._is_stale:
            self._rest.start()

    def _on_failed(self, error: Exception) -> None:
        # What stands in the way of an estimate is told when the fill is started.
        log.warning("no estimate", exc_info=error)
        self._on_answer({})

    def _tell(self, seconds: Mapping[str, float]) -> None:
        self._seconds = seconds
        self.changed.emit()

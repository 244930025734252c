"""Selecting that takes the engine: in a thread, and only if the document is still what it was looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import Mask
from inpaintgui.selecting import MaskPart, Proposal, Refine, SmartOrder, WandOrder
from inpaintgui.session.changes import NOTHING, Change, Changed
from inpaintgui.session.combining import Combine
from inpaintgui.session.document import Document
from inpaintgui.session.seeded import SelectionOrder
from inpaintgui.ui.jobs import TaskRunner
from inpaintgui.ui.search_job import SearchJob

if TYPE_CHECKING:
    from inpaintgui.ui.controller import Controller

log = logging.getLogger(__name__)

REFINE_STEPS = {
    Refine.GROW: "Grow mask",
    Refine.SHRINK: "Shrink mask",
    Refine.FEATHER: "Feather mask",
    Refine.SMOOTH: "Smooth mask",
    Refine.FILL_HOLES: "Fill holes",
}
STEPS = {"face": "Face", "person": "Person"}
"""Names of the undo steps by kind of proposal."""


class Selecting(QObject):
    """Carries out orders and keeps what was found until it is accepted or rejected."""

    busy_changed = Signal()
    proposals_changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._tasks = TaskRunner("selecting", parent=self)
        self._ticket = 0
        self._smart_revision = -1
        self._applying = False
        self.proposals: tuple[Proposal, ...] = ()
        self.search = SearchJob(self)
        controller.changed.connect(self._on_change)
        controller.document_replaced.connect(self._on_document)

    @property
    def busy(self) -> bool:
        return self._tasks.busy

    def close(self) -> bool:
        """Join the thread; False if it does not end in time."""
        self.search.stop()
        return self._tasks.close()

    # Orders of tools

    def select(self, order: SelectionOrder) -> None:
        """Work an order of a tool out; the newest one counts."""
        document = self._controller.document
        if document is None:
            return
        self.search.stop()
        pixels, selector = document.pixels, self._controller.services.selector
        wanted = order.order

        def work() -> MaskPart:
            return selector.wand(pixels, wanted) if isinstance(wanted, WandOrder) else selector.smart(pixels, wanted)

        self._run(document, work, lambda part: self._select(document, order, part), pixels_only=True)

    def _select(self, document: Document, order: SelectionOrder, part: MaskPart) -> None:
        change = NOTHING
        if order.continues and document.revision == self._smart_revision:
            change |= document.undo()  # the refined selection takes the place of the one before
        if part.box.is_empty:
            self._controller.message.emit(self.tr("Nothing was selected there."))
        else:
            change |= document.combine_mask(part.box, part.values, order.combine, order.name)
        self._apply(change)
        if isinstance(order.order, SmartOrder):
            self._smart_revision = document.revision

    # The mask as a whole

    def refine(self, how: Refine, amount: int) -> None:
        """Grow, shrink, feather, smooth the mask, or fill its holes. amount: in image pixels."""
        document = self._controller.document
        if document is None or not document.has_mask or not self._controller.can_edit:
            return
        mask, selector = document.mask.copy(), self._controller.services.selector

        def show(part: MaskPart) -> None:
            self._apply(document.combine_mask(part.box, part.values, Combine.REPLACE, REFINE_STEPS[how]))

        self._run(document, lambda: selector.refine(mask, how, amount), show)

    def fit_imported(self, grey: Mask, *, threshold: int, invert: bool, how: Combine) -> None:
        """Make an image the mask. grey: uint8, of any size."""
        document, selector = self._controller.document, self._controller.services.selector
        if document is None or not self._controller.can_edit:
            return
        width, height = document.width, document.height

        def fit() -> Mask:
            return selector.fit_mask(grey, threshold=threshold, width=width, height=height, invert=invert)

        self._run(
            document, fit, lambda mask: self._apply(document.combine_mask(document.box, mask, how, "Import mask"))
        )

    def in_thread(self, task: Callable[[], object], done: Callable[[object], None], summary: str) -> None:
        """A slow task that has to do with selecting. summary: what to say if it fails."""
        self._tasks.run(task, lambda result: self._finish(done, result), lambda error: self._fail(summary, error))
        self.busy_changed.emit()

    # Proposals

    def find_faces(self) -> None:
        """Look for faces, to be accepted or rejected one by one."""
        document = self._controller.document
        if document is None or not self._controller.can_edit:
            return
        self.search.stop()
        pixels, selector = document.pixels, self._controller.services.selector
        self._run(document, lambda: selector.faces(pixels), self._propose_faces, pixels_only=True)

    def find_people(self) -> None:
        """Look for people, to be accepted or rejected one by one. Can be cancelled."""
        document = self._controller.document
        if document is None or not self._controller.can_edit:
            return
        pixels, selector = document.pixels, self._controller.services.selector
        work = self.search.begin(lambda: selector.people(pixels))
        self._run(document, work, self._propose_people, pixels_only=True)
        self._controller.message.emit(self.tr("Looking for people… Esc cancels."))

    def cancel_search(self) -> None:
        """End the search for people, if one runs; what it finds is dropped at once."""
        if self.search.is_running:
            self._ticket += 1
            self.search.stop()
            self._controller.message.emit(self.tr("The search was cancelled. Nothing was changed."))

    def _propose_faces(self, found: tuple[Proposal, ...]) -> None:
        if found:
            text = self.tr("Faces found: {}. Small, tilted and covered ones may be missed.").format(len(found))
        else:
            text = self.tr("No face was found. Small, tilted and covered faces are missed; mark them by hand.")
        self._propose(found, text)

    def _propose_people(self, found: tuple[Proposal, ...]) -> None:
        if found:
            text = self.tr("People found: {}. Some may have been missed, and some may be no people.").format(len(found))
        else:
            text = self.tr("Nobody was found. Small and hidden people may be missed; mark them by hand.")
        self._propose(found, text)

    def _propose(self, found: tuple[Proposal, ...], text: str) -> None:
        self.proposals = found
        self._controller.message.emit(text)
        self.proposals_changed.emit()

    def accept(self, number: int) -> None:
        """Take a proposal into the mask, as one undo step."""
        document = self._controller.document
        if document is None or not self._controller.can_edit:
            return
        proposal = self.proposals[number]
        part = proposal.part
        self._drop(number)
        self._apply(document.combine_mask(part.box, part.values, Combine.ADD, STEPS[proposal.kind]))

    def accept_all(self) -> None:
        """Take all proposals into the mask."""
        while self.proposals and self._controller.can_edit:
            self.accept(0)

    def reject(self, number: int) -> None:
        """Forget a proposal."""
        self._drop(number)

    def reject_all(self) -> None:
        """Forget all proposals."""
        self.proposals = ()
        self.proposals_changed.emit()

    def _drop(self, number: int) -> None:
        self.proposals = self.proposals[:number] + self.proposals[number + 1 :]
        self.proposals_changed.emit()

    # Shared

    def _run(
        self,
        document: Document,
        work: Callable[[], object],
        show: Callable[..., None],
        *,
        pixels_only: bool = False,
    ) -> None:
        """Work in the thread; show the outcome if nothing newer was asked for and the document is as it was.

        pixels_only: what was looked at are the pixels, so that a mask that changed meanwhile does not matter.
        """
        self._ticket += 1
        ticket, revision, state = self._ticket, document.revision, document.pixel_state

        def done(result: object) -> None:
            if ticket != self._ticket or document is not self._controller.document:
                return
            same = document.pixel_state == state and (pixels_only or document.revision == revision)
            if not same or not self._controller.can_edit or document.stroke_open:
                self._controller.message.emit(self.tr("The photo changed meanwhile, so the selection was dropped."))
                return
            show(result)

        self.in_thread(work, done, self.tr("The selection did not succeed."))

    def _finish(self, done: Callable[[object], None], result: object) -> None:
        self.busy_changed.emit()
        done(result)

    def _fail(self, summary: str, error: Exception) -> None:
        self.busy_changed.emit()
        self._controller.failed.emit(summary, error)

    def _apply(self, change: Change) -> None:
        self._applying = True
        try:
            self._controller.apply(change)
        finally:
            self._applying = False

    def _on_change(self, change: Change) -> None:
        document = self._controller.document
        if self._applying or document is None:
            return
        if Changed.MASK in change.what or Changed.PIXELS in change.what:
            self._smart_revision = -1
            self._controller.apply(self._controller.tools.smart.forget(document))
        if Changed.PIXELS in change.what and self.proposals:
            self.reject_all()

    def _on_document(self) -> None:
        self._ticket += 1
        self.search.stop()
        self._smart_revision = -1
        if self.proposals:
            self.reject_all()

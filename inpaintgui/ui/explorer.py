"""Steers a search while it runs, and explores what the last one left: variations, its steps, blends, uncertainty."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import FillRequest, RaceControl, RegionSearch, Start, run_to_end
from inpaintgui.errors import InpaintguiError
from inpaintgui.session.answers import Answer, FilledRegion
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.outcome import Outcome
from inpaintgui.session.swaps import Repaint, Swap, prepare_swap
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.repainter import Repainter
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP
from inpaintgui.ui.uncertainty import UncertaintyMap

if TYPE_CHECKING:
    from inpaintgui.ui.controller import Controller

log = logging.getLogger(__name__)

STEP_NAME = QT_TRANSLATE_NOOP("History", "Variation")


class Explorer(QObject):
    """Everything that can be wished of searches. Belongs to the controller; views call it and listen."""

    outcome_changed = Signal()
    """Another fill's searches can be explored, or none."""
    answer_changed = Signal()
    """Another answer of a region is in the photo, or another region is looked at."""
    uncertainty_changed = Signal()
    preview = Signal(object)
    """PreviewImage of a latent that is being painted; None when it is no more to be shown."""
    busy_changed = Signal()
    attention = Signal()
    """The keyboard is wanted for it."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self.race = RaceControl()
        self.uncertainty: UncertaintyMap | None = None
        self.shows_uncertainty = False
        self._wish = 0
        self._is_swapping = False
        self._repainter = Repainter(controller.fills.repaint_worker, self)
        self._repainter.preview.connect(self.preview)
        self._repainter.painted.connect(lambda order, ready: self._put_in(order.swap, ready))
        self._repainter.failed.connect(self._on_failed)
        self._repainter.busy_changed.connect(self.busy_changed)
        controller.changed.connect(self._on_change)
        controller.fills.started.connect(self.stop)
        controller.document_replaced.connect(self._on_document)

    # Before, during and after a fill

    def begin(self) -> RaceControl:
        """A new race is about to start; wishes for it go to the result."""
        self.race = RaceControl()
        return self.race

    @property
    def outcome(self) -> Outcome | None:
        """What the last fill of the photo in front left."""
        photo = self._controller.photos.current
        return photo.outcome if photo is not None else None

    @property
    def number(self) -> int:
        """Of the region that is looked at."""
        photo = self._controller.photos.current
        return photo.region if photo is not None else 0

    def take(self, photo: OpenPhoto, fill: ReadyFill, request: FillRequest) -> None:
        """A fill has been put into a photo: what it left can be explored from now on."""
        searched = any(region.search is not None for region in fill.regions)
        photo.outcome = Outcome(fill, request, photo.document) if searched else None
        photo.region = next((n for n, region in enumerate(fill.regions) if region.search is not None), 0)
        if photo is self._controller.photos.current:
            self._on_document()

    def forget(self) -> None:
        """Leave nothing to explore and nothing to go on from."""
        self.stop()
        if self._controller.photos.current is not None:
            self._controller.photos.current.outcome = None
        self._on_document()

    def _on_document(self) -> None:
        """Another outcome is to be explored."""
        self.stop()
        self._forget_uncertainty()
        self.outcome_changed.emit()

    @property
    def starts(self) -> tuple[Start, ...]:
        """Where a fill would go on from now."""
        document = self._controller.document
        if self.outcome is None or document is None:
            return ()
        return self.outcome.starts(document, self._controller.fill_settings)

    # What there is

    @property
    def regions(self) -> tuple[FilledRegion, ...]:
        """Of the last fill, as they are in the photo."""
        document = self._controller.document
        return () if self.outcome is None or document is None else self.outcome.regions(document)

    @property
    def region(self) -> FilledRegion | None:
        """The one that is looked at."""
        return self.regions[self.number] if self.outcome is not None else None

    @property
    def search(self) -> RegionSearch | None:
        """Of the region that is looked at."""
        region = self.region
        return region.search if region is not None else None

    @property
    def number_shown(self) -> int | None:
        """The variation that is in the photo; None if it is another answer or the fill is undone."""
        document, region = self._controller.document, self.region
        if self.outcome is None or document is None or region is None or region.shown is None:
            return None
        return region.shown.number if self.outcome.is_applied(document) else None

    @property
    def can_choose(self) -> bool:
        return not self._controller.fills.busy and self.search is not None

    @property
    def busy(self) -> bool:
        """Whether an answer is being painted."""
        return self._repainter.busy

    def look_at(self, number: int) -> None:
        """Explore another region."""
        photo = self._controller.photos.current
        if photo is not None and number != self.number and 0 <= number < len(self.regions):
            self.stop()
            photo.region = number
            self.answer_changed.emit()

    # Choosing

    def choose(self, number: int) -> None:
        """Put a variation into the photo."""
        swap = self._swap()
        if swap is None or number == self.number_shown:
            self.stop()
            return
        self.stop()
        wish = self._wish
        answer = Answer.of(swap.regions[swap.number].variations[number], number)

        def put_in(ready: ReadyFill) -> None:
            if wish == self._wish:
                self._put_in(swap, ready)

        self._controller.fills.tasks.run(lambda: run_to_end(prepare_swap(swap, answer)), put_in, self._on_failed)

    def flip(self, steps: int) -> None:
        """Put the variation into the photo that stands ``steps`` after the present one, round and round."""
        search = self.search
        if search is not None:
            shown = self.number_shown
            self.choose((shown + steps) % len(search.variations) if shown is not None else 0)

    def scrub(self, step: int) -> None:
        """Put what the search had found after ``step`` steps into the photo."""
        search = self.search
        if search is not None:
            self._paint(search.trail[step])

    def blend(self, first: int, second: int, share: float) -> None:
        """Put a blend of two variations into the photo: (1 - share) z1 + share z2. share: 0 to 1."""
        search = self.search
        if search is not None:
            one, other = (search.variations[number].latent for number in (first, second))
            self._paint(((1 - share) * one + share * other).astype(np.float32))

    def _paint(self, latent: NDArray[np.float32]) -> None:
        search, swap, pyramid = self.search, self._swap(), self._controller.photo_pyramid
        if search is None or swap is None or self.outcome is None or pyramid is None:
            return
        for number, variation in enumerate(search.variations):
            if np.array_equal(variation.latent, latent):
                self.choose(number)
                return
        self._wish += 1
        self._repainter.paint(Repaint(swap, latent, self.outcome.settings, self.outcome.exclusion), pyramid.convert)

    def _swap(self) -> Swap | None:
        document = self._controller.document
        if document is None or self.outcome is None or not self.can_choose or document.stroke_open:
            return None
        return self.outcome.swap(document, self.number)

    def _put_in(self, swap: Swap, ready: ReadyFill) -> None:
        document = self._controller.document
        if document is None or self.outcome is None or self._controller.fills.busy:
            return
        try:
            change = document.swap_fill(ready, instead_of=swap.instead_of, name=STEP_NAME)
        except InpaintguiError as error:
            self._on_failed(error)
            return
        if change is None:
            log.info("an answer was dropped: the document changed meanwhile")
            return
        self.outcome.took(ready, document, swap.instead_of)
        self._is_swapping = True
        self._controller.apply(change)
        self._is_swapping = False
        self.preview.emit(None)
        self.answer_changed.emit()

    def stop(self) -> None:
        """Want nothing any more that was wanted and is not yet in the photo."""
        self._wish += 1
        self._repainter.cancel()
        self.preview.emit(None)

    def _on_failed(self, error: Exception) -> None:
        self.preview.emit(None)
        self._controller.failed.emit(self.tr("This answer cannot be shown."), error)
        self.answer_changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._is_swapping or self.outcome is None:
            return
        if change.what & (Changed.PIXELS | Changed.MASK):
            self.stop()
        if Changed.HISTORY in change.what:
            self.answer_changed.emit()

    # Uncertainty

    def show_uncertainty(self, shown: bool) -> None:
        """Lay a map of how much the candidates disagreed over the photo, or take it away."""
        self.shows_uncertainty = shown
        self.uncertainty_changed.emit()
        outcome = self.outcome
        if not shown or outcome is None or self.uncertainty is not None:
            return
        searches = [region.search for region in self.regions if region.search is not None]

        def take(made: UncertaintyMap) -> None:
            if outcome is self.outcome:
                self.uncertainty = made
                self.uncertainty_changed.emit()

        self._controller.fills.tasks.run(lambda: UncertaintyMap.of(searches), take, self._on_failed)

    def _forget_uncertainty(self) -> None:
        self.uncertainty = None
        self.show_uncertainty(self.shows_uncertainty)

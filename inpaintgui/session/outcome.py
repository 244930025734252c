"""What the last fill left to choose from, and which answer each undo step of it put into the photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inpaintgui.contracts import FillReport, FillRequest, FillSettings, Mask, Start, bounding_box
from inpaintgui.session.answers import FilledRegion
from inpaintgui.session.document import Document
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.history import HistoryStep
from inpaintgui.session.layers import MaskSnapshot
from inpaintgui.session.swaps import Swap


@dataclass(frozen=True, eq=False)
class _State:
    """step: None if it was too large for the history."""

    step: HistoryStep | None
    regions: tuple[FilledRegion, ...]


class Outcome:
    """The regions of the last fill with their searches; follows undo and redo by looking at the history."""

    def __init__(self, fill: ReadyFill, request: FillRequest, document: Document) -> None:
        """Right after the fill was put into the document. request: what was asked for."""
        self.report: FillReport = fill.report
        self._record = fill.record
        self.settings: FillSettings = request.settings
        self.exclusion: Mask | None = request.exclusion
        self._states = [_State(document.history.last, fill.regions)]
        self._mask = MaskSnapshot.of(request.mask, bounding_box(request.mask))

    def _state(self, document: Document) -> _State | None:
        """The newest one that is in the photo; None if all are undone."""
        return next((one for one in reversed(self._states) if document.history.is_applied(one.step)), None)

    def is_applied(self, document: Document) -> bool:
        """Whether an answer of this fill is in the photo."""
        return self._state(document) is not None

    def regions(self, document: Document) -> tuple[FilledRegion, ...]:
        """As they are in the photo; as they were first, if the fill is undone."""
        return (self._state(document) or self._states[0]).regions

    def swap(self, document: Document, number: int) -> Swap:
        """To put another answer into region ``number``.

        The step that put the present answers there is replaced if nothing was done since; otherwise, or if it is
        undone, the answer will be a step of its own.
        """
        state = self._state(document)
        replaces = state is not None and document.history.last is state.step
        return Swap(
            pixels=document.export().pixels,
            pixel_state=document.pixel_state,
            regions=self.regions(document),
            number=number,
            instead_of=state.step if state is not None and replaces else None,
            report=self.report,
            record=self._record,
        )

    def took(self, fill: ReadyFill, document: Document, instead_of: HistoryStep | None) -> None:
        """Note that a swap was put into the document."""
        if instead_of is not None:
            self._states = [one for one in self._states if one.step is not instead_of]
        self._states.append(_State(document.history.last, fill.regions))

    def starts(self, document: Document, settings: FillSettings) -> tuple[Start, ...]:
        """Latents to go on from with the mask as it is now.

        None, if the mask is the one that was filled: the same fill again is to give the same pixels. None, if another
        prior, square or seed is wanted: that is a wish for something else.
        """
        box = document.mask_box
        if self._mask.equals(document.mask, box):
            return ()
        old = self.settings
        if (settings.squares, settings.seed) != (old.squares, old.seed) or not box.width:
            return ()
        return tuple(
            region.start(region.shown.latent, exact=False)
            for region in self.regions(document)
            if region.search is not None
            and region.shown is not None
            and settings.prior in {"auto", region.search.prior}
            and np.any(region.hole & (document.mask[region.box.slices] > 0))
        )

"""The document: a photo, the mask painted on it, and how both came to be. Belongs to one thread, the window's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inpaintgui.contracts import FillRequest, FillSettings, Mask, Photo, Pixels
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say
from inpaintgui.session.changes import NO_BOX, NOTHING, Change, Changed
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.history import DEFAULT_BUDGET, BoxEdit, History, HistoryState, HistoryStep, Layer, with_step
from inpaintgui.session.layers import MaskSnapshot, PixelLayer, read_only
from inpaintgui.session.masking import Masking


@dataclass(frozen=True)
class DocumentState:
    """What has become of a photo: its layers now, read-only. exclusion: None if nothing is excluded."""

    pixels: Pixels
    mask: Mask
    mask_visible: bool
    history: HistoryState
    exclusion: Mask | None = None


class Document(Masking):
    """A photo being edited. Every mutator returns the :class:`Change` it made; nothing else notifies.

    Pixels are copied on write (see :class:`~inpaintgui.session.layers.PixelLayer`), so :meth:`request` and
    :meth:`export` cost nothing and the fill that follows pays for one copy of the photo; the mask is small and is
    copied. Views of ``pixels`` that were taken before a change of pixels may show the old state: take them anew.

    Any mutator other than :meth:`paint`, :meth:`undo` and :meth:`cancel_stroke` ends a stroke that is still open.
    """

    @classmethod
    def restored(
        cls,
        photo: Photo,
        state: DocumentState,
        *,
        path: Path | None = None,
        history_budget: int = DEFAULT_BUDGET,
        history_disk_budget: int = 0,
    ) -> Document:
        """A document as it was frozen. photo: as opened then. Raises ValueError if the state is of another photo."""
        if state.pixels.shape != photo.pixels.shape or state.pixels.dtype != photo.pixels.dtype:
            raise ValueError("the kept pixels are of another photo")
        document = cls(photo, path=path, history_budget=history_budget)
        document._pixels = PixelLayer(state.pixels)
        document._mask.values[:] = state.mask
        document._mask.touched(document.box)
        if state.exclusion is not None:
            document._exclusion.values[:] = state.exclusion
            document._exclusion.touched(document.box)
        document._mask_visible = state.mask_visible
        document._history = History.from_state(state.history, history_budget, history_disk_budget)
        return document

    def freeze(self) -> DocumentState:
        """All that is to be kept, as it is now; an open stroke counts as ended here, but stays open."""
        history = self._history.freeze()
        stroke = self._stroke
        edits = stroke.edits(self._masks(stroke.layer).values) if stroke is not None and stroke.painted else ()
        if stroke is not None and edits:
            history = with_step(history, stroke.step(edits, mask_visible=self._mask_visible))
        mask = read_only(self._mask.values.copy())
        return DocumentState(self._pixels.snapshot(), mask, self._mask_visible, history, self._exclusion_copy())

    # Filling

    def request(self, settings: FillSettings) -> FillRequest:
        """A frozen snapshot to fill. Raises BadInputError if nothing is masked."""
        return self.request_of(*self.masks_to_fill(), settings)

    def masks_to_fill(self) -> tuple[Mask, Mask | None]:
        """Copies of mask and exclusion for a request. Raises BadInputError if nothing is masked."""
        if not self.has_mask:
            raise BadInputError(say("Nothing is marked yet: paint over what should be filled."))
        return read_only(self._mask.values.copy()), self._exclusion_copy()

    def request_of(self, mask: Mask, exclusion: Mask | None, settings: FillSettings) -> FillRequest:
        """A snapshot of the pixels, to be filled where an earlier mask says."""
        return FillRequest(self._pixels.snapshot(), mask, settings, self.pixel_state, exclusion=exclusion)

    def _exclusion_copy(self) -> Mask | None:
        return None if self.exclusion_box.is_empty else read_only(self._exclusion.values.copy())

    def submit(self) -> MaskSnapshot:
        """Note that the mask as it is now belongs to a fill: what is painted from now on begins a new one."""
        snapshot = MaskSnapshot.of(self._mask.values, self.mask_box)
        self._submitted.append(snapshot)
        self._matched = (-1, False)
        return snapshot

    def withdraw(self, snapshot: MaskSnapshot) -> None:
        """That fill has ended, in whatever way."""
        self._submitted = [one for one in self._submitted if one is not snapshot]
        self._matched = (-1, False)

    def apply_fill(
        self, fill: ReadyFill, *, name: str = "Fill", submitted: MaskSnapshot | None = None
    ) -> Change | None:
        """Put a fill into the photo as one undo step.

        submitted: the mask that was filled; it is hidden if it is still the one on the photo, or if None. Costs the
        same however large the hole is. If other pixels have changed since the fill was requested, the fill is put in
        too, but cannot be repeated by a recipe; if the very pixels that it replaces have, nothing happens and None is
        returned.
        """
        same = fill.pixel_state == self.pixel_state
        if not same and not self._land(fill.edits):
            return None
        change = self.end_stroke()
        if same:
            self._pixels.replace(fill.pixels)
        hides = submitted is None or submitted.equals(self._mask.values, self.mask_box)
        shown, record = self._mask_visible, fill.record if same else None
        step = HistoryStep(
            name, "fill", fill.edits, shows_before=hides or shown, shows_after=shown and not hides, record=record
        )
        self._revision += 1
        change |= Change(Changed.PIXELS, step.box(Layer.PIXELS)) if fill.edits else NOTHING
        return change | self._push(step) | self._show(step.shows_after)

    def _land(self, edits: Sequence[BoxEdit]) -> bool:
        """Make edits that were worked out on other pixels; False, and nothing happens, if these places differ."""
        pixels = self._pixels.writable()
        for number, edit in enumerate(edits):
            if not edit.fits(pixels):
                for made in reversed(edits[:number]):
                    made.put_before(pixels)
                return False
            edit.put_after(pixels)
        return True

    def swap_fill(self, fill: ReadyFill, *, instead_of: HistoryStep | None = None, name: str = "") -> Change | None:
        """Put another answer of an earlier fill into the photo; the mask stays shown or hidden as it is.

        instead_of: the step that the answer takes the place of, which must be the last one applied; what was undone
        after it is forgotten, as with every edit. None makes a step of its own, called ``name``. If the pixels have
        changed since the answer was prepared, nothing happens and None is returned. Raises SaveError, and changes
        nothing, if the step that is replaced was moved to disk and does not come back.
        """
        stale = instead_of is not None and instead_of is not self._history.last
        if stale or fill.pixel_state != self.pixel_state or self.stroke_open:
            return None
        was_modified, box = self.is_modified, NO_BOX
        shows_before = shows_after = self._mask_visible
        if instead_of is not None:
            self._history.undo()
            box, name = instead_of.box(Layer.PIXELS), instead_of.name
            shows_before, shows_after = instead_of.shows_before, instead_of.shows_after
        self._pixels.replace(fill.pixels)
        step = HistoryStep(
            name, "fill", fill.edits, shows_before=shows_before, shows_after=shows_after, record=fill.record
        )
        self._history.push(step)
        self._revision += 1
        what = Changed.PIXELS | Changed.HISTORY | self._file_change(was_modified)
        return Change(what, box.unite(step.box(Layer.PIXELS)))

    # Time

    def undo(self) -> Change:
        """One step back; an open stroke is what is taken back, if there is one."""
        if self.stroke_open:
            return self.cancel_stroke()
        was_modified = self.is_modified
        step = self._history.undo()
        if step is None:
            return NOTHING
        for edit in reversed(step.edits):
            edit.put_before(self._layer(edit.layer))
        return self._moved(step, was_modified) | self._show(step.shows_before)

    def redo(self) -> Change:
        """One step forward."""
        change = self.end_stroke()
        was_modified = self.is_modified
        step = self._history.redo()
        if step is None:
            return change
        for edit in step.edits:
            edit.put_after(self._layer(edit.layer))
        return change | self._moved(step, was_modified) | self._show(step.shows_after)

    def go_to(self, position: int) -> Change:
        """Undo or redo until ``position`` steps are applied; nothing if there is no such position."""
        was_modified = self.is_modified
        change = self.end_stroke()
        if not 0 <= position <= len(self._history.entries):
            return change
        while self._history.position > position:
            change |= self.undo()
        while self._history.position < position:
            change |= self.redo()
        # On the way the saved state may have been passed: only where it ends counts.
        return Change((change.what & ~Changed.FILE) | self._file_change(was_modified), change.box)

    # Files

    def export(self) -> Photo:
        """The photo to save: the current pixels (read-only, they never change) with the metadata as opened."""
        return replace(self._photo, pixels=self._pixels.snapshot())

    def mark_saved(self, path: Path, *, state: int | None = None) -> Change:
        """Note that the photo was written to ``path``.

        state: the ``pixel_state`` at the time of the export; None means that nothing changed while it was written.
        """
        self._path = path
        self._history.mark_clean(state)
        return Change(Changed.FILE)

    def mark_kept(self, *, state: int) -> Change:
        """Note that the project was saved when the pixels were in this state."""
        self._history.mark_clean(state)
        return Change(Changed.FILE)

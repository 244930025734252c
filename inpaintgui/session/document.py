"""The document: a photo, the mask painted on it, and how both came to be. Belongs to one thread, the window's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, FillRequest, FillSettings, Mask, Photo, Pixels
from inpaintgui.errors import BadInputError
from inpaintgui.session.changes import NO_BOX, NOTHING, Change, Changed
from inpaintgui.session.combining import Combine, combined
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.history import DEFAULT_BUDGET, History, HistoryState, HistoryStep, Layer, diff, with_step
from inpaintgui.session.layers import MaskLayer, PixelLayer, read_only
from inpaintgui.session.raster import Point, dabs
from inpaintgui.session.saved_masks import SavedMasks
from inpaintgui.session.stroke import Stroke


@dataclass(frozen=True)
class DocumentState:
    """What has become of a photo. pixels: now, read-only. mask: uint8 (H, W), read-only."""

    pixels: Pixels
    mask: Mask
    mask_visible: bool
    history: HistoryState


class Document:
    """A photo being edited. Every mutator returns the :class:`Change` it made; nothing else notifies.

    Pixels are copied on write (see :class:`~inpaintgui.session.layers.PixelLayer`), so :meth:`request` and
    :meth:`export` cost nothing and the fill that follows pays for one copy of the photo; the mask is small and is
    copied. Views of ``pixels`` that were taken before a change of pixels may show the old state: take them anew.

    Any mutator other than :meth:`paint`, :meth:`undo` and :meth:`cancel_stroke` ends a stroke that is still open.
    """

    def __init__(
        self,
        photo: Photo,
        *,
        path: Path | None = None,
        history_budget: int = DEFAULT_BUDGET,
        history_disk_budget: int = 0,
    ) -> None:
        """Begin with an empty, visible mask. The photo's array must not change from now on.

        history_budget, history_disk_budget: bytes of undo steps in memory, and of older ones on disk.
        """
        self._photo = photo
        self._path = self._original_path = path
        self._pixels = PixelLayer(photo.pixels)
        self._mask = MaskLayer(photo.height, photo.width)
        self._mask_visible = True
        self._revision = 0
        self._stroke: Stroke | None = None
        self._history = History(history_budget, history_disk_budget)
        self.saved_masks = SavedMasks(photo.height, photo.width)

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
        document._mask_visible = state.mask_visible
        document._history = History.from_state(state.history, history_budget, history_disk_budget)
        return document

    def freeze(self) -> DocumentState:
        """All that is to be kept, as it is now; an open stroke counts as ended here, but stays open."""
        history = self._history.freeze()
        stroke = self._stroke
        edits = stroke.edits(self._mask.values) if stroke is not None and stroke.painted else ()
        if stroke is not None and edits:
            history = with_step(history, HistoryStep(stroke.name, "stroke", edits, shows_before=stroke.mask_visible))
        return DocumentState(self._pixels.snapshot(), read_only(self._mask.values.copy()), self._mask_visible, history)

    # What there is

    @property
    def photo(self) -> Photo:
        """The photo as opened."""
        return self._photo

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def original_path(self) -> Path | None:
        """Where the photo was opened from, wherever it was saved since."""
        return self._original_path

    @property
    def width(self) -> int:
        return self._photo.width

    @property
    def height(self) -> int:
        return self._photo.height

    @property
    def box(self) -> Box:
        """The whole image."""
        return Box(0, 0, self.width, self.height)

    @property
    def original(self) -> Pixels:
        """The pixels as opened, read-only; as in :class:`Photo`."""
        return read_only(self._photo.pixels)

    @property
    def pixels(self) -> Pixels:
        """The pixels now, read-only; dtype and channels of the photo."""
        return self._pixels.values

    @property
    def mask(self) -> Mask:
        """The mask now, uint8 (H, W), read-only; a view that follows every change."""
        return read_only(self._mask.values)

    @property
    def revision(self) -> int:
        """Grows with every change of pixels or mask and never comes back to an earlier value."""
        return self._revision

    @property
    def mask_box(self) -> Box:
        """The smallest box around all that is masked, however faintly; empty if nothing is."""
        return self._mask.box

    @property
    def has_mask(self) -> bool:
        return not self.mask_box.is_empty

    @property
    def mask_visible(self) -> bool:
        return self._mask_visible

    @property
    def stroke_open(self) -> bool:
        return self._stroke is not None

    @property
    def history(self) -> History:
        """To read from; only the document may move it."""
        return self._history

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    @property
    def is_modified(self) -> bool:
        """Whether the pixels differ from what was opened or last saved. A mask alone needs no saving."""
        return not self._history.is_clean

    @property
    def is_modified_from_original(self) -> bool:
        """Whether the pixels may differ from what was opened."""
        return self._pixels.values.base is not self._photo.pixels and self._pixels.values is not self._photo.pixels

    @property
    def pixel_state(self) -> int:
        """Names the current state of the pixels, to be given to :meth:`mark_saved`."""
        return self._history.pixel_state

    # Strokes

    def begin_stroke(self, name: str) -> Change:
        """Open a stroke. A hidden mask belongs to the last fill: it is cleared, as part of the stroke, and shown."""
        change = self.end_stroke()
        stroke = self._stroke = Stroke(name, mask_visible=self._mask_visible)
        if self._mask_visible:
            return change
        old = self.mask_box
        if not old.is_empty:
            stroke.protect(self._mask.values, old)
            self._mask.values[old.slices] = 0
            change |= self._mask_touched(old)
        return change | self._show(True)

    def paint(self, start: Point, end: Point, *, radius: float, erase: bool = False, hardness: float = 1.0) -> Change:
        """Drag a round brush along a segment within the open stroke.

        start, end: (x, y) in image pixels, anywhere. radius: in pixels, above 0. hardness: the part of the radius
        that is painted fully, 0 to 1. Raises RuntimeError if no stroke is open, ValueError for impossible brushes.
        """
        stroke = self._stroke
        if stroke is None:
            raise RuntimeError("paint() outside a stroke")
        change, mask = NOTHING, self._mask.values
        for box, dab in dabs(start, end, radius=radius, hardness=hardness, bounds=self.box):
            old = mask[box.slices]
            new = np.minimum(old, 255 - dab) if erase else np.maximum(old, dab)
            if np.array_equal(old, new):
                continue
            stroke.protect(mask, box)
            stroke.painted = True
            mask[box.slices] = new
            change |= self._mask_touched(box)
        return change

    def end_stroke(self) -> Change:
        """Close the stroke: one undo step, or none if nothing was painted. Does nothing if no stroke is open."""
        stroke = self._stroke
        if stroke is None:
            return NOTHING
        if not stroke.painted:
            return self.cancel_stroke()
        self._stroke = None
        edits = stroke.edits(self._mask.values)
        if not edits:
            return NOTHING
        return self._push(HistoryStep(stroke.name, "stroke", edits, shows_before=stroke.mask_visible))

    def cancel_stroke(self) -> Change:
        """Take the open stroke back. Does nothing if none is open."""
        stroke = self._stroke
        if stroke is None:
            return NOTHING
        self._stroke = None
        touched = stroke.restore(self._mask.values)
        change = NOTHING if touched.is_empty else self._mask_touched(touched)
        return change | self._show(stroke.mask_visible)

    # The mask as a whole

    def clear_mask(self) -> Change:
        """Keep everything."""
        change = self.end_stroke()
        box = self.mask_box
        return change | self._replace_mask(box, np.zeros((box.height, box.width), np.uint8), "Clear mask")

    def invert_mask(self) -> Change:
        """Swap hole and context."""
        change = self.end_stroke()
        return change | self._replace_mask(self.box, ~self._mask.values, "Invert mask")

    def set_mask(self, mask: Mask, name: str) -> Change:
        """Replace the mask. mask: uint8 (H, W), copied. Raises BadInputError if it is of another size or type."""
        if mask.shape != self._mask.values.shape or mask.dtype != np.uint8:
            size = " × ".join(str(side) for side in reversed(mask.shape[:2]))
            raise BadInputError(
                f"The mask is {size} pixels ({mask.dtype}); this photo needs an 8-bit one of "
                f"{self.width} × {self.height} pixels."
            )
        change = self.end_stroke()
        return change | self._replace_mask(self.box, mask, name)

    def combine_mask(self, box: Box, values: Mask, how: Combine, name: str) -> Change:
        """Let a selection meet the mask, as one undo step. A hidden mask belongs to the last fill: it counts as empty.

        values: uint8 (box.height, box.width), 0 outside of the box. Raises ValueError if their shapes disagree.
        """
        if values.shape != (box.height, box.width) or values.dtype != np.uint8:
            raise ValueError(f"a selection of {values.dtype} {values.shape} for {box}")
        change = self.end_stroke()
        hidden = not self._mask_visible
        area, new = combined(self._mask.values, box, values, how, old_box=self.mask_box, forget=hidden)
        return change | self._replace_mask(area, new, name)

    def show_mask(self, visible: bool) -> Change:
        """Show or hide the mask; not an undo step."""
        change = self.end_stroke()
        return change | self._show(visible)

    # Filling

    def request(self, settings: FillSettings) -> FillRequest:
        """A frozen snapshot to fill. Raises BadInputError if nothing is masked."""
        if not self.has_mask:
            raise BadInputError("Nothing is marked yet: paint over what should be filled.")
        mask = self._mask.values.copy()
        return FillRequest(self._pixels.snapshot(), read_only(mask), settings, self._revision)

    def apply_fill(self, fill: ReadyFill, *, name: str = "Fill") -> Change | None:
        """Put a fill into the photo as one undo step, and hide the mask. Costs the same however large the hole is.

        If the document has changed since the fill was requested, nothing happens and None is returned.
        """
        if fill.revision != self._revision:
            return None
        change = self.end_stroke()
        self._pixels.replace(fill.pixels)
        step = HistoryStep(name, "fill", fill.edits, shows_before=True, shows_after=False, record=fill.record)
        self._revision += 1
        change |= Change(Changed.PIXELS, step.box(Layer.PIXELS)) if fill.edits else NOTHING
        return change | self._push(step) | self._show(False)

    def swap_fill(self, fill: ReadyFill, *, instead_of: HistoryStep | None = None, name: str = "") -> Change | None:
        """Put another answer of an earlier fill into the photo; the mask stays shown or hidden as it is.

        instead_of: the step that the answer takes the place of, which must be the last one applied; what was undone
        after it is forgotten, as with every edit. None makes a step of its own, called ``name``. If the document has
        changed since the answer was prepared, nothing happens and None is returned. Raises SaveError, and changes
        nothing, if the step that is replaced was moved to disk and does not come back.
        """
        stale = instead_of is not None and instead_of is not self._history.last
        if stale or fill.revision != self._revision or self.stroke_open:
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

    # Shared by the mutators

    def _layer(self, layer: Layer) -> NDArray[Any]:
        """The layer's array, to be written to."""
        return self._mask.values if layer is Layer.MASK else self._pixels.writable()

    def _mask_touched(self, box: Box) -> Change:
        self._revision += 1
        self._mask.touched(box)
        return Change(Changed.MASK, box)

    def _replace_mask(self, box: Box, new: Mask, name: str) -> Change:
        """Make ``new`` the mask inside a box, as one undo step, and show it."""
        edits = tuple(diff(Layer.MASK, box, self._mask.values[box.slices], new))
        if not edits:
            return self._show(True)
        step = HistoryStep(name, "mask", edits, shows_before=self._mask_visible)
        self._mask.values[box.slices] = new
        return self._mask_touched(step.box(Layer.MASK)) | self._push(step) | self._show(True)

    def _show(self, visible: bool) -> Change:
        if visible == self._mask_visible:
            return NOTHING
        self._mask_visible = visible
        return Change(Changed.OVERLAY, self.mask_box)

    def _push(self, step: HistoryStep) -> Change:
        was_modified = self.is_modified
        self._history.push(step)
        return Change(Changed.HISTORY | self._file_change(was_modified))

    def _moved(self, step: HistoryStep, was_modified: bool) -> Change:
        """What undoing or redoing a step changed."""
        change = Change(Changed.HISTORY | self._file_change(was_modified))
        mask_box, pixel_box = step.box(Layer.MASK), step.box(Layer.PIXELS)
        self._revision += 1
        if not mask_box.is_empty:
            change |= self._mask_touched(mask_box)
        if not pixel_box.is_empty:
            change |= Change(Changed.PIXELS, pixel_box)
        return change

    def _file_change(self, was_modified: bool) -> Changed:
        return Changed.FILE if was_modified != self.is_modified else Changed(0)

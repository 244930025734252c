"""What a document is made of: the photo, its layers and its history, and how a change of any of them is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, Photo, Pixels
from inpaintgui.session.changes import NOTHING, Change, Changed
from inpaintgui.session.history import DEFAULT_BUDGET, History, HistoryStep, Layer, diff
from inpaintgui.session.layers import MaskLayer, MaskSnapshot, PixelLayer, read_only
from inpaintgui.session.saved_masks import SavedMasks
from inpaintgui.session.stroke import Stroke

_CHANGED = {Layer.MASK: Changed.MASK, Layer.EXCLUSION: Changed.EXCLUSION}


class Layered:
    """The state of a :class:`~inpaintgui.session.document.Document` and what can be read of it."""

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
        self._exclusion = MaskLayer(photo.height, photo.width)
        self._submitted: list[MaskSnapshot] = []
        self._matched = (-1, False)
        self._mask_visible = True
        self._revision = 0
        self._stroke: Stroke | None = None
        self._history = History(history_budget, history_disk_budget)
        self.saved_masks = SavedMasks(photo.height, photo.width)

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
        """Grows with every change of a layer and never comes back to an earlier value."""
        return self._revision

    @property
    def mask_box(self) -> Box:
        """The smallest box around all that is masked, however faintly; empty if nothing is."""
        return self._mask.box

    @property
    def has_mask(self) -> bool:
        return not self.mask_box.is_empty

    @property
    def exclusion(self) -> Mask:
        """What must not be copied from, uint8 (H, W), non-zero = excluded, read-only; a view that follows changes."""
        return read_only(self._exclusion.values)

    @property
    def exclusion_box(self) -> Box:
        """The smallest box around all that is excluded; empty if nothing is."""
        return self._exclusion.box

    @property
    def holds_work(self) -> bool:
        """Whether there is anything that would be lost with the document."""
        return bool(self._history.entries) or self.has_mask or not self.exclusion_box.is_empty

    @property
    def mask_is_submitted(self) -> bool:
        """Whether the mask as it is belongs to a fill that runs or waits (see :meth:`submit`)."""
        if self._matched[0] != self._revision:
            is_one = any(one.equals(self._mask.values, self.mask_box) for one in self._submitted)
            self._matched = (self._revision, is_one)
        return self._matched[1]

    @property
    def mask_is_spent(self) -> bool:
        """Whether the mask belongs to a fill, done or under way: what is painted next begins a new one."""
        return not self._mask_visible or self.mask_is_submitted

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

    # Shared by the mutators

    def _layer(self, layer: Layer) -> NDArray[Any]:
        """The layer's array, to be written to."""
        return self._pixels.writable() if layer is Layer.PIXELS else self._masks(layer).values

    def _masks(self, layer: Layer) -> MaskLayer:
        """One of the two layers that are painted on."""
        return self._mask if layer is Layer.MASK else self._exclusion

    def _touched(self, layer: Layer, box: Box) -> Change:
        """Values of the mask or the exclusion have changed inside the box."""
        self._revision += 1
        self._masks(layer).touched(box)
        return Change(_CHANGED[layer], box)

    def _replace_mask(self, box: Box, new: Mask, name: str) -> Change:
        """Make ``new`` the mask inside a box, as one undo step, and show it."""
        edits = tuple(diff(Layer.MASK, box, self._mask.values[box.slices], new))
        if not edits:
            return self._show(True)
        step = HistoryStep(name, "mask", edits, shows_before=self._mask_visible)
        self._mask.values[box.slices] = new
        return self._touched(Layer.MASK, step.box(Layer.MASK)) | self._push(step) | self._show(True)

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
        pixel_box = step.box(Layer.PIXELS)
        self._revision += 1
        for layer in (Layer.MASK, Layer.EXCLUSION):
            touched = step.box(layer)
            if not touched.is_empty:
                change |= self._touched(layer, touched)
        if not pixel_box.is_empty:
            change |= Change(Changed.PIXELS, pixel_box)
        return change

    def _file_change(self, was_modified: bool) -> Changed:
        return Changed.FILE if was_modified != self.is_modified else Changed(0)

"""Editing what is painted on a photo: strokes and whole masks, each one undo step."""

from __future__ import annotations

import numpy as np

from inpaintgui.contracts import Box, Mask
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say
from inpaintgui.session.changes import NOTHING, Change
from inpaintgui.session.combining import Combine, combined
from inpaintgui.session.history import HistoryStep, Layer, diff
from inpaintgui.session.layered import Layered
from inpaintgui.session.raster import Point, dabs
from inpaintgui.session.stroke import Stroke


class Masking(Layered):
    """The part of a :class:`~inpaintgui.session.document.Document` that changes mask and exclusion."""

    # Strokes

    def begin_stroke(self, name: str, layer: Layer = Layer.MASK) -> Change:
        """Open a stroke on the mask or the exclusion.

        A mask that is hidden or submitted belongs to a fill: a stroke on the mask clears it, as part of the stroke, and
        shows it.
        """
        change = self.end_stroke()
        stroke = self._stroke = Stroke(name, layer, mask_visible=self._mask_visible)
        if layer is not Layer.MASK or not self.mask_is_spent:
            return change
        old = self.mask_box
        if not old.is_empty:
            stroke.protect(self._mask.values, old)
            self._mask.values[old.slices] = 0
            change |= self._touched(Layer.MASK, old)
        return change | self._show(True)

    def paint(self, start: Point, end: Point, *, radius: float, erase: bool = False, hardness: float = 1.0) -> Change:
        """Drag a round brush along a segment within the open stroke.

        start, end: (x, y) in image pixels, anywhere. radius: in pixels, above 0. hardness: the part of the radius
        that is painted fully, 0 to 1. Raises RuntimeError if no stroke is open, ValueError for impossible brushes.
        """
        stroke = self._stroke
        if stroke is None:
            raise RuntimeError("paint() outside a stroke")
        change, mask = NOTHING, self._masks(stroke.layer).values
        for box, dab in dabs(start, end, radius=radius, hardness=hardness, bounds=self.box):
            old = mask[box.slices]
            new = np.minimum(old, 255 - dab) if erase else np.maximum(old, dab)
            if np.array_equal(old, new):
                continue
            stroke.protect(mask, box)
            stroke.painted = True
            mask[box.slices] = new
            change |= self._touched(stroke.layer, box)
        return change

    def end_stroke(self) -> Change:
        """Close the stroke: one undo step, or none if nothing was painted. Does nothing if no stroke is open."""
        stroke = self._stroke
        if stroke is None:
            return NOTHING
        if not stroke.painted:
            return self.cancel_stroke()
        self._stroke = None
        edits = stroke.edits(self._masks(stroke.layer).values)
        if not edits:
            return NOTHING
        return self._push(stroke.step(edits, mask_visible=self._mask_visible))

    def cancel_stroke(self) -> Change:
        """Take the open stroke back. Does nothing if none is open."""
        stroke = self._stroke
        if stroke is None:
            return NOTHING
        self._stroke = None
        touched = stroke.restore(self._masks(stroke.layer).values)
        change = NOTHING if touched.is_empty else self._touched(stroke.layer, touched)
        return change | self._show(stroke.mask_visible)

    # The mask as a whole

    def clear_mask(self) -> Change:
        """Keep everything."""
        change = self.end_stroke()
        box = self.mask_box
        return change | self._replace_mask(box, np.zeros((box.height, box.width), np.uint8), "Clear mask")

    def clear_exclusion(self) -> Change:
        """Let everything be copied from again, as one undo step."""
        change = self.end_stroke()
        box = self.exclusion_box
        inside = self._exclusion.values[box.slices]
        edits = tuple(diff(Layer.EXCLUSION, box, inside, np.zeros_like(inside)))
        if not edits:
            return change
        inside[:] = 0
        shown = self._mask_visible
        step = HistoryStep("Clear excluded sources", "mask", edits, shows_before=shown, shows_after=shown)
        return change | self._touched(Layer.EXCLUSION, box) | self._push(step)

    def invert_mask(self) -> Change:
        """Swap hole and context."""
        change = self.end_stroke()
        return change | self._replace_mask(self.box, ~self._mask.values, "Invert mask")

    def set_mask(self, mask: Mask, name: str) -> Change:
        """Replace the mask. mask: uint8 (H, W), copied. Raises BadInputError if it is of another size or type."""
        if mask.shape != self._mask.values.shape or mask.dtype != np.uint8:
            size = " × ".join(str(side) for side in reversed(mask.shape[:2]))
            raise BadInputError(
                say(
                    "The mask is {size} pixels ({kind}); this photo needs an 8-bit one of {width} × {height} pixels.",
                    size=size,
                    kind=mask.dtype,
                    width=self.width,
                    height=self.height,
                )
            )
        change = self.end_stroke()
        return change | self._replace_mask(self.box, mask, name)

    def combine_mask(self, box: Box, values: Mask, how: Combine, name: str) -> Change:
        """Let a selection meet the mask, as one undo step. A spent mask belongs to a fill: it counts as empty.

        values: uint8 (box.height, box.width), 0 outside of the box. Raises ValueError if their shapes disagree.
        """
        if values.shape != (box.height, box.width) or values.dtype != np.uint8:
            raise ValueError(f"a selection of {values.dtype} {values.shape} for {box}")
        change = self.end_stroke()
        area, new = combined(self._mask.values, box, values, how, old_box=self.mask_box, forget=self.mask_is_spent)
        return change | self._replace_mask(area, new, name)

    def show_mask(self, visible: bool) -> Change:
        """Show or hide the mask; not an undo step."""
        change = self.end_stroke()
        return change | self._show(visible)

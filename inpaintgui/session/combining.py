"""How a new selection and the mask that is there become one mask."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from inpaintgui.contracts import Box, Mask


class Combine(StrEnum):
    """What a selection does to the mask."""

    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"
    REPLACE = "replace"

    def turned(self, *, alt: bool, shift: bool) -> Combine:
        """What is meant while keys are held: Alt swaps adding and subtracting, Alt and Shift together intersect."""
        if alt and shift:
            return Combine.INTERSECT
        if alt:
            return Combine.ADD if self is Combine.SUBTRACT else Combine.SUBTRACT
        return self


def combined(old: Mask, box: Box, values: Mask, how: Combine, *, old_box: Box, forget: bool) -> tuple[Box, Mask]:
    """The part of the mask that may change, and what becomes of it.

    old: uint8 (H, W), the whole mask, all of it inside ``old_box``. values: uint8 (box.height, box.width), 0 outside of
    the box. forget: take the old mask as empty. Returns a box inside the mask and uint8 (box.height, box.width).
    """
    inside = box.intersect(Box(0, 0, old.shape[1], old.shape[0]))
    values = values[inside.top - box.top : inside.bottom - box.top, inside.left - box.left : inside.right - box.left]
    keeps_rest = how in {Combine.ADD, Combine.SUBTRACT} and not forget
    area = inside if keeps_rest else inside.unite(old_box)
    result = np.zeros((area.height, area.width), np.uint8)
    counts = not forget and how is not Combine.REPLACE
    known = old[area.slices] if counts else np.zeros_like(result)
    if how in {Combine.ADD, Combine.SUBTRACT}:
        np.copyto(result, known)
    place = (
        slice(inside.top - area.top, inside.bottom - area.top),
        slice(inside.left - area.left, inside.right - area.left),
    )
    if how is Combine.SUBTRACT:
        result[place] = np.minimum(known[place], 255 - values)
    elif how is Combine.INTERSECT:
        result[place] = np.minimum(known[place], values)
    else:
        result[place] = np.maximum(known[place], values)
    return area, result

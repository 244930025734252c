"""The arrays of a document: pixels that are copied on write, and masks that know where they are not empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, Pixels
from inpaintgui.session.changes import NO_BOX


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view


class PixelLayer:
    """The photo's pixels, copied on write.

    The array in use starts as the photo's own, and every snapshot is a view of it. The next change then works on a
    fresh copy, once, and further ones in place: a snapshot costs nothing and never changes, and at most one copy of
    the photo is made per snapshot.
    """

    def __init__(self, pixels: Pixels) -> None:
        """Begin with somebody else's array, which is never written to. Raises ValueError if it is not a photo's."""
        if pixels.ndim != 3 or pixels.shape[2] not in (1, 2, 3, 4) or pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"not a photo's pixels: {pixels.dtype} {pixels.shape}")
        self._values: Pixels = pixels
        self._shared = True

    @property
    def values(self) -> Pixels:
        """The pixels now, read-only."""
        return read_only(self._values)

    def snapshot(self) -> Pixels:
        """The pixels now, read-only, never to change."""
        self._shared = True
        return read_only(self._values)

    def writable(self) -> Pixels:
        """The array to change in place."""
        if self._shared:
            self._values = self._values.copy()
            self._shared = False
        return self._values

    def replace(self, values: Pixels) -> None:
        """Take another array of the same shape and dtype, which nobody else may hold, instead of changing this one."""
        self._values = values
        self._shared = False


class MaskLayer:
    """The mask's values and the box around them. After writing to ``values``, say where with :meth:`touched`."""

    def __init__(self, height: int, width: int) -> None:
        """Begin with an empty mask."""
        self.values: Mask = np.zeros((height, width), np.uint8)
        self._bounds = NO_BOX  # around all that is masked, but not always the smallest such box
        self._tight = True

    def touched(self, box: Box) -> None:
        """Note that values inside the box have changed."""
        self._bounds = self._bounds.unite(box)
        self._tight = False

    @property
    def box(self) -> Box:
        """The smallest box around all that is not 0; looks only where something may be."""
        if not self._tight:
            self._bounds = _tighten(self.values, self._bounds)
            self._tight = True
        return self._bounds


@dataclass(frozen=True, eq=False)
class MaskSnapshot:
    """A mask as it was: the box around what is not 0, and the values in it, uint8 (box.height, box.width)."""

    box: Box
    values: Mask

    @classmethod
    def of(cls, mask: Mask, box: Box) -> MaskSnapshot:
        """Of a mask, uint8 (H, W), that is 0 outside the box."""
        return cls(box, mask[box.slices].copy())

    def equals(self, mask: Mask, box: Box) -> bool:
        """Whether a mask that is 0 outside the box is the same. box: the smallest there is."""
        return box == self.box and np.array_equal(mask[box.slices], self.values)


def _tighten(mask: Mask, bounds: Box) -> Box:
    if bounds.is_empty:
        return NO_BOX
    part = mask[bounds.slices]
    # On bytes, max is vectorised where any() first converts to bool.
    rows, columns = np.flatnonzero(part.max(axis=1)), np.flatnonzero(part.max(axis=0))
    if rows.size == 0:
        return NO_BOX
    left, top = bounds.left, bounds.top
    return Box(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)

"""Places in a photo: boxes of pixels and the squares that priors see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """A half-open rectangle of pixels: columns [left, right), rows [top, bottom). May be empty."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def is_empty(self) -> bool:
        return self.width == 0 or self.height == 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def intersect(self, other: Box) -> Box:
        """The common part; empty if there is none."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def unite(self, other: Box) -> Box:
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grow(self, margin: int) -> Box:
        """Wider by ``margin`` on every side."""
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)


def bounding_box(flags: NDArray[Any]) -> Box:
    """The smallest box around the non-zero entries of a (H, W) array; empty (0, 0, 0, 0) if there are none."""
    rows = np.flatnonzero(flags.any(axis=1))
    if rows.size == 0:
        return Box(0, 0, 0, 0)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(flags[top:bottom].any(axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


@dataclass(frozen=True)
class ContextSquare:
    """The square of the photo that a prior sees, set by hand. May reach beyond the photo.

    x, y: top-left corner. side: in image pixels.
    """

    x: float
    y: float
    side: float

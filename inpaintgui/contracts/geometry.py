"""Places in a photo: boxes of pixels and the squares that priors see."""

from __future__ import annotations

import math
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

    def moved(self, right: int, down: int) -> Box:
        """The same elsewhere."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def seen_from(self, other: Box) -> Box:
        """The same box where the top left corner of ``other`` is the origin."""
        return Box(self.left - other.left, self.top - other.top, self.right - other.left, self.bottom - other.top)


def bounding_box(flags: NDArray[Any]) -> Box:
    """The smallest box around the non-zero entries of a (H, W) array; empty (0, 0, 0, 0) if there are none."""
    rows = np.flatnonzero(flags.any(axis=1))
    if rows.size == 0:
        return Box(0, 0, 0, 0)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(flags[top:bottom].any(axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def surroundings(flags: NDArray[Any], margin: int) -> Box:
    """The bounding box, wider by ``margin`` on every side as far as the (H, W) array reaches."""
    return bounding_box(flags).grow(margin).intersect(Box(0, 0, flags.shape[1], flags.shape[0]))


@dataclass(frozen=True)
class ContextSquare:
    """A square of the photo that a prior sees. May reach beyond the photo.

    x, y: top-left corner before it is turned. side: in image pixels. angle: degrees, clockwise around the centre.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.side / 2, self.y + self.side / 2

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Clockwise from what is the top left when it is upright."""
        side = self.side
        return self.point(0, 0), self.point(side, 0), self.point(side, side), self.point(0, side)

    def point(self, u: float, v: float) -> tuple[float, float]:
        """The image point that lies ``u`` along and ``v`` down its own sides from its corner."""
        if not self.angle:
            return self.x + u, self.y + v
        cos, sin = self._turn
        x, y = self.centre
        u, v = u - self.side / 2, v - self.side / 2
        return x + cos * u - sin * v, y + sin * u + cos * v

    def local(self, x: float, y: float) -> tuple[float, float]:
        """The opposite of :meth:`point`."""
        if not self.angle:
            return x - self.x, y - self.y
        cos, sin = self._turn
        dx, dy = x - self.centre[0], y - self.centre[1]
        return cos * dx + sin * dy + self.side / 2, cos * dy - sin * dx + self.side / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether an image point lies in it."""
        u, v = self.local(x, y)
        return 0 <= u <= self.side and 0 <= v <= self.side

    def holds(self, box: Box) -> bool:
        """Whether all of a box lies in it."""
        return all(self.contains(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom))

    @property
    def _turn(self) -> tuple[float, float]:
        return math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))

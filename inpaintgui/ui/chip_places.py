"""Where labels of boxes go so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 4
"""Between a label and its box, or another label, in logical pixels."""


def chip_places(boxes: Sequence[QRect], sizes: Sequence[QSize], area: QRect, taken: Sequence[QRect]) -> list[QPoint]:
    """The top left corner of each box's label, above it where there is room, inside ``area`` wherever it fits.

    taken: where no label may lie. The first box chooses first; one for whose label there is no room at all gets the
    place that it would have alone.
    """
    used = [rectangle.adjusted(-GAP, -GAP, GAP, GAP) for rectangle in taken]
    places = []
    for box, size in zip(boxes, sizes, strict=True):
        candidates = [_inside(QRect(point, size), area) for point in _wishes(box, size, area)]
        place = next((one for one in candidates if not any(one.intersects(other) for other in used)), candidates[0])
        used.append(place.adjusted(-GAP, -GAP, GAP, GAP))
        places.append(place.topLeft())
    return places


def _wishes(box: QRect, size: QSize, area: QRect) -> list[QPoint]:
    """Above the box, higher, below it, as far as in view; then inside, down along its left and its right side."""
    left, right = box.left(), box.right() + 1 - size.width()
    above, below = box.top() - size.height() - GAP, box.bottom() + 1 + GAP
    step = size.height() + 2 * GAP
    outside = [(x, y) for y in (above, above - step, below) for x in (left, right)]
    top = max(box.top(), area.top()) + GAP
    beside = [(x, y) for y in range(top, area.bottom() - size.height(), step) for x in (left, right)]
    fitting = [(x, y) for x, y in outside if area.top() <= y <= area.bottom() - size.height()]
    return [QPoint(x, y) for x, y in (*fitting, *beside, (left, above))]


def _inside(place: QRect, area: QRect) -> QRect:
    """Moved as little as needed to lie in the area; its upper left part does if it is larger."""
    x = max(area.left(), min(place.left(), area.right() + 1 - place.width()))
    y = max(area.top(), min(place.top(), area.bottom() + 1 - place.height()))
    return QRect(QPoint(x, y), place.size())

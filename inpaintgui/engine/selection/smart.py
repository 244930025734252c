"""Smart select: an object out of a box or a few scribbles, by GrabCut (Rother, Kolmogorov & Blake 2004)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, Pixels
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.regions import as_rgb_float
from inpaintgui.engine.selection.wand import tight
from inpaintgui.errors import BadInputError
from inpaintgui.selecting import MaskPart, Scribble, SmartOrder
from inpaintgui.sentences import say

WORKING_SIDE = 256
"""Longest side of what GrabCut sees: its cost grows faster than the number of pixels."""
_ROUNDS = 3
_SMALLEST_MARGIN = 24
_BOX_MARGIN = 0.35
"""Surroundings of a box, as a share of its longer side: what the background's colours are learnt from."""
_SCRIBBLE_MARGIN = 1.1
"""An object reaches further than the line that was drawn on it."""
_LIKELY_MARGIN = 0.12
_PHOTO_SHARE = 0.06
"""Even the shortest scribble may be on an object of this share of the photo's side."""


def smart_select(pixels: Pixels, order: SmartOrder) -> MaskPart:
    """The object that was boxed or scribbled on, in hard 0 and 255.

    Only the neighbourhood is looked at. pixels: (H, W, C), uint8 or uint16. Raises BadInputError if the order marks
    nothing to keep.
    """
    keeps = [scribble for scribble in order.scribbles if scribble.keep]
    if order.box is None and not keeps:
        raise BadInputError(say("Scribble on the object to select, or draw a box around it."))
    photo = Box(0, 0, pixels.shape[1], pixels.shape[0])
    extent = order.box or _extent(keeps).intersect(photo)
    area = _neighbourhood(order, extent, photo)
    scale = min(1.0, WORKING_SIDE / max(area.width, area.height))
    size = (max(1, round(area.width * scale)), max(1, round(area.height * scale)))
    image = cv2.resize(as_rgb_float(pixels[area.slices]), size, interpolation=cv2.INTER_AREA)
    found = _refined((image * 255).round().astype(np.uint8), order, area, scale)
    found = _wanted(found, order, area, scale)
    smooth = cv2.GaussianBlur(found.astype(np.float32), (0, 0), 0.8)
    full = cv2.resize(smooth, (area.width, area.height), interpolation=cv2.INTER_CUBIC)
    return tight((full >= 0.5).astype(np.uint8) * np.uint8(255), area)


def _extent(scribbles: list[Scribble]) -> Box:
    points = np.concatenate([np.asarray(scribble.points, np.float64) for scribble in scribbles])
    reach = max(scribble.radius for scribble in scribbles)
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    return Box(math.floor(low[0]), math.floor(low[1]), math.ceil(high[0]) + 1, math.ceil(high[1]) + 1)


def _neighbourhood(order: SmartOrder, extent: Box, photo: Box) -> Box:
    longest = max(extent.width, extent.height)
    if order.box is not None:
        margin = _BOX_MARGIN * longest
    else:
        margin = max(_SCRIBBLE_MARGIN * longest, _PHOTO_SHARE * max(photo.width, photo.height))
    every = _extent(list(order.scribbles)) if order.scribbles else extent
    return extent.grow(max(_SMALLEST_MARGIN, round(margin))).unite(every.grow(4)).intersect(photo)


def _refined(image: NDArray[np.uint8], order: SmartOrder, area: Box, scale: float) -> NDArray[np.bool_]:
    """Bool (h, w): what the box or the first scribble selects, corrected by one scribble after the other.

    Each time GrabCut begins with what was selected before, and only what hangs together with the scribble changes:
    without that, a small correction can turn the colours of object and background over.
    """
    first = 0 if order.box is not None else 1 + next(n for n, one in enumerate(order.scribbles) if one.keep)
    size = (image.shape[1], image.shape[0])
    labels = _labels(SmartOrder(order.scribbles[:first], order.box), area, scale, size)
    found = cut(image, labels)
    for number in range(first, len(order.scribbles)):
        labels = np.where(found, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
        if order.box is not None:
            outside = np.ones(labels.shape, bool)
            outside[_scaled(order.box, area, scale, size).slices] = False
            labels[outside] = cv2.GC_BGD
        for scribble in order.scribbles[: number + 1]:
            _draw(labels, scribble, area, scale, cv2.GC_FGD if scribble.keep else cv2.GC_BGD)
        found = _corrected(found, cut(image, labels), order.scribbles[number], area, scale)
    return found


def _corrected(
    before: NDArray[np.bool_], after: NDArray[np.bool_], scribble: Scribble, area: Box, scale: float
) -> NDArray[np.bool_]:
    """Before, with what hangs together with the scribble added or taken away as after; all bool (h, w)."""
    changed = (after & ~before if scribble.keep else before & ~after).astype(np.uint8)
    marks = np.zeros(before.shape, np.uint8)
    _draw(marks, scribble, area, scale, 1)
    _, groups = cv2.connectedComponents(np.maximum(changed, marks), connectivity=8)
    touched = np.isin(groups, np.unique(groups[marks > 0]))
    return np.asarray(before | touched if scribble.keep else before & ~touched, np.bool_)


def _labels(order: SmartOrder, area: Box, scale: float, size: tuple[int, int]) -> Mask:
    """GrabCut's four kinds of pixels at the beginning: surely or probably background or foreground."""
    extent = order.box or _extent([scribble for scribble in order.scribbles if scribble.keep])
    labels = np.full((size[1], size[0]), cv2.GC_PR_BGD, np.uint8)
    if order.box is not None:
        labels[:] = cv2.GC_BGD
        likely = extent
    else:
        likely = extent.grow(round(_LIKELY_MARGIN * max(extent.width, extent.height)))
        labels[[0, -1]] = labels[:, [0, -1]] = cv2.GC_BGD
    labels[_scaled(likely, area, scale, size).slices] = cv2.GC_PR_FGD
    for scribble in order.scribbles:
        _draw(labels, scribble, area, scale, cv2.GC_FGD if scribble.keep else cv2.GC_BGD)
    return labels


def _scaled(box: Box, area: Box, scale: float, size: tuple[int, int]) -> Box:
    edges = (box.left - area.left, box.top - area.top, box.right - area.left, box.bottom - area.top)
    return Box(*(round(edge * scale) for edge in edges)).intersect(Box(0, 0, *size))


def _draw(labels: Mask, scribble: Scribble, area: Box, scale: float, value: int) -> None:
    points = (np.asarray(scribble.points, np.float64) - (area.left, area.top)) * scale
    thickness = max(1, round(2 * scribble.radius * scale))
    whole = np.rint(points).astype(np.int32)
    if len(whole) == 1:
        cv2.circle(labels, whole[0].tolist(), max(1, thickness // 2), value, cv2.FILLED)
    else:
        cv2.polylines(labels, [whole], isClosed=False, color=value, thickness=thickness)


def cut(image: NDArray[np.uint8], labels: Mask) -> NDArray[np.bool_]:
    """Foreground, bool (h, w), of uint8 RGB (h, w, 3), by GrabCut from its four kinds of pixels (h, w)."""
    kept = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if kept.all() or not kept.any():
        # GrabCut needs both; without background around it, all that was marked is the object.
        return kept
    # OpenCV starts its colour clusters from its own random numbers: the same order must give the same selection.
    cv2.setRNGSeed(1)
    whole = (0, 0, labels.shape[1], labels.shape[0])  # not looked at in this mode
    behind, front = np.zeros((1, 65), np.float64), np.zeros((1, 65), np.float64)
    cv2.grabCut(image, labels, whole, behind, front, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _wanted(found: NDArray[np.bool_], order: SmartOrder, area: Box, scale: float) -> NDArray[np.bool_]:
    """Only groups that were scribbled on; of a box alone, the largest and those of at least a tenth of its size."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8), connectivity=8)
    if count <= 1:
        return found
    keeps = [scribble for scribble in order.scribbles if scribble.keep]
    if order.box is not None:
        sizes = stats[1:, cv2.CC_STAT_AREA]
        chosen = np.flatnonzero(sizes >= 0.1 * sizes.max()) + 1
    else:
        marks = np.zeros(found.shape, np.uint8)
        for scribble in keeps:
            _draw(marks, scribble, area, scale, 1)
        chosen = np.unique(labels[(marks > 0) & found])
    return np.isin(labels, chosen) & found

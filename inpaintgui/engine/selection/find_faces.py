"""Faces to propose for selecting: every cascade of OpenCV that finds faces, and the head around each hit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Pixels
from inpaintgui.engine.faces import load_cascade, reduced_to_grey
from inpaintgui.engine.selection.smart import smart_select
from inpaintgui.selecting import MaskPart, Proposal, Scribble, SmartOrder

SEARCH_SIDE = 1600
SMALLEST_FACE = 28
SAME_FACE = 0.35
"""Two hits of which the smaller's centre part is shared by more than this (intersection over union) are one face."""
_CASCADES = (("haarcascade_frontalface_default", 6), ("haarcascade_frontalface_alt2", 4))
_PROFILE = ("haarcascade_profileface", 6)


def find_face_proposals(pixels: Pixels) -> tuple[Proposal, ...]:
    """Frontal faces and profiles, the largest first, each with the silhouette of the head.

    Viola & Jones 2001. The photo is reduced to SEARCH_SIDE first: faces smaller than about a fiftieth of its long side
    are missed, as are tilted and covered ones. pixels: (H, W, C), uint8 or uint16.
    """
    photo = Box(0, 0, pixels.shape[1], pixels.shape[0])
    boxes = _distinct(_hits(pixels))
    return tuple(Proposal("face", box.intersect(photo), _head(pixels, box, photo)) for box in boxes)


def _hits(pixels: Pixels) -> list[Box]:
    grey, scale = reduced_to_grey(pixels, SEARCH_SIDE)
    if min(grey.shape) < SMALLEST_FACE:
        return []
    found = [box for name, neighbours in _CASCADES for box in _detect(name, neighbours, grey)]
    found += _detect(*_PROFILE, grey)
    mirrored = _detect(*_PROFILE, np.ascontiguousarray(grey[:, ::-1]))
    found += [(grey.shape[1] - x - w, y, w, h) for x, y, w, h in mirrored]
    return [
        Box(round(x / scale), round(y / scale), round((x + w) / scale), round((y + h) / scale)) for x, y, w, h in found
    ]


def _detect(name: str, neighbours: int, grey: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    smallest = (SMALLEST_FACE, SMALLEST_FACE)
    found = load_cascade(name).detectMultiScale(grey, 1.1, neighbours, minSize=smallest)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in found]


def _distinct(hits: list[Box]) -> list[Box]:
    """Hits without repetitions, largest first; what one cascade finds inside another's face is dropped."""
    kept: list[Box] = []
    for box in sorted(hits, key=lambda hit: -hit.width):
        if not any(_same(box, other) for other in kept):
            kept.append(box)
    return kept


def _same(small: Box, large: Box) -> bool:
    common = small.intersect(large)
    shared = common.width * common.height
    area = small.width * small.height
    return shared > SAME_FACE * (area + large.width * large.height - shared) or shared > 0.6 * area


def _head(pixels: Pixels, face: Box, photo: Box) -> MaskPart:
    """The head's silhouette: GrabCut within a box with hair and chin; the face's own oval where that fails."""
    side = face.width
    x, y = (face.left + face.right) / 2, (face.top + face.bottom) / 2
    box = Box(round(x - 0.75 * side), round(y - 0.95 * side), round(x + 0.75 * side), round(y + 0.75 * side)).intersect(
        photo
    )
    middle = Scribble(((x, y - 0.2 * side), (x, y + 0.2 * side)), 0.2 * side)
    part = smart_select(pixels, SmartOrder((middle,), box))
    oval = _oval(face, photo)
    inner = oval.box.intersect(part.box)
    covered = 0
    if not inner.is_empty:
        covered = int(np.count_nonzero(_cut_out(part, inner) & _cut_out(oval, inner)))
    # A head covers most of the face that was found in it.
    return part if covered >= 0.6 * np.count_nonzero(oval.values) else oval


def _cut_out(part: MaskPart, box: Box) -> NDArray[np.uint8]:
    left, top = part.box.left, part.box.top
    return part.values[box.top - top : box.bottom - top, box.left - left : box.right - left]


def _oval(face: Box, photo: Box) -> MaskPart:
    box = face.intersect(photo)
    rows = (np.arange(box.top, box.bottom) + 0.5 - (face.top + face.bottom) / 2) / (face.height / 2)
    columns = (np.arange(box.left, box.right) + 0.5 - (face.left + face.right) / 2) / (0.8 * face.width / 2)
    inside = rows[:, None] ** 2 + columns[None, :] ** 2 <= 1
    return MaskPart(box, inside.astype(np.uint8) * np.uint8(255))

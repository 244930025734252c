"""Faces in a photo, as OpenCV's Haar cascade (Viola & Jones 2001) finds them, and the frame that priors expect."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, ContextSquare, Pixels, run_to_end
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.regions import as_rgb_float, colours_of
from inpaintgui.errors import PriorError
from inpaintgui.sentences import say

# The face priors' training images are aligned crops. The cascade run over 600 of them gave, as shares of the
# crop's side, these medians for its box: side, horizontal and vertical centre (591 found; quartiles ±0.05).
CASCADE_SIDE = 1.047
CASCADE_X = 0.492
CASCADE_Y = 0.414

SEARCH_SIDE = 900
SMALLEST_FACE = 36
NEIGHBOURS = 6
SCALE_STEP = 1.08
WINDOW = 24
"""Side in pixels of the faces that the cascade was trained on."""

INSIDE_FACE = 0.8
"""A hole belongs to a face if at least this share of its box lies in the face's frame."""

AROUND = 0.35
"""How far, in sides of a frame, hits of one face may lie outside its frame: the cascade's box begins higher, and a face
is hit several times, in places and sizes that differ a little.
"""

ALIKE = 0.2
"""Hits whose sides differ by at most this share of the smaller one are the same face: OpenCV's own figure."""


@dataclass(frozen=True)
class Face:
    """A face's crop frame as the priors were trained on it, in image pixels."""

    square: ContextSquare

    def share_inside(self, hole: Box) -> float:
        """Share of the hole's box that lies inside the frame."""
        x, y, side = self.square.x, self.square.y, self.square.side
        width = max(0.0, min(hole.right, x + side) - max(hole.left, x))
        height = max(0.0, min(hole.bottom, y + side) - max(hole.top, y))
        return width * height / max(1, hole.width * hole.height)


def find_faces(pixels: Pixels) -> tuple[Face, ...]:
    """Upright frontal faces, largest first. pixels: (H, W, C), uint8 or uint16.

    The photo is reduced to SEARCH_SIDE first: faces smaller than about a twenty-fifth of its long side are missed.
    """
    return run_to_end(finding_faces(pixels))


def finding_faces(pixels: Pixels, holes: Sequence[Box] | None = None) -> Generator[None, None, tuple[Face, ...]]:
    """See :func:`find_faces`; yields after every size of faces, where it can be given up.

    holes: boxes in the photo; if they are given, it is looked only where faces would be to which one belongs.
    """
    grey, scale = reduced_to_grey(pixels, SEARCH_SIDE)
    if min(grey.shape) < SMALLEST_FACE:
        return ()
    cascade = load_cascade("haarcascade_frontalface_default")
    hits: list[tuple[int, int, int, int]] = []
    photo = Box(0, 0, grey.shape[1], grey.shape[0])
    near = None if holes is None else [_scaled(hole, scale) for hole in holes]
    for side in _sides(min(grey.shape)):
        yield
        only = (side, side)
        for window in [photo] if near is None else _windows(side, near, photo):
            part = np.ascontiguousarray(grey[window.slices])
            found = cascade.detectMultiScale(part, SCALE_STEP, minNeighbors=0, minSize=only, maxSize=only)
            hits += [(int(x) + window.left, int(y) + window.top, int(w), int(h)) for x, y, w, h in found]
    boxes, _ = cv2.groupRectangles(hits, NEIGHBOURS, ALIKE)
    return tuple(
        _framed(x / scale, y / scale, w / scale)
        for x, y, w, _ in sorted((tuple(float(v) for v in box) for box in boxes), key=lambda b: -b[2])
    )


def _sides(longest: int) -> Iterator[int]:
    """The sides of faces that OpenCV looks for, in its own steps from the cascade's window."""
    factor = 1.0
    while (side := round(WINDOW * factor)) <= longest:
        if side >= SMALLEST_FACE:
            yield side
        factor *= SCALE_STEP


def _scaled(box: Box, scale: float) -> Box:
    left, top = math.floor(box.left * scale), math.floor(box.top * scale)
    return Box(left, top, math.ceil(box.right * scale), math.ceil(box.bottom * scale))


def _windows(side: int, holes: Sequence[Box], photo: Box) -> list[Box]:
    """Where faces of this side can be to which a hole belongs; no two overlap, or a face would be hit twice."""
    frame = side / CASCADE_SIDE
    apart: list[Box] = []
    for hole in holes:
        across, down = (frame - INSIDE_FACE * length for length in (hole.width, hole.height))
        if min(across, down) < -ALIKE * frame:
            continue  # too small to hold it
        right, below = (math.ceil(max(0.0, off) + AROUND * frame) for off in (across, down))
        window = Box(hole.left - right, hole.top - below, hole.right + right, hole.bottom + below).intersect(photo)
        while met := [other for other in apart if not other.intersect(window).is_empty]:
            window = window.unite(met[0])
            apart.remove(met[0])
        apart.append(window)
    return apart


def _framed(x: float, y: float, side: float) -> Face:
    frame = side / CASCADE_SIDE
    return Face(ContextSquare(x + side / 2 - CASCADE_X * frame, y + side / 2 - CASCADE_Y * frame, frame))


def reduced_to_grey(pixels: Pixels, longest: int) -> tuple[NDArray[np.uint8], float]:
    """The photo, (H, W, C), in grey with no side above ``longest``: uint8 (h, w); and h / H, at most 1."""
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    reduced = cv2.resize(np.ascontiguousarray(colours_of(pixels)), size, interpolation=cv2.INTER_AREA)
    colour = as_rgb_float(reduced.reshape(size[1], size[0], -1))
    return (cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) * 255).round().astype(np.uint8), scale


def load_cascade(name: str) -> cv2.CascadeClassifier:
    """One of those that come with OpenCV. Raises PriorError if it is missing."""
    path = Path(cv2.__file__).parent / "data" / f"{name}.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise PriorError(say("OpenCV's face cascade is missing: {path}", path=path))
    return cascade

"""Pictures of fills for eyes: cases that nobody picked, and removals side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.fill_cases import Case, Hole, Rgb
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.picture_sheet import CAPTION_HEIGHT, GAP, picture_sheet
from inpaintgui.errors import BadInputError

CASES = 24
TILE = 400
"""Side of the square that each picture of a contact sheet is fitted into."""

CASES_A_ROW = 2
MAGENTA = (255, 0, 255)
_INK, _PAPER = (40, 40, 40), 255


def without_hole(photo: Rgb, hole: Hole) -> Rgb:
    """The photo with its hole in a colour that no photo has."""
    return np.where(hole[..., None], np.array(MAGENTA, np.uint8), photo)


def contact_sheet(cases: Sequence[tuple[Case, Mapping[str, Rgb]]], methods: Sequence[str]) -> Rgb:
    """uint8 RGB: two cases a row; of each the hole, or what had to go, the truth, and the result of each method."""
    tiles: list[NDArray[np.float32]] = []
    captions: list[str] = []
    for case, results in cases:
        before = without_hole(case.truth, case.hole) if case.pasted is None else case.pasted
        pictures = {f"{case.name} {case.kind}": before, "truth": case.truth}
        pictures |= {name: np.where(case.hole[..., None], results[name], case.truth) for name in methods}
        tiles += [_fitted(picture) for picture in pictures.values()]
        captions += list(pictures)
    return picture_sheet(np.stack(tiles), captions, columns=CASES_A_ROW * (2 + len(methods)))


def _fitted(picture: Rgb) -> NDArray[np.float32]:
    """Reduced or enlarged into a square of TILE pixels a side, with paper around it; float32 in [0, 1]."""
    height, width = picture.shape[:2]
    scale = TILE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    inner = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    square = np.full((TILE, TILE, 3), _PAPER, np.uint8)
    top, left = (TILE - size[1]) // 2, (TILE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = inner
    return square.astype(np.float32) / np.float32(255)


def side_by_side(pictures: Mapping[str, Rgb]) -> Rgb:
    """Pictures of one size in their full resolution, in rows of at most three (four: two), with the name under each."""
    height, width = next(iter(pictures.values())).shape[:2]
    columns = 2 if len(pictures) == 4 else min(3, len(pictures))
    across, down = width + GAP, height + CAPTION_HEIGHT + GAP
    sheet = np.full((-(-len(pictures) // columns) * down + GAP, columns * across + GAP, 3), _PAPER, np.uint8)
    for number, (name, picture) in enumerate(pictures.items()):
        top, left = number // columns * down + GAP, number % columns * across + GAP
        sheet[top : top + height, left : left + width] = picture
        place = (left, top + height + CAPTION_HEIGHT - 5)
        cv2.putText(sheet, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, _INK, 1, cv2.LINE_AA)
    return sheet


def write_picture(path: Path, picture: Rgb) -> None:
    """Raises BadInputError if the file cannot be written."""
    try:
        written = cv2.imwrite(str(path), picture[..., ::-1])
    except cv2.error as error:
        raise BadInputError(f"“{path}” does not name a picture format that can be written.") from error
    if not written:
        raise BadInputError(f"The picture “{path}” cannot be written.")

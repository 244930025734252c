"""Real removals: nobody knows what stood behind, so there are pictures instead of figures."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from inpaintgui.benchmarks.fill_cases import Hole, Rgb, decoded
from inpaintgui.benchmarks.fill_sheet import side_by_side, write_picture
from inpaintgui.benchmarks.peers import Method
from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError

MASK_END = "-mask.png"
_OUTLINE = (255, 0, 0)


def removals(folder: Path) -> Iterator[tuple[str, Rgb, Hole]]:
    """Photos NAME.* with a mask NAME-mask.png beside them: name, uint8 RGB (H, W, 3), bool (H, W), True = hole."""
    masks = sorted(folder.glob(f"*{MASK_END}"))
    if not masks:
        raise BadInputError(f"“{folder}” holds no mask NAME{MASK_END}.")
    for mask in masks:
        name = mask.name.removesuffix(MASK_END)
        photo = next((file for file in sorted(folder.glob(f"{name}.*")) if file.suffix != ".json"), None)
        if photo is None:
            raise BadInputError(f"For the mask “{mask}” there is no photo.")
        pixels = decoded(str(photo), photo.read_bytes())
        hole = decoded(str(mask), mask.read_bytes())[..., 0] > 0
        if hole.shape != pixels.shape[:2] or not hole.any() or hole.all():
            raise BadInputError(f"The mask “{mask}” does not fit its photo, or is all black or white.")
        yield name, pixels, hole


def show_removals(folder: Path, out: Path, methods: Mapping[str, Method]) -> dict[str, dict[str, float]]:
    """Write OUT/NAME.png: before with the hole's outline, then what each method makes of it, in full resolution.

    Returns the seconds by name and method. Raises BadInputError for unusable input and files that cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    told: dict[str, dict[str, float]] = {}
    for name, photo, hole in removals(folder):
        outlined = photo.copy()
        rims, _ = cv2.findContours(hole.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(outlined, rims, -1, _OUTLINE, 1)
        pictures = {f"{name} before": outlined}
        told[name] = {}
        for method, function in methods.items():
            started = time.perf_counter()
            result = function(photo.copy(), hole.copy())
            told[name][method] = time.perf_counter() - started
            pictures[method] = np.where(hole[..., None], result, photo)
        write_picture(out / f"{name}.png", side_by_side(pictures))
    return told

"""Contact sheets of an evaluation: good, middling and bad fills side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.training.evaluation.evaluate import OURS, Evaluation

Rgb = NDArray[np.uint8]

TILE = 128
GAP = 4
LABEL_WIDTH = 104
MASKED = (255, 0, 255)
ENDS, MIDDLE = 3, 6
"""Columns for the best and for the worst images, and for those around the median."""


def fill_sheet(evaluation: Evaluation) -> Rgb:
    """uint8 RGB: rows truth, masked, ours, Telea, PatchMatch (where it ran); columns from the best to the worst.

    By PSNR of ours: the three best, six around the median, the three worst; all if there are no more than twelve.
    """
    chosen = shown_columns(evaluation.ours.psnr)
    truths = evaluation.images.pixels[chosen]
    masked = np.where(evaluation.holes[chosen][..., None], np.array(MASKED, np.uint8), truths)
    rows = {"truth": truths, "masked": masked}
    rows |= {name: evaluation.fills[name][chosen] for name in (OURS, "telea", "patchmatch") if name in evaluation.fills}
    return labelled_rows(rows)


def shown_columns(psnr: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of the images to show, from the largest ``psnr`` (n,) to the smallest."""
    order = np.argsort(-psnr, kind="stable")
    if len(order) <= 2 * ENDS + MIDDLE:
        return order
    middle = (len(order) - MIDDLE) // 2
    return np.concatenate((order[:ENDS], order[middle : middle + MIDDLE], order[-ENDS:]))


def labelled_rows(rows: dict[str, Rgb]) -> Rgb:
    """One row of tiles, uint8 RGB (n, R, R, 3), per label, on white."""
    return np.concatenate([_row(label, images) for label, images in rows.items()])


def _row(label: str, images: Rgb) -> Rgb:
    side = max(TILE, images.shape[1])
    margin = np.full((side, LABEL_WIDTH, 3), 255, np.uint8)
    cv2.putText(margin, label, (4, side // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    tiles = [cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) for image in images]
    spaced = [np.pad(tile, ((0, GAP), (0, GAP), (0, 0)), constant_values=255) for tile in tiles]
    return np.hstack([np.pad(margin, ((0, GAP), (0, 0), (0, 0)), constant_values=255), *spaced])

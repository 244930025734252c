"""Groups of pixels that show people, from what the network says at several scales.

Two neighbouring scales have to agree: what looks like a person at one alone is mostly something else. And each scale
answers for the sizes of people that the network learnt at: who is small at one scale is large enough at the next finer
one, and who is too large there, so that the network sees only parts of them, was whole at a coarser one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.likelihood import Level

LIKELY = 0.5
"""From here on a pixel counts as a person's."""
SURE, SURE_SHARE = 0.9, 0.35
"""This share of a group's pixels must be as likely as that."""
OWN_SHARE = 0.6
"""How much a scale's own logits count beside those of its neighbour."""
SMALLEST, LARGEST, SPECK = 14, 200, 8
"""Longer side of a group in pixels of the network's image: from SMALLEST (SPECK at the finest scale, beyond which
there is none that could see it better) up to LARGEST (without limit at the coarsest)."""


def likely_map(levels: Sequence[Level]) -> NDArray[np.float32]:
    """The likelihood (h, w) in the groups that the scales found; 0 outside of them.

    levels: coarse to fine. The result has the size of the finest.
    """
    height, width = levels[-1].logits.shape
    combined = np.zeros((height, width), np.float32)
    for number, level in enumerate(levels):
        coarsest, finest = number == 0, number == len(levels) - 1
        neighbours = [levels[k] for k in (number - 1, number + 1) if 0 <= k < len(levels)]
        agreed = _agreed(level, neighbours)
        kept = _groups(agreed, SPECK if finest else SMALLEST, 1 << 30 if coarsest else LARGEST)
        np.maximum(combined, _resized(kept, (height, width)), out=combined)
    return combined


def _agreed(level: Level, neighbours: Sequence[Level]) -> NDArray[np.float32]:
    """The likelihood by a level and that neighbour of it that is more in favour; all alone, by the level."""
    others = [_resized(neighbour.logits, level.logits.shape) for neighbour in neighbours]
    logits = level.logits
    if others:
        logits = OWN_SHARE * logits + (1 - OWN_SHARE) * np.maximum.reduce(others)
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def _resized(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    method = cv2.INTER_AREA if values.shape[0] > shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, (shape[1], shape[0]), interpolation=method), np.float32)


def _groups(likelihood: NDArray[np.float32], smallest: int, largest: int) -> NDArray[np.float32]:
    """The likelihood of sure groups whose longer side, in pixels of the network's image, lies between the limits."""
    flags = (likelihood >= LIKELY).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flags, connectivity=8)
    sure = np.bincount(labels[likelihood >= SURE], minlength=count)
    extents = 2 * np.maximum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH])
    good = (extents >= smallest) & (extents <= largest) & (sure >= SURE_SHARE * stats[:, cv2.CC_STAT_AREA])
    good[0] = False
    # The likelihood falls off smoothly around a group: that ramp is where its outline lies.
    chosen = cv2.dilate(good[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(chosen > 0, likelihood, np.float32(0)).astype(np.float32)

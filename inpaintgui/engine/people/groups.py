"""Groups of pixels that show people, from what the network says at several scales.

Each scale answers for the sizes of people that the network learnt at: who is small at one scale is large enough at the
next finer one, and who is too large there, so that the network sees only parts of them, was whole at a coarser one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.likelihood import Level

LIKELY = 0.5
"""From here on a pixel counts as a person's."""
SURE = 0.85
"""A group needs pixels as likely as this: their share is that of SURE_SHARE."""
SURE_SHARE = 0.2
SMALLEST, LARGEST = 14, 200
"""Height of a group in pixels of the network's image, where a finer and a coarser scale exist."""


def likely_map(levels: Sequence[Level]) -> NDArray[np.float32]:
    """The likelihood (h, w) that each level's groups of the sizes it answers for agree on; 0 outside of them.

    levels: coarse to fine. The result has the size of the finest.
    """
    height, width = levels[-1].likelihood.shape
    combined = np.zeros((height, width), np.float32)
    for number, level in enumerate(levels):
        coarsest, finest = number == 0, number == len(levels) - 1
        kept = _of_right_size(level.likelihood, SMALLEST if not finest else 8, LARGEST if not coarsest else 1 << 30)
        enlarged = cv2.resize(kept, (width, height), interpolation=cv2.INTER_LINEAR)
        np.maximum(combined, enlarged, out=combined)
    return combined


def _of_right_size(likelihood: NDArray[np.float32], smallest: int, largest: int) -> NDArray[np.float32]:
    """The likelihood of groups whose height, in pixels of the network's image, lies between the limits."""
    flags = (likelihood >= LIKELY).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flags, connectivity=8)
    sure = np.bincount(labels[likelihood >= SURE], minlength=count)
    extents = 2 * np.maximum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH])
    good = (extents >= smallest) & (extents <= largest) & (sure >= SURE_SHARE * stats[:, cv2.CC_STAT_AREA])
    good[0] = False
    # The likelihood falls off smoothly around a group: that ramp is where its outline lies.
    chosen = cv2.dilate(good[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(chosen > 0, likelihood, np.float32(0)).astype(np.float32)

"""The silhouette of everybody that was found, at the photo's own resolution.

GrabCut (Rother, Kolmogorov & Blake 2004) decides about what the network is unsure of; where it ends up elsewhere, the
network's own outline is moved to the nearest edges by a guided filter (He, Sun & Tang 2010).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, Mask, Pixels
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.groups import LIKELY, SPECK
from inpaintgui.engine.regions import as_rgb_float, colours_of
from inpaintgui.engine.selection.smart import WORKING_SIDE as CUT_SIDE
from inpaintgui.engine.selection.smart import cut
from inpaintgui.engine.selection.wand import tight
from inpaintgui.selecting import MaskPart

WORKING_SIDE = 1024
"""Longest side at which an outline is worked out; on larger people it is as much coarser."""
_MARGIN = 0.15
"""Surroundings of a group, as a share of its longer side."""
_RADIUS = 0.02
"""Of the guided filter, as a share of the longer side: how far the outline may move to the nearest edge."""
_SURELY_NOT, _SURELY = 0.1, 0.9
"""Below and above these likelihoods GrabCut may not change its mind."""
_AGREEMENT = 0.7
"""GrabCut's outline is taken if it shares this much with the network's (intersection over union)."""
_FLATNESS = 1e-3
"""Variance of brightness (0 to 1) below which there is no edge for the outline to follow."""
_GROWN = 0.008
"""By this share of the longer side, and two pixels, a silhouette is grown: half-transparent rims belong to people."""
_CRUMB = 0.05
"""Parts of a silhouette below this share of the largest are dropped."""


def silhouettes(likely: NDArray[np.float32], pixels: Pixels) -> Iterator[tuple[Box, MaskPart]]:
    """The box that a group was found in, and its silhouette in hard 0 and 255, the largest group first.

    likely: float32 (h, w) in [0, 1], half as large as the finest of the network's images.
    pixels: (H, W, C), uint8 or uint16.
    """
    flags = (likely >= LIKELY).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flags, connectivity=8)
    photo = Box(0, 0, pixels.shape[1], pixels.shape[0])
    across, down = photo.width / likely.shape[1], photo.height / likely.shape[0]
    for label in sorted(range(1, count), key=lambda k: -int(stats[k, cv2.CC_STAT_AREA])):
        left, top, width, height = (int(v) for v in stats[label, :4])
        if 2 * max(width, height) < SPECK:  # a crumb of a group at a coarser scale, or of one that was kept
            continue
        found = Box(
            math.floor(left * across),
            math.floor(top * down),
            math.ceil((left + width) * across),
            math.ceil((top + height) * down),
        ).intersect(photo)
        area = found.grow(round(_MARGIN * max(found.width, found.height)) + 4).intersect(photo)
        own = _own_likelihood(likely, labels == label, area, (across, down))
        part = _silhouette(own, pixels, area, max(found.width, found.height))
        if not part.box.is_empty:
            yield found, part


def _own_likelihood(
    likely: NDArray[np.float32], own: NDArray[np.bool_], area: Box, pixel: tuple[float, float]
) -> NDArray[np.float32]:
    """The likelihood around one group without that of others, at the area's working size: float32 (h, w)."""
    across, down = pixel
    window = Box(
        math.floor(area.left / across),
        math.floor(area.top / down),
        math.ceil(area.right / across),
        math.ceil(area.bottom / down),
    ).intersect(Box(0, 0, likely.shape[1], likely.shape[0]))
    near = cv2.dilate(own[window.slices].astype(np.uint8), np.ones((5, 5), np.uint8))
    values = np.where(near > 0, likely[window.slices], np.float32(0)).astype(np.float32)
    scale = min(1.0, WORKING_SIDE / max(area.width, area.height))
    size = (max(1, round(area.width * scale)), max(1, round(area.height * scale)))
    # Where the window's pixels lie within the area: its edges need not be the area's.
    move = np.array(
        [
            [scale * across, 0, (window.left * across - area.left) * scale + (scale * across - 1) / 2],
            [0, scale * down, (window.top * down - area.top) * scale + (scale * down - 1) / 2],
        ],
        np.float64,
    )
    return np.asarray(cv2.warpAffine(values, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _silhouette(own: NDArray[np.float32], pixels: Pixels, area: Box, longest: int) -> MaskPart:
    height, width = own.shape
    scale = width / area.width
    small = cv2.resize(
        np.ascontiguousarray(colours_of(pixels[area.slices])), (width, height), interpolation=cv2.INTER_AREA
    )
    image = as_rgb_float(np.asarray(small).reshape(height, width, -1))
    flags = _cut_out(own, image)
    if flags is None:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)
        flags = guided(own, grey, max(2, round(_RADIUS * longest * scale))) >= LIKELY
    flags = _without_crumbs(flags)
    grown = 2 + _GROWN * longest
    if scale < 1.0:
        smooth = cv2.resize(flags.astype(np.float32), (area.width, area.height), interpolation=cv2.INTER_LINEAR)
        flags = smooth >= 0.5
    return tight(_grown(flags, grown), area)


def _cut_out(own: NDArray[np.float32], image: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """What GrabCut makes of the likelihood and the colours, bool (h, w); None if that is somebody else.

    image: float32 (h, w, 3) in [0, 1].
    """
    height, width = own.shape
    scale = min(1.0, CUT_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    likely = np.asarray(cv2.resize(own, size, interpolation=cv2.INTER_AREA))
    colours = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    labels = np.where(likely >= LIKELY, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[likely < _SURELY_NOT] = cv2.GC_BGD
    labels[likely >= _SURELY] = cv2.GC_FGD
    inside = likely >= LIKELY
    found = cut((colours * 255).round().astype(np.uint8), labels)
    shared, either = np.count_nonzero(found & inside), np.count_nonzero(found | inside)
    if shared < _AGREEMENT * either:
        return None
    smooth = cv2.resize(found.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth >= 0.5, np.bool_)


def guided(values: NDArray[np.float32], guide: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """Guided filter (He, Sun & Tang 2010): ``values`` made to follow the edges of ``guide``; all float32 (h, w)."""

    def mean(image: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(image, (2 * radius + 1, 2 * radius + 1), borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_values = mean(guide), mean(values)
    covariance = mean(guide * values) - mean_guide * mean_values
    slope = covariance / (mean(guide * guide) - mean_guide**2 + np.float32(_FLATNESS))
    return mean(slope) * guide + mean(mean_values - slope * mean_guide)


def _without_crumbs(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flags.astype(np.uint8), connectivity=8)
    if count <= 2:
        return flags
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0
    kept = sizes >= _CRUMB * sizes.max()
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _grown(flags: NDArray[np.bool_], amount: float) -> Mask:
    if not flags.any():
        return np.zeros(flags.shape, np.uint8)
    distance = cv2.distanceTransform((~flags).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance <= amount, np.uint8) * np.uint8(255)

"""What a caller sets and sees of detail synthesis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DetailSettings:
    """How the patch search works.

    patch_radius: half side of a patch in pixels.
    coarse_rounds, fine_rounds: rounds of search and vote at the coarsest scale and at the second finest; in between
        their number falls evenly. last_rounds: at the finest.
    passes: search passes in a round.
    loyalty: a random find replaces a patch only below this share of its distance; below 1 neighbours stay together,
        which gives sharper texture but harder seams.
    guide_weight: weight of the guide's term relative to the patch distance per pixel.
    contrast_weight: weight of local contrast relative to colour.
    trust_fall, least_trust: in a patch distance a pixel of the hole counts 1 / trust_fall of what its neighbour nearer
        to the rim does, down to least_trust; a known pixel counts 1.
    vote_fall: a vote counts this many times less for each pixel that the patch's centre is farther from the rim.
    sharpness, final_sharpness: how strongly a vote prefers the better patches, before and in the last vote, which is
        about differences of neighbours; with 0 all count alike.
    most_gain: in the last vote a mean of differences is made up to their mean strength by at most this factor.
    pull: weight of the colours beside the differences in the last vote.
    largest_correction: soft limit, root mean square over the channels, of what the fill takes over from the guide in
        the end, for a range of 1. Where a coarse guide and the texture differ by more, one of them is wrong, and half
        of each would be a ghost. Large for a guide that knows what the photo's texture does not.
    most_contrast: what is softer than the surroundings is sharpened in the end by at most this factor.
    max_solve_side: above this many pixels on the longer side a scale only takes over the coarser one's offsets, with
        one light pass.
    max_whole_side: a crop that is longer is solved at half the size, or a quarter ..., and gets its finer octaves from
        the patches found there.
    threads: that share the patch search; what they find does not depend on their number.
    seed: of every random draw.
    """

    patch_radius: int = 3
    coarse_rounds: int = 16
    fine_rounds: int = 12
    last_rounds: int = 20
    passes: int = 1
    loyalty: float = 1.0
    guide_weight: float = 0.07
    contrast_weight: float = 0.85
    trust_fall: float = 1.6
    least_trust: float = 0.05
    vote_fall: float = 2.0
    sharpness: float = 0.0
    final_sharpness: float = 2.0
    most_gain: float = 2.0
    pull: float = 0.005
    largest_correction: float = 0.12
    most_contrast: float = 4.0
    max_solve_side: int = 700
    max_whole_side: int = 1400
    threads: int = 2
    seed: int = 0


@dataclass(frozen=True)
class DetailStep:
    """Progress; the generator may be closed here.

    step, steps: units of work done and in all; 0 of 1 while the scales are prepared. level_shape: height and width of
    the scale being filled. image: float32 (height, width, 3), this scale's fill so far, present when a scale is done.
    """

    step: int
    steps: int
    level_shape: tuple[int, int]
    image: NDArray[np.float32] | None = None

"""What a fill benchmark's figures amount to, as sentences: ours against the best peers, and what the prior is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inpaintgui.benchmarks.fill_compare import Comparison
from inpaintgui.benchmarks.fill_methods import OURS, OWN, PRIOR, TEXTURE
from inpaintgui.benchmarks.fill_scores import Score
from inpaintgui.benchmarks.peers import PATCHMATCH, all_peers

PRIOR_DB, PRIOR_SHARE = 0.7, 0.03
"""What the prior should be worth: dB of PSNR, and share of the perceptual distance that it takes away."""

PEER_DB, PEER_SHARE = 0.7, 0.03
"""What ours should have beyond the best peer that copies patches in PSNR, and below the best of all in distance."""

SHARPNESS = (0.8, 1.2)
TIMES_PATCHMATCH = 3
"""The most time that ours should take on small photos, in times that of PyPatchMatch."""


def verdicts(scores: Sequence[Score], found: Sequence[Comparison]) -> list[str]:
    """One sentence per question and kind of hole that the run can answer; none if ours did not run.

    scores: every fill. found: ours beside every other method.
    """
    told = []
    for kind in dict.fromkeys(comparison.kind for comparison in found):
        of_kind = {comparison.method: comparison for comparison in found if comparison.kind == kind}
        own = scores if kind not in {score.kind for score in scores} else [s for s in scores if s.kind == kind]
        told += [*_against_peers(own, of_kind), *_worth(own, of_kind), *_slowness(of_kind)]
    return told


def best_peer(scores: Sequence[Score]) -> str | None:
    """The method, not one of ours, with the least mean perceptual distance (without it, the highest mean PSNR)."""
    peers = dict.fromkeys(score.method for score in scores if score.method not in OWN)

    def badness(method: str) -> float:
        own = [score for score in scores if score.method == method]
        distances = [score.perceptual for score in own if score.perceptual is not None]
        return float(np.mean(distances)) if distances else -float(np.mean([score.psnr for score in own]))

    return min(peers, key=badness, default=None)


def _against_peers(scores: Sequence[Score], of_kind: dict[str, Comparison]) -> list[str]:
    told = []
    kind = next(iter(of_kind.values())).kind
    nearest = best_peer(scores)
    if nearest in of_kind and (share := of_kind[nearest].perceptual) is not None:
        told.append(f"perceptual distance {share:+.1%} against {nearest} ({_met(share <= -PEER_SHARE)})")
    by_patches = {name for name, peer in all_peers().items() if peer.by_patches}
    gains = {method: c.gain for method, c in of_kind.items() if method in by_patches}
    if gains:
        best = min(gains, key=lambda method: gains[method])
        told.append(f"PSNR {gains[best]:+.2f} dB against {best} ({_met(gains[best] >= PEER_DB)})")
    if not told:
        return []
    ours = [score for score in scores if score.method == OURS]
    sharp = float(np.median([score.sharpness for score in ours]))
    told.append(f"sharpness {sharp:.2f} ({_met(SHARPNESS[0] <= sharp <= SHARPNESS[1])})")
    return [f"“{kind}” holes against the best peers: {', '.join(told)}."]


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


def _worth(scores: Sequence[Score], of_kind: dict[str, Comparison]) -> list[str]:
    """Whether the prior earns its place on these holes, and if not, why."""
    if TEXTURE not in of_kind:
        return []
    c = of_kind[TEXTURE]
    nearer = c.perceptual is None or -c.perceptual >= PRIOR_SHARE
    worth = c.gain >= PRIOR_DB and nearer
    verdict = "worth its time" if worth else "not worth what it should be"
    share = "" if c.perceptual is None else f" and {0 - c.perceptual:.1%} of the perceptual distance"
    wanted = f"{PRIOR_DB} dB and {PRIOR_SHARE:.0%}"
    why = "" if worth else _why(scores, of_kind)
    return [f"On “{c.kind}” holes the prior is {verdict}: {c.gain:+.2f} dB{share} (wanted: {wanted}){why}."]


def _why(scores: Sequence[Score], of_kind: dict[str, Comparison]) -> str:
    """What the prior's answer has by itself, where that was measured."""
    if PRIOR not in of_kind:
        return ""
    sharp = float(np.median([score.sharpness for score in scores if score.method == PRIOR]))
    return (
        f"; by itself it is {-of_kind[PRIOR].gain:+.2f} dB from ours with {sharp:.0%} of the true gradients: what it "
        "knows is light and layout, and the texture is the photo's with it and without it"
    )


def _slowness(of_kind: dict[str, Comparison]) -> list[str]:
    if PATCHMATCH not in of_kind:
        return []
    c = of_kind[PATCHMATCH]
    wanted = f"medians; wanted: at most {TIMES_PATCHMATCH}; {_met(c.seconds_ratio <= TIMES_PATCHMATCH)}"
    slower = f"{c.seconds_ratio:.2f} times as long as {PATCHMATCH}, search included"
    return [f"On “{c.kind}” holes ours takes {slower} ({wanted})."]

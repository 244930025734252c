"""Ours beside every other method on the same holes: differences with paired intervals, and the ratio of the times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.fill_methods import OURS
from inpaintgui.benchmarks.fill_scores import Score
from inpaintgui.training.evaluation.metrics import RESAMPLES, mean_interval

Figures = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Ours less another method on n holes that both filled.

    gain: mean difference in PSNR, dB. perceptual: the mean perceptual distance in units of the other's, less 1 (below
    0: ours is nearer to the truth); None without its network. The intervals hold 95 % of the bootstrap over holes.
    seconds_ratio: median of our seconds over the median of the other's.
    """

    kind: str
    method: str
    n: int
    gain: float
    gain_interval: tuple[float, float]
    perceptual: float | None
    perceptual_interval: tuple[float, float] | None
    seconds_ratio: float


def comparisons(scores: Sequence[Score]) -> list[Comparison]:
    """By kind of hole, and over all kinds (kind “all”) if there are several; empty if ours did not run."""
    kinds = list(dict.fromkeys(score.kind for score in scores))
    groups = {kind: [score for score in scores if score.kind == kind] for kind in kinds}
    if len(kinds) > 1:
        groups["all"] = list(scores)
    found = []
    for kind, own in groups.items():
        ours = {score.case: score for score in own if score.method == OURS}
        for method in dict.fromkeys(score.method for score in own if score.method != OURS):
            pairs = [(ours[score.case], score) for score in own if score.method == method and score.case in ours]
            if pairs:
                found.append(_comparison(kind, method, pairs))
    return found


def _comparison(kind: str, method: str, pairs: Sequence[tuple[Score, Score]]) -> Comparison:
    gain = np.array([a.psnr - b.psnr for a, b in pairs])
    known = [(a.perceptual, b.perceptual) for a, b in pairs if a.perceptual is not None and b.perceptual is not None]
    share, interval = None, None
    if len(known) == len(pairs):
        ours, other = np.array(known, np.float64).T
        share, interval = float(ours.mean() / other.mean() - 1), ratio_interval(ours, other)
    seconds = median(a.seconds for a, _ in pairs) / median(b.seconds for _, b in pairs)
    return Comparison(kind, method, len(pairs), float(gain.mean()), mean_interval(gain), share, interval, seconds)


def ratio_interval(ours: Figures, other: Figures, *, seed: int = 0) -> tuple[float, float]:
    """95 % paired bootstrap interval of mean(ours) / mean(other) - 1 of positive figures (n,)."""
    picks = np.random.default_rng(seed).integers(0, len(ours), (RESAMPLES, len(ours)))
    low, high = np.percentile(ours[picks].mean(axis=1) / other[picks].mean(axis=1) - 1, (2.5, 97.5))
    return float(low), float(high)


def as_rows(found: Sequence[Comparison]) -> list[dict[str, object]]:
    """For JSON."""
    return [asdict(comparison) for comparison in found]


def print_comparisons(found: Sequence[Comparison]) -> None:
    """The differences, for people."""
    if not found:
        return
    head = f"{'hole':11}{'ours against':19}{'n':>4}{'PSNR dB':>9}{'95 %':>16}{'perceptual':>12}{'95 %':>20}{'time':>9}"
    print(f"\n{head}")
    for c in found:
        low, high = c.gain_interval
        row = f"{c.kind:11}{c.method:19}{c.n:4}{c.gain:+9.2f}{f'{low:+.2f} … {high:+.2f}':>16}"
        if c.perceptual is not None and c.perceptual_interval is not None:
            low, high = c.perceptual_interval
            row += f"{c.perceptual:+12.1%}{f'{low:+.1%} … {high:+.1%}':>20}"
        else:
            row += f"{'–':>12}{'–':>20}"
        print(f"{row}{c.seconds_ratio:8.2f}×")

"""What a fill is worth, one by one and on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.fill_cases import Case
from inpaintgui.training.evaluation.metrics import psnr, seam, sharpness, ssim
from inpaintgui.training.evaluation.perceptual import FeatureNetwork

Rgb = NDArray[np.uint8]

MEANS = ("psnr", "ssim", "perceptual", "seam")
MEDIANS = ("sharpness", "seconds", "memory")
"""Figures that a single case can spoil."""


@dataclass(frozen=True)
class Score:
    """One fill.

    psnr (dB), ssim, perceptual, sharpness: inside the hole, see the functions of these names; perceptual is None
    without its network. seam: along the rim. memory: bytes at the peak above those before, None where unknown.
    changed_outside: pixels outside the hole that the method changed; they do not count in the other figures.
    """

    case: str
    kind: str
    method: str
    psnr: float
    ssim: float
    perceptual: float | None
    sharpness: float
    seam: float
    seconds: float
    memory: int | None
    changed_outside: int


@dataclass(frozen=True)
class Failure:
    """A hole that another program could not fill, and what it said."""

    case: str
    kind: str
    method: str
    reason: str


def score_fill(
    case: Case, method: str, result: Rgb, *, network: FeatureNetwork | None, seconds: float, memory: int | None
) -> Score:
    """Judge one result, uint8 RGB (H, W, 3)."""
    truth, hole = case.truth, case.hole
    changed = int((result != truth).any(axis=2)[~hole].sum())
    result = np.where(hole[..., None], result, truth)
    return Score(
        case=f"{case.name} {case.kind}",
        kind=case.kind,
        method=method,
        psnr=psnr(truth, result, hole),
        ssim=ssim(truth, result, hole),
        perceptual=None if network is None else float(network.distances(truth, result[None], hole)[0]),
        sharpness=sharpness(truth, result, hole),
        seam=seam(result, hole),
        seconds=seconds,
        memory=memory,
        changed_outside=changed,
    )


def summaries(scores: Sequence[Score]) -> dict[str, dict[str, dict[str, float | None]]]:
    """Kind of hole → method → figure; means, but medians of sharpness, seconds and memory."""
    told: dict[str, dict[str, dict[str, float | None]]] = {}
    for kind, method in dict.fromkeys((score.kind, score.method) for score in scores):
        own = [asdict(score) for score in scores if (score.kind, score.method) == (kind, method)]
        figures: dict[str, float | None] = {"n": len(own)}
        for names, average in ((MEANS, np.mean), (MEDIANS, np.median)):
            for name in names:
                values = [score[name] for score in own]
                figures[name] = None if None in values else round(float(average(values)), 4)
        figures["changed_outside"] = sum(score["changed_outside"] for score in own)
        told.setdefault(kind, {})[method] = figures
    return told


def print_table(scores: Sequence[Score]) -> None:
    """The averages, for people."""
    names = (("PSNR dB", 9), ("SSIM", 7), ("perceptual", 12), ("sharp", 7), ("seam", 6), ("s", 8), ("MB", 7))
    print(f"{'hole':11}{'method':19}{'n':>4}" + "".join(f"{name:>{width}}" for name, width in names))
    for kind, methods in summaries(scores).items():
        for method, f in methods.items():
            memory = None if f["memory"] is None else f["memory"] / 2**20
            print(
                f"{kind:11}{method:19}{f['n']:4.0f}{_cell(f['psnr'], 9, 2)}{_cell(f['ssim'], 7, 3)}"
                f"{_cell(f['perceptual'], 12, 3)}{_cell(f['sharpness'], 7, 2)}{_cell(f['seam'], 6, 2)}"
                f"{_cell(f['seconds'], 8, 2)}{_cell(memory, 7, 0)}"
            )


def print_failures(failures: Sequence[Failure]) -> None:
    """One sentence per program that failed."""
    for method in dict.fromkeys(failure.method for failure in failures):
        own = [failure for failure in failures if failure.method == method]
        print(f"“{method}” failed on {len(own)} holes, which do not count for it; on “{own[0].case}”: {own[0].reason}")


def _cell(value: float | None, width: int, digits: int) -> str:
    return f"{'–':>{width}}" if value is None else f"{value:{width}.{digits}f}"

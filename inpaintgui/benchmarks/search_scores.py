"""Runs several searches on the same holes and compares what they found."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.search_methods import COSTLY, REFERENCE, Attempt, Method, Task
from inpaintgui.engine.prior import Prior
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import hole_maker
from inpaintgui.training.evaluation.metrics import mean_interval, psnr, share_interval
from inpaintgui.training.evaluation.perceptual import FeatureNetwork

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Figures = NDArray[np.float64]


@dataclass(frozen=True)
class MethodScores:
    """One method on n of the images, whose numbers are ``images``: (n,) each.

    psnr: dB in the hole, of the square as the method completes it. psnr_blended: the same, of its generator's image
    blended in the gradient domain. perceptual: see :class:`FeatureNetwork`; None without it. context: mean absolute
    difference between the generator's final image and the known pixels, in [0, 1] units. seconds: wall clock; NaN where
    the image was searched together with others.
    """

    images: NDArray[np.int64]
    psnr: Figures
    psnr_blended: Figures
    perceptual: Figures | None
    context: Figures
    seconds: Figures

    def on(self, images: NDArray[np.int64]) -> MethodScores:
        """The same on fewer images, by their numbers."""
        places = np.searchsorted(self.images, images)
        return MethodScores(
            images=images,
            psnr=self.psnr[places],
            psnr_blended=self.psnr_blended[places],
            perceptual=None if self.perceptual is None else self.perceptual[places],
            context=self.context[places],
            seconds=self.seconds[places],
        )

    def as_json(self) -> dict[str, Any]:
        """Means and their 95 % intervals."""
        figures: dict[str, Figures | None] = {
            "psnr": self.psnr,
            "psnr_blended": self.psnr_blended,
            "perceptual": self.perceptual,
            "context": self.context,
            "seconds": self.seconds,
        }
        return {
            "n": len(self.images),
            **{name: None if v is None else rounded(float(np.nanmean(v))) for name, v in figures.items()},
            "timed": int(np.isfinite(self.seconds).sum()),
            "interval": {name: None if v is None else interval(v) for name, v in figures.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """The reference beside another method, on the images that both saw.

    wins: on which the reference is at least as good in PSNR and in context; wins_blended: the same with both
    blended. wins_context, wins_perceptual: at least as good in that alone. gain, gain_blended: the reference's PSNR
    less the other's. slower: the other's seconds, all together, in units of the reference's, on the images whose time
    is known.
    """

    wins: NDArray[np.bool_]
    wins_blended: NDArray[np.bool_]
    wins_context: NDArray[np.bool_]
    wins_perceptual: NDArray[np.bool_] | None
    gain: Figures
    gain_blended: Figures
    slower: float

    @classmethod
    def of(cls, reference: MethodScores, other: MethodScores) -> Comparison:
        """Compare image by image; ``other`` may have seen fewer."""
        ours = reference.on(other.images)
        timed = np.isfinite(other.seconds)
        context = ours.context <= other.context
        gain, gain_blended = ours.psnr - other.psnr, ours.psnr_blended - other.psnr_blended
        return cls(
            wins=context & (gain >= 0),
            wins_blended=context & (gain_blended >= 0),
            wins_context=context,
            wins_perceptual=(
                None if ours.perceptual is None or other.perceptual is None else ours.perceptual <= other.perceptual
            ),
            gain=gain,
            gain_blended=gain_blended,
            slower=float(other.seconds[timed].sum() / ours.seconds[timed].sum()),
        )

    def as_json(self) -> dict[str, Any]:
        """Shares, the ratio of the times, and 95 % intervals."""
        return {
            "wins": rounded(self.wins.mean()),
            "wins_blended": rounded(self.wins_blended.mean()),
            "wins_psnr": rounded((self.gain >= 0).mean()),
            "wins_context": rounded(self.wins_context.mean()),
            "wins_perceptual": None if self.wins_perceptual is None else rounded(self.wins_perceptual.mean()),
            "seconds_ratio": rounded(self.slower),
            "interval": {
                "wins": [rounded(bound) for bound in share_interval(self.wins)],
                "wins_blended": [rounded(bound) for bound in share_interval(self.wins_blended)],
                "psnr_gain": interval(self.gain),
                "psnr_gain_blended": interval(self.gain_blended),
            },
        }


@dataclass(frozen=True)
class SearchRun:
    """All methods on one kind of holes.

    holes: bool (n, R, R). scores: by method; None where the prior lacks what the method needs. fills: by method and
    the image's number, uint8 RGB (R, R, 3).
    """

    mask: str
    images: Squares
    holes: NDArray[np.bool_]
    scores: Mapping[str, MethodScores | None]
    fills: Mapping[str, Mapping[int, Rgb]]

    def comparison(self, name: str) -> Comparison | None:
        """The reference beside the method called ``name``; None for itself and for one that did not run."""
        reference, other = self.scores[REFERENCE], self.scores[name]
        if name == REFERENCE or reference is None or other is None:
            return None
        return Comparison.of(reference, other)

    def like_reference(self) -> list[str]:
        """Methods, the reference not among them, that made the very same fills as the reference."""
        return [
            name
            for name, fills in self.fills.items()
            if name != REFERENCE and all((fill == self.fills[REFERENCE][index]).all() for index, fill in fills.items())
        ]

    def as_json(self) -> dict[str, Any]:
        """By method: its own figures, and how the reference compares with it."""
        return {name: self._method_as_json(name) for name in self.scores}

    def _method_as_json(self, name: str) -> dict[str, Any] | None:
        scores, comparison = self.scores[name], self.comparison(name)
        if scores is None:
            return None
        own = scores.as_json()
        if comparison is None:
            return own
        compared = comparison.as_json()
        return {**own, **compared, "interval": own["interval"] | compared["interval"]}


def evenly(count: int, most: int) -> list[int]:
    """At most ``most`` of ``count`` numbers, evenly chosen, rising."""
    return [k * count // most for k in range(most)] if most < count else list(range(count))


def count_attempts(prior: Prior, methods: Mapping[str, Method], images: int, *, subset: int) -> int:
    """How often :func:`run_searches` yields."""
    usable = [name for name, method in methods.items() if method.can_use(prior)]
    return sum(min(subset, images) if name in COSTLY else images for name in usable)


def run_searches(
    prior: Prior,
    methods: Mapping[str, Method],
    images: Squares,
    mask: str,
    *,
    subset: int,
    together: int = 1,
    timed: int | None = None,
    seed: int = 0,
    network: FeatureNetwork | None = None,
) -> Generator[str, None, SearchRun]:
    """Let every method complete one hole per image; yields the name of each that is done with one.

    methods: by name, the reference among them. subset: how many images the costly ones see. mask: see
    :func:`hole_maker`, which raises BadInputError. The search of image k starts from ``seed`` + k. together: how many
    images the methods that can group them search as one batch, but for ``timed`` images (all, if that is None) that
    everyone searches alone, against the clock. network: for the perceptual distance. The methods take turns on each
    group, so that a machine that slows down is slow for all.
    """
    make_hole = hole_maker(mask, prior.resolution)
    holes = np.stack([make_hole(index) for index in range(len(images))])
    usable = {name: method for name, method in methods.items() if method.can_use(prior)}
    few = frozenset(evenly(len(images), subset))
    tallies = {name: _Tally() for name in usable}
    for method in usable.values():
        method.shortest().attempt(prior, _masked(images.pixels[0], holes[0]), holes[0], seed=seed)
    alone = frozenset(evenly(len(images), len(images) if timed is None or together < 2 else timed))
    tasks = [
        Task(_masked(truth, hole), hole, seed + index)
        for index, (truth, hole) in enumerate(zip(images.pixels, holes, strict=True))
    ]
    for first in range(0, len(images), together):
        for name, method in usable.items():
            places = [k for k in range(first, min(first + together, len(images))) if name not in COSTLY or k in few]
            for index, attempt in _attempts(method, prior, tasks, places, alone):
                tallies[name].add(index, attempt, images.pixels[index], holes[index], network)
                yield name
    return SearchRun(
        mask=mask,
        images=images,
        holes=holes,
        scores={name: tallies[name].scores() if name in usable else None for name in methods},
        fills={name: tally.fills for name, tally in tallies.items()},
    )


def _attempts(
    method: Method, prior: Prior, tasks: Sequence[Task], places: Sequence[int], alone: Collection[int]
) -> Iterator[tuple[int, Attempt]]:
    """The attempts at ``places``, each with its place."""
    grouped = [place for place in places if method.groups and place not in alone]
    for place in places:
        if place not in grouped:
            shown, hole, seed = tasks[place]
            yield place, method.attempt(prior, shown, hole, seed=seed)
    if grouped:
        yield from zip(grouped, method.attempt_together(prior, [tasks[place] for place in grouped]), strict=True)


class _Tally:
    """The figures of one method as they come in."""

    def __init__(self) -> None:
        self.fills: dict[int, Rgb] = {}
        self.rows: list[dict[str, float]] = []

    def add(self, index: int, attempt: Attempt, truth: Rgb, hole: Hole, network: FeatureNetwork | None) -> None:
        self.fills[index] = attempt.filled
        row = {
            "psnr": psnr(truth, attempt.filled, hole),
            "psnr_blended": psnr(truth, attempt.blended, hole),
            "context": float(np.abs(attempt.whole - truth.astype(np.float32) / 255)[~hole].mean()),
            "seconds": attempt.seconds,
        }
        if network:
            row["perceptual"] = float(network.distances(truth, attempt.filled[None], hole)[0])
        self.rows.append(row)

    def scores(self) -> MethodScores:
        columns = {name: np.array([row[name] for row in self.rows]) for name in self.rows[0]}
        order = np.argsort(list(self.fills))
        columns = {name: column[order] for name, column in columns.items()}
        return MethodScores(
            images=np.array(sorted(self.fills), np.int64),
            psnr=columns["psnr"],
            psnr_blended=columns["psnr_blended"],
            perceptual=columns.get("perceptual"),
            context=columns["context"],
            seconds=columns["seconds"],
        )


def _masked(truth: Rgb, hole: Hole) -> Rgb:
    return np.where(hole[..., None], np.uint8(0), truth)


def interval(figures: Figures) -> list[float]:
    """The 95 % interval of the mean, for people and JSON."""
    return [rounded(bound) for bound in mean_interval(figures)]


def rounded(figure: float) -> float:
    """To four digits behind the point."""
    return round(float(figure), 4)

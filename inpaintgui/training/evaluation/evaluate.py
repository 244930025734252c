"""Measures a prior: the shipped search on images it was not trained on, beside plain baselines on the same holes."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Context, Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.baselines import Baseline, baselines_for
from inpaintgui.training.evaluation.completing import complete
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import hole_maker
from inpaintgui.training.evaluation.metrics import mean_interval, psnr, ssim
from inpaintgui.training.evaluation.perceptual import FeatureNetwork

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Figures = NDArray[np.float64]

OURS = "ours"


@dataclass(frozen=True)
class Scores:
    """One method on n images, in their order: (n,) each.

    psnr: dB in the hole. ssim: of the luma in the hole. perceptual: see :class:`FeatureNetwork`; None without it.
    seconds: of the method itself.
    """

    psnr: Figures
    ssim: Figures
    perceptual: Figures | None
    seconds: Figures

    def figures(self) -> dict[str, Figures | None]:
        """All of them by name."""
        return {"psnr": self.psnr, "ssim": self.ssim, "perceptual": self.perceptual, "seconds": self.seconds}

    def means(self) -> dict[str, float | None]:
        """Means over the images."""
        return {name: None if v is None else _rounded(v.mean()) for name, v in self.figures().items()}


@dataclass(frozen=True)
class Evaluation:
    """What was measured with one kind of holes.

    ours, baselines: figures per image; a baseline that is not to be had is None. holes: bool (n, R, R). fills:
    by method, like the images' pixels. ablation: what was withheld from the prior, if anything.
    """

    prior: str
    preset: SearchPreset
    mask: str
    seed: int
    images: Squares
    ours: Scores
    baselines: Mapping[str, Scores | None]
    holes: NDArray[np.bool_]
    fills: Mapping[str, Rgb]
    ablation: str | None = None

    def intervals(self) -> dict[str, Any]:
        """95 % intervals of the means of ours, and of the mean gain in PSNR over each baseline, image by image."""
        own = {name: None if v is None else _interval(v) for name, v in self.ours.figures().items()}
        gains = {
            name: None if scores is None else _interval(self.ours.psnr - scores.psnr)
            for name, scores in self.baselines.items()
        }
        return {**own, "psnr_gain": gains}

    def as_json(self) -> dict[str, Any]:
        """Means and intervals, as JSON takes them."""
        ablation = {} if self.ablation is None else {"ablation": self.ablation}
        return {
            "prior": self.prior,
            "preset": self.preset.name,
            "candidates": self.preset.candidates,
            "seed": self.seed,
            "mask": self.mask,
            **ablation,
            "images": self.images.source,
            "n": len(self.images),
            "skipped": list(self.images.skipped),
            OURS: self.ours.means(),
            "baselines": {name: scores and scores.means() for name, scores in self.baselines.items()},
            "interval": self.intervals(),
        }


@dataclass(frozen=True)
class MisledPrior(Prior):
    """A completion prior whose G is shown the context of another image: what is left is what it knows without one.

    foreign: that image, float32 (1, 3, R, R) in [-1, 1].
    """

    foreign: Tensor | None = None

    @torch.no_grad()
    def look_at(self, pixels: Tensor, known: Tensor) -> Context:
        """The true context for the losses, with the conditions of the foreign one for G."""
        if self.foreign is None:
            raise ValueError("a misled prior needs a foreign image")
        return replace(super().look_at(pixels, known), conditions=super().look_at(self.foreign, known).conditions)


def evaluate(
    prior: Prior,
    preset: SearchPreset,
    images: Squares,
    mask: str,
    *,
    seed: int = 0,
    network: FeatureNetwork | None = None,
    shuffle_context: bool = False,
) -> Generator[int, None, Evaluation]:
    """Fill one hole per image by the search and by the baselines; yields the number of images that are done.

    mask: see :func:`hole_maker`. The search of image k starts from ``seed`` + k. network: for the perceptual
    distance. shuffle_context: show G of a completion prior the context of the next image. Nobody sees the pixels in
    the hole. Raises BadInputError for a mask that does not exist, and for a shuffled context that nobody looks at.
    """
    if shuffle_context:
        _check_shuffle(prior, images)
    make_hole = hole_maker(mask, prior.resolution)
    baselines = baselines_for(prior)
    tallies = {name: _Tally() for name in (OURS, *(name for name, fill in baselines.items() if fill))}
    holes = np.stack([make_hole(index) for index in range(len(images))])
    _warm_up(prior, preset, images.pixels[0], holes[0])
    for index, (truth, hole) in enumerate(zip(images.pixels, holes, strict=True)):
        shown = np.where(hole[..., None], np.uint8(0), truth)
        asked = _misled(prior, images.pixels[(index + 1) % len(images)]) if shuffle_context else prior
        started = time.perf_counter()
        own = complete(asked, preset, shown, hole, seed=seed + index)
        tallies[OURS].add(truth, own, hole, seconds=time.perf_counter() - started)
        for name, baseline in baselines.items():
            if baseline:
                _add_baseline(tallies[name], baseline, truth, shown, hole)
        if network:
            results = np.stack([tally.fills[-1] for tally in tallies.values()])
            for tally, distance in zip(tallies.values(), network.distances(truth, results, hole), strict=True):
                tally.perceptual.append(float(distance))
        yield index + 1
    return Evaluation(
        prior=prior.row.name,
        preset=preset,
        mask=mask,
        seed=seed,
        images=images,
        ours=tallies[OURS].scores(),
        baselines={name: tallies[name].scores() if fill else None for name, fill in baselines.items()},
        holes=holes,
        fills={name: np.stack(tally.fills) for name, tally in tallies.items()},
        ablation="shuffled context" if shuffle_context else None,
    )


class _Tally:
    """The figures of one method as they come in."""

    def __init__(self) -> None:
        self.fills: list[Rgb] = []
        self.psnr: list[float] = []
        self.ssim: list[float] = []
        self.perceptual: list[float] = []
        self.seconds: list[float] = []

    def add(self, truth: Rgb, result: Rgb, hole: Hole, *, seconds: float) -> None:
        self.fills.append(result)
        self.psnr.append(psnr(truth, result, hole))
        self.ssim.append(ssim(truth, result, hole))
        self.seconds.append(seconds)

    def scores(self) -> Scores:
        return Scores(
            psnr=np.array(self.psnr),
            ssim=np.array(self.ssim),
            perceptual=np.array(self.perceptual) if self.perceptual else None,
            seconds=np.array(self.seconds),
        )


def _add_baseline(tally: _Tally, baseline: Baseline, truth: Rgb, shown: Rgb, hole: Hole) -> None:
    started = time.perf_counter()
    filled = baseline(shown.copy(), hole)
    seconds = time.perf_counter() - started
    tally.add(truth, np.where(hole[..., None], filled, shown), hole, seconds=seconds)


def _warm_up(prior: Prior, preset: SearchPreset, image: Rgb, hole: Hole) -> None:
    """What a process does only once (compiling, choosing kernels) shall not count for the first image."""
    complete(prior, replace(preset, steps=1), image, hole, seed=0)


def _check_shuffle(prior: Prior, images: Squares) -> None:
    if prior.row.architecture != "completion":
        raise BadInputError(f"The prior “{prior.row.name}” looks at no context that could be shuffled.")
    if len(images) < 2:
        raise BadInputError("Contexts of at least two images are needed to shuffle them.")


def _misled(prior: Prior, image: Rgb) -> MisledPrior:
    foreign = torch.from_numpy(image.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
    parts = {name: getattr(prior, name) for name in Prior.__dataclass_fields__}
    return MisledPrior(**parts, foreign=foreign)


def _interval(figures: Figures) -> list[float]:
    return [_rounded(bound) for bound in mean_interval(figures)]


def _rounded(figure: float) -> float:
    return round(float(figure), 4)

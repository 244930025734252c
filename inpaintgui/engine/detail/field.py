"""The field of nearest patches at one scale: searched and voted band by band, on as many threads as there are."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import surroundings
from inpaintgui.engine.blend import from_gradients, soft_membrane
from inpaintgui.engine.detail import kernels, vote_kernels
from inpaintgui.engine.detail.pyramid import Image, Scale
from inpaintgui.engine.detail.settings import DetailSettings

_BAND_TARGETS = 6000
"""Most targets in a band: a few milliseconds of search, so that a fill can stop between bands."""
_WORTH_A_THREAD = 2000
"""Targets from which on a scale is shared out to two threads."""
_AHEAD = 3
"""Bands that are handed out before the first of them is waited for."""

_CONTRAST_CELL = 2
"""Side in pixels of the cells in which local contrast, which is blurred, is interpolated into the hole."""

_FAINTEST = 700.0
"""Greatest negative logarithm of a weight: the power is still above 0."""

Band = tuple[int, int]


class PatchField:
    """For each target of one scale the source patch that resembles it most, and the pixels that follow from it."""

    def __init__(self, scale: Scale, *, settings: DetailSettings, pool: ThreadPoolExecutor) -> None:
        self.scale = scale
        self.radius = settings.patch_radius
        self.seed = settings.seed
        self._settings = settings
        self._places = np.flatnonzero(scale.target)
        self._vote_fall = float(np.log(settings.vote_fall))
        self._loyalty = np.float32(settings.loyalty)
        self._pool, self._threads = pool, settings.threads
        self.offsets: NDArray[np.int32] = np.zeros((*scale.hole.shape, 2), np.int32)
        self.cost: Image = np.zeros(scale.hole.shape, np.float32)
        self.features = scale.features
        self.bands = _bands(scale.target.sum(axis=1))
        self._low = np.zeros((1, 1, 3), np.float32) if scale.low is None else scale.low
        self._guide_weight = np.float32(0 if scale.low is None else settings.guide_weight * (2 * self.radius + 1) ** 2)
        self._passes = 0

    @cached_property
    def _trust(self) -> Image:
        """How much each pixel counts in a patch distance."""
        return trust_in(self.scale.distance, self._settings)

    @cached_property
    def _feature_trust(self) -> Image:
        """The same for each value of each pixel's features, (h, 4 w)."""
        return self._trust.repeat(4, axis=1)

    @cached_property
    def _patch_trust(self) -> Image:
        """The sum over each patch."""
        side = 2 * self.radius + 1
        return np.asarray(cv2.boxFilter(self._trust, -1, (side, side), normalize=False), np.float32)

    def _state(self) -> np.uint64:
        """The random state of the next pass; passes, scales and seeds do not share one."""
        self._passes += 1
        words = np.random.SeedSequence([self.seed, self.scale.level, self._passes]).generate_state(1, np.uint64)
        return np.uint64(words[0])

    def _spread(self, work: Callable[[int, int], None]) -> Generator[None, None, None]:
        """Run ``work(first_row, last_row)`` for all bands, on threads a few ahead; yields between."""
        if self._threads == 1 or len(self.bands) == 1:  # handing over would cost more than it gains
            for band in self.bands:
                work(*band)
                yield
            return
        ahead: deque[Future[None]] = deque()
        for band in self.bands:
            ahead.append(self._pool.submit(work, *band))
            if len(ahead) > _AHEAD:
                ahead.popleft().result()
                yield
        for done in ahead:
            done.result()
        yield

    def draw(self) -> None:
        """Begin with patches drawn at random from the source."""
        rng = np.random.default_rng([self.seed, self.scale.level])
        target = self.scale.target
        self.offsets[target] = self.scale.sources[rng.integers(0, len(self.scale.sources), int(target.sum()))]

    def refine(self, coarse: PatchField) -> Generator[None, None, None]:
        """Begin with the field of the next coarser scale."""
        scale, state = self.scale, self._state()

        def work(first: int, last: int) -> None:
            kernels.refine_band(
                coarse.offsets, coarse.scale.target, scale.target, scale.valid, scale.sources, self.offsets,
                first, last, state,
            )  # fmt: skip

        yield from self._spread(work)

    def search(self, *, forward: bool, refresh: bool, reach: int, draws: int) -> Generator[None, None, None]:
        """One pass of propagation and random search; see :func:`kernels.search_band`."""
        scale, state, previous = self.scale, self._state(), self.offsets.copy()
        features, trust = self.features.reshape(len(self.features), -1), self._feature_trust

        def work(first: int, last: int) -> None:
            kernels.search_band(
                features, trust, self._low, self._guide_weight, self.radius, scale.target, scale.valid,
                scale.sources, self.offsets, previous, self.cost, first, last, forward, refresh, reach, draws,
                self._loyalty, state,
            )  # fmt: skip

        yield from self._spread(work)

    def hold_contrast(self) -> Generator[None, None, None]:
        """Let the hole want the local contrast of its rim, interpolated.

        If the contrast followed the found patches, it would fall from round to round: smooth patches are always a
        little nearer to anything than rough ones.
        """
        box = surroundings(self.scale.hole, 1).slices
        hole, features = np.ascontiguousarray(self.scale.hole[box]), self.features[box]
        contrast = yield from soft_membrane(np.ascontiguousarray(features[..., 3:]), hole, _CONTRAST_CELL)
        features[hole, 3:] = contrast[hole]

    def vote(self, *, sharpness: float) -> Generator[None, None, None]:
        """Put what the patches say into the hole. ``sharpness``: 1 = a patch at the 75 % worst cost weighs 0.6."""
        weights = yield from self._weights(sharpness)
        scale = self.scale

        def work(first: int, last: int) -> None:
            vote_kernels.vote_band(self.features, self.radius, scale.hole, self.offsets, weights, first, last)

        yield from self._spread(work)

    def vote_differences(self, *, sharpness: float, most_gain: float, pull: float) -> Generator[None, None, None]:
        """As :meth:`vote`, but the patches say how neighbours differ, so that no seams stay where patches change."""
        weights = yield from self._weights(sharpness)
        hole = self.scale.hole
        right, down = (np.zeros((*hole.shape, 3), np.float32) for _ in range(2))

        def work(first: int, last: int) -> None:
            vote_kernels.vote_differences_band(
                self.features, self.radius, hole, self.offsets, weights, most_gain, right, down,
                first, last,
            )  # fmt: skip

        yield from self._spread(work)
        box = surroundings(hole, 1).slices
        colours = np.ascontiguousarray(self.features[box][..., :3])
        yield
        solved = yield from from_gradients(colours, hole[box], right=right[box], down=down[box], pull=pull)
        self.features[box][..., :3] = solved

    def _weights(self, sharpness: float) -> Generator[None, None, vote_kernels.Weights]:
        """What each target's patch counts in a vote; 0 where there is no target."""
        places = self._places
        faintness = self._vote_fall * self.scale.distance.ravel()[places].astype(np.float64)
        yield
        if sharpness > 0:
            # Deep in the hole all distances are small, because little is trusted there.
            cost = self.cost.ravel()[places] / self._patch_trust.ravel()[places]
            yield
            faintness += sharpness / max(2 * float(np.percentile(cost, 75)), 1e-8) * cost
            yield
        weights = np.zeros(self.scale.hole.shape)
        weights.ravel()[places] = np.exp(-np.minimum(faintness, _FAINTEST))
        return weights


def trust_in(distance: Image, settings: DetailSettings) -> Image:
    """How much each pixel counts in a patch distance: 1 outside the hole, less the farther it lies from the rim.

    What is believed about a pixel is inferred from the rim inward (Criminisi, Pérez & Toyama 2004 call it confidence).
    """
    trust = np.exp(distance * np.float32(-np.log(settings.trust_fall)))
    return np.asarray(np.maximum(trust, np.float32(settings.least_trust)), np.float32)


def _bands(targets_per_row: NDArray[np.int64]) -> list[Band]:
    """Cut all rows into bands of at most about :data:`_BAND_TARGETS` targets, each with nearly as many."""
    total = int(targets_per_row.sum())
    count = max(-(-total // _BAND_TARGETS), 2 if total >= _WORTH_A_THREAD else 1)
    ends = np.searchsorted(targets_per_row.cumsum(), total * np.arange(1, count) / count) + 1
    edges = [0, *ends.tolist(), len(targets_per_row)]
    return [(first, last) for first, last in itertools.pairwise(edges) if first < last]

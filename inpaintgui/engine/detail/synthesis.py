"""Coarse-to-fine exemplar fill, guided by the prior's low-resolution answer.

The hole is filled with patches of its surroundings: search for the nearest patch of every patch that touches the hole
(PatchMatch: Barnes, Shechtman, Finkelstein & Goldman 2009), let the found patches vote for each pixel's colour
(Wexler, Shechtman & Irani 2007), repeat, then take the offsets to the next finer scale. Local contrast takes part in
the distance so that smooth and textured places are told apart at coarse scales too (Newson et al. 2014); the hole wants
that of its rim. The last vote is about differences of neighbours, from which the colours follow (Darabi et al. 2012):
no seams stay where patches of different brightness meet. What has become too soft on the way is sharpened.

A guide, right only in its low frequencies, takes part twice: in the distance at every scale, where the guide's low
band around a target is compared with the low band around a source; and at the end, where the fill's low band is
drawn to the guide's. The second reaches further down than the first: a soft answer is a good judge of colours, but
would pick smooth patches for rough ground.

How good it is: `inpaintgui bench fill` measures it beside other programs, with the prior and without ("texture").
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import surroundings
from inpaintgui.engine.blend import membrane
from inpaintgui.engine.detail import pyramid
from inpaintgui.engine.detail.bands import draw_to_guide, restore_contrast
from inpaintgui.engine.detail.field import PatchField
from inpaintgui.engine.detail.octaves import add_octave, halvings
from inpaintgui.engine.detail.pyramid import Flags, Image, Scale, usable_sources
from inpaintgui.engine.detail.settings import DetailSettings, DetailStep
from inpaintgui.engine.progress import relay

_LIGHT_REACH = 4
"""Half side in pixels of the random search where a scale is only carried over."""

_SEARCH_BUDGET = 400_000
"""Most searches at one scale, a few seconds of work: a scale with very many targets gets fewer rounds."""

_T = TypeVar("_T", bound=np.generic)


def synthesise_detail(
    image: NDArray[np.float32],
    hole: NDArray[np.bool_],
    *,
    guide: NDArray[np.float32] | None = None,
    guide_cutoff: float = 0.0,
    band_cutoff: float | None = None,
    source: NDArray[np.bool_] | None = None,
    settings: DetailSettings | None = None,
) -> Generator[DetailStep, None, NDArray[np.float32]]:
    """Fill the hole with texture from outside it.

    Args:
        image: float32 (H, W, 3) RGB in [0, 1]; what it holds in the hole does not matter.
        hole: bool (H, W), True = to fill.
        guide: float32 (H, W, 3) RGB in [0, 1], what should stand in the hole as far as its low frequencies; or None.
        guide_cutoff: wavelength in pixels below which the guide says nothing about which patch to take.
        band_cutoff: wavelength in pixels above which the fill takes the guide's colours in the end, in the first octave
            above it as far as the guide is as rich as the photo around; None: guide_cutoff.
        source: bool (H, W), True = may be copied from; None = everything. The hole itself is never a source.
        settings: see :class:`DetailSettings`.

    Yields:
        Progress; closing the generator there cancels.

    Returns:
        float32 (H, W, 3) in [0, 1], bit for bit ``image`` outside the hole. The same for the same input and seed. If
        not one whole patch may be copied, the hole gets the guide, or without one a smooth interpolation of its rim.

    Raises:
        ValueError: shapes, types or settings do not fit.
    """
    chosen = settings or DetailSettings()
    usable = np.ones_like(hole) if source is None else source
    band_cutoff = guide_cutoff if band_cutoff is None else band_cutoff
    _check(image, {"hole": hole, "source": usable}, guide, min(guide_cutoff, band_cutoff), chosen)
    if not hole.any():
        return image.copy()
    height, width = hole.shape
    margin = _margin(hole.shape, chosen.patch_radius)
    filled = yield from _fill(
        _padded(np.where(hole[..., None], np.float32(0), image), margin),
        _padded(hole, margin),
        _padded(usable, margin),
        guide=None if guide is None else _padded(guide, margin),
        guide_cutoff=guide_cutoff,
        band_cutoff=band_cutoff,
        settings=chosen,
    )
    result, box = image.copy(), surroundings(hole, 0).slices
    np.copyto(result[box], filled[:height, :width][box].clip(0, 1), where=hole[box][..., None])
    return result


def _check(
    image: NDArray[np.float32],
    flags: dict[str, NDArray[np.bool_]],
    guide: NDArray[np.float32] | None,
    guide_cutoff: float,
    settings: DetailSettings,
) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.float32:
        raise ValueError(f"image must be float32 (H, W, 3), not {image.dtype} {image.shape}")
    for name, array in flags.items():
        if array.shape != image.shape[:2] or array.dtype != np.bool_:
            raise ValueError(f"{name} must be bool {image.shape[:2]}, not {array.dtype} {array.shape}")
    if guide is not None:
        if guide.shape != image.shape or guide.dtype != np.float32:
            raise ValueError(f"guide must be float32 {image.shape}, not {guide.dtype} {guide.shape}")
        if guide_cutoff <= 0:
            raise ValueError("guide_cutoff and band_cutoff must be positive wavelengths")
    if min(settings.patch_radius, settings.passes, settings.last_rounds, settings.fine_rounds, settings.threads) < 1:
        raise ValueError("patch_radius, passes, rounds and threads must be at least 1")
    if min(settings.trust_fall, settings.vote_fall) < 1:
        raise ValueError("trust_fall and vote_fall must be at least 1")
    if not 0 < settings.least_trust <= 1:
        raise ValueError("least_trust must be above 0 and at most 1")


def _margin(shape: tuple[int, ...], radius: int) -> tuple[int, int]:
    """Rows and columns to add so that a patch and its search window fit."""
    least = 3 * (2 * radius + 1)
    return max(0, least - shape[0]), max(0, least - shape[1])


def _padded(array: NDArray[_T], margin: tuple[int, int]) -> NDArray[_T]:
    """Mirror the array below and to the right."""
    if margin == (0, 0):
        return np.ascontiguousarray(array)
    return np.pad(array, [(0, margin[0]), (0, margin[1]), *[(0, 0)] * (array.ndim - 2)], mode="symmetric")


def _fill(
    image: Image,
    hole: Flags,
    usable: Flags,
    *,
    guide: Image | None,
    guide_cutoff: float,
    band_cutoff: float,
    settings: DetailSettings,
) -> Generator[DetailStep, None, Image]:
    """The fill of a crop that is large enough for patches."""
    preparing = DetailStep(0, 1, (hole.shape[0], hole.shape[1]))
    halving = halvings(image, hole, usable, guide, longest=settings.max_whole_side)
    octaves, small_guide = yield from relay(halving, lambda _: preparing)
    whole = octaves.pop()
    share = 2 ** len(octaves)
    building = pyramid.build(
        whole.image,
        whole.hole,
        usable_sources(whole.usable),
        small_guide,
        guide_cutoff=guide_cutoff / share,
        settings=settings,
    )
    scales = yield from relay(building, lambda _: preparing)
    if len(scales[0].sources) == 0:
        if guide is not None:
            return guide
        return (yield from relay(membrane(image, hole), lambda _: preparing))
    plan = [_Effort.of(scale, len(scales), settings) for scale in scales]
    total = sum(effort.units for effort in plan)
    finishing = DetailStep(total, total, preparing.level_shape)
    with ThreadPoolExecutor(settings.threads) as pool:
        patches = yield from _descend(scales, plan, settings, pool)
        filled = np.ascontiguousarray(patches.features[..., :3])
        if small_guide is not None:
            drawing = draw_to_guide(
                filled,
                small_guide,
                whole.hole,
                band_cutoff / share,
                surely=guide_cutoff / share,
                largest=settings.largest_correction,
            )
            filled = yield from relay(drawing, lambda _: finishing)
        restoring = restore_contrast(filled, whole.hole, most=settings.most_contrast)
        filled = yield from relay(restoring, lambda _: finishing)
        for octave in reversed(octaves):
            adding = add_octave(octave, filled, patches, settings=settings, pool=pool)
            filled, patches = yield from relay(adding, lambda _: finishing)
    return filled


@dataclass(frozen=True)
class _Effort:
    """What one scale is worth. reach: of the random search in pixels. units: steps of progress."""

    rounds: int
    passes: int
    reach: int
    draws: int
    units: int

    @staticmethod
    def of(scale: Scale, count: int, settings: DetailSettings) -> _Effort:
        longer = max(scale.hole.shape)
        targets = int(scale.target.sum())
        if longer > settings.max_solve_side:
            return _Effort(1, 1, _LIGHT_REACH, 0, targets)
        if scale.level == 0:
            rounds = settings.last_rounds
        else:
            share = (scale.level - 1) / max(1, count - 2)
            rounds = round(settings.fine_rounds + share * (settings.coarse_rounds - settings.fine_rounds))
        passes = settings.passes if targets * settings.passes <= _SEARCH_BUDGET else 1
        rounds = max(1, min(rounds, _SEARCH_BUDGET // (targets * passes)))
        return _Effort(rounds, passes, longer, 1, targets * rounds * passes)


def _descend(
    scales: list[Scale], plan: list[_Effort], settings: DetailSettings, pool: ThreadPoolExecutor
) -> Generator[DetailStep, None, PatchField]:
    """Solve from the coarsest scale to the finest; returns the finest's patches, whose features are the fill."""
    total, done = sum(effort.units for effort in plan), 0
    coarse: PatchField | None = None
    for scale, effort in zip(reversed(scales), reversed(plan), strict=True):
        patches = PatchField(scale, settings=settings, pool=pool)
        shape = (scale.hole.shape[0], scale.hole.shape[1])
        for share in _solve(patches, coarse, effort, settings):
            yield DetailStep(done + round(share * effort.units), total, shape)
        done += effort.units
        yield DetailStep(done, total, shape, patches.features[..., :3].copy())
        coarse = patches
    return patches


def _solve(
    patches: PatchField, coarse: PatchField | None, effort: _Effort, settings: DetailSettings
) -> Generator[float, None, None]:
    """Search and vote at one scale; yields how much of it is done, 0 to 1."""
    yield from _begin(patches, coarse, settings)
    turns = effort.rounds * (effort.passes + 1)
    turn = 0
    for round_ in range(effort.rounds):
        for index in range(effort.passes):
            search = patches.search(
                forward=(round_ * effort.passes + index) % 2 == 0, refresh=index == 0, reach=effort.reach,
                draws=effort.draws,
            )  # fmt: skip
            yield from (turn / turns for _ in search)
            turn += 1
        if patches.scale.level > 0 or round_ + 1 < effort.rounds:  # the last is about differences
            yield from (turn / turns for _ in patches.vote(sharpness=settings.sharpness))
        turn += 1
    if patches.scale.level == 0:
        last = patches.vote_differences(
            sharpness=settings.final_sharpness, most_gain=settings.most_gain, pull=settings.pull
        )
        yield from (1.0 for _ in last)


def _begin(patches: PatchField, coarse: PatchField | None, settings: DetailSettings) -> Generator[float, None, None]:
    """The first field and pixels of a scale: from the coarser one, from the guide, or from the rim."""
    if coarse is not None:
        yield from (0.0 for _ in patches.refine(coarse))
        yield from (0.0 for _ in patches.hold_contrast())
        yield from (0.0 for _ in patches.vote(sharpness=settings.sharpness))
        return
    patches.draw()
    hole = patches.scale.hole
    patches.features = yield from relay(membrane(patches.features, hole), lambda _: 0.0)
    if patches.scale.low is not None:
        patches.features[hole, :3] = patches.scale.low[hole]

"""Coarse-to-fine exemplar fill."""
from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.detail import kernels, pyramid
from inpaintgui.engine.detail.field import PatchField
from inpaintgui.engine.detail.pyramid import Flags, Image


@dataclass(frozen=True)
class DetailSettings:
    patch_radius: int = 3
    coarse_rounds: int = 12
    fine_rounds: int = 4
    passes: int = 2
    guide_weight: float = 1.0
    contrast_weight: float = 1.0
    sharpness: float = 1.0
    final_sharpness: float = 8.0
    max_solve_side: int = 1500
    seed: int = 0


@dataclass(frozen=True)
class DetailStep:
    step: int
    steps: int
    level_shape: tuple[int, int]
    image: NDArray[np.float32] | None


def _onion(field, radius):
    scale = field.scale
    known = ~scale.hole
    features = field.features
    if scale.low is not None:
        pass
    while not known.all():
        ring = ~known & (cv2.dilate(known.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        if not ring.any():
            break
        near = scale.target & (cv2.dilate(ring.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        pixels = np.argwhere(near).astype(np.int32)
        rng = np.random.default_rng(0)
        src = scale.sources
        if len(src) > 4000:
            src = src[np.sort(rng.choice(len(src), 4000, replace=False))]
        kernels.match_partial(features, known, radius, pixels, src, field.offsets, 0, len(pixels))
        out = features.copy()
        one = np.ones(scale.hole.shape, np.float32)
        kernels.vote_band(features, radius, ring, near, field.offsets, np.zeros_like(one), one, np.float32(1), out, 0, len(one))
        features[:] = out
        known |= ring
        yield
    if not known.all():
        pass


def synthesise_detail(image, hole, *, guide=None, guide_cutoff=0.0, source=None, settings=DetailSettings()):
    s = settings
    source = np.ones_like(hole) if source is None else source
    scales = pyramid.build(image, hole, source, guide, guide_cutoff=guide_cutoff, radius=s.patch_radius, contrast_weight=s.contrast_weight)
    with ThreadPoolExecutor(2) as pool:
        coarse = None
        for scale in reversed(scales):
            field = PatchField(scale, radius=s.patch_radius, guide_weight=s.guide_weight, seed=s.seed, pool=pool)
            if coarse is None:
                field.draw()
                if scale.low is not None:
                    field.features[scale.hole, :3] = scale.low[scale.hole]
                else:
                    for _ in _onion(field, s.patch_radius):
                        yield
            else:
                yield from field.refine(coarse)
                yield from field.vote(sharpness=s.sharpness)
            top = len(scales) - 1
            t = scale.level / max(top, 1)
            rounds = round(s.fine_rounds + (s.coarse_rounds - s.fine_rounds) * t)
            if scale.level == 0 and top > 0:
                rounds = max(1, s.fine_rounds // 2)
            reach = max(scale.hole.shape) 
            for r in range(rounds):
                for k in range(s.passes):
                    yield from field.search(forward=(r * s.passes + k) % 2 == 0, refresh=k == 0, reach=reach, draws=1)
                last = scale.level == 0 and r == rounds - 1
                yield from field.vote(sharpness=s.final_sharpness if last else s.sharpness)
            coarse = field
    return field.features[..., :3].copy()

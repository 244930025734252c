"""Search presets: the two published recipes, as yardsticks, and our own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from inpaintgui.errors import BadInputError


@dataclass(frozen=True)
class Effort:
    """How much is searched, and in what strides; see :class:`SearchPreset`."""

    steps: int
    candidates: int
    draw: int
    learning_rate: float


@dataclass(frozen=True)
class SearchPreset:
    """A recipe for the z-search and for what is done with its answer.

    steps: optimiser steps. candidates: latents optimised at once. draw: latents that are scored forward-only
    first, of which the best ``candidates`` are kept (equal to ``candidates``: no selection).
    warm_start: whether the encoder's guess, where the prior has an encoder, is one of the drawn latents.
    schedule: "constant", or "cosine" with a linear warm-up over the first twentieth.
    weighting: "binary" (every known pixel counts 1) or "window" (Yeh's weights, see losses.window_weights).
    floor: with "window", the weight that every known pixel has at least, as a share of the largest weight.
    perceptual_weight: λ of the perceptual loss. halve_at: shares of the run at which the worse half is dropped.
    bfloat16: search in half precision where the hardware has it; the answer is always made in single precision.
    informed: the effort for a prior that has looked at the context before the search begins, with an encoder or as a
    conditional generator, of whose few candidates none is dropped; None: the same as for any other.
    blend: gradient-domain blending. detail: full-resolution texture by patches of the photo, guided by the answer.
    """

    name: str
    summary: str
    steps: int
    candidates: int
    learning_rate: float
    perceptual_weight: float
    draw: int = 0
    schedule: Literal["constant", "cosine"] = "constant"
    weighting: Literal["binary", "window"] = "window"
    window: int = 7
    floor: float = 0.0
    halve_at: tuple[float, ...] = ()
    warm_start: bool = False
    bfloat16: bool = False
    informed: Effort | None = None
    blend: bool = True
    detail: bool = True

    def for_prior(self, *, informed: bool) -> SearchPreset:
        """The preset with the effort that fits the prior."""
        if not informed or self.informed is None:
            return self
        effort = self.informed
        candidates = min(self.candidates, effort.candidates)
        return replace(
            self,
            steps=effort.steps,
            candidates=candidates,
            draw=max(candidates, effort.draw),
            learning_rate=effort.learning_rate,
            halve_at=(),
        )


PRESETS: dict[str, SearchPreset] = {
    preset.name: preset
    for preset in (
        SearchPreset(
            name="draft",
            summary="the first impression: few candidates and steps",
            steps=20,
            candidates=2,
            draw=32,
            learning_rate=0.1,
            schedule="cosine",
            floor=0.25,
            perceptual_weight=0.3,
            halve_at=(0.25,),
            warm_start=True,
            informed=Effort(steps=4, candidates=2, draw=4, learning_rate=0.01),
            bfloat16=True,
        ),
        SearchPreset(
            name="normal",
            summary="wide draw, scheduled search of a shrinking field, blended, with texture of the photo",
            steps=80,
            candidates=8,
            draw=128,
            learning_rate=0.05,
            schedule="cosine",
            floor=0.25,
            perceptual_weight=0.3,
            halve_at=(0.25,),
            warm_start=True,
            informed=Effort(steps=10, candidates=4, draw=16, learning_rate=0.01),
            bfloat16=True,
        ),
        SearchPreset(
            name="best",
            summary="the same with many more candidates and steps",
            steps=300,
            candidates=16,
            draw=512,
            learning_rate=0.05,
            schedule="cosine",
            floor=0.25,
            perceptual_weight=0.3,
            halve_at=(0.25,),
            warm_start=True,
            informed=Effort(steps=40, candidates=16, draw=32, learning_rate=0.01),
            bfloat16=True,
        ),
        SearchPreset(
            name="published-bamos",
            summary="as in the article (2016): one candidate, 1,000 steps of Adam, pasted without blending",
            steps=1000,
            candidates=1,
            learning_rate=0.01,
            weighting="binary",
            perceptual_weight=0.1,
            blend=False,
            detail=False,
        ),
        SearchPreset(
            name="published-yeh",
            summary="as Yeh et al. (2017): one candidate, window weights, 1,500 steps of Adam, Poisson blending",
            steps=1500,
            candidates=1,
            learning_rate=0.01,  # the paper does not say; this is the article's
            perceptual_weight=0.003,
            detail=False,
        ),
    )
}


def preset_called(name: str) -> SearchPreset:
    """The preset called ``name``. Raises BadInputError if there is none."""
    if name not in PRESETS:
        raise BadInputError(f"There is no preset called “{name}”; known presets: {', '.join(PRESETS)}.")
    return PRESETS[name]

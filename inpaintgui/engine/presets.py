"""Search presets: the two published recipes, as yardsticks, and our own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say


@dataclass(frozen=True)
class Effort:
    """How much is searched, and in what strides, with a prior that has looked at the context before.

    steps, candidates, learning_rate, perceptual_weight: as in :class:`SearchPreset`. draw: of a conditional generator
    that heeds its latent, whose draws are samples of what the context leaves open; an encoder's guesses are all
    candidates.
    """

    steps: int
    candidates: int
    draw: int
    learning_rate: float = 0.03
    perceptual_weight: float = 0.0


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
    error_metric: whether known errors are weighed by what the prior usually gets wrong, where that was measured.
    guess_precision: ρ, inverse variance per latent entry around the encoder's guess; 0: none.
    rim_weighting: whether samples of a conditional generator count in their mean by how well they meet the rim that
    it was not shown.
    rim_gradient_weight: γ of the gradients near the hole. plateau: the search ends when the best total loss falls by
    less than this share in five steps; 0: never.
    tuning: pivotal tuning of the answer within the prior's usual errors. realism_slack: how much of D's logit the
    tuning may cost.
    bfloat16: search in half precision where the hardware has it; the answer is always made in single precision.
    informed: the effort for a prior that has looked at the context before the search begins, with an encoder or as a
    conditional generator, of whose few candidates none is dropped; None: the same as for any other.
    averaged: latents around the best one over whose answers the mean answer is taken, an even number; 0: the mean is
    taken over the final candidates. variations: how many different fills are wanted.
    mirrored: whether each problem is searched mirrored too, for a prior that is asked for the mean of its answers.
    views: in how many other squares such a prior looks at a region, if it is conditional; see engine/views.py.
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
    error_metric: bool = False
    guess_precision: float = 0.0
    rim_weighting: bool = False
    rim_gradient_weight: float = 0.0
    plateau: float = 0.0
    tuning: bool = False
    realism_slack: float = 2.0
    bfloat16: bool = False
    informed: Effort | None = None
    averaged: int = 0
    variations: int = 1
    mirrored: bool = False
    views: int = 6
    blend: bool = True
    detail: bool = True

    def for_prior(self, *, conditional: bool, guided: bool, deaf: bool = False) -> SearchPreset:
        """The preset with the effort that fits the prior.

        guided: by an encoder's guess. deaf: conditional, and of the same answer to all latents, so that neither a draw
        nor a step is any news.
        """
        if self.informed is None or not (conditional or guided):
            return self
        effort = self.informed
        candidates = min(self.candidates, effort.candidates)
        return replace(
            self,
            steps=0 if deaf else effort.steps,
            candidates=candidates,
            draw=max(candidates, effort.draw) if conditional and not deaf else candidates,
            learning_rate=effort.learning_rate,
            perceptual_weight=effort.perceptual_weight,
            halve_at=(),
        )

    def for_variations(self, count: int) -> SearchPreset:
        """The preset for ``count`` variations, with enough draws of a conditional generator to choose them from.

        In an informed search as many candidates race, as far as the budget has them: somebody who wants to choose may
        want to pin or drop some.
        """
        if count < 2:
            return self
        informed = self.informed and replace(
            self.informed,
            candidates=max(self.informed.candidates, count),
            draw=max(self.informed.draw, DRAWS_PER_VARIATION * count),
        )
        return replace(self, informed=informed, variations=count)

    def for_regions(self, count: int) -> SearchPreset:
        """The preset with an effort that ``count`` regions of one photo share: somebody waits for all of them."""
        informed = self.informed and replace(
            self.informed,
            steps=_shared(self.informed.steps, count, least=FEWEST_STEPS),
            candidates=_shared(self.informed.candidates, count, least=1),
            draw=_shared(self.informed.draw, count, least=FEWEST_DRAWS),
        )
        return replace(
            self,
            candidates=_shared(self.candidates, count, least=1),
            draw=_shared(self.draw, count, least=FEWEST_DRAWS),
            averaged=_shared(self.averaged, count, least=FEWEST_DRAWS) // 2 * 2,
            views=_shared(self.views, count, least=FEWEST_VIEWS),
            informed=informed,
        )

    def as_given(self) -> SearchPreset:
        """The preset for a latent that is to be taken as it is."""
        return replace(self, steps=0, candidates=1, draw=1, averaged=0, informed=None)

    def for_one_answer(self) -> SearchPreset:
        """The preset for a prior that has one answer to each context: any latent will do, and D need not compare it."""
        return replace(self.as_given(), perceptual_weight=0.0)


BUDGETS = ("draft", "normal", "best")
"""Our own presets, in the order of their effort."""

DRAWS_PER_VARIATION = 32
"""Of a conditional generator."""

FEWEST_DRAWS, FEWEST_STEPS, FEWEST_VIEWS = 4, 2, 2
"""To which draws, steps from a good guess, and views are not reduced for the sake of other regions."""


def _shared(effort: int, count: int, *, least: int) -> int:
    """What is left of an effort for each of ``count`` regions: all of them together take less than twice of it."""
    return min(effort, max(least, 2 * effort // (count + 1)))


def _ours(
    name: str, summary: str, *, steps: int, candidates: int, draw: int, averaged: int, informed: Effort
) -> SearchPreset:
    """One of our own presets: they differ in effort alone."""
    return SearchPreset(
        name=name,
        summary=summary,
        steps=steps,
        candidates=candidates,
        draw=draw,
        learning_rate=0.05,
        schedule="cosine",
        floor=0.25,
        perceptual_weight=0.3,
        halve_at=(0.25,),
        warm_start=True,
        error_metric=True,
        guess_precision=30.0,
        rim_weighting=True,
        tuning=True,
        averaged=averaged,
        bfloat16=True,
        mirrored=True,
        informed=informed,
    )


PRESETS: dict[str, SearchPreset] = {
    preset.name: preset
    for preset in (
        _ours(
            "draft",
            "the first impression: few candidates and steps",
            steps=20,
            candidates=2,
            draw=32,
            averaged=4,
            informed=Effort(steps=2, candidates=1, draw=8),
        ),
        _ours(
            "normal",
            "encoder or wide draw, scheduled search of a shrinking field, tuned, blended, with texture of the photo",
            steps=80,
            candidates=8,
            draw=128,
            averaged=6,
            informed=Effort(steps=2, candidates=2, draw=24),
        ),
        _ours(
            "best",
            "the same with many more candidates, steps and answers that are averaged",
            steps=300,
            candidates=16,
            draw=512,
            averaged=32,
            informed=Effort(steps=3, candidates=2, draw=64),
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
        raise BadInputError(
            say("There is no preset called “{name}”; known presets: {known}.", name=name, known=", ".join(PRESETS))
        )
    return PRESETS[name]

"""What the z-search minimises, for all regions at once.

total = contextual + λ·perceptual + ½·ρ·‖z − c‖² + γ·rim

* contextual: how far G(z) is from the known pixels: a weighted L1 distance, or, where the prior knows what it gets
  wrong (engine/error_model.py), minus the log likelihood of the known errors, in nats.
* perceptual: how unreal D finds G(z); without D, how unlikely z is.
* ρ: a Gaussian density around the latent c that the candidate started from, for guesses of an encoder: what an
  encoder sees in the context is worth more than the last bit of agreement with it.
* rim: how much the gradients differ near the hole, where a seam would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.losses import contextual_loss, gradient_loss, perceptual_loss, window_weights
from inpaintgui.engine.pivotal_tuning import PivotalTuning
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Context, Prior

RIM = 16
"""The rim that a conditional generator is asked about is one in RIM pixels of the square wide."""

RIM_NATS = 30.0
"""By how many nats less plausible a mean absolute error of 1 in the rim, for a range of 2, makes a sample.

Over 120 holes in unseen scenes the mean of 32 samples came 0.0 (centre), 0.2 (objects) and 0.5 dB (half the scene)
closer to the truth than without; 10 and 100 do hardly worse. Errors of neighbours are alike, or it would be far more.
"""

TUNINGS = (1.0, 0.5, 0.25)
"""How much of the tuning is tried, until D finds the outcome as real as before."""


@dataclass(frozen=True)
class SearchProblem:
    """What one region looks like to a prior.

    target: float32 (R, R, 3) in [0, 1]; its values in the hole do not matter. known, hole: bool (R, R); a pixel
    beyond the photo is neither.
    """

    target: NDArray[np.float32]
    known: NDArray[np.bool_]
    hole: NDArray[np.bool_]

    def mirrored(self) -> SearchProblem:
        """The same with left and right exchanged."""
        return SearchProblem(
            np.ascontiguousarray(self.target[:, ::-1]),
            np.ascontiguousarray(self.known[:, ::-1]),
            np.ascontiguousarray(self.hole[:, ::-1]),
        )


class Objective:
    """The losses of latents for P problems; ``owner`` (N,) says which problem each of N latents is to solve."""

    def __init__(self, problems: Sequence[SearchProblem], prior: Prior, preset: SearchPreset) -> None:
        self.prior = prior
        self.preset = preset
        device = prior.device
        target = torch.from_numpy(np.stack([problem.target for problem in problems])) * 2 - 1
        self.target = target.permute(0, 3, 1, 2).to(device, torch.float32)
        self.known = _flags([problem.known for problem in problems], device)
        self.hole = _flags([problem.hole for problem in problems], device)
        self.context = prior.look_at(self.target, self.known)
        self.asked = self.context
        self.weights = self._weights()
        learnt = None if prior.conditional or not (preset.error_metric or preset.tuning) else prior.errors
        self.errors = None if learnt is None else learnt.seen(self.known)
        self.tuning = PivotalTuning(self.errors, self.known) if self.errors is not None and preset.tuning else None
        near = window_weights(self.known, self.hole, preset.window)
        self.rim = near / near.amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-9)

    def _weights(self) -> Tensor:
        """Of the known pixels in the L1 distance, (P, 1, R, R)."""
        if self.prior.conditional:
            return self._hide_rim()
        if self.preset.weighting == "binary":
            return self.known
        near = window_weights(self.known, self.hole, self.preset.window)
        return torch.maximum(near, self.known * (self.preset.floor * near.amax(dim=(1, 2, 3), keepdim=True)))

    def _hide_rim(self) -> Tensor:
        """Ask a conditional generator with holes that are wider by a rim; returns the rims, (P, 1, R, R).

        It repeats the known pixels that it sees, whatever the latent: only pixels that it does not see can tell one
        latent from another.
        """
        width = 2 * (self.prior.resolution // RIM) + 1
        known = self.known * (1 - F.max_pool2d(self.hole, width, stride=1, padding=width // 2))
        self.asked = self.prior.look_at(self.target, known)
        return self.known - known

    def judge(self, latents: Tensor, owner: Tensor, centres: Tensor | None = None) -> Tensor:
        """Losses (N, 3) of latents (N, latent_size): contextual, perceptual, total.

        centres: (N, latent_size), of the density around each; None for latents that nobody guessed.
        """
        return self.judge_images(latents, owner, centres)[0]

    def judge_images(self, latents: Tensor, owner: Tensor, centres: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """See :meth:`judge`; also the images that were judged, (N, 3, R, R) in [-1, 1]."""
        preset = self.preset
        asked = self.asked.of(owner)
        images = self.prior.generate(latents, asked)
        contextual = self._contextual(images.float(), owner)
        perceptual = self._perceptual(latents, images, asked)
        total = contextual + preset.perceptual_weight * perceptual
        if preset.rim_gradient_weight:
            target, rim = self.target[owner], self.rim[owner]
            total = total + preset.rim_gradient_weight * gradient_loss(images.float(), target, rim)
        if centres is not None and preset.guess_precision:
            total = total + preset.guess_precision / 2 * (latents - centres).square().sum(dim=1)
        return torch.stack((contextual, perceptual, total), dim=1), images

    def _contextual(self, images: Tensor, owner: Tensor) -> Tensor:
        target = self.target[owner]
        if self.errors is not None and self.preset.error_metric:
            return self.errors.misfit(target - images, owner)
        return contextual_loss(images, target, self.weights[owner])

    def _perceptual(self, latents: Tensor, images: Tensor, asked: Context) -> Tensor:
        if self.prior.discriminator is None:
            return self.prior.unlikeliness(latents)
        if not self.preset.perceptual_weight:
            return latents.new_zeros(len(latents))
        return perceptual_loss(self.prior.score(self.prior.judged_view(images, asked)).float())

    def plausibility(self, contextual: Tensor, place: int) -> Tensor:
        """How plausible the rim of a problem's hole makes samples of a conditional generator: shares, (N,), sum 1.

        contextual: losses of samples to which the rim was not shown, (N,). The samples come from what the generator
        takes for p(hole, rim | the rest); these shares make them samples of p(hole | rim, the rest) (importance
        sampling: Geweke 1989).
        """
        return torch.softmax(-RIM_NATS * contextual / self._values(self.weights)[place], dim=0)

    def completed(self, answers: Tensor, owner: Tensor) -> Tensor:
        """The contexts with the answers (N, 3, R, R) in their holes."""
        return self.context.pixels[owner] + (1 - self.known[owner]) * answers

    @torch.no_grad()
    def answers(self, latents: Tensor, owner: Tensor) -> Tensor:
        """What the latents say about the whole square, (N, 3, R, R) in [-1, 1]: G(z), tuned if the preset says so."""
        return self.tuned(self.prior.generate(latents, self.context.of(owner)), owner)

    @torch.no_grad()
    def answers_and_errors(self, latents: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        """See :meth:`answers`; also the context error of G(z) before it is tuned, (N,).

        It is the mean absolute error over all known pixels, in [0, 1] units. A conditional generator has
        :meth:`rim_errors` instead.
        """
        images = self.prior.generate(latents, self.context.of(owner))
        off = contextual_loss(images, self.target[owner], self.known[owner])
        return self.tuned(images, owner), off / (2 * self._values(self.known)[owner])

    def rim_errors(self, contextual: Tensor, owner: Tensor) -> Tensor:
        """The context errors of latents of a conditional generator, (N,), whose contextual losses (N,) are given.

        They are mean absolute errors over the rim that it did not see, in [0, 1] units.
        """
        return contextual / (2 * self._values(self.weights)[owner])

    @staticmethod
    def _values(weights: Tensor) -> Tensor:
        """How many values of the three channels have weight 1 in (P, 1, R, R), the others 0: (P,), at least 1."""
        return (3 * weights.sum(dim=(1, 2, 3))).clamp(min=1)

    @torch.no_grad()
    def tuned(self, images: Tensor, owner: Tensor) -> Tensor:
        """Images of G, (N, 3, R, R) in [-1, 1], tuned if the preset says so and the prior's usual errors are known."""
        if self.tuning is None:
            return images
        return self._tuned(images, owner, self.tuning.change(self.target[owner] - images, owner))

    @torch.no_grad()
    def tuned_unasked(self, images: Tensor, owner: Tensor) -> Tensor:
        """See :meth:`tuned`; D is not asked, which would take most of the time: good enough to be glanced at."""
        if self.tuning is None:
            return images
        return (images + self.tuning.change(self.target[owner] - images, owner)).clamp(-1, 1)

    def _tuned(self, images: Tensor, owner: Tensor, change: Tensor) -> Tensor:
        """The images with as much of the change as D puts up with in the completed picture."""
        before = self.prior.score(self.completed(images, owner))
        answers, open_ = images, torch.ones_like(before, dtype=torch.bool)
        for share in TUNINGS:
            tried = (images + share * change).clamp(-1, 1)
            accepted = open_ & (self.prior.score(self.completed(tried, owner)) >= before - self.preset.realism_slack)
            answers = torch.where(accepted[:, None, None, None], tried, answers)
            open_ = open_ & ~accepted
            if not bool(open_.any()):
                break
        return answers


def _flags(flags: Sequence[NDArray[np.bool_]], device: torch.device) -> Tensor:
    return torch.from_numpy(np.stack(flags))[:, None].to(device, torch.float32)

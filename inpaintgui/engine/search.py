"""The z-search: find the latent code whose image agrees with the context and looks real.

Yeh, Chen, Lim, Schwing, Hasegawa-Johnson & Do, “Semantic Image Inpainting with Deep Generative Models”, CVPR 2017;
the article this program starts from is the same search with plain weights. All candidates are optimised in one
batch; everything stays on the device until somebody asks a step for its losses or its image.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.contracts import Losses
from inpaintgui.engine.devices import computes_bfloat16, to_host
from inpaintgui.engine.losses import contextual_loss, perceptual_loss, window_weights
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior

DRAW_BATCH = 64
ADAM_BETAS = (0.9, 0.999)
ADAM_EPSILON = 1e-8

RIM = 16
"""The rim that a conditional generator is asked about is one in RIM pixels of the square wide."""


@dataclass(frozen=True)
class SearchProblem:
    """What one region looks like to a prior.

    target: float32 (R, R, 3) in [0, 1]; its values in the hole do not matter. known, hole: bool (R, R); a pixel
    beyond the photo is neither.
    """

    target: NDArray[np.float32]
    known: NDArray[np.bool_]
    hole: NDArray[np.bool_]


@dataclass(frozen=True)
class SearchOutcome:
    """The winner.

    latent: float32 (latent_size,). image: G(z), float32 (R, R, 3) in [0, 1]. mean_image: mean over all candidates
    that are left, or over all draws of a conditional generator, the same; where they disagree it is closer to the
    truth than any one of them. context_error: mean absolute error over known pixels, in [0, 1] units, see
    :meth:`SearchState.context_error`. realism: D's logit. candidates: how many were optimised.
    """

    latent: NDArray[np.float32]
    image: NDArray[np.float32]
    mean_image: NDArray[np.float32]
    losses: Losses
    context_error: float
    realism: float
    candidates: int
    steps: int


class SearchState:
    """The candidates of one search and their Adam moments, all on the prior's device."""

    def __init__(self, problem: SearchProblem, prior: Prior, preset: SearchPreset) -> None:
        self.prior = prior
        self.preset = preset
        self.step = 0
        device = prior.device
        self.bfloat16 = preset.bfloat16 and computes_bfloat16(device)
        self.target = torch.from_numpy(problem.target * 2 - 1).permute(2, 0, 1)[None].to(device, torch.float32)
        self.known = torch.from_numpy(problem.known)[None, None].to(device, torch.float32)
        self.context = prior.look_at(self.target, self.known)
        self.asked = self.context
        self.hole = torch.from_numpy(problem.hole)[None, None].to(device, torch.float32)
        self.weights = self.known
        if preset.weighting == "window":
            near = window_weights(self.known, self.hole, preset.window)
            self.weights = torch.maximum(near, self.known * (preset.floor * near.max()))
        if prior.conditional:
            self.weights = self._hide_rim()
        self.latents = torch.empty(0, prior.row.latent_size, device=device)
        self.first_moment = torch.empty(0, device=device)
        self.second_moment = torch.empty(0, device=device)
        self.losses = torch.empty(0, 3, device=device)

    def judge(self, latents: Tensor) -> Tensor:
        """Losses (N, 3) of latents (N, latent_size): contextual, perceptual, total.

        Without a discriminator, how unlikely the latent is takes the perceptual loss' place.
        """
        with self._precision():
            images = self.prior.generate(latents, self.asked)
            logits = self.prior.score(self.prior.judged_view(images, self.asked))
        contextual = contextual_loss(images.float(), self.target, self.weights)
        perceptual = perceptual_loss(logits.float())
        if self.prior.discriminator is None:
            perceptual = self.prior.unlikeliness(latents)
        return torch.stack((contextual, perceptual, contextual + self.preset.perceptual_weight * perceptual), dim=1)

    def _precision(self) -> AbstractContextManager[object]:
        return torch.autocast(self.prior.device.type, torch.bfloat16) if self.bfloat16 else nullcontext()

    @torch.no_grad()
    def start(self, latents: Tensor, losses: Tensor) -> None:
        """Take the best of the drawn ``latents`` as candidates, in order of their total loss (N, 3)."""
        kept = losses[:, 2].topk(self.preset.candidates, largest=False).indices
        self.latents = latents[kept]
        self.losses = losses[kept]
        self.first_moment = torch.zeros_like(self.latents)
        self.second_moment = torch.zeros_like(self.latents)

    def improve(self) -> None:
        """One step of Adam (Kingma & Ba 2015) on all candidates, then back into the prior's support."""
        latents = self.latents.detach().requires_grad_()
        losses = self.judge(latents)
        (gradient,) = torch.autograd.grad(losses[:, 2].sum(), latents)
        self.step += 1
        beta1, beta2 = ADAM_BETAS
        with torch.no_grad():
            self.first_moment.lerp_(gradient, 1 - beta1)
            self.second_moment.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            first = self.first_moment / (1 - beta1**self.step)
            second = self.second_moment / (1 - beta2**self.step)
            moved = latents - self.learning_rate * first / (second.sqrt() + ADAM_EPSILON)
            self.prior.confine_(moved)
        self.latents = moved
        self.losses = losses.detach()

    @property
    def learning_rate(self) -> float:
        """The rate of the current step."""
        if self.preset.schedule == "constant":
            return self.preset.learning_rate
        done = self.step / self.preset.steps
        warm_up = min(1.0, done / 0.05)
        return self.preset.learning_rate * warm_up * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    @torch.no_grad()
    def halve(self) -> None:
        """Drop the worse half of the candidates."""
        kept = self.losses[:, 2].topk(max(1, self.latents.shape[0] // 2), largest=False).indices
        self.latents, self.losses = self.latents[kept], self.losses[kept]
        self.first_moment, self.second_moment = self.first_moment[kept], self.second_moment[kept]

    def _hide_rim(self) -> Tensor:
        """Ask a conditional generator with a hole that is wider by a rim; returns the rim, (1, 1, R, R).

        It repeats the known pixels that it sees, whatever the latent: only pixels that it does not see can tell one
        latent from another.
        """
        width = 2 * (self.prior.resolution // RIM) + 1
        known = self.known * (1 - F.max_pool2d(self.hole, width, stride=1, padding=width // 2))
        self.asked = self.prior.look_at(self.target, known)
        return self.known - known

    @torch.no_grad()
    def context_error(self, latent: Tensor) -> Tensor:
        """Mean absolute error, in [0, 1] units, of G(z) where it had to agree with known pixels.

        latent: (1, latent_size). These are all of them, or the rim that a conditional generator did not see.
        """
        judged = self.weights if self.prior.conditional else self.known
        image = self.prior.generate(latent, self.asked)
        return ((image - self.target).abs() * judged).sum() / (6 * judged.sum()).clamp(min=1)

    @torch.no_grad()
    def leader(self) -> tuple[Tensor, Tensor, Tensor]:
        """The candidate with the least total loss: its latent (1, latent_size), G(z) and losses (1, 3)."""
        best = self.losses[:, 2].argmin().unsqueeze(0)
        latent = self.latents[best]
        return latent, self.prior.generate(latent, self.context), self.losses[best]


@dataclass(frozen=True)
class SearchStep:
    """Where the search is. ``losses`` and ``image`` compute on demand and are valid until the search goes on."""

    step: int
    steps: int
    state: SearchState

    def losses(self) -> Losses:
        """Losses of the leading candidate."""
        return _as_losses(self.state.leader()[2])

    def image(self) -> NDArray[np.float32]:
        """G(z) of the leading candidate: float32 (R, R, 3) in [0, 1]."""
        return _as_image(self.state.leader()[1])


def search_latent(
    problem: SearchProblem, prior: Prior, preset: SearchPreset, *, seed: int
) -> Generator[SearchStep, None, SearchOutcome]:
    """Search ``prior`` for the best completion of ``problem``; yields between steps, where it can be closed.

    The same seed gives the same answer on the same machine.
    """
    preset = preset.for_prior(informed=prior.conditional or (preset.warm_start and prior.encoder is not None))
    state = SearchState(problem, prior, preset)
    steps = preset.steps
    random = torch.Generator(device="cpu").manual_seed(seed)
    drawn: list[Tensor] = []
    judged: list[Tensor] = []
    guess = state.prior.encode(state.target, state.known)
    if guess is not None and preset.warm_start:
        drawn.append(guess)
        with torch.no_grad():
            judged.append(state.judge(guess))
    remaining = max(preset.draw, preset.candidates)
    while remaining:
        latents = prior.draw(min(DRAW_BATCH, remaining), random)
        with torch.no_grad():
            judged.append(state.judge(latents))
        drawn.append(latents)
        remaining -= len(latents)
        if sum(map(len, drawn)) >= preset.candidates:
            state.start(torch.cat(drawn), torch.cat(judged))
            yield SearchStep(0, steps, state)
    halvings = {max(1, round(share * steps)) for share in preset.halve_at}
    for step in range(1, steps + 1):
        state.improve()
        if step in halvings:
            state.halve()
        yield SearchStep(step, steps, state)
    state.bfloat16 = False
    with torch.no_grad():
        state.losses = state.judge(state.latents)  # of the final latents: the last step moved them
    # A conditional generator's draws are already samples of what the context leaves open; another's are not.
    return _outcome(state, typical=torch.cat(drawn) if prior.conditional else state.latents)


def _outcome(state: SearchState, *, typical: Tensor) -> SearchOutcome:
    """The winner, and the mean image of the ``typical`` latents (N, latent_size)."""
    latent, image, losses = state.leader()
    with torch.no_grad():
        error = state.context_error(latent)
        realism = state.prior.score(state.prior.judged_view(image, state.context))[0]
        mean = state.prior.generate(typical, state.context).mean(dim=0, keepdim=True)
    return SearchOutcome(
        latent=to_host(latent)[0],
        image=_as_image(image),
        mean_image=_as_image(mean),
        losses=_as_losses(losses),
        context_error=float(to_host(error)),
        realism=float(to_host(realism)),
        candidates=state.preset.candidates,
        steps=state.preset.steps,
    )


def _as_losses(losses: Tensor) -> Losses:
    contextual, perceptual, total = (float(v) for v in to_host(losses)[0])
    return Losses(contextual, perceptual, total)


def _as_image(images: Tensor) -> NDArray[np.float32]:
    image = (to_host(images)[0].transpose(1, 2, 0) + 1) / 2
    return np.asarray(image.clip(0, 1), np.float32)


def with_candidates(preset: SearchPreset, candidates: int | None) -> SearchPreset:
    """The preset with another number of candidates, if one is given."""
    return preset if candidates is None else replace(preset, candidates=candidates)

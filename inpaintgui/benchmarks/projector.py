"""A peer: the latent search of a projector, in the manner of the one that comes with StyleGAN2-ADA.

Karras, Aittala, Hellsten, Laine, Lehtinen & Aila, “Training Generative Adversarial Networks with Limited Data”,
NeurIPS 2020, after appendix D of Karras et al., “Analyzing and Improving the Image Quality of StyleGAN”, CVPR 2020.
Kept are the start at the mean of the latents, the schedule of the learning rate, and the noise on the latent that
fades, so that the search first explores and then settles. Changed, because the problem is another: the known pixels
are compared directly (their network for perceptual distances knows no holes), a DCGAN's latent takes the place of w,
it stays in its distribution's support, and there are no noise maps to optimise along.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from inpaintgui.engine.losses import contextual_loss
from inpaintgui.engine.prior import Prior


@dataclass(frozen=True)
class ProjectorSettings:
    """The projector's own figures.

    steps: of Adam. learning_rate: at its height. ramp_up, ramp_down: shares of the run in which it rises linearly
    from zero and falls to zero along a cosine. noise: its deviation at the start, as a share of the latents' own
    root mean square distance from their mean. noise_until: share of the run after which there is none. draws: latents
    whose mean is the start.
    """

    steps: int = 1000
    learning_rate: float = 0.1
    ramp_up: float = 0.05
    ramp_down: float = 0.25
    noise: float = 0.05
    noise_until: float = 0.75
    draws: int = 10_000

    def rate_at(self, share: float) -> float:
        """The learning rate when ``share`` of the run, in [0, 1), is done."""
        falling = 0.5 - 0.5 * math.cos(math.pi * min(1.0, (1 - share) / self.ramp_down))
        return self.learning_rate * falling * min(1.0, share / self.ramp_up)

    def noise_at(self, share: float) -> float:
        """The noise when ``share`` of the run is done, in units of the latents' distance from their mean."""
        return self.noise * max(0.0, 1 - share / self.noise_until) ** 2


def project(
    prior: Prior, pixels: Tensor, known: Tensor, settings: ProjectorSettings, *, seeds: Sequence[int]
) -> Tensor:
    """The latents (N, latent_size) whose images agree best with the known pixels, found independently of each other.

    pixels: (N, 3, R, R) in [-1, 1]; known: (N, 1, R, R), 1 where the pixels count; seeds: one per image.
    """
    randoms = [torch.Generator(device="cpu").manual_seed(seed) for seed in seeds]
    draws = [prior.draw(settings.draws, random) for random in randoms]
    mean = torch.stack([drawn.mean(dim=0) for drawn in draws])
    distance = torch.stack([(drawn - drawn.mean(dim=0)).square().sum(dim=1).mean().sqrt() for drawn in draws])[:, None]
    context = prior.look_at(pixels, known)
    latents = mean.clone().requires_grad_()
    optimiser = torch.optim.Adam([latents], lr=settings.learning_rate, betas=(0.9, 0.999))
    for step in range(settings.steps):
        share = step / settings.steps
        for group in optimiser.param_groups:
            group["lr"] = settings.rate_at(share)
        noise = torch.stack([torch.randn(latents.shape[1], generator=random, device="cpu") for random in randoms])
        images = prior.generate(latents + distance * settings.noise_at(share) * noise.to(prior.device), context)
        loss = contextual_loss(images, context.pixels, context.known).sum()
        (latents.grad,) = torch.autograd.grad(loss, latents)
        optimiser.step()
        prior.confine_(latents)
    return latents.detach()

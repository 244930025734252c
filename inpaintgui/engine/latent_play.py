"""Walks and sums in latent space: one image into another, and a smile without the face it was seen on.

Radford, Metz & Chintala, “Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
Networks”, ICLR 2016, figures 4 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.devices import to_host
from inpaintgui.engine.prior import Context, Prior
from inpaintgui.errors import BadInputError

BLOCK = 64
MOST_SAMPLES = 1024
LARGEST_SEED = 2**63 - 1
ALMOST_PARALLEL = 1e-4
"""Sine of the angle below which two directions do not say which way around the sphere is meant."""

_REFERENCE = re.compile(r"(\d{1,19}):(\d{1,6})")


@dataclass(frozen=True)
class SampleNumber:
    """Which latent: number ``index`` of those that ``seed`` draws. Written ``seed:index``."""

    seed: int
    index: int

    def __str__(self) -> str:
        return f"{self.seed}:{self.index}"

    @classmethod
    def parse(cls, text: str) -> SampleNumber:
        """Read ``SEED:NUMBER``. Raises BadInputError."""
        match = _REFERENCE.fullmatch(text.strip())
        if match is None or int(match[1]) > LARGEST_SEED or int(match[2]) >= MOST_SAMPLES:
            raise BadInputError(
                f"“{text}” is not a sample: write SEED:NUMBER, as “inpaintgui models sample” counts them, with a "
                f"number below {MOST_SAMPLES:,}."
            )
        return cls(int(match[1]), int(match[2]))


def numbered_latents(prior: Prior, count: int, seed: int) -> Tensor:
    """The first ``count`` latents that ``seed`` draws from the prior: float32 (count, latent_size) on its device.

    Drawn in whole blocks of :meth:`Prior.draw`, because torch's normal numbers depend on how many are asked for at
    once: so a number means the same latent however many samples are looked at.
    """
    random = torch.Generator(device="cpu").manual_seed(seed)
    blocks = [prior.draw(BLOCK, random) for _ in range(-(-count // BLOCK))]
    return torch.cat(blocks)[:count]


def latent_of(prior: Prior, number: SampleNumber) -> Tensor:
    """The latent with that number: float32 (latent_size,)."""
    return numbered_latents(prior, number.index + 1, number.seed)[number.index]


def interpolate(start: Tensor, end: Tensor, steps: int, *, distribution: str) -> Tensor:
    """``steps`` latents from ``start`` to ``end``, both included: (latent_size,) twice → (steps, latent_size).

    "uniform": along the straight line, which cannot leave a cube. "normal": around the sphere (Shoemake 1985), while
    the length goes evenly from one to the other: nearly all draws of a normal distribution in many dimensions have
    about the same length, and the middle of a straight line between two of them is far shorter than any image's
    latent (White 2016, “Sampling Generative Networks”). The straight line also where the directions are the same
    or opposite, so that no way around the sphere is the shortest. steps: at least 2.
    """
    if steps < 2:
        raise ValueError(f"a walk has at least its two ends, not {steps} steps")
    share = torch.linspace(0, 1, steps, device=start.device, dtype=start.dtype)[:, None]
    straight = torch.lerp(start, end, share)
    if distribution == "uniform":
        return straight
    lengths = start.norm(), end.norm()
    if min(float(length) for length in lengths) == 0:
        return straight
    cosine = torch.dot(start / lengths[0], end / lengths[1]).clamp(-1, 1)
    angle = torch.acos(cosine)
    if float(torch.sin(angle)) < ALMOST_PARALLEL:
        return straight
    around = torch.sin((1 - share) * angle) * start / lengths[0] + torch.sin(share * angle) * end / lengths[1]
    walked: Tensor = around / torch.sin(angle) * torch.lerp(lengths[0], lengths[1], share)
    walked[0], walked[-1] = start, end
    return walked


def arithmetic(prior: Prior, plus: Sequence[Tensor], minus: Sequence[Tensor] = ()) -> tuple[Tensor, Tensor]:
    """Add and subtract the means of groups of latents, as in: smiling women - neutral women + neutral men.

    plus, minus: groups, each (N, latent_size); a mean of three or more is steadier than one latent. Returns the
    groups' means, those of ``plus`` first, (len(plus) + len(minus), latent_size), and the result (latent_size,),
    moved into the support of the prior's distribution. Raises BadInputError if nothing is added.
    """
    if not plus:
        raise BadInputError("Nothing is added: name at least one group of samples to add.")
    means = torch.stack([group.mean(dim=0) for group in (*plus, *minus)])
    result = means[: len(plus)].sum(dim=0) - means[len(plus) :].sum(dim=0)
    prior.confine_(result)
    return means, result


@torch.no_grad()
def pictures_of(prior: Prior, latents: Tensor, context: Context | None = None) -> NDArray[np.float32]:
    """G's images of latents (N, latent_size), with the known pixels of a context: float32 (N, R, R, 3) in [0, 1]."""
    made = []
    for part in torch.split(latents, BLOCK):
        images = prior.generate(part, context)
        made.append(images if context is None else prior.judged_view(images, context))
    shown = (torch.cat(made).clamp(-1, 1) + 1) / 2
    return np.ascontiguousarray(to_host(shown).transpose(0, 2, 3, 1), np.float32)

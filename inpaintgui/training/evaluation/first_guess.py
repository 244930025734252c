"""How good an encoder's first guess is: its loss beside what the article's search reaches, step by step."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inpaintgui.engine.objective import Objective
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.search import search_latent
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import hole_maker
from inpaintgui.training.fit import posed_problem

Losses = NDArray[np.float64]


@dataclass(frozen=True)
class FirstGuess:
    """Total losses of ``preset``, contextual plus weighted perceptual, of n images.

    guess: of the encoder's latent, (n,). searched: of the search's candidate after each of ``steps``,
    (n, len(steps)). chance: of one latent drawn at random, (n,).
    """

    prior: str
    preset: SearchPreset
    mask: str
    images: Squares
    steps: tuple[int, ...]
    guess: Losses
    searched: Losses
    chance: Losses

    def as_json(self) -> dict[str, Any]:
        """Medians over the images, and on how many of them the guess is as good as the search."""
        return {
            "prior": self.prior,
            "preset": self.preset.name,
            "mask": self.mask,
            "images": self.images.source,
            "n": len(self.images),
            "median_loss": {
                "random_latent": _median(self.chance),
                "first_guess": _median(self.guess),
                **{f"step_{step}": _median(losses) for step, losses in zip(self.steps, self.searched.T, strict=True)},
            },
            "guess_at_least_as_good": {
                f"step_{step}": round(float((self.guess <= losses).mean()), 3)
                for step, losses in zip(self.steps, self.searched.T, strict=True)
            },
        }


def measure_first_guess(
    prior: Prior, preset: SearchPreset, images: Squares, mask: str, *, steps: tuple[int, ...], seed: int = 0
) -> Generator[int, None, FirstGuess]:
    """Compare E(x·M, M) with a search of ``preset`` that starts at random; yields how many images are done.

    steps: rising; after these steps the search's loss is noted. Raises BadInputError for a prior without encoder.
    """
    if prior.encoder is None:
        raise BadInputError(f"The prior “{prior.row.name}” has no encoder.")
    make_hole = hole_maker(mask, prior.resolution)
    preset = replace(preset, steps=steps[-1], warm_start=False)
    guess, chance, searched = [], [], []
    for index, truth in enumerate(images.pixels):
        hole = make_hole(index)
        problem = posed_problem(truth, hole)
        objective = Objective((problem,), prior, preset)
        latent = prior.encode(objective.target, objective.known)
        if latent is not None:
            guess.append(_total(objective, latent))
        noted = {}
        for step in search_latent(problem, prior, preset, seed=seed + index):
            if step.step in {0, *steps}:
                noted[step.step] = _total(objective, step.state.latents)
        chance.append(noted[0])
        searched.append([noted[step] for step in steps])
        yield index + 1
    return FirstGuess(
        prior=prior.row.name,
        preset=preset,
        mask=mask,
        images=images,
        steps=steps,
        guess=np.array(guess),
        searched=np.array(searched),
        chance=np.array(chance),
    )


@torch.no_grad()
def _total(objective: Objective, latents: torch.Tensor) -> float:
    """Total loss of the best of ``latents``."""
    owner = torch.zeros(len(latents), dtype=torch.long, device=latents.device)
    return float(objective.judge(latents, owner)[:, 2].min())


def _median(losses: Losses) -> float:
    return round(float(np.median(losses)), 3)

"""What else could be in a hole: latents that the context leaves open, around the one that was found.

Near the latent z* that a search found, p(z | context) is taken for a Gaussian (Laplace's approximation: MacKay 1992)
of precision L = Jᵀ Σ⁻¹ J + I/σ². J says how the known pixels change with z, Σ is the covariance of what the prior
usually gets wrong (engine/error_model.py), σ² the variance of the latent's own distribution.

Two uses are made of it:

* variations: of all moves that are equally probable those are made that change the hole the most;
* the mean answer: the pictures of latents all around z*, each tuned to the context, have a mean that errs less than
  the picture of z* itself. There a round neighbourhood does as well as L's ellipsoid and costs no Jacobian.
"""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from inpaintgui.engine.search_state import SearchState

DIRECTIONS = 8
"""In how many directions variations lie: those in which the hole changes most."""

FARTHEST = 9.0
"""Length of a variation's move, in standard deviations of the posterior: a random sample's is √100 = 10."""

CHANGE = 0.22
"""Root mean square change of the hole, in the range [-1, 1] of images, beyond which no variation goes: a hole of which
the context says little, half a face, would else be filled with what no face looks like.
"""

PROBE = 0.05
"""Step of the forward differences, for latents of variance ⅓ or 1."""

NOISE = 0.2
"""Variance of a known pixel's error where the prior's usual errors were never measured. The errors of neighbours are
alike, so that it is much more than that of one pixel alone.
"""

AROUND = 15.0
"""Precision, per latent entry, of the neighbourhood over which answers are averaged."""


def surrounding_latents(state: SearchState, place: int, count: int, random: torch.Generator) -> Tensor:
    """``count`` latents, an even number, around the best one of a problem: (count, latent_size).

    They come in pairs on opposite sides (antithetic variates: Hammersley & Morton 1956), so that their mean is z*.
    """
    centre = _best(state, place)
    moves = torch.randn(count // 2, len(centre), generator=random, device="cpu").to(centre.device) / AROUND**0.5
    latents = centre + torch.cat((moves, -moves))
    state.objective.prior.confine_(latents)
    return latents


def distinct_latents(
    state: SearchState, place: int, count: int, random: torch.Generator
) -> Generator[None, None, Tensor]:
    """``count`` latents that fill a problem's hole differently and agree with its context: (count, latent_size).

    The prior must not be conditional: another context is another generator.
    """
    objective = state.objective
    prior, centre = objective.prior, _best(state, place)
    probes = torch.cat((centre[None], centre + PROBE * torch.eye(len(centre), device=centre.device)))
    (images,) = yield from state.in_parts(lambda at: (_generated(state, probes[at]),), len(probes))
    changes = (images[1:] - images[0]) / PROBE  # row k: how the image changes with the latent's entry k
    inside = (changes * objective.hole[place]).flatten(1)
    channels = changes.shape[1]
    in_hole = (inside @ inside.T).cpu().double() / (channels * objective.hole[place].sum().cpu().clamp(min=1))
    precision = _precision(state, place, changes).cpu().double()
    axes = _principal_axes(precision, in_hole, least=1 / prior.latent_variance)
    moves = torch.randn(count, axes.shape[1], generator=random, device="cpu", dtype=torch.float64)
    moves = moves / moves.norm(dim=1, keepdim=True) @ axes.T
    change = ((moves @ in_hole) * moves).sum(dim=1).clamp(min=1e-12).sqrt()
    moves = moves * (CHANGE / change).clamp(max=FARTHEST)[:, None]
    latents: Tensor = centre + moves.to(centre)
    prior.confine_(latents)
    return latents


def _best(state: SearchState, place: int) -> Tensor:
    best: Tensor = state.latents[state.ranking(place)[0]].detach()
    return best


@torch.no_grad()
def _generated(state: SearchState, latents: Tensor) -> Tensor:
    return state.objective.prior.generate(latents).float()


def _precision(state: SearchState, place: int, changes: Tensor) -> Tensor:
    """L of the posterior, (latent_size, latent_size). changes: of the image with each entry, (latent_size, 3, R, R)."""
    objective = state.objective
    if objective.errors is not None:
        told = objective.errors.products(changes, place)
    else:
        known = (changes * objective.known[place]).flatten(1)
        told = known @ known.T / NOISE
    return told + torch.eye(len(told), device=told.device) / objective.prior.latent_variance


def _principal_axes(precision: Tensor, in_hole: Tensor, *, least: float) -> Tensor:
    """The directions, as columns (latent_size, DIRECTIONS), in which one standard deviation changes the hole most.

    least: below which no eigenvalue of the precision can be, but for rounding.
    """
    values, vectors = torch.linalg.eigh(precision)
    root = (vectors / values.clamp(min=least).sqrt()) @ vectors.T
    _, directions = torch.linalg.eigh(root @ in_hole @ root)
    axes: Tensor = root @ directions[:, -DIRECTIONS:]
    return axes

"""What a prior gets wrong, as a Gaussian: the errors x − G(z) are not noise, they come in patterns.

A generator of a few million weights cannot paint every real face: the light comes from elsewhere, the skin has
another tone, the hair another outline. Over many images these errors lie near a subspace of a few hundred patterns
(probabilistic PCA: Tipping & Bishop 1999). So the error that is *seen* around a hole says what the error *in* the
hole probably is. This is used twice:

* the z-search measures errors in the metric of the model, in which an error that the patterns explain costs little:
  z is not bent to paint what G cannot paint;
* after the search the answer is tuned within the span of the patterns, so that it meets the known pixels and moves
  the hole along (engine/pivotal_tuning.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor


@dataclass(frozen=True)
class ErrorModel:
    """x − G(z) = mean + patternsᵀ·a + noise, a ~ N(0, 1), in the range [-1, 1] of images.

    mean: (3, R, R). patterns: (K, 3, R, R), each as large as it usually is. noise: variance per value of what the
    patterns do not explain. Its neighbours are alike, so n values tell less than n; the number says what they tell,
    and was chosen for the best prediction of holes (training/error_patterns.py).
    """

    mean: Tensor
    patterns: Tensor
    noise: float

    @cached_property
    def products(self) -> Tensor:
        """Inner products of the patterns over all values, (K, K)."""
        flat = self.patterns.flatten(1)
        return flat @ flat.T

    def to(self, device: torch.device) -> ErrorModel:
        """The same on another device, in float32."""
        return ErrorModel(self.mean.to(device, torch.float32), self.patterns.to(device, torch.float32), self.noise)

    def seen(self, known: Tensor) -> SeenErrors:
        """Prepare for contexts with these known pixels, (P, 1, R, R)."""
        return SeenErrors(self, known)

    def as_tensors(self) -> dict[str, Tensor]:
        """As a weights file holds it."""
        return {"mean": self.mean, "patterns": self.patterns, "noise": torch.tensor([self.noise])}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> ErrorModel:
        """The inverse of :meth:`as_tensors`; raises ValueError if that is not what they are."""
        if set(tensors) != {"mean", "patterns", "noise"}:
            raise ValueError("an error model is mean, patterns and noise")
        mean, patterns, noise = tensors["mean"], tensors["patterns"], tensors["noise"]
        if patterns.ndim != 4 or mean.shape != patterns.shape[1:] or noise.numel() != 1 or not noise.item() > 0:
            raise ValueError("the error model's tensors do not belong together")
        return cls(mean, patterns, float(noise))


class SeenErrors:
    """An error model, conditioned on which pixels of P contexts are known.

    Errors are given for N images, (N, 3, R, R); ``owner`` (N,) says to which of the P contexts each belongs.
    """

    def __init__(self, model: ErrorModel, known: Tensor, *, told: Tensor | None = None) -> None:
        """known: (P, 1, R, R). told: inner products of what is known of the patterns, (P, K, K), if computed before."""
        self.model = model
        self.patterns = model.patterns.flatten(1)
        self.known = known.expand(-1, model.mean.shape[0], -1, -1).flatten(1)
        if told is None:
            told = torch.stack([self._told_by(row > 0) for row in self.known])
        self._known, self._told = known, told
        precision = torch.eye(len(self.patterns), device=known.device) + told / model.noise
        self.covariance = torch.linalg.inv(precision)
        """Of the patterns' strengths a, given the known errors: (P, K, K)."""

    def _told_by(self, known: Tensor) -> Tensor:
        """Inner products of the patterns over known values, from those or from the others, whichever are fewer."""
        if 2 * int(known.sum()) <= len(known):
            part = self.patterns[:, known]
            return part @ part.T
        part = self.patterns[:, ~known]
        return self.model.products - part @ part.T

    def with_noise(self, noise: float) -> SeenErrors:
        """The same contexts under a model of other noise: with less of it, known errors are met more closely."""
        return SeenErrors(replace(self.model, noise=noise), self._known, told=self._told)

    @property
    def explained(self) -> Tensor:
        """The share of the usual errors' variance in the unseen pixels that the seen ones explain, (P,); 0 to 1."""
        untold = self.model.products - self._told
        usual = untold.diagonal(dim1=1, dim2=2).sum(dim=1)
        left = (self.covariance * untold).sum(dim=(1, 2))
        share: Tensor = (1 - left / usual.clamp(min=1e-9)).clamp(0, 1)
        return share

    def strengths(self, errors: Tensor, owner: Tensor) -> Tensor:
        """The most probable strengths of the patterns, (N, K)."""
        return self._explained(errors, owner)[1]

    def misfit(self, errors: Tensor, owner: Tensor) -> Tensor:
        """Half the squared Mahalanobis length of the known errors, (N,): -log p up to a constant, in nats."""
        rest, strengths, evidence = self._explained(errors, owner)
        return (rest.square().sum(1) / self.model.noise - (evidence * strengths).sum(1)) / 2

    def products(self, errors: Tensor, place: int) -> Tensor:
        """Inner products of known errors (N, 3, R, R) in one context, in the metric of :meth:`misfit`: (N, N)."""
        known = errors.flatten(1) * self.known[place]
        evidence = known @ self.patterns.T / self.model.noise
        explained: Tensor = evidence @ self.covariance[place] @ evidence.T
        return known @ known.T / self.model.noise - explained

    def expected(self, errors: Tensor, owner: Tensor) -> Tensor:
        """The most probable error of every pixel, hole included, given the known ones: (N, 3, R, R)."""
        return self.painted(self.strengths(errors, owner))

    def painted(self, strengths: Tensor) -> Tensor:
        """The error that strengths (N, K) stand for: (N, 3, R, R)."""
        return self.model.mean + (strengths @ self.patterns).view(-1, *self.model.mean.shape)

    def _explained(self, errors: Tensor, owner: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rest = (errors - self.model.mean).flatten(1) * self.known[owner]
        evidence = rest @ self.patterns.T / self.model.noise
        strengths = torch.bmm(self.covariance[owner], evidence[..., None])[..., 0]
        return rest, strengths, evidence

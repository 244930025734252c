"""How alike two sets of images are, by their features: float64 (N, D), one row per image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float64]

NEIGHBOURS = 3


def frechet_distance(real: Features, drawn: Features) -> float:
    """Fréchet distance between Gaussians fitted to both sets (Heusel et al. 2017); 0 for equal sets.

    Biased upwards, the more the fewer images there are: compare only figures of the same numbers of images.
    """
    real_spread, drawn_spread = np.cov(real, rowvar=False), np.cov(drawn, rowvar=False)
    values, vectors = np.linalg.eigh(real_spread)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    # The trace of the root of the product, by a symmetric matrix with the same eigenvalues.
    shared = np.sqrt(np.linalg.eigvalsh(root @ drawn_spread @ root).clip(0)).sum()
    shift = np.square(real.mean(axis=0) - drawn.mean(axis=0)).sum()
    return float(shift + np.trace(real_spread) + np.trace(drawn_spread) - 2 * shared)


def precision_recall(real: Features, drawn: Features, *, neighbours: int = NEIGHBOURS) -> tuple[float, float]:
    """Improved precision and recall (Kynkäänniemi et al. 2019), shares from 0 to 1.

    Precision: of the drawn images that lie within reach of a real one, that is nearer to it than its third nearest
    real neighbour is. Recall: of the real images that lie within reach of a drawn one. Both sets need more than
    ``neighbours`` images.
    """
    return _covered(drawn, real, neighbours), _covered(real, drawn, neighbours)


def _covered(points: Features, centres: Features, neighbours: int) -> float:
    # The smallest distance is that to itself.
    reach = np.partition(distances(centres, centres), neighbours, axis=1)[:, neighbours]
    return float((distances(points, centres) <= reach).any(axis=1).mean())


def distances(points: Features, centres: Features) -> NDArray[np.float64]:
    """Euclidean distances (N, M) between the rows of (N, D) and (M, D)."""
    squares = np.square(points).sum(axis=1)[:, None] + np.square(centres).sum(axis=1) - 2 * points @ centres.T
    return np.asarray(np.sqrt(squares.clip(0)))

"""How far a fill is from the truth inside the hole, and how sure the mean of such figures is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Figures = NDArray[np.float64]

SSIM_WINDOW, SSIM_SIGMA = (11, 11), 1.5
SSIM_C1, SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
RESAMPLES = 2000

NORMAL_95 = 1.959964
"""Standard deviations around the mean within which 95 % of a normal distribution lie."""


def psnr(truth: Rgb, result: Rgb, hole: Hole) -> float:
    """Peak signal-to-noise ratio over the hole's pixels, in dB; 99 where they are equal.

    truth, result: uint8 RGB (H, W, 3). hole: bool (H, W), not empty.
    """
    error = float(((truth[hole].astype(np.float64) - result[hole]) ** 2).mean())
    return min(99.0, 10 * float(np.log10(255**2 / error))) if error else 99.0


def ssim(truth: Rgb, result: Rgb, hole: Hole) -> float:
    """Mean structural similarity of the luma over the hole's pixels, -1 to 1 (Wang et al. 2004).

    The means and variances are Gaussian-weighted (11×11, sigma 1.5), so that pixels around the hole count in its
    rim. truth, result: uint8 RGB (H, W, 3). hole: bool (H, W), not empty.
    """
    x, y = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float64) for image in (truth, result))
    mean_x, mean_y = _blurred(x), _blurred(y)
    variances = _blurred(x * x) - mean_x**2 + _blurred(y * y) - mean_y**2
    covariance = _blurred(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + SSIM_C1) / (mean_x**2 + mean_y**2 + SSIM_C1)
    structure = (2 * covariance + SSIM_C2) / (variances + SSIM_C2)
    return float((luminance * structure)[hole].mean())


def _blurred(values: Figures) -> Figures:
    return np.asarray(cv2.GaussianBlur(values, SSIM_WINDOW, SSIM_SIGMA), np.float64)


def sharpness(truth: Rgb, result: Rgb, hole: Hole) -> float:
    """Mean gradient of the result in the hole over the true one there: 1 = as sharp as the truth, 0 = flat."""
    return float(_gradient(result)[hole].mean() / max(_gradient(truth)[hole].mean(), 1e-6))


def seam(result: Rgb, hole: Hole) -> float:
    """Mean gradient of the result along the rim over that in the ring around it: 1 = the rim cannot be told."""
    flags = hole.astype(np.uint8)
    rim = cv2.morphologyEx(flags, cv2.MORPH_GRADIENT, _square(1)) > 0
    ring = (cv2.dilate(flags, _square(10)) > 0) & (cv2.dilate(flags, _square(2)) == 0)
    if not ring.any():
        return 1.0
    gradient = _gradient(result)
    return float(gradient[rim].mean() / max(gradient[ring].mean(), 1e-6))


def _gradient(image: Rgb) -> Figures:
    """Magnitude of the backward differences of the mean of the channels."""
    grey = image.mean(axis=2)
    down = np.diff(grey, axis=0, prepend=grey[:1])
    right = np.diff(grey, axis=1, prepend=grey[:, :1])
    return np.asarray(np.hypot(down, right), np.float64)


def _square(radius: int) -> NDArray[np.uint8]:
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)


def mean_interval(figures: Figures, *, seed: int = 0) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean of ``figures`` (n,) (Efron 1979); the same for the same seed."""
    picks = np.random.default_rng(seed).integers(0, len(figures), (RESAMPLES, len(figures)))
    low, high = np.percentile(figures[picks].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def share_interval(hits: NDArray[np.bool_]) -> tuple[float, float]:
    """95 % interval of the share of True in ``hits`` (n,), which is not empty (Wilson 1927).

    Unlike a bootstrap it does not shrink to a point where all or none are True.
    """
    n, share = len(hits), float(hits.mean())
    centre = share + NORMAL_95**2 / (2 * n)
    reach = NORMAL_95 * float(np.sqrt(share * (1 - share) / n + NORMAL_95**2 / (4 * n**2)))
    scale = 1 + NORMAL_95**2 / n
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)

"""What a prior has to beat: the mean image of its training, two diffusions, and patches of the photo itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.devices import to_host
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.prior import Prior

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Baseline = Callable[[Rgb, Hole], Rgb]
"""Fills the hole, bool (H, W), of an image, uint8 RGB (H, W, 3) with zeros in the hole. Only the hole counts."""

RADIUS = 3


def telea(image: Rgb, hole: Hole) -> Rgb:
    """Fast marching (Telea 2004), radius 3."""
    return np.asarray(cv2.inpaint(image, _as_mask(hole), RADIUS, cv2.INPAINT_TELEA), np.uint8)


def navier_stokes(image: Rgb, hole: Hole) -> Rgb:
    """Fluid dynamics (Bertalmio et al. 2001), radius 3."""
    return np.asarray(cv2.inpaint(image, _as_mask(hole), RADIUS, cv2.INPAINT_NS), np.uint8)


def patchmatch(image: Rgb, hole: Hole) -> Rgb:
    """PatchMatch (Barnes et al. 2009), patches of radius 3; needs the package PyPatchMatch."""
    from patchmatch import inpaint

    return np.asarray(inpaint(image, _as_mask(hole), patch_size=RADIUS), np.uint8)


def baselines_for(prior: Prior) -> Mapping[str, Baseline | None]:
    """All baselines by name; None where the prior has no mean image or a package is not installed."""
    return {
        "mean": _mean_of_training(prior),
        "telea": telea,
        "navier_stokes": navier_stokes,
        "patchmatch": patchmatch if has_patchmatch() else None,
    }


def has_patchmatch() -> bool:
    """Whether the package PyPatchMatch is installed and works."""
    if find_spec("patchmatch") is None:
        return False
    from patchmatch import patchmatch_available  # False where the package's native library does not load

    return bool(patchmatch_available)


def _mean_of_training(prior: Prior) -> Baseline | None:
    if prior.mean_image is None:
        return None
    mean = (to_host(prior.mean_image).transpose(1, 2, 0) + 1) * 127.5
    pixels = np.rint(mean.clip(0, 255)).astype(np.uint8)
    return lambda _image, _hole: pixels


def _as_mask(hole: Hole) -> NDArray[np.uint8]:
    return hole.astype(np.uint8) * 255

"""Other programs that fill holes, as far as they are installed. Each is one call: photo and hole in, photo out."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation.baselines import has_patchmatch

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Method = Callable[[Rgb, Hole], Rgb]
"""Fills the hole, bool (H, W), of a photo, uint8 RGB (H, W, 3). Only the hole counts."""

PATCHMATCH = "patchmatch-3"
"""The best of the peers on small photos, which our time is held against."""

TELEA_RADIUS = 5
_GMIC_PDE = "inpaint_pde[0]", "[1],75%,1,20"
_GMIC_PATCH = "inpaint_matchpatch[0]", "[1],0,9,10,5,1"
HEAL_MARGIN = 50
"""Pixels around the hole's box that GIMP's Heal Selection takes its texture from."""


@dataclass(frozen=True)
class Peer:
    """A program. by_patches: whether it copies patches, as ours does, and does not only diffuse the rim's colours.

    lacking: what has to be installed, as the end of a sentence; None if it is here.
    """

    fill: Method
    by_patches: bool
    lacking: str | None = None


def all_peers() -> Mapping[str, Peer]:
    """Every peer that this program knows, by name, installed or not."""
    patchmatch = None if has_patchmatch() else "the package PyPatchMatch is not installed"
    gmic = None if shutil.which("gmic") else "the program gmic is not installed"
    extra = None if hasattr(cv2, "xphoto") else "OpenCV has no module xphoto; opencv-contrib-python has"
    return {
        "telea": Peer(lambda photo, hole: _diffused(photo, hole, cv2.INPAINT_TELEA), False),
        "navier-stokes": Peer(lambda photo, hole: _diffused(photo, hole, cv2.INPAINT_NS), False),
        "shift-map": Peer(_shift_map, True, extra),
        "fsr": Peer(_fsr, False, extra),
        PATCHMATCH: Peer(lambda photo, hole: _patchmatch(photo, hole, 3), True, patchmatch),
        "patchmatch-7": Peer(lambda photo, hole: _patchmatch(photo, hole, 7), True, patchmatch),
        "patchmatch-cython": Peer(_patchmatch_cython, True, _lacking_package("patchmatch_cython", "patchmatch-cython")),
        "resynthesizer": Peer(_resynthesizer, True, _lacking_package("resynthesizer", "resynthesizer")),
        "gmic-pde": Peer(lambda photo, hole: _gmic(photo, hole, *_GMIC_PDE), False, gmic),
        "gmic-patch": Peer(lambda photo, hole: _gmic(photo, hole, *_GMIC_PATCH), True, gmic),
    }


def _lacking_package(module: str, package: str) -> str | None:
    return None if find_spec(module) else f"the package {package} is not installed"


def mask_of(hole: Hole) -> NDArray[np.uint8]:
    """The hole as a mask: 255 = hole."""
    return hole.astype(np.uint8) * 255


def _diffused(photo: Rgb, hole: Hole, way: int) -> Rgb:
    return np.asarray(cv2.inpaint(photo, mask_of(hole), TELEA_RADIUS, way), np.uint8)


def _shift_map(photo: Rgb, hole: Hole) -> Rgb:
    """Statistics of patch offsets (He & Sun 2012) as in OpenCV, which wants Lab and 0 = hole."""
    lab = cv2.cvtColor(photo, cv2.COLOR_RGB2Lab)
    lab[hole] = 0
    filled = np.zeros_like(lab)
    xphoto = cv2.xphoto  # type: ignore[attr-defined]  # only in opencv-contrib-python
    xphoto.inpaint(lab, mask_of(~hole), filled, xphoto.INPAINT_SHIFTMAP)
    return np.asarray(cv2.cvtColor(filled, cv2.COLOR_Lab2RGB), np.uint8)


def _fsr(photo: Rgb, hole: Hole) -> Rgb:
    """Frequency-selective reconstruction (Genser et al. 2018) as in OpenCV, its fast variant."""
    filled = np.zeros_like(photo)
    xphoto = cv2.xphoto  # type: ignore[attr-defined]  # only in opencv-contrib-python
    xphoto.inpaint(np.ascontiguousarray(photo), mask_of(~hole), filled, xphoto.INPAINT_FSR_FAST)
    return np.asarray(filled, np.uint8)


def _patchmatch(photo: Rgb, hole: Hole, radius: int) -> Rgb:
    from patchmatch import inpaint

    return np.asarray(inpaint(np.ascontiguousarray(photo), mask_of(hole), patch_size=radius), np.uint8)


def _patchmatch_cython(photo: Rgb, hole: Hole) -> Rgb:
    from patchmatch_cython import inpaint_pyramid

    return np.asarray(inpaint_pyramid(np.ascontiguousarray(photo), hole, seed=0), np.uint8)


def _resynthesizer(photo: Rgb, hole: Hole) -> Rgb:
    """As GIMP's Heal Selection does it."""
    import resynthesizer
    from PIL import Image

    parameters = resynthesizer.getDefaultParams()
    parameters.isMakeSeamlesslyTileableHorizontally = parameters.isMakeSeamlesslyTileableVertically = 0
    parameters.mapWeight, parameters.patchSize, parameters.maxProbeCount = 0.0, 16, 500
    ys, xs = np.nonzero(hole)
    top, left = max(ys.min() - HEAL_MARGIN, 0), max(xs.min() - HEAL_MARGIN, 0)
    box = np.s_[top : ys.max() + HEAL_MARGIN + 1, left : xs.max() + HEAL_MARGIN + 1]
    corpus, selection = (Image.fromarray(np.ascontiguousarray(part[box])) for part in (photo, mask_of(hole)))
    healed = photo.copy()
    healed[box] = np.asarray(resynthesizer.resynthesize(corpus, selection, parameters=parameters))
    return healed


def _gmic(photo: Rgb, hole: Hole, command: str, arguments: str) -> Rgb:
    """One command of G'MIC on image 0 with the mask as image 1; raises BadInputError if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        before, mask, after = (str(Path(folder, name)) for name in ("before.ppm", "mask.pgm", "after.ppm"))
        cv2.imwrite(before, photo[..., ::-1])
        cv2.imwrite(mask, mask_of(hole))
        line = ["gmic", "-v", "-1", "srand", "0", before, mask, command, arguments, "rm[1]", "c", "0,255", "round"]
        line += ["o", after]
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603
        filled = cv2.imread(after, cv2.IMREAD_COLOR_RGB) if done.returncode == 0 else None
    if filled is None:
        raise BadInputError(f"gmic could not fill a hole: {done.stderr.strip()[-200:]}")
    return np.asarray(filled, np.uint8)

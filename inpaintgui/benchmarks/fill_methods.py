"""What ``inpaintgui bench fill`` compares: the program, the program with a part switched off, and other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine.blend import membrane, poisson_blend
from inpaintgui.engine.detail import synthesise_detail
from inpaintgui.engine.fill import fill
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.region_fill import Crop, finished_patch
from inpaintgui.engine.regions import as_rgb_float, find_regions
from inpaintgui.session.fills import check_patches
from inpaintgui.training.evaluation.baselines import has_patchmatch

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Method = Callable[[Rgb, Hole], Rgb]
"""Fills the hole, bool (H, W), of a photo, uint8 RGB (H, W, 3) with noise in the hole. Only the hole counts."""

OURS, TEXTURE, SMOOTH = "ours", "texture", "smooth"
"""All of the program; its patch search without a prior; neither of them, the rim interpolated."""

OWN = frozenset({OURS, TEXTURE, SMOOTH})

TELEA_RADIUS = 5


def fill_methods(settings: FillSettings, library: PriorLibrary) -> Mapping[str, Method]:
    """Ours and every peer that is installed, by name."""
    methods: dict[str, Method] = {
        OURS: lambda photo, hole: _ours(photo, hole, settings, library),
        TEXTURE: texture_only,
        SMOOTH: smooth,
        "telea": lambda photo, hole: np.asarray(cv2.inpaint(photo, _mask(hole), TELEA_RADIUS, cv2.INPAINT_TELEA)),
    }
    if has_patchmatch():
        methods["patchmatch-3"] = lambda photo, hole: _patchmatch(photo, hole, 3)
        methods["patchmatch-7"] = lambda photo, hole: _patchmatch(photo, hole, 7)
    if find_spec("resynthesizer") is not None:
        methods["resynthesizer"] = _resynthesizer
    return methods


def texture_only(photo: Rgb, hole: Hole) -> Rgb:
    """Every region filled with texture of its surroundings, without a prior."""
    request = FillRequest(photo, _mask(hole), previews=False)
    filled = photo.copy()
    for region in find_regions(request.mask):
        crop = Crop.around(region, request)
        texture = run_to_end(synthesise_detail(crop.image, crop.hole))
        blended = run_to_end(poisson_blend(crop.image, texture, crop.hole))
        patch = finished_patch(region, request, blended[crop.own.slices])
        np.copyto(filled[region.box.slices], patch.pixels.astype(np.uint8), where=region.hole[..., None])
    return filled


def smooth(photo: Rgb, hole: Hole) -> Rgb:
    """The harmonic interpolation of the rim."""
    return np.asarray(np.rint(run_to_end(membrane(as_rgb_float(photo), hole)).clip(0, 1) * 255), np.uint8)


def _ours(photo: Rgb, hole: Hole, settings: FillSettings, library: PriorLibrary) -> Rgb:
    mask = _mask(hole)
    result = run_to_end(fill(FillRequest(photo, mask, settings, previews=False), library=library))
    filled = photo.copy()
    for patch, changed in zip(result.patches, check_patches(result.patches, photo, mask), strict=True):
        np.copyto(filled[patch.box.slices], patch.pixels.astype(np.uint8), where=changed[..., None])
    return filled


def _patchmatch(photo: Rgb, hole: Hole, radius: int) -> Rgb:
    from patchmatch import inpaint

    return np.asarray(inpaint(np.ascontiguousarray(photo), _mask(hole), patch_size=radius), np.uint8)


def _resynthesizer(photo: Rgb, hole: Hole) -> Rgb:
    """As GIMP's Heal Selection: the corpus is the hole's box and 50 pixels around it."""
    import resynthesizer
    from PIL import Image

    parameters = resynthesizer.getDefaultParams()
    parameters.isMakeSeamlesslyTileableHorizontally = parameters.isMakeSeamlesslyTileableVertically = 0
    parameters.mapWeight, parameters.patchSize, parameters.maxProbeCount = 0.0, 16, 500
    ys, xs = np.nonzero(hole)
    box = np.s_[max(ys.min() - 50, 0) : ys.max() + 51, max(xs.min() - 50, 0) : xs.max() + 51]
    corpus, selection = (Image.fromarray(np.ascontiguousarray(part[box])) for part in (photo, _mask(hole)))
    healed = photo.copy()
    healed[box] = np.asarray(resynthesizer.resynthesize(corpus, selection, parameters=parameters))
    return healed


def _mask(hole: Hole) -> NDArray[np.uint8]:
    return hole.astype(np.uint8) * 255

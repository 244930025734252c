"""What ``inpaintgui bench fill`` compares: the program, the program with a part switched off, and other programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from inpaintgui.benchmarks.peers import Hole, Method, Rgb, all_peers, mask_of
from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine.blend import membrane, poisson_blend
from inpaintgui.engine.crop import Crop
from inpaintgui.engine.detail import synthesise_detail
from inpaintgui.engine.fill import fill
from inpaintgui.engine.patch import finished_patch
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.regions import as_rgb_float, find_regions
from inpaintgui.errors import BadInputError
from inpaintgui.session.fills import check_patches

OURS, PRIOR, TEXTURE, SMOOTH = "ours", "prior", "texture", "smooth"
"""All of the program; its prior's answer, blended, without the patch search; the patch search without a prior; neither
of them, the rim interpolated.
"""

OWN = frozenset({OURS, PRIOR, TEXTURE, SMOOTH})


def own_methods(settings: FillSettings, library: PriorLibrary) -> Mapping[str, Method]:
    """Our modes by name."""
    return {
        OURS: lambda photo, hole: _ours(photo, hole, settings, library),
        PRIOR: lambda photo, hole: _ours(photo, hole, settings, library, detail=False),
        TEXTURE: texture_only,
        SMOOTH: smooth,
    }


def fill_methods(settings: FillSettings, library: PriorLibrary, wanted: Sequence[str] | None) -> Mapping[str, Method]:
    """Our modes and the peers by name: the ``wanted`` ones, or all.

    A peer that is not installed is left out, and a sentence on stderr says so. Raises BadInputError for a name that
    nothing has, and if nothing is left.
    """
    own, peers = own_methods(settings, library), all_peers()
    names = list(wanted) if wanted is not None else [*own, *peers]
    methods: dict[str, Method] = {}
    for name in names:
        if name in own:
            methods[name] = own[name]
        elif name not in peers:
            raise BadInputError(f"There is no method called “{name}”; there are: {', '.join([*own, *peers])}.")
        elif (lacking := peers[name].lacking) is not None:
            print(f"“{name}” is left out: {lacking}.", file=sys.stderr)
        else:
            methods[name] = peers[name].fill
    if not methods:
        raise BadInputError("None of the methods that were asked for is installed.")
    return methods


def texture_only(photo: Rgb, hole: Hole) -> Rgb:
    """Every region filled with texture of its surroundings, without a prior."""
    request = FillRequest(photo, mask_of(hole), previews=False)
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


def _ours(photo: Rgb, hole: Hole, settings: FillSettings, library: PriorLibrary, *, detail: bool = True) -> Rgb:
    request = FillRequest(photo, mask_of(hole), settings, previews=False)
    patches = run_to_end(fill(request, library=library, detail=detail)).patches
    filled = photo.copy()
    for patch, changed in zip(patches, check_patches(patches, photo, request.mask), strict=True):
        np.copyto(filled[patch.box.slices], patch.pixels.astype(np.uint8), where=changed[..., None])
    return filled

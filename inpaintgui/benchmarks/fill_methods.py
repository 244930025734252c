"""What ``inpaintgui bench fill`` compares: the program, the program with a part switched off, and other programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.peers import Hole, Method, Rgb, all_peers
from inpaintgui.contracts import Box, FilledPatch, FillRequest, FillSettings, run_to_end
from inpaintgui.engine.blend import membrane, poisson_blend
from inpaintgui.engine.choice import choose_prior, faces_if_needed
from inpaintgui.engine.crop import Crop
from inpaintgui.engine.detail import synthesise_detail
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.fill import fill
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.progress import ProgressScale
from inpaintgui.engine.region_fill import PreviewClock, RegionJob, finished_patch
from inpaintgui.engine.region_search import RegionSearches
from inpaintgui.engine.regions import as_rgb_float, find_regions
from inpaintgui.engine.search import requested_preset
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
        PRIOR: lambda photo, hole: _prior_only(photo, hole, settings, library),
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
    request = FillRequest(photo, _mask(hole), settings, previews=False)
    return _patched(photo, hole, run_to_end(fill(request, library=library)).patches)


def _prior_only(photo: Rgb, hole: Hole, settings: FillSettings, library: PriorLibrary) -> Rgb:
    """Every region searched as by ours; the answers are enlarged and blended instead of guiding a patch search."""
    request = FillRequest(photo, _mask(hole), settings, previews=False)
    device = resolve_device(settings.device)
    regions = find_regions(request.mask)
    preset = replace(requested_preset(settings.preset, settings, regions=len(regions)), detail=False)
    scale = ProgressScale(len(regions), preset.detail)
    faces = faces_if_needed(request, library)
    jobs = []
    for number, region in enumerate(regions):
        choice = choose_prior(region, Box(0, 0, hole.shape[1], hole.shape[0]), settings, library, faces)
        job = RegionJob(
            region=region,
            request=request,
            choice=choice,
            prior=library.load(choice.row.name, device=device),
            preset=preset,
            seed=settings.seed + number,
            progress=scale.step,
            previews=PreviewClock(False),
        )
        jobs.append(job)
    searches = RegionSearches(request, library, device, jobs, [None] * len(jobs), scale)
    found = run_to_end(searches.run())
    done = [run_to_end(job.finish(outcome))[0] for job, outcome in zip(searches.jobs, found, strict=True)]
    return _patched(photo, hole, [search.variations[0].patch for search in done])


def _patched(photo: Rgb, hole: Hole, patches: Sequence[FilledPatch]) -> Rgb:
    filled = photo.copy()
    for patch, changed in zip(patches, check_patches(patches, photo, _mask(hole)), strict=True):
        np.copyto(filled[patch.box.slices], patch.pixels.astype(np.uint8), where=changed[..., None])
    return filled


def _mask(hole: Hole) -> NDArray[np.uint8]:
    return hole.astype(np.uint8) * 255

"""Putting a fill's patches into a photo, and the proof that nothing outside the mask changes."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, FilledPatch, FillReport, FillRequest, FillResult, Mask, Pixels
from inpaintgui.session.answers import FilledRegion, filled_regions
from inpaintgui.session.history import BoxEdit, Layer, diff
from inpaintgui.session.recipe import FillRecord


@dataclass(frozen=True)
class ReadyFill:
    """A fill that only has to be swapped in.

    pixels: the whole photo with the fill in it, to become the document's own. edits: the undo step, compressed. report:
    of the fill. pixel_state: of the document that was filled. record: what is needed to repeat it; None if it cannot
    be. regions: what was filled, for other answers to take its place.
    """

    pixels: Pixels
    edits: tuple[BoxEdit, ...]
    report: FillReport
    pixel_state: int
    record: FillRecord | None
    regions: tuple[FilledRegion, ...] = ()


def check_patches(patches: Sequence[FilledPatch], pixels: Pixels, mask: Mask) -> list[NDArray[np.bool_]]:
    """Which pixels each patch changes, as bool (box.height, box.width).

    pixels: (H, W, C) before the fill. mask: uint8 (H, W). Raises ValueError if a patch does not fit into the photo or
    changes a pixel where the mask is 0: that is a bug of whoever made it.
    """
    everything = Box(0, 0, pixels.shape[1], pixels.shape[0])
    changes = []
    for patch in patches:
        box = patch.box
        if box.intersect(everything) != box:
            raise ValueError(f"a patch lies outside the photo: {box}")
        before = pixels[box.slices]
        if patch.pixels.shape != before.shape or patch.pixels.dtype != before.dtype:
            raise ValueError(f"a patch of {patch.pixels.dtype} {patch.pixels.shape} for {before.dtype} {before.shape}")
        changed = (patch.pixels != before).any(axis=2)
        if np.any(changed & (mask[box.slices] == 0)):
            raise ValueError(f"a patch changes pixels outside the mask in {box}")
        changes.append(changed)
    return changes


def prepare_fill(request: FillRequest, result: FillResult) -> Generator[None, None, ReadyFill]:
    """Check a fill's patches and work out what :meth:`Document.apply_fill` needs, outside the window's thread.

    Yields between tiles, where it can be given up. Raises ValueError if a patch does not fit into the photo or changes
    a pixel outside the mask. Only changed pixels are written: boxes may overlap, and around its own hole a patch has
    the pixels from before the fill, which must not wipe out a neighbour's.
    """
    changes = check_patches(result.patches, request.pixels, request.mask)
    yield
    for search in result.searches:
        check_patches([one.patch for one in search.variations], request.pixels, request.mask)
        yield
    regions = filled_regions(request, result)
    yield
    pixels = request.pixels.copy()
    edits: list[BoxEdit] = []
    for patch, changed in zip(result.patches, changes, strict=True):
        yield
        target = pixels[patch.box.slices]
        before = target.copy()
        np.copyto(target, patch.pixels, where=changed[:, :, None])
        for edit in diff(Layer.PIXELS, patch.box, before, target):
            edits.append(edit)
            yield
    record = FillRecord.of(request, result, pixels)
    return ReadyFill(pixels, tuple(edits), result.report, request.pixel_state, record, regions)


def filled_pixels(request: FillRequest, result: FillResult) -> Pixels:
    """The whole photo with a fill in it, checked as in :func:`prepare_fill`, where no undo step is needed."""
    pixels = request.pixels.copy()
    changes = check_patches(result.patches, request.pixels, request.mask)
    for patch, changed in zip(result.patches, changes, strict=True):
        np.copyto(pixels[patch.box.slices], patch.pixels, where=changed[..., None])
    return pixels

"""Putting a fill's patches into a photo, and the proof that nothing outside the mask changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, FilledPatch, Mask, Pixels
from inpaintgui.session.history import BoxEdit, Layer, diff


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


def paste(patches: Sequence[FilledPatch], changes: Sequence[NDArray[np.bool_]], pixels: Pixels) -> tuple[BoxEdit, ...]:
    """Write the changed pixels of each patch into the photo and return the edits in that order.

    Only changed pixels are written: boxes may overlap, and around its own hole a patch has the pixels from before the
    fill, which must not wipe out a neighbour's.
    """
    edits: list[BoxEdit] = []
    for patch, changed in zip(patches, changes, strict=True):
        target = pixels[patch.box.slices]
        before = target.copy()
        np.copyto(target, patch.pixels, where=changed[:, :, None])
        edits.extend(diff(Layer.PIXELS, patch.box, before, target))
    return tuple(edits)

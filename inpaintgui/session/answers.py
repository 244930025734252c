"""The answers that a fill's searches leave behind, and how another one takes the place of the one in the photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import (
    Box,
    FilledPatch,
    FillRequest,
    FillResult,
    Losses,
    Mask,
    Pixels,
    RegionSearch,
    Start,
    Variation,
)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a latent looks like in the photo.

    number: which variation of its search it is; None if it was painted later. losses, fit: where known; as in
    :class:`~inpaintgui.contracts.Variation`.
    """

    patch: FilledPatch
    latent: NDArray[np.float32]
    number: int | None = None
    losses: Losses | None = None
    fit: float | None = None

    @classmethod
    def of(cls, variation: Variation, number: int) -> Answer:
        """A variation that was kept."""
        return cls(variation.patch, variation.latent, number, variation.losses, variation.fit)


@dataclass(frozen=True, eq=False)
class FilledRegion:
    """One region of a fill, so that another answer can take its place.

    patch: what is in the photo. before: what was in its box before the undo step that put it there; written: whether
    that step did. mask: uint8 (box.height, box.width), the region's own hole. search, shown: None where nothing was
    searched.
    """

    patch: FilledPatch
    before: Pixels
    mask: Mask
    search: RegionSearch | None = None
    shown: Answer | None = None
    written: bool = True

    @property
    def box(self) -> Box:
        return self.patch.box

    @property
    def hole(self) -> NDArray[np.bool_]:
        """Bool (box.height, box.width)."""
        return self.mask > 0

    @property
    def variations(self) -> tuple[Variation, ...]:
        """To choose from, the best first."""
        return self.search.variations if self.search is not None else ()

    def start(self, latent: NDArray[np.float32], *, exact: bool, texture: int = 0) -> Start:
        """Where to go on from, or what to show. ValueError where nothing was searched."""
        if self.search is None:
            raise ValueError("nothing was searched in this region")
        return Start(self.search.box, self.search.prior, self.search.square, latent, exact, texture)


def filled_regions(request: FillRequest, result: FillResult) -> tuple[FilledRegion, ...]:
    """One per patch of a fill. Raises ValueError if a variation does not lie where its region's patch lies."""
    searches = {search.box: search for search in result.searches}
    changed = [(patch.pixels != request.pixels[patch.box.slices]).any(axis=2) for patch in result.patches]
    regions = []
    for number, patch in enumerate(result.patches):
        search = searches.get(patch.box)
        variations = search.variations if search is not None else ()
        if any(one.patch.box != patch.box for one in variations):
            raise ValueError(f"a variation lies elsewhere than its region: {patch.box}")
        mask = request.mask[patch.box.slices].copy()
        _leave_to_neighbours(mask, number, result.patches, changed)
        regions.append(
            FilledRegion(
                patch=patch,
                before=request.pixels[patch.box.slices].copy(),
                mask=mask,
                search=search if variations else None,
                shown=Answer.of(variations[0], 0) if variations else None,
            )
        )
    return tuple(regions)


def _leave_to_neighbours(
    mask: Mask, number: int, patches: Sequence[FilledPatch], changed: Sequence[NDArray[np.bool_]]
) -> None:
    """Clear what another region's hole has in this region's box.

    Which hole a pixel belongs to shows in who changed it. What nobody changed is left out: a fill that hits the very
    value that was there is as good as none.
    """
    own = patches[number].box
    for other, patch in enumerate(patches):
        common = own.intersect(patch.box)
        if other == number or common.is_empty:
            continue
        inside = common.seen_from(own)
        mask[inside.slices][~changed[number][inside.slices]] = 0

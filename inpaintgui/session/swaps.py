"""Putting another answer into the photo: in place of the one that a fill put there, as one undo step."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import FilledPatch, FillReport, FillRequest, FillResult, FillSettings, Mask, Pixels
from inpaintgui.session.answers import Answer, FilledRegion
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.history import BoxEdit, HistoryStep, Layer, diff
from inpaintgui.session.recipe import FillRecord, pixel_hash


@dataclass(frozen=True, eq=False)
class Swap:
    """An order to put another answer into the photo.

    pixels: the whole photo as it is, never to change. pixel_state: of that document. regions: of the fill, as they are
    now. number: the region concerned. instead_of: the undo step to be replaced, the one that ``regions`` describe;
    None makes a new one. report, record: of the fill.
    """

    pixels: Pixels
    pixel_state: int
    regions: tuple[FilledRegion, ...]
    number: int
    instead_of: HistoryStep | None
    report: FillReport
    record: FillRecord | None


def prepare_swap(swap: Swap, answer: Answer) -> Generator[None, None, ReadyFill]:
    """Work out the new pixels and the undo step, outside the window's thread; yields where it can be given up.

    A step that is replaced is taken back first, so that its successor leads from the same pixels as it did. Raises
    ValueError if the answer is of another place or kind than the region.
    """
    old = swap.regions[swap.number]
    if answer.patch.box != old.box or answer.patch.pixels.shape != old.before.shape:
        raise ValueError(f"an answer for {answer.patch.box} in the region {old.box}")
    pixels = swap.pixels.copy()
    yield
    regions = swap.regions
    if swap.instead_of is None:
        regions = tuple(replace(one, before=pixels[one.box.slices].copy(), written=False) for one in regions)
    for region in regions:
        if region.written:
            np.copyto(pixels[region.box.slices], region.before, where=region.hole[..., None])
    new = replace(regions[swap.number], patch=answer.patch, shown=answer, written=True)
    regions = (*regions[: swap.number], new, *regions[swap.number + 1 :])
    edits: list[BoxEdit] = []
    for region in regions:
        if not region.written:
            continue
        target = pixels[region.box.slices]
        before = target.copy()
        np.copyto(target, region.patch.pixels, where=region.hole[..., None])
        for edit in diff(Layer.PIXELS, region.box, before, target):
            edits.append(edit)
            yield
    return ReadyFill(pixels, tuple(edits), swap.report, swap.pixel_state, _record(swap, regions, pixels), regions)


def _record(swap: Swap, regions: tuple[FilledRegion, ...], pixels: Pixels) -> FillRecord | None:
    """What is needed to repeat a step that is put in; None where it could not be repeated to the pixel.

    The first variations are what the fill makes by itself. All others are what it makes of exactly these latents, with
    two exceptions: a first variation among others, for its prior was tuned to the photo, which takes a search; and
    what was painted beside neighbours that were filled already, where a fill sees holes.
    """
    shown = [one.shown for one in regions if one.shown is not None]
    numbers = {one.number for one in shown}
    if swap.record is None:
        return None
    if numbers == {0}:
        return replace(swap.record, result=pixel_hash(pixels)) if swap.instead_of is not None else None
    if 0 in numbers or (len(regions) > 1 and (None in numbers or swap.instead_of is None)):
        return None
    starts = tuple(
        one.start(one.shown.latent, exact=True, texture=one.shown.number or 0)
        for one in regions
        if one.shown is not None
    )
    return replace(swap.record, starts=starts, result=pixel_hash(pixels))


@dataclass(frozen=True, eq=False)
class Repaint:
    """An order to paint a latent of one region at full resolution. settings, exclusion: of the fill that found it."""

    swap: Swap
    latent: NDArray[np.float32]
    settings: FillSettings
    exclusion: Mask | None = None

    def request(self) -> FillRequest:
        """The fill that paints it: this region's hole only, as it was before, with the others as they are."""
        region = self.swap.regions[self.swap.number]
        pixels = self.swap.pixels.copy()
        if region.written:
            np.copyto(pixels[region.box.slices], region.before, where=region.hole[..., None])
        mask = np.zeros(pixels.shape[:2], np.uint8)
        mask[region.box.slices] = region.mask
        return FillRequest(
            pixels,
            mask,
            replace(self.settings, variations=1),
            self.swap.pixel_state,
            starts=(region.start(self.latent, exact=True),),
            exclusion=self.exclusion,
        )

    def answer(self, request: FillRequest, result: FillResult) -> Answer:
        """What was painted, as one patch of the region's box."""
        region = self.swap.regions[self.swap.number]
        target = request.pixels.copy()
        for patch in result.patches:
            crop = target[patch.box.slices]
            np.copyto(crop, patch.pixels, where=request.mask[patch.box.slices][..., None] > 0)
        told = result.report.regions[0]
        patch = FilledPatch(region.box, target[region.box.slices].copy())
        return Answer(patch, self.latent, losses=told.losses, fit=told.fit)

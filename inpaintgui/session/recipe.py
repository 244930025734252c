"""What is needed to repeat the fills of a photo, and hashes that prove what came of them."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inpaintgui.contracts import (
    Box,
    FillRequest,
    FillResult,
    FillSettings,
    Mask,
    Pixels,
    RegionSearch,
    Start,
    Variation,
    bounding_box,
)


def pixel_hash(pixels: Pixels) -> str:
    """SHA-256, as hexadecimal digits, of the array's type, shape and values; equal hashes, equal pixels.

    pixels: uint8 or uint16 (H, W, C). 16-bit values count as little-endian on every machine, and the layout in memory
    does not matter.
    """
    digest = hashlib.sha256(f"{pixels.dtype.name} {pixels.shape}".encode())
    values = np.ascontiguousarray(pixels)
    digest.update((values if sys.byteorder == "little" else values.byteswap()).data)
    return digest.hexdigest()


@dataclass(frozen=True)
class PackedMask:
    """A mask that is kept: only the box around what is not 0, deflated. shape: (H, W) of the whole mask."""

    shape: tuple[int, int]
    box: Box
    deflated: bytes

    @classmethod
    def of(cls, mask: Mask) -> PackedMask:
        """Pack a mask, uint8 (H, W)."""
        box = bounding_box(mask)
        inside = np.ascontiguousarray(mask[box.slices])
        return cls((mask.shape[0], mask.shape[1]), box, zlib.compress(inside.tobytes(), 1))

    def unpack(self) -> Mask:
        """The whole mask again."""
        mask = np.zeros(self.shape, np.uint8)
        values = zlib.decompressobj().decompress(self.deflated, self.box.width * self.box.height + 1)
        mask[self.box.slices] = np.frombuffer(values, np.uint8).reshape(self.box.height, self.box.width)
        return mask


@dataclass(frozen=True)
class FillRecord:
    """One fill, as far as it must be known to do it again.

    settings: as asked for. device: the one that was used. priors: SHA-256 of the weights of each prior that was
    searched, by its name. result: :func:`pixel_hash` of the whole photo after the fill. starts: latents that were known
    before the search; of a race in which somebody pinned or dropped candidates, exactly those that won, because
    when a wish came decides what it does and cannot be repeated. exclusion: what was not to be copied from.
    """

    mask: PackedMask
    settings: FillSettings
    device: str
    priors: Mapping[str, str]
    result: str
    starts: tuple[Start, ...] = ()
    exclusion: PackedMask | None = None

    @classmethod
    def of(cls, request: FillRequest, result: FillResult, pixels: Pixels, *, variation: int = 0) -> FillRecord:
        """The record of a finished fill. pixels: the whole photo with the fill in it.

        variation: which one of each region is in it, from 0; a region that has fewer has its last one in it. Any but
        the winner is recorded by its latents.
        """
        report = result.report
        exactly = variation > 0 or _was_steered(request, len(report.regions))
        return cls(
            mask=PackedMask.of(request.mask),
            settings=request.settings,
            device=report.device,
            priors={region.prior: region.prior_hash for region in report.regions if region.prior_hash},
            result=pixel_hash(pixels),
            starts=_latents(result, variation) if exactly else request.starts,
            exclusion=None if request.exclusion is None else PackedMask.of(request.exclusion),
        )


def _was_steered(request: FillRequest, regions: int) -> bool:
    race = request.race
    return race is not None and any(race.pinned(region) or race.dropped(region) for region in range(regions))


def _latents(result: FillResult, number: int) -> tuple[Start, ...]:
    return tuple(
        Start(search.box, search.prior, search.square, search.variations[own].latent, exact=True, texture=own)
        for search in result.searches
        if (own := _number_of(search, number)) is not None
    )


def variation_of(search: RegionSearch, number: int) -> Variation:
    """A region's variation ``number``, from 0; its last one if it has fewer."""
    return search.variations[_number_of(search, number) or 0]


def _number_of(search: RegionSearch, number: int) -> int | None:
    """The number of :func:`variation_of`; None of a region where nothing was searched."""
    return min(number, len(search.variations) - 1) if search.variations else None


@dataclass(frozen=True)
class Recipe:
    """All fills between a photo as it was opened and what was exported.

    versions: of the program and of what it computes with, by name, and the kind of machine. source: the photo's file
    name, to be read by people. shape: (H, W, C). before, after: :func:`pixel_hash` of the photo and of the result.
    """

    versions: Mapping[str, str]
    source: str
    shape: tuple[int, int, int]
    before: str
    after: str
    fills: tuple[FillRecord, ...]

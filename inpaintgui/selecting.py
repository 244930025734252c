"""What the window asks of the engine for selecting, and what it gets back. Leaf: types only."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from inpaintgui.contracts import Box, Mask, Pixels


@dataclass(frozen=True)
class MaskPart:
    """A mask that is 0 outside of a box. values: uint8 (box.height, box.width)."""

    box: Box
    values: Mask


@dataclass(frozen=True)
class WandOrder:
    """Select what looks like a pixel.

    x, y: the pixel. tolerance: largest difference of any colour channel, 0 to 255 (16-bit photos are compared by their
    upper byte). contiguous: only what is connected to the pixel.
    """

    x: int
    y: int
    tolerance: int
    contiguous: bool = True


@dataclass(frozen=True)
class Scribble:
    """A line that marks an object or what is not it. points: (x, y) in image pixels. radius: in image pixels."""

    points: tuple[tuple[float, float], ...]
    radius: float
    keep: bool = True


@dataclass(frozen=True)
class SmartOrder:
    """Select an object. scribbles: what is in it and what is not. box: drawn around it, or None."""

    scribbles: tuple[Scribble, ...] = ()
    box: Box | None = None


class Refine(StrEnum):
    """What can be done to a mask as a whole."""

    GROW = "grow"
    SHRINK = "shrink"
    FEATHER = "feather"
    SMOOTH = "smooth"
    FILL_HOLES = "fill_holes"


@dataclass(frozen=True)
class Proposal:
    """Something that was found and can be selected. kind: "face" or "person". box: where it was found."""

    kind: str
    box: Box
    part: MaskPart


class Selector(Protocol):
    """Selecting, done by the engine. All methods are slow: call them in a worker thread.

    pixels: as in :class:`Photo`; masks: uint8 (H, W). An empty part means that nothing was found.
    """

    def wand(self, pixels: Pixels, order: WandOrder) -> MaskPart:
        """What looks like a pixel."""

    def smart(self, pixels: Pixels, order: SmartOrder) -> MaskPart:
        """The object that was scribbled on or boxed."""

    def faces(self, pixels: Pixels) -> tuple[Proposal, ...]:
        """Upright faces with hair and chin."""

    def people(self, pixels: Pixels) -> Generator[float, None, tuple[Proposal, ...]]:
        """Whole people, or what is to be seen of them. Yields the share of the work that is done, up to 1.

        Closing the generator ends the search.
        """

    def refine(self, mask: Mask, how: Refine, amount: int) -> MaskPart:
        """The whole mask changed. amount: in image pixels, from 1."""

    def read_mask(self, path: Path) -> Mask:
        """Any image as brightness, uint8 (H, W) of its own size. Raises ImageFileError."""

    def fit_mask(self, grey: Mask, *, threshold: int, width: int, height: int, invert: bool) -> Mask:
        """Brightness to a mask of a photo's size: 255 where it is at least ``threshold`` (below it if inverted)."""

    def write_mask(self, path: Path, mask: Mask) -> None:
        """Write an 8-bit grey PNG, staged and atomic. Raises SaveError."""

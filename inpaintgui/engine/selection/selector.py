"""All that selecting needs of the engine, behind one interface."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from inpaintgui.contracts import Mask, Pixels
from inpaintgui.engine import image_io
from inpaintgui.engine.selection import mask_files
from inpaintgui.engine.selection.find_faces import find_face_proposals
from inpaintgui.engine.selection.refine import refine
from inpaintgui.engine.selection.smart import smart_select
from inpaintgui.engine.selection.wand import wand
from inpaintgui.selecting import MaskPart, Proposal, Refine, SmartOrder, WandOrder

if TYPE_CHECKING:
    from inpaintgui.engine.people.finder import PeopleFinder


class EngineSelector:
    """The :class:`~inpaintgui.selecting.Selector` of the program."""

    def __init__(self) -> None:
        self._people: PeopleFinder | None = None

    def wand(self, pixels: Pixels, order: WandOrder) -> MaskPart:
        return wand(pixels, order)

    def smart(self, pixels: Pixels, order: SmartOrder) -> MaskPart:
        return smart_select(pixels, order)

    def faces(self, pixels: Pixels) -> tuple[Proposal, ...]:
        return find_face_proposals(pixels)

    def people(self, pixels: Pixels) -> Generator[float, None, tuple[Proposal, ...]]:
        if self._people is None:
            # It needs torch, whose import takes seconds: here it happens in the thread that takes the first step.
            from inpaintgui.engine.people.finder import PeopleFinder

            self._people = PeopleFinder()
        return (yield from self._people.find(pixels))

    def refine(self, mask: Mask, how: Refine, amount: int) -> MaskPart:
        return refine(mask, how, amount)

    def read_mask(self, path: Path) -> Mask:
        return mask_files.read_mask(path)

    def fit_mask(self, grey: Mask, *, threshold: int, width: int, height: int, invert: bool) -> Mask:
        return mask_files.fit_mask(grey, threshold=threshold, width=width, height=height, invert=invert)

    def write_mask(self, path: Path, mask: Mask) -> None:
        image_io.save_mask(path, mask)

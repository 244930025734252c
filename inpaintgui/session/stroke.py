"""A stroke in progress: it remembers the tiles that it touches as they were before."""

from __future__ import annotations

from inpaintgui.contracts import Box, Mask
from inpaintgui.session.changes import NO_BOX
from inpaintgui.session.history import TILE, BoxEdit, HistoryStep, Layer, diff


class Stroke:
    """One drag from press to release. ``painted``: whether a dab has changed the layer."""

    def __init__(self, name: str, layer: Layer = Layer.MASK, *, mask_visible: bool) -> None:
        """Begin. layer: what is painted on, the mask or the exclusion. mask_visible: as it was before the stroke."""
        self.name, self.layer = name, layer
        self.mask_visible = mask_visible
        self.painted = False
        self._tiles: dict[Box, Mask] = {}

    def protect(self, mask: Mask, box: Box) -> None:
        """Remember the tiles that cover a box; to be called before the box is changed. Cheap where already done."""
        height, width = mask.shape
        for row in range(box.top // TILE, -(-box.bottom // TILE)):
            for column in range(box.left // TILE, -(-box.right // TILE)):
                left, top = column * TILE, row * TILE
                tile = Box(left, top, min(left + TILE, width), min(top + TILE, height))
                if tile not in self._tiles:
                    self._tiles[tile] = mask[tile.slices].copy()

    def edits(self, mask: Mask) -> tuple[BoxEdit, ...]:
        """What the stroke has changed so far."""
        return tuple(
            edit for tile, before in self._tiles.items() for edit in diff(self.layer, tile, before, mask[tile.slices])
        )

    def step(self, edits: tuple[BoxEdit, ...], *, mask_visible: bool) -> HistoryStep:
        """The undo step. mask_visible: now."""
        return HistoryStep(self.name, "stroke", edits, shows_before=self.mask_visible, shows_after=mask_visible)

    def restore(self, mask: Mask) -> Box:
        """Undo the stroke in place; returns a box around all that it may have changed."""
        touched = NO_BOX
        for tile, before in self._tiles.items():
            mask[tile.slices] = before
            touched = touched.unite(tile)
        return touched

"""Masks kept under a name, compressed, for as long as the document is open."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from inpaintgui.contracts import Box, Mask


class SavedMasks:
    """Named masks of one photo's size, in the order in which they were first kept."""

    def __init__(self, height: int, width: int) -> None:
        """Begin with none."""
        self._shape = (height, width)
        self._kept: dict[str, tuple[Box, bytes]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, name: str, mask: Mask, box: Box) -> None:
        """Keep a mask, uint8 (H, W), 0 outside of ``box``, under a name; one of the same name is replaced."""
        self._kept[name] = box, zlib.compress(np.ascontiguousarray(mask[box.slices]).data, 1)

    def mask(self, name: str) -> Mask:
        """A fresh copy, uint8 (H, W). KeyError if there is none of that name."""
        box, packed = self._kept[name]
        mask = np.zeros(self._shape, np.uint8)
        mask[box.slices] = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(box.height, box.width)
        return mask

    def forget(self, name: str) -> None:
        """Give one up. KeyError if there is none of that name."""
        del self._kept[name]

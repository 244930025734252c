"""What an undo step is made of: boxes of a layer before and after, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, bounding_box
from inpaintgui.session.spill import Spilled, SpillFile

TILE = 256
_ZLIB_LEVEL = 1


class Layer(StrEnum):
    """Which array of the document a box belongs to."""

    MASK = "mask"
    EXCLUSION = "exclusion"
    PIXELS = "pixels"


class BoxEdit:
    """One box of one layer, before and after, deflated; in memory or moved to disk."""

    def __init__(  # noqa: PLR0917 - the fields in their order
        self, layer: Layer, box: Box, shape: tuple[int, ...], dtype: np.dtype[Any], before: bytes, after: bytes
    ) -> None:
        """Shape and dtype describe the box's array; before, after: as :meth:`pack` deflates them."""
        self.layer, self.box, self.shape, self.dtype = layer, box, shape, dtype
        self._before: bytes | Spilled = before
        self._after: bytes | Spilled = after

    @classmethod
    def pack(cls, layer: Layer, box: Box, before: NDArray[Any], after: NDArray[Any]) -> BoxEdit:
        """Compress two arrays of equal shape and dtype, (box.height, box.width[, C])."""
        return cls(layer, box, before.shape, before.dtype, _deflate(layer, before), _deflate(layer, after))

    @property
    def before(self) -> bytes:
        """Deflated. Raises SaveError if they were moved to disk and do not come back."""
        return self._before if isinstance(self._before, bytes) else self._before.read()

    @property
    def after(self) -> bytes:
        """As ``before``."""
        return self._after if isinstance(self._after, bytes) else self._after.read()

    @property
    def nbytes(self) -> int:
        """Deflated, wherever they are."""
        return len(self._before) + len(self._after)

    @property
    def memory(self) -> int:
        """Deflated bytes that are in memory."""
        return sum(len(values) for values in (self._before, self._after) if isinstance(values, bytes))

    def spill(self, file: SpillFile) -> bool:
        """Move the values to disk, as far as they are in memory; False if that is not possible."""
        for name in ("_before", "_after"):
            values = getattr(self, name)
            if isinstance(values, bytes):
                moved = file.write(values)
                if moved is None:
                    return False
                setattr(self, name, moved)
        return True

    def fits(self, target: NDArray[Any]) -> bool:
        """Whether the layer's full array has the old values in the box."""
        return np.array_equal(target[self.box.slices], self._unpack(self.before))

    def put_before(self, target: NDArray[Any]) -> None:
        """Write the old values into the layer's full array."""
        target[self.box.slices] = self._unpack(self.before)

    def put_after(self, target: NDArray[Any]) -> None:
        """Write the new values into the layer's full array."""
        target[self.box.slices] = self._unpack(self.after)

    def check(self) -> None:
        """Raise ValueError if the values are not there: what comes from a file may lie about them."""
        self._unpack(self.before)
        self._unpack(self.after)

    def _unpack(self, packed: bytes) -> NDArray[Any]:
        size = int(np.prod(self.shape)) * self.dtype.itemsize
        return np.frombuffer(inflate(packed, size), self.dtype).reshape(self.shape)


def _deflate(layer: Layer, values: NDArray[Any]) -> bytes:
    # A photo's noise has no repetitions worth a search: run lengths pack it as well in half the time or less. A mask
    # is all repetitions.
    strategy = zlib.Z_RLE if layer is Layer.PIXELS else zlib.Z_DEFAULT_STRATEGY
    packer = zlib.compressobj(_ZLIB_LEVEL, strategy=strategy)
    return packer.compress(np.ascontiguousarray(values).data) + packer.flush()


def inflate(packed: bytes, size: int) -> bytes:
    """Deflated bytes that must be ``size`` when unpacked; no more than that is ever made. Raises ValueError."""
    try:
        values = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError("deflated values are damaged") from error
    if len(values) != size:
        raise ValueError("deflated values have another length than they should")
    return values


def diff(layer: Layer, box: Box, before: NDArray[Any], after: NDArray[Any]) -> Iterator[BoxEdit]:
    """What differs between two states of a box, as edits of at most TILE pixels a side, packed one after the other.

    Tiles keep a step in proportion to what was edited: a thin diagonal stroke costs its tiles, not its bounding box.

    before, after: (box.height, box.width[, C]), equal shape and dtype.
    """
    for top in range(0, box.height, TILE):
        for left in range(0, box.width, TILE):
            tile = np.s_[top : top + TILE, left : left + TILE]
            differs = before[tile] != after[tile]
            changed = bounding_box(differs.any(axis=2) if differs.ndim == 3 else differs)
            if changed.is_empty:
                continue
            x, y = box.left + left, box.top + top
            where = Box(changed.left + x, changed.top + y, changed.right + x, changed.bottom + y)
            yield BoxEdit.pack(layer, where, before[tile][changed.slices], after[tile][changed.slices])

"""The undo history: compressed boxes before and after each step, bounded by bytes rather than by a count.

The history only remembers; :class:`~inpaintgui.session.document.Document` applies the steps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Box, bounding_box
from inpaintgui.session.changes import NO_BOX
from inpaintgui.session.recipe import FillRecord

DEFAULT_BUDGET = 512 << 20
TILE = 256
_ZLIB_LEVEL = 1

StepKind = Literal["stroke", "mask", "fill"]


class Layer(StrEnum):
    """Which array of the document a box belongs to."""

    MASK = "mask"
    PIXELS = "pixels"


@dataclass(frozen=True)
class BoxEdit:
    """One box of one layer, before and after, deflated. shape and dtype describe the box's array."""

    layer: Layer
    box: Box
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    before: bytes
    after: bytes

    @classmethod
    def pack(cls, layer: Layer, box: Box, before: NDArray[Any], after: NDArray[Any]) -> BoxEdit:
        """Compress two arrays of equal shape and dtype, (box.height, box.width[, C])."""
        return cls(layer, box, before.shape, before.dtype, _deflate(layer, before), _deflate(layer, after))

    @property
    def nbytes(self) -> int:
        return len(self.before) + len(self.after)

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


@dataclass(frozen=True)
class HistoryStep:
    """One undoable step. Edits are redone in order and undone in reverse, so their boxes may overlap.

    shows_before, shows_after: whether the mask is to be visible once the step is undone or (re)done. record: of a fill.
    """

    name: str
    kind: StepKind
    edits: tuple[BoxEdit, ...]
    shows_before: bool = True
    shows_after: bool = True
    record: FillRecord | None = None

    @cached_property
    def nbytes(self) -> int:
        return sum(edit.nbytes for edit in self.edits)

    @cached_property
    def changes_pixels(self) -> bool:
        return any(edit.layer is Layer.PIXELS for edit in self.edits)

    def box(self, layer: Layer) -> Box:
        """The smallest box around the step's edits of one layer."""
        united = NO_BOX
        for edit in self.edits:
            if edit.layer is layer:
                united = united.unite(edit.box)
        return united


@dataclass(frozen=True)
class HistoryEntry:
    """A step as the history panel lists it. nbytes: compressed."""

    name: str
    kind: StepKind
    nbytes: int


@dataclass(frozen=True)
class HistoryState:
    """A whole history at one moment, to be kept and brought back. The fields are those of :class:`History`."""

    steps: tuple[HistoryStep, ...] = ()
    position: int = 0
    states: tuple[int, ...] = (0,)
    clean_state: int = 0
    dropped: int = 0
    dropped_records: tuple[FillRecord | None, ...] = ()


def with_step(state: HistoryState, step: HistoryStep) -> HistoryState:
    """The state after one more step that changes no pixels; what was undone is forgotten."""
    states = state.states[: state.position + 1]
    steps = (*state.steps[: state.position], step)
    return replace(state, steps=steps, position=len(steps), states=(*states, states[-1]))


class History:
    """A line of steps with a position in it.

    Every distinct state of the pixels has a number of its own; steps that touch only the mask keep it. "Modified" is
    a comparison of numbers, so it stays right when the saved state has been truncated away or dropped.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        """Start empty. budget: bytes of compressed edits to keep at most."""
        if budget < 0:
            raise ValueError(f"the history's budget must not be negative: {budget}")
        self._budget = budget
        self._steps: list[HistoryStep] = []
        self._states: list[int] = [0]  # the pixel state after 0, 1, 2 … of the steps
        self._newest_state = 0
        self._clean_state = 0
        self._position = 0
        self._nbytes = 0
        self._dropped = 0
        self._dropped_records: list[FillRecord | None] = []

    @classmethod
    def from_state(cls, state: HistoryState, budget: int = DEFAULT_BUDGET) -> History:
        """A history as it was; its oldest steps are given up if the budget is smaller. Raises ValueError."""
        if len(state.states) != len(state.steps) + 1 or not 0 <= state.position <= len(state.steps):
            raise ValueError("the history's position or states do not fit its steps")
        history = cls(budget)
        history._steps, history._states = list(state.steps), list(state.states)
        history._newest_state = max(*state.states, state.clean_state)
        history._clean_state, history._position = state.clean_state, state.position
        history._nbytes = sum(step.nbytes for step in state.steps)
        history._dropped, history._dropped_records = state.dropped, list(state.dropped_records)
        history._keep_to_budget()
        return history

    def freeze(self) -> HistoryState:
        """The history as it is now."""
        return HistoryState(
            tuple(self._steps),
            self._position,
            tuple(self._states),
            self._clean_state,
            self._dropped,
            tuple(self._dropped_records),
        )

    @property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """Oldest first; those from ``position`` on are undone."""
        return tuple(HistoryEntry(step.name, step.kind, step.nbytes) for step in self._steps)

    @property
    def position(self) -> int:
        """How many of the entries are applied."""
        return self._position

    @property
    def budget(self) -> int:
        return self._budget

    @property
    def nbytes(self) -> int:
        """Compressed bytes held; never more than the budget."""
        return self._nbytes

    @property
    def dropped(self) -> int:
        """How many of the oldest steps were given up to stay within the budget."""
        return self._dropped

    @property
    def records(self) -> tuple[FillRecord | None, ...]:
        """Of every applied step that changed pixels, oldest first, those given up included; None: it has no record."""
        applied = self._steps[: self._position]
        return (*self._dropped_records, *(step.record for step in applied if step.changes_pixels))

    @property
    def can_undo(self) -> bool:
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        return self._position < len(self._steps)

    @property
    def last(self) -> HistoryStep | None:
        """The step that was applied last; None at the beginning."""
        return self._steps[self._position - 1] if self.can_undo else None

    def is_applied(self, step: HistoryStep | None) -> bool:
        """Whether this very step is in the line, before the position."""
        return step is not None and any(one is step for one in self._steps[: self._position])

    @property
    def pixel_state(self) -> int:
        """The number of the current pixel state: equal numbers, equal pixels."""
        return self._states[self._position]

    @property
    def is_clean(self) -> bool:
        """Whether the pixels are those last marked clean."""
        return self.pixel_state == self._clean_state

    def mark_clean(self, state: int | None = None) -> None:
        """Make a pixel state (the current one if None) the clean one."""
        self._clean_state = self.pixel_state if state is None else state

    def push(self, step: HistoryStep) -> None:
        """Add a step that has just been applied: forget what was undone, then the oldest steps beyond the budget."""
        self._nbytes -= sum(undone.nbytes for undone in self._steps[self._position :])
        del self._steps[self._position :]
        del self._states[self._position + 1 :]
        if step.changes_pixels:
            self._newest_state += 1
        self._states.append(self._newest_state if step.changes_pixels else self._states[-1])
        self._steps.append(step)
        self._nbytes += step.nbytes
        self._position = len(self._steps)
        self._keep_to_budget()

    def _keep_to_budget(self) -> None:
        """Give up the oldest applied steps, and where that is not enough, those that are undone."""
        excess = 0
        while self._nbytes > self._budget and excess < self._position:
            self._nbytes -= self._steps[excess].nbytes
            excess += 1
        self._dropped_records += [step.record for step in self._steps[:excess] if step.changes_pixels]
        del self._steps[:excess]
        del self._states[:excess]
        self._dropped += excess
        self._position -= excess
        if self._nbytes > self._budget:
            self._nbytes -= sum(undone.nbytes for undone in self._steps)
            del self._steps[:], self._states[1:]

    def undo(self) -> HistoryStep | None:
        """Step back; the step whose ``before`` is to be applied, or None at the beginning."""
        if not self.can_undo:
            return None
        self._position -= 1
        return self._steps[self._position]

    def redo(self) -> HistoryStep | None:
        """Step forward; the step whose ``after`` is to be applied, or None at the end."""
        if not self.can_redo:
            return None
        self._position += 1
        return self._steps[self._position - 1]

"""The undo history: compressed boxes before and after each step, bounded by bytes rather than by a count.

The history only remembers; :class:`~inpaintgui.session.document.Document` applies the steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from inpaintgui.contracts import Box
from inpaintgui.session.changes import NO_BOX
from inpaintgui.session.edits import TILE, BoxEdit, Layer, diff, inflate
from inpaintgui.session.recipe import FillRecord
from inpaintgui.session.spill import SpillFile

__all__ = [
    "DEFAULT_BUDGET",
    "TILE",
    "BoxEdit",
    "History",
    "HistoryEntry",
    "HistoryState",
    "HistoryStep",
    "Layer",
    "StepKind",
    "diff",
    "inflate",
    "with_step",
]

DEFAULT_BUDGET = 512 << 20

StepKind = Literal["stroke", "mask", "fill"]


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

    @property
    def memory(self) -> int:
        """Compressed bytes that are in memory."""
        return sum(edit.memory for edit in self.edits)

    def spill(self, file: SpillFile) -> bool:
        """Move the edits to disk; False if not all of them could be."""
        return all(edit.spill(file) for edit in self.edits)

    def check_readable(self) -> None:
        """Raise SaveError if what was moved to disk does not come back."""
        for edit in self.edits:
            if not edit.memory:
                _ = edit.before, edit.after

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

    def __init__(self, budget: int = DEFAULT_BUDGET, disk_budget: int = 0) -> None:
        """Start empty. budget, disk_budget: bytes of compressed edits to keep at most, in memory and on disk."""
        if budget < 0:
            raise ValueError(f"the history's budget must not be negative: {budget}")
        self._budget = budget
        self._spill = SpillFile(disk_budget)
        self._steps: list[HistoryStep] = []
        self._states: list[int] = [0]  # the pixel state after 0, 1, 2 … of the steps
        self._newest_state = 0
        self._clean_state = 0
        self._position = 0
        self._nbytes = 0
        self._dropped = 0
        self._dropped_records: list[FillRecord | None] = []

    @classmethod
    def from_state(cls, state: HistoryState, budget: int = DEFAULT_BUDGET, disk_budget: int = 0) -> History:
        """A history as it was; its oldest steps are given up if the budget is smaller. Raises ValueError."""
        if len(state.states) != len(state.steps) + 1 or not 0 <= state.position <= len(state.steps):
            raise ValueError("the history's position or states do not fit its steps")
        history = cls(budget, disk_budget)
        history._steps, history._states = list(state.steps), list(state.states)
        history._newest_state = max(*state.states, state.clean_state)
        history._clean_state, history._position = state.clean_state, state.position
        history._nbytes = sum(step.memory for step in state.steps)
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
        """Compressed bytes held in memory; never more than the budget."""
        return self._nbytes

    @property
    def disk_nbytes(self) -> int:
        """Bytes that older steps take on disk."""
        return self._spill.size

    @property
    def steps(self) -> tuple[HistoryStep, ...]:
        """Oldest first; those from ``position`` on are undone."""
        return tuple(self._steps)

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
        self._nbytes -= sum(undone.memory for undone in self._steps[self._position :])
        del self._steps[self._position :]
        del self._states[self._position + 1 :]
        if step.changes_pixels:
            self._newest_state += 1
        self._states.append(self._newest_state if step.changes_pixels else self._states[-1])
        self._steps.append(step)
        self._nbytes += step.memory
        self._position = len(self._steps)
        self._keep_to_budget()

    def _keep_to_budget(self) -> None:
        """Move the oldest steps to disk; where that is not enough, give them up, and then those that are undone."""
        for step in self._steps:
            if self._nbytes <= self._budget:
                break
            before = step.memory
            if before:
                done = step.spill(self._spill)
                self._nbytes -= before - step.memory
                if not done:
                    break
        excess = 0
        while self._nbytes > self._budget and excess < self._position:
            self._nbytes -= self._steps[excess].memory
            excess += 1
        self._dropped_records += [step.record for step in self._steps[:excess] if step.changes_pixels]
        del self._steps[:excess]
        del self._states[:excess]
        self._dropped += excess
        self._position -= excess
        if self._nbytes > self._budget:
            self._nbytes -= sum(undone.memory for undone in self._steps)
            del self._steps[:], self._states[1:]

    def undo(self) -> HistoryStep | None:
        """Step back; the step whose ``before`` is to be applied, or None at the beginning.

        Raises SaveError, and stays where it is, if the step was moved to disk and does not come back.
        """
        if not self.can_undo:
            return None
        self._steps[self._position - 1].check_readable()
        self._position -= 1
        return self._steps[self._position]

    def redo(self) -> HistoryStep | None:
        """Step forward; the step whose ``after`` is to be applied, or None at the end. Raises as :meth:`undo`."""
        if not self.can_redo:
            return None
        self._steps[self._position].check_readable()
        self._position += 1
        return self._steps[self._position - 1]

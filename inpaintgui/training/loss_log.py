"""The losses of a run as a table: means over short windows, in a CSV file and, if wanted, for TensorBoard."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inpaintgui.errors import TrainingError
from inpaintgui.staged_file import replace_file


@dataclass(frozen=True)
class LossTable:
    """Rows of (step, loss, …), in the order of ``names``. A loss that did not occur is NaN."""

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]

    def tenths(self) -> list[tuple[float, ...]]:
        """Means over tenths of the run: the last step of each, then the losses."""
        result = []
        for k in range(10):
            part = self.rows[len(self.rows) * k // 10 : len(self.rows) * (k + 1) // 10]
            if part:
                result.append((part[-1][0], *_means([row[1:] for row in part])))
        return result


class LossLog:
    """Means over windows of ``window`` steps."""

    def __init__(self, path: Path, *, from_step: int, window: int = 10, tensorboard: Path | None = None) -> None:
        self.path = path
        self.window = window
        earlier = read_losses(path, from_step)
        self.names = earlier.names
        self.rows: list[tuple[float, ...]] = list(earlier.rows)
        self._pending: list[tuple[float, ...]] = []
        self._writer = _tensorboard_writer(tensorboard) if tensorboard else None

    def add(self, step: int, losses: Mapping[str, float]) -> None:
        """Take in one step."""
        if self.names != tuple(losses):
            self._rename(tuple(losses))
        self._pending.append(tuple(losses.values()))
        if len(self._pending) == self.window:
            means = _means(self._pending)
            self.rows.append((float(step), *(round(v, 5) for v in means)))
            self._pending.clear()
            if self._writer:
                for name, value in zip(self.names, means, strict=True):
                    if not math.isnan(value):
                        self._writer.add_scalar(name, value, step)

    def _rename(self, names: tuple[str, ...]) -> None:
        """Bring the rows of an earlier version of the program to today's columns."""
        columns = {name: k for k, name in enumerate(self.names, 1)}
        self.rows = [(row[0], *(row[columns[n]] if n in columns else math.nan for n in names)) for row in self.rows]
        self.names = names

    def flush(self) -> None:
        """Write the whole table anew."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(("step", *self.names))
        writer.writerows(self.rows)
        replace_file(self.path, text.getvalue().encode())

    def close(self) -> None:
        """Let go of TensorBoard's file."""
        if self._writer:
            self._writer.close()


def _means(rows: list[tuple[float, ...]]) -> tuple[float, ...]:
    """Column means that leave NaN out; NaN for a column of nothing else."""
    columns = [[v for v in column if not math.isnan(v)] for column in zip(*rows, strict=True)]
    return tuple(float(np.mean(column)) if column else math.nan for column in columns)


def _tensorboard_writer(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise TrainingError(
            "TensorBoard logs need the package “tensorboard”: pip install 'inpaintgui[train]'."
        ) from None
    return SummaryWriter(str(folder))


def read_losses(path: Path, until_step: int | None = None) -> LossTable:
    """A loss log, up to a step if one is given; without rows if there is no such file."""
    if until_step == 0 or not path.exists():
        return LossTable((), ())
    with path.open(newline="") as file:
        header, *lines = list(csv.reader(file))
    rows = [tuple(float(v) for v in line) for line in lines]
    return LossTable(tuple(header[1:]), tuple(row for row in rows if until_step is None or row[0] <= until_step))

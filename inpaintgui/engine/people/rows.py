"""Rows of a manifest about networks that find something in a photo. They are no priors and cannot be searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inpaintgui.contracts import FinderInfo
from inpaintgui.engine.manifest import read_rows, write_row

KIND = "finder"


@dataclass(frozen=True)
class FinderRow:
    """One such network.

    finds: what it finds: "people". width: channels of its widest map. metrics: measured figures, see the model card.
    """

    name: str
    title: str
    finds: str
    width: int
    file: str
    sha256: str
    licence: str
    data: str
    metrics: Mapping[str, float | int | str]

    def info(self) -> FinderInfo:
        """The row as the user interface shows it."""
        return FinderInfo(name=self.name, title=self.title, licence=self.licence, data=self.data, file=self.file)

    def as_table(self) -> dict[str, Any]:
        """The row as TOML takes it."""
        return {**asdict(self), "metrics": dict(self.metrics)}


def read_finders(folder: Path) -> tuple[FinderRow, ...]:
    """The finders of ``folder/manifest.toml``. Raises PriorError if it is damaged."""
    return read_rows(folder, KIND, FinderRow)


def write_finder(folder: Path, row: FinderRow) -> None:
    """Add ``row`` to ``folder/manifest.toml``, or put it in the place of the row of the same name."""
    write_row(folder, KIND, row.as_table())

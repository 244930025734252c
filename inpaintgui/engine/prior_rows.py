"""Rows of a manifest: everything about a prior that is not its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inpaintgui.contracts import PriorInfo
from inpaintgui.engine.manifest import read_rows, write_row
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say

KIND = "prior"

DEAF = 0.02
"""Variety up to which a conditional prior gives the same answer whatever the latent: to search it takes time only."""

VARIED = 0.2
"""Least variety from which a conditional prior's samples are worth choosing from."""


@dataclass(frozen=True)
class PriorRow:
    """One row of a manifest.

    subject: what the images show: "faces" or "scenes". latent_distribution: "uniform" on [-1, 1] or "normal".
    guide_resolution: pixels across the square at which the prior's answer steers full-resolution detail; finer
    parts of the answer are left to the photo's own texture. At most ``resolution``.
    judge_width: base width of D and E where it is not G's; 0 means that it is.
    answer: "best" (the best candidate's image) or "mean" (of the candidates: closer to the truth, less crisp).
    metrics: measured figures; see the model card for what they mean.
    """

    name: str
    title: str
    subject: str
    architecture: str
    resolution: int
    guide_resolution: int
    base_width: int
    latent_size: int
    latent_distribution: str
    file: str
    sha256: str
    licence: str
    data: str
    metrics: Mapping[str, float | int | str]
    judge_width: int = 0
    answer: str = "best"

    @property
    def variety(self) -> float | None:
        """How far samples for one context are apart, over how far images are; None where it was not measured."""
        value = self.metrics.get("variety")
        return float(value) if isinstance(value, int | float) else None

    @property
    def is_deaf(self) -> bool:
        """Whether the prior was found to give the same answer whatever the latent."""
        return self.variety is not None and self.variety <= DEAF

    @property
    def is_varied(self) -> bool:
        """Whether the samples of a conditional prior were found to differ enough to choose from."""
        return self.variety is not None and self.variety >= VARIED

    def info(self) -> PriorInfo:
        """The row as the user interface shows it."""
        return PriorInfo(
            name=self.name,
            title=self.title,
            subject=self.subject,
            architecture=self.architecture,
            resolution=self.resolution,
            latent_size=self.latent_size,
            latent_distribution=self.latent_distribution,
            licence=self.licence,
            data=self.data,
            file=self.file,
            metrics=dict(self.metrics),
        )

    def as_table(self) -> dict[str, Any]:
        """The row as TOML takes it."""
        return {**{name: getattr(self, name) for name in PriorRow.__dataclass_fields__}, "metrics": dict(self.metrics)}


def read_manifest(folder: Path) -> tuple[PriorRow, ...]:
    """The priors of ``folder/manifest.toml``, none if there is no such file. Raises PriorError if it is damaged."""
    return read_rows(folder, KIND, PriorRow)


def row_of(weights: Path) -> PriorRow:
    """The row of a weights file in the manifest beside it. Raises BadInputError if there is none."""
    row = next((row for row in read_manifest(weights.parent) if row.file == weights.name), None)
    if row is None:
        raise BadInputError(say("No manifest.toml beside “{weights}” has a row for it.", weights=weights))
    return row


def write_manifest_row(folder: Path, row: PriorRow) -> None:
    """Add ``row`` to ``folder/manifest.toml``, or put it in the place of the row of the same name."""
    write_row(folder, KIND, row.as_table())

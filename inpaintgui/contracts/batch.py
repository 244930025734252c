"""Orders to fill many photos, and what becomes of each."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inpaintgui.contracts.requests import FillSettings

FOUND = ("faces", "people")
"""What can be looked for in photos."""


@dataclass(frozen=True)
class Holes:
    """Where the holes come from: exactly one of these.

    mask: one for all photos. folder: with a mask for each. find: what to look for in the photo, one of FOUND.
    """

    mask: Path | None = None
    folder: Path | None = None
    find: str | None = None


class Existing(StrEnum):
    """What to do if results are there already. KEEP: do only the others. REFUSE: begin nothing."""

    REFUSE = "refuse"
    KEEP = "keep"
    REPLACE = "replace"


class Outcome(StrEnum):
    """How a photo ended. KEPT: its result was there already. NOTHING: there was nothing to fill."""

    FILLED = "filled"
    KEPT = "kept"
    NOTHING = "nothing to fill"
    FAILED = "failed"


@dataclass(frozen=True)
class BatchOrder:
    """Photos to fill.

    inputs: photos and folders of photos. out: folder for the results. recipes: write one beside each. exclude: mask of
    what must not be copied from, for all photos. jobs: processes.
    """

    inputs: tuple[Path, ...]
    holes: Holes
    out: Path
    settings: FillSettings = field(default_factory=FillSettings)
    existing: Existing = Existing.REFUSE
    recipes: bool = False
    exclude: Path | None = None
    jobs: int = 1


@dataclass(frozen=True)
class PhotoResult:
    """What became of a photo. output: the result, if there is one. reason: a sentence, empty if all is well."""

    photo: Path
    output: Path | None
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class BatchStep:
    """photos: all that the batch is about. done: the one that is ready now; None at the very beginning."""

    photos: tuple[Path, ...]
    done: PhotoResult | None = None


BatchJob = Generator[BatchStep, None, None]
"""Closing it ends the batch."""

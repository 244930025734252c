"""Imports that are expected to work, and imports that are expected to be refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inpaintgui.engine.import_prior import ImportWishes, import_prior
from inpaintgui.engine.prior_rows import PriorRow
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import BadInputError

LATENT_SIZE, WIDTHS = 6, (16, 8)


def take(source: Path, folder: Path, **wishes: Any) -> PriorRow:
    return import_prior(source, ImportWishes(**wishes), folder=folder, library=PriorLibrary((folder,)))


def refused(source: Path, folder: Path, reason: str, **wishes: Any) -> None:
    before = {path: path.read_bytes() for path in folder.glob("**/*")} if folder.exists() else {}
    with pytest.raises(BadInputError, match=reason) as refusal:
        take(source, folder, **wishes)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)
    after = {path: path.read_bytes() for path in folder.glob("**/*")} if folder.exists() else {}
    assert after == before

"""People to propose for selecting, found by the network that came with the program."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui import paths
from inpaintgui.contracts import Pixels
from inpaintgui.engine.people.groups import likely_map
from inpaintgui.engine.people.likelihood import look
from inpaintgui.engine.people.network import PeopleNet
from inpaintgui.engine.people.rows import FinderRow, read_finders
from inpaintgui.engine.people.silhouettes import silhouettes
from inpaintgui.engine.people.weights import load_people_net
from inpaintgui.errors import PriorError
from inpaintgui.selecting import Proposal
from inpaintgui.sentences import say

PEOPLE = "people"


def installed_finders() -> dict[str, tuple[Path, FinderRow]]:
    """File and row of what finds each kind of thing; what the user added goes before what came with the program."""
    folders = (paths.weights(), paths.user_weights())
    return {row.finds: (folder / row.file, row) for folder in folders for row in read_finders(folder)}


def silhouettes_of(likely: NDArray[np.float32], pixels: Pixels) -> tuple[Proposal, ...]:
    """Everybody in a map of the likelihood, the largest first; see :func:`silhouettes`."""
    return tuple(Proposal("person", box, part) for box, part in silhouettes(likely, pixels))


class PeopleFinder:
    """Finds people; the network is read at the first use and kept."""

    def __init__(self) -> None:
        self._network: PeopleNet | None = None

    def find(self, pixels: Pixels) -> Generator[float, None, tuple[Proposal, ...]]:
        """Everybody that was found, the largest first; yields the share of the work that is done.

        People who touch are one proposal. pixels: (H, W, C), uint8 or uint16. Raises PriorError if the network's
        weights are missing or damaged.
        """
        if self._network is None:
            self._network = self._load()
        levels = yield from look(self._network, pixels)
        found = []
        for box, part in silhouettes(likely_map(levels), pixels):
            found.append(Proposal("person", box, part))
            yield 1.0
        return tuple(found)

    def _load(self) -> PeopleNet:
        installed = installed_finders()
        if PEOPLE not in installed:
            raise PriorError(say("The network that finds people is not installed: weights/manifest.toml names none."))
        return load_people_net(*installed[PEOPLE])

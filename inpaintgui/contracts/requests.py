"""Orders to fill: what is asked for, where to begin, and the wishes of whoever watches."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts.geometry import Box, ContextSquare
from inpaintgui.contracts.photos import Mask, Pixels


@dataclass(frozen=True)
class FillSettings:
    """How to fill.

    prior: "auto" or a prior's name. preset: a budget ("draft", "normal", "best") or a published recipe. candidates:
    None means what the preset says. squares: set by hand; a region takes the one that holds most of it, and where there
    is none the program chooses. variations: distinct fills of each region to keep, the best first.
    """

    prior: str = "auto"
    preset: str = "normal"
    candidates: int | None = None
    variations: int = 1
    seed: int = 0
    device: str = "auto"
    squares: tuple[ContextSquare, ...] = ()


class RaceControl:
    """What somebody who watches a search wishes for its candidates. Any thread may write and read it.

    A pinned candidate is never dropped by the search and becomes a variation; a dropped one is gone.
    """

    def __init__(self) -> None:
        self._pinned: frozenset[tuple[int, int]] = frozenset()
        self._dropped: frozenset[tuple[int, int]] = frozenset()

    def pin(self, region: int, number: int, *, pinned: bool = True) -> None:
        """Keep candidate ``number`` of region ``region`` (from 0) whatever its losses; or no longer."""
        self._pinned = self._pinned | {(region, number)} if pinned else self._pinned - {(region, number)}

    def drop(self, region: int, number: int) -> None:
        """Take the candidate out of the race."""
        self._dropped = self._dropped | {(region, number)}

    def pinned(self, region: int) -> frozenset[int]:
        """Numbers of the pinned candidates of a region."""
        return frozenset(number for at, number in self._pinned - self._dropped if at == region)

    def dropped(self, region: int) -> frozenset[int]:
        """Numbers of the dropped candidates of a region."""
        return frozenset(number for at, number in self._dropped if at == region)


@dataclass(frozen=True)
class Start:
    """A latent that is known before a search: where to go on, or what to show without searching.

    box: the region that it belongs to; of a changed mask, the region whose box overlaps most takes it. prior,
    square: what it is a latent of; both are used again. latent: float32 (latent_size,). exact: take it as it is,
    do not search. texture: with the patches of which variation, as every one begins with others.
    """

    box: Box
    prior: str
    square: ContextSquare
    latent: NDArray[np.float32]
    exact: bool = False
    texture: int = 0


@dataclass(frozen=True)
class FillRequest:
    """A frozen order to fill. ``pixels`` and ``mask`` must not change while the job runs.

    pixels: as in :class:`Photo`. mask: uint8 (H, W). pixel_state: of the document that was read. previews: whether
    somebody will look at them and at the race; without, none are computed. starts: at most one for a region.
    race: wishes of whoever watches. exclusion: uint8 (H, W), non-zero where texture must not be copied from; None:
    from anywhere outside the hole.
    """

    pixels: Pixels
    mask: Mask
    settings: FillSettings = field(default_factory=FillSettings)
    pixel_state: int = 0
    previews: bool = True
    starts: tuple[Start, ...] = ()
    race: RaceControl | None = None
    exclusion: Mask | None = None

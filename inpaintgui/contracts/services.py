"""The services that the window needs of the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from inpaintgui.contracts.batch import BatchJob, BatchOrder
from inpaintgui.contracts.photos import Glimpse, Photo
from inpaintgui.contracts.requests import FillRequest
from inpaintgui.contracts.results import FillJob, RegionContext
from inpaintgui.sentences import Sentence

if TYPE_CHECKING:
    from inpaintgui.selecting import Selector


@dataclass(frozen=True)
class PriorInfo:
    """A prior as the user sees it."""

    name: str
    title: str
    subject: str
    architecture: str
    resolution: int
    latent_size: int
    latent_distribution: str
    licence: str
    data: str
    file: str
    metrics: Mapping[str, float | int | str]


@dataclass(frozen=True)
class FinderInfo:
    """A network that finds something in photos, as the user sees it."""

    name: str
    title: str
    licence: str
    data: str
    file: str


class Services(Protocol):
    """What the window asks of the rest of the program. All methods may be slow: call them in a worker thread."""

    def open_photo(self, path: Path, show: Callable[[Glimpse], None]) -> Photo:
        """Read a photo. show: gets glimpses of a large one, from the calling thread. Raises ImageFileError."""

    def glimpse(self, path: Path) -> Glimpse | None:
        """A small picture of a photo that takes long to open, if it can be had soon. Never raises for a bad file."""

    def decode_photo(self, data: bytes, name: str) -> Photo:
        """A photo out of the bytes of a file of that name. Raises ImageFileError."""

    def save_recipe(self, path: Path, source: str, opened: Photo, exported: Photo, records: Sequence[Any]) -> None:
        """Write how ``opened``, a file called ``source``, became ``exported``.

        records: of its fills, as the session keeps them. Raises SaveError, and BadInputError if it cannot be repeated.
        """

    def save_photo(self, path: Path, photo: Photo) -> tuple[Sentence, ...]:
        """Write a photo, staged and atomic; replaces an existing file. Raises SaveError.

        Returns sentences about what could not be kept as it was; mostly none.
        """

    def batch(self, order: BatchOrder, stopped: Callable[[], bool]) -> BatchJob:
        """Fill many photos in processes of their own. stopped: asked several times a second; the batch ends at True.

        Raises BadInputError before the first step if the order makes no sense.
        """

    def fill(self, request: FillRequest) -> FillJob:
        """Begin a fill; raises the InpaintguiError family, now or while it runs."""

    def estimate(self, request: FillRequest) -> Mapping[str, float]:
        """Seconds that the fill would take, by the names of the presets that an estimate can be given for."""

    def contexts(self, request: FillRequest) -> Sequence[RegionContext]:
        """What priors would see of the request's regions; empty if no prior is installed."""

    def priors(self) -> tuple[PriorInfo, ...]:
        """The priors that can be chosen."""

    def finders(self) -> tuple[FinderInfo, ...]:
        """The networks that find something in photos."""

    def devices(self) -> tuple[str, ...]:
        """Devices that exist here, "cpu" among them."""

    @property
    def selector(self) -> Selector:
        """Selecting, done by the engine."""

"""The photos that are open, one of them in front, and everything that belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import ContextSquare, FillReport
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.outcome import Outcome
from inpaintgui.session.recovery import RecoveryFolder
from inpaintgui.ui.pyramid import MaskPyramid, PhotoPyramid
from inpaintgui.ui.viewport import Viewport


@dataclass
class FileFacts:
    """Where a photo came from and where it went. stamp: of the export, to notice that somebody else changed it."""

    source: Path | None = None
    is_sample: bool = False
    export_path: Path | None = None
    exported_stamp: tuple[int, int] | None = None
    project_path: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the user is likely to want things to be written."""
        return self.source.parent if self.source is not None and not self.is_sample else Path.home()


@dataclass(eq=False)
class OpenPhoto:
    """A photo in a tab.

    squares, outcome, region, view, report: what the window shows of it, kept while another is in front. recovery:
    where it is kept against a crash; None if nothing is yet.
    """

    document: Document
    photo_pyramid: PhotoPyramid
    mask_pyramid: MaskPyramid
    exclusion_pyramid: MaskPyramid
    file: FileFacts = field(default_factory=FileFacts)
    squares: tuple[ContextSquare, ...] = ()
    report: FillReport | None = None
    outcome: Outcome | None = None
    region: int = 0
    view: Viewport | None = None
    recovery: RecoveryFolder | None = None

    @classmethod
    def of(cls, document: Document, pyramid: PhotoPyramid, file: FileFacts) -> OpenPhoto:
        """pyramid: of the document's pixels as they are now."""
        masks, exclusions = (MaskPyramid(document.height, document.width) for _ in range(2))
        masks.update(document.mask, document.mask_box)
        exclusions.update(document.exclusion, document.exclusion_box)
        return cls(document, pyramid, masks, exclusions, file)

    def take(self, change: Change) -> None:
        """Take a change of the document over into what is drawn."""
        if Changed.PIXELS in change.what:
            self.photo_pyramid.update(self.document.pixels, change.box)
        if Changed.MASK in change.what:
            self.mask_pyramid.update(self.document.mask, change.box)
        if Changed.EXCLUSION in change.what:
            self.exclusion_pyramid.update(self.document.exclusion, change.box)


class Photos(QObject):
    """The row of open photos. What is in front changes only here."""

    leaving = Signal(object)
    """OpenPhoto that is about to be no longer in front."""
    current_changed = Signal()
    """Another photo is in front, or none."""
    row_changed = Signal()
    """Which photos there are, or their order."""
    closed = Signal(object)
    """OpenPhoto that is gone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: list[OpenPhoto] = []
        self._current: OpenPhoto | None = None

    def __iter__(self) -> Iterator[OpenPhoto]:
        return iter(tuple(self._row))

    def __len__(self) -> int:
        return len(self._row)

    @property
    def current(self) -> OpenPhoto | None:
        """The one in front."""
        return self._current

    @property
    def number(self) -> int:
        """Its place in the row; -1 if there is none."""
        return self._row.index(self._current) if self._current is not None else -1

    def add(self, photo: OpenPhoto) -> None:
        """Open it behind the last one and bring it to the front."""
        self._row.append(photo)
        self.row_changed.emit()
        self._bring(photo)

    def choose(self, photo: OpenPhoto) -> None:
        """Bring it to the front."""
        if photo in self._row and photo is not self._current:
            self._bring(photo)

    def choose_number(self, number: int) -> None:
        """Bring the one at this place to the front."""
        if 0 <= number < len(self._row):
            self.choose(self._row[number])

    def cycle(self, steps: int) -> None:
        """Bring the one to the front that stands so many places on, round and round."""
        if self._row:
            self.choose_number((self.number + steps) % len(self._row))

    def move(self, start: int, end: int) -> None:
        """Put the photo from one place to another."""
        self._row.insert(end, self._row.pop(start))

    def close(self, photo: OpenPhoto) -> None:
        """Forget a photo; its neighbour comes to the front."""
        if photo not in self._row:
            return
        place = self._row.index(photo)
        rest = [one for one in self._row if one is not photo]
        if photo is self._current:
            self._bring(rest[min(place, len(rest) - 1)] if rest else None)
        self._row = rest
        self.closed.emit(photo)
        self.row_changed.emit()

    def _bring(self, photo: OpenPhoto | None) -> None:
        if self._current is not None:
            self.leaving.emit(self._current)
        self._current = photo
        self.current_changed.emit()

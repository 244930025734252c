"""The open photos, and how a change of one of them reaches what is drawn and whoever listens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import FillReport, Photo
from inpaintgui.session.changes import Change
from inpaintgui.session.document import Document, DocumentState
from inpaintgui.settings import Settings
from inpaintgui.ui.photos import FileFacts, OpenPhoto, Photos
from inpaintgui.ui.pyramid import MaskPyramid, PhotoPyramid


class PhotoDesk(QObject):
    """What the controller is built on: the photos, the one in front, and their changes."""

    document_replaced = Signal()
    """Another photo is in front, or none."""
    changed = Signal(object)
    """Change of the current document, already taken over by the pyramids."""
    photo_changed = Signal(object, object)
    """The same of any open photo: OpenPhoto and Change."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.photos = Photos(self)

    @property
    def document(self) -> Document | None:
        """Of the photo in front."""
        return self.photos.current.document if self.photos.current is not None else None

    @property
    def photo_pyramid(self) -> PhotoPyramid | None:
        return self.photos.current.photo_pyramid if self.photos.current is not None else None

    @property
    def mask_pyramid(self) -> MaskPyramid | None:
        return self.photos.current.mask_pyramid if self.photos.current is not None else None

    @property
    def report(self) -> FillReport | None:
        """Of the last fill of the photo in front."""
        return self.photos.current.report if self.photos.current is not None else None

    def show_photo(
        self,
        photo: Photo,
        pyramid: PhotoPyramid,
        path: Path | None,
        state: DocumentState | None = None,
        *,
        is_sample: bool = False,
    ) -> OpenPhoto:
        """Begin to edit a photo in a tab of its own, or go on with it where ``state`` ends.

        pyramid: of the pixels as they are now.
        """
        memory, disk = self.settings.history_megabytes << 20, self.settings.history_disk_megabytes << 20
        if state is None:
            document = Document(photo, path=path, history_budget=memory, history_disk_budget=disk)
        else:
            document = Document.restored(photo, state, path=path, history_budget=memory, history_disk_budget=disk)
        opened = OpenPhoto.of(document, pyramid, FileFacts(path, is_sample))
        self.photos.add(opened)
        return opened

    @property
    def can_edit(self) -> bool:
        """A photo is open. Fills that run do not mind: their results are checked before they are put in."""
        return self.document is not None

    def apply(self, change: Change | None, photo: OpenPhoto | None = None) -> None:
        """Take a change over into what the views draw from, and tell them. photo: whose; None: the one in front."""
        photo = photo or self.photos.current
        if not change or photo is None:
            return
        photo.take(change)
        self.photo_changed.emit(photo, change)
        if photo is self.photos.current:
            self.changed.emit(change)

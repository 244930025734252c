"""Keeps the open photos on disk, a little behind what the user does, so that a crash costs seconds."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from inpaintgui.errors import SaveError
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.project import Project
from inpaintgui.session.recovery import RecoveryFolder
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.jobs import TaskRunner
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.texts import error_text

log = logging.getLogger(__name__)


class Autosave(QObject):
    """Writes a photo ``autosave_seconds`` after its first unsaved change, and at once after a fill.

    The window's thread only takes a snapshot; writing happens in a thread of its own. A session that ends in good
    order leaves nothing behind, and neither does a photo that is closed.
    """

    saved = Signal()
    """A photo is on disk as it was when the save began."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._tasks = TaskRunner("autosave", parent=self)
        self._told = False
        self._changed: list[OpenPhoto] = []
        self._again: list[OpenPhoto] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save_changed)
        controller.photos.closed.connect(self._on_closed)
        controller.photo_changed.connect(self._on_change)

    @property
    def folder(self) -> RecoveryFolder | None:
        """Where the photo in front is kept; None if it is not yet."""
        photo = self._controller.photos.current
        return photo.recovery if photo is not None else None

    def save(self, photo: OpenPhoto | None = None) -> None:
        """Write a photo (the one in front if None) now, if there is anything in it to lose."""
        photo = photo or self._controller.photos.current
        if photo is None:
            return
        self._changed = [one for one in self._changed if one is not photo]
        if not photo.document.holds_work:
            return
        if self._tasks.busy:
            self._again = [*(one for one in self._again if one is not photo), photo]
            return
        project, folder = _project(photo), photo.recovery

        def write() -> RecoveryFolder:
            # Noted here and not when this is done: if the session ends meanwhile, nobody hears of that any more.
            kept = photo.recovery = folder or RecoveryFolder.create()
            kept.write(project)
            return kept

        self._tasks.run(write, lambda kept: self._on_saved(photo, kept), lambda error: self._on_failed(photo, error))

    def close(self, *, keep: bool) -> bool:
        """End the thread. keep: leave the photos to the next start, else forget them. False if a write hangs."""
        self._timer.stop()
        joined = self._tasks.close()
        for photo in self._controller.photos if joined else ():
            if photo.recovery is not None:
                (photo.recovery.release if keep else photo.recovery.discard)()
        return joined

    def save_and_close(self) -> bool:
        """What the system's order to end leaves time for: write the last state here and now."""
        self._timer.stop()
        joined = self._tasks.close()
        for photo in self._controller.photos:
            if joined and photo.document.holds_work:
                try:
                    photo.recovery = photo.recovery or RecoveryFolder.create()
                    photo.recovery.write(_project(photo))
                except SaveError as error:
                    log.warning("autosave: %s", error)
            if photo.recovery is not None:
                photo.recovery.release()
        return joined

    def _on_closed(self, photo: OpenPhoto) -> None:
        """What was kept of it is not wanted any more."""
        self._changed = [one for one in self._changed if one is not photo]
        self._again = [one for one in self._again if one is not photo]
        folder, photo.recovery = photo.recovery, None
        if folder is not None:
            self._discard(folder)

    def _discard(self, folder: RecoveryFolder) -> None:
        self._tasks.run(folder.discard, lambda _: self._go_on(), lambda error: log.warning("autosave: %s", error))

    def _on_change(self, photo: OpenPhoto, change: Change) -> None:
        if Changed.PIXELS in change.what:
            self.save(photo)
        elif change.what & (Changed.MASK | Changed.EXCLUSION):
            self._save_later(photo)

    def _save_later(self, photo: OpenPhoto) -> None:
        if photo not in self._changed:
            self._changed.append(photo)
        if not self._timer.isActive():
            self._timer.start(1000 * self._controller.settings.autosave_seconds)

    def _save_changed(self) -> None:
        for photo in tuple(self._changed):
            self.save(photo)

    def _on_saved(self, photo: OpenPhoto, folder: RecoveryFolder) -> None:
        self._told = False
        if photo not in self._controller.photos:  # closed while it was written
            self._discard(folder)
        self.saved.emit()
        self._go_on()

    def _go_on(self) -> None:
        waiting, self._again = self._again, []
        for photo in waiting:
            self.save(photo)

    def _on_failed(self, photo: OpenPhoto, error: Exception) -> None:
        """Once, and without a box: the user's work goes on; it is only less safe."""
        log.error("autosave", exc_info=error)
        if not self._told:
            self._told = True
            self._controller.message.emit(
                self.tr("This session cannot be kept for a crash: {}").format(error_text(error))
            )
        self._save_later(photo)


def _project(photo: OpenPhoto) -> Project:
    document = photo.document
    return Project(document.photo, document.freeze(), document.original_path)

"""Keeps the running session on disk, a little behind what the user does, so that a crash costs seconds."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from inpaintgui.errors import SaveError
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.project import Project
from inpaintgui.session.recovery import RecoveryFolder
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.jobs import TaskRunner

log = logging.getLogger(__name__)


class Autosave(QObject):
    """Writes the document ``autosave_seconds`` after its first unsaved change, and at once after a fill.

    The window's thread only takes a snapshot; writing happens in a thread of its own. A session that ends in good
    order leaves nothing behind.
    """

    saved = Signal()
    """The document is on disk as it was when the save began."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._tasks = TaskRunner("autosave", parent=self)
        self._folder: RecoveryFolder | None = None
        self._told = False
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save)
        controller.document_replaced.connect(self._begin_anew)
        controller.changed.connect(self._on_change)

    @property
    def folder(self) -> RecoveryFolder | None:
        """Where this session is kept; None if nothing is yet."""
        return self._folder

    def adopt(self, folder: RecoveryFolder) -> None:
        """Go on in the folder of a session that was just restored."""
        self._folder = folder

    def save(self) -> None:
        """Write the document now, if there is anything in it to lose."""
        self._timer.stop()
        document = self._controller.document
        if document is None or not document.holds_work:
            return
        if self._tasks.busy:
            self._again = True
            return
        project, folder = Project(document.photo, document.freeze(), document.original_path), self._folder

        def write() -> RecoveryFolder:
            kept = folder or RecoveryFolder.create()
            kept.write(project)
            return kept

        self._tasks.run(write, self._on_saved, self._on_failed)

    def close(self, *, keep: bool) -> bool:
        """End the thread. keep: leave the session to the next start, else forget it. False if a write hangs."""
        self._timer.stop()
        joined = self._tasks.close()
        if self._folder is not None and joined:
            if keep:
                self._folder.release()
            else:
                self._folder.discard()
        return joined

    def save_and_close(self) -> bool:
        """What the system's order to end leaves time for: write the last state here and now."""
        self._timer.stop()
        joined = self._tasks.close()
        document = self._controller.document
        if joined and document is not None and document.holds_work:
            try:
                self._folder = self._folder or RecoveryFolder.create()
                self._folder.write(Project(document.photo, document.freeze(), document.original_path))
            except SaveError as error:
                log.warning("autosave: %s", error)
        if self._folder is not None:
            self._folder.release()
        return joined

    def _begin_anew(self) -> None:
        """Another photo: what was kept of the one before is not wanted any more."""
        self._timer.stop()
        folder, self._folder = self._folder, None
        if folder is not None:
            self._tasks.run(folder.discard, lambda _: None, lambda error: log.warning("autosave: %s", error))

    def _on_change(self, change: Change) -> None:
        if Changed.PIXELS in change.what:
            self.save()
        elif change.what & (Changed.MASK | Changed.EXCLUSION) and not self._timer.isActive():
            self._timer.start(1000 * self._controller.settings.autosave_seconds)

    def _on_saved(self, folder: RecoveryFolder) -> None:
        self._folder = folder
        self._told = False
        self.saved.emit()
        if self._again:
            self._again = False
            self.save()

    def _on_failed(self, error: Exception) -> None:
        """Once, and without a box: the user's work goes on; it is only less safe."""
        log.error("autosave", exc_info=error)
        if not self._told:
            self._told = True
            self._controller.message.emit(self.tr("This session cannot be kept for a crash: {}").format(error))
        self._timer.start(1000 * self._controller.settings.autosave_seconds)

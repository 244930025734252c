"""Opening and exporting: which file, whether work would be lost, and the slow part in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import Photo
from inpaintgui.ui import recent
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs, Unsaved
from inpaintgui.ui.formats import proposed_name
from inpaintgui.ui.jobs import TaskRunner
from inpaintgui.ui.pyramid import PhotoPyramid

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Opened:
    path: Path
    photo: Photo
    pyramid: PhotoPyramid


class Files(QObject):
    """The file actions of the window."""

    busy_changed = Signal()
    recent_changed = Signal()
    opened = Signal(object)
    """Path."""
    exported = Signal(object)
    """Path."""

    def __init__(self, controller: Controller, dialogs: Dialogs) -> None:
        super().__init__(controller)
        self._controller = controller
        self.dialogs = dialogs
        self._tasks = TaskRunner("files", parent=self)
        self._source: Path | None = None
        self._is_sample = False
        self._export_path: Path | None = None
        self._opening = 0
        self.what = ""
        """What is going on, as a sentence; empty if nothing is."""

    @property
    def busy(self) -> bool:
        return self._tasks.busy

    def close(self) -> bool:
        """Finish what is being written and join the thread; False if it does not end in time."""
        return self._tasks.close()

    # Opening

    def open(self) -> None:
        """Ask for a photo and open it."""
        document = self._controller.document
        folder = document.path.parent if document is not None and document.path is not None else Path.home()
        path = self.dialogs.ask_open(folder)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path, *, sample: bool = False) -> None:
        """Open a photo, after asking about unsaved changes. sample: is not remembered as recent."""
        self.after_unsaved(lambda: self._load(path, sample=sample))

    def _load(self, path: Path, *, sample: bool) -> None:
        services = self._controller.services
        self._opening += 1
        ticket = self._opening

        def load() -> _Opened:
            photo = services.open_photo(path)
            return _Opened(path, photo, PhotoPyramid(photo.pixels))

        def show(opened: _Opened) -> None:
            self._tell_idle()
            if ticket == self._opening:  # else another photo was asked for meanwhile
                self._show(opened, sample=sample)

        self._tasks.run(load, show, lambda error: self._fail(self.tr("The photo cannot be opened."), error))
        self._tell_busy(self.tr("Opening {}…").format(path.name))

    def _show(self, opened: _Opened, *, sample: bool) -> None:
        self._source, self._is_sample, self._export_path = opened.path, sample, None
        self._controller.show_photo(opened.photo, opened.pyramid, opened.path)
        log.info("opened %s: %d x %d", opened.path, opened.photo.width, opened.photo.height)
        if not sample:
            recent.remember(opened.path)
            self.recent_changed.emit()
        self.opened.emit(opened.path)

    # Exporting

    def export(self) -> None:
        """Write to where this photo was exported before, or ask."""
        if self._export_path is None:
            self.export_as()
        else:
            self._save(self._export_path)

    def export_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask where to write, and write. then: called after success."""
        document = self._controller.document
        if document is None:
            return
        folder = self._source.parent if self._source is not None and not self._is_sample else Path.home()
        path = self.dialogs.ask_export(self._export_path or folder / proposed_name(self._source))
        if path is not None:
            self._save(path, then)

    def _save(self, path: Path, then: Callable[[], None] | None = None) -> None:
        document, services = self._controller.document, self._controller.services
        if document is None:
            return
        photo, state = document.export(), document.pixel_state

        def saved(_nothing: object) -> None:
            self._tell_idle()
            log.info("exported %s", path)
            if document is self._controller.document:
                self._export_path = path
                self._controller.apply(document.mark_saved(path, state=state))
            self._controller.message.emit(self.tr("Exported to {}.").format(path))
            self.exported.emit(path)
            if then is not None:
                then()

        self._tasks.run(
            lambda: services.save_photo(path, photo),
            saved,
            lambda error: self._fail(self.tr("The photo cannot be exported."), error),
        )
        self._tell_busy(self.tr("Exporting {}…").format(path.name))

    # Work that would be lost

    def after_unsaved(self, then: Callable[[], None]) -> None:
        """Go on now, or after an export, or not at all, as the user wants."""
        document = self._controller.document
        if document is None or not document.is_modified:
            then()
            return
        answer = self.dialogs.ask_unsaved(document.path.name if document.path is not None else self.tr("The photo"))
        if answer is Unsaved.DISCARD:
            then()
        elif answer is Unsaved.EXPORT:
            self.export_as(lambda: self.after_unsaved(then))

    def _tell_busy(self, what: str) -> None:
        self.what = what
        self.busy_changed.emit()

    def _tell_idle(self) -> None:
        """One task has ended; if another is waiting, that one is still being told about."""
        if not self.busy:
            self.what = ""
        self.busy_changed.emit()

    def _fail(self, summary: str, error: Exception) -> None:
        self._tell_idle()
        self._controller.failed.emit(summary, error)

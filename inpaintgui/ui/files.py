"""Opening and exporting: which file, whether work would be lost, and the slow part in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import Box, Photo, Services
from inpaintgui.session.document import Document, DocumentState
from inpaintgui.session.history import Layer, diff
from inpaintgui.session.project import Project, open_project, save_project
from inpaintgui.ui import recent
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs, Unsaved
from inpaintgui.ui.display_colour import converter
from inpaintgui.ui.formats import PROJECT_SUFFIX, RECIPE_SUFFIX, proposed_name
from inpaintgui.ui.jobs import TaskRunner
from inpaintgui.ui.pyramid import PhotoPyramid

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Opened:
    """source: where the photo was opened from. state: what has become of it since, if it comes from a project."""

    source: Path | None
    photo: Photo
    pyramid: PhotoPyramid
    state: DocumentState | None = None


def _load_project(path: Path, services: Services) -> _Opened:
    project = open_project(path, services.decode_photo)
    pyramid = PhotoPyramid(project.photo.pixels, converter(project.photo.metadata.icc))
    whole = Box(0, 0, project.photo.width, project.photo.height)
    for edit in diff(Layer.PIXELS, whole, project.photo.pixels, project.state.pixels):
        pyramid.update(project.state.pixels, edit.box)
    state = project.state
    if path.is_file():  # what was saved as a project is saved; what a crash left is not
        saved = replace(state.history, clean_state=state.history.states[state.history.position])
        state = replace(state, history=saved)
    return _Opened(project.path, project.photo, pyramid, state)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Tells whether a file is still the one that was written; None if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


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
        self._exported_stamp: tuple[int, int] | None = None
        self._project_path: Path | None = None
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

    def open_pasted(self, photo: Photo) -> None:
        """Open a photo that has no file, after asking about unsaved changes."""
        self.after_unsaved(lambda: self._take_pasted(photo))

    def _take_pasted(self, photo: Photo) -> None:
        self._opening += 1
        ticket = self._opening

        def show(opened: _Opened) -> None:
            self._tell_idle()
            if ticket == self._opening:
                self._show(opened, sample=False)

        self._tasks.run(
            lambda: _Opened(None, photo, PhotoPyramid(photo.pixels)),
            show,
            lambda error: self._fail(self.tr("The photo cannot be opened."), error),
        )
        self._tell_busy(self.tr("Opening what was pasted…"))

    def _load(self, path: Path, *, sample: bool) -> None:
        services = self._controller.services
        self._opening += 1
        ticket = self._opening

        def load() -> _Opened:
            if path.suffix.lower() == PROJECT_SUFFIX:
                return _load_project(path, services)
            photo = services.open_photo(path)
            return _Opened(path, photo, PhotoPyramid(photo.pixels, converter(photo.metadata.icc)))

        def show(opened: _Opened) -> None:
            self._tell_idle()
            if ticket != self._opening:  # another photo was asked for meanwhile
                return
            self._show(opened, sample=sample)
            if not sample:
                recent.remember(path)
                self.recent_changed.emit()
            self.opened.emit(path)

        self._tasks.run(load, show, lambda error: self._fail(self.tr("The photo cannot be opened."), error))
        self._tell_busy(self.tr("Opening {}…").format(path.name))

    def _show(self, opened: _Opened, *, sample: bool) -> None:
        self._source, self._is_sample = opened.source, sample
        self._export_path = self._exported_stamp = self._project_path = None
        self._controller.show_photo(opened.photo, opened.pyramid, opened.source, opened.state)
        log.info("opened %s: %d x %d", opened.source, opened.photo.width, opened.photo.height)

    # Projects

    def restore(self, folder: Path, shown: Callable[[], None], failed: Callable[[], None]) -> None:
        """Open the project that is laid out in a folder. Exactly one of ``shown`` and ``failed`` follows."""
        services = self._controller.services

        def show(opened: _Opened) -> None:
            self._tell_idle()
            self._show(opened, sample=False)
            shown()

        def fail(error: Exception) -> None:
            failed()
            self._fail(self.tr("The last session cannot be restored."), error)

        self._tasks.run(lambda: _load_project(folder, services), show, fail)
        self._tell_busy(self.tr("Restoring…"))

    def save_project(self) -> None:
        """Ask where, and save the photo with its mask and history."""
        document = self._controller.document
        if document is None:
            return
        folder = self._source.parent if self._source is not None and not self._is_sample else Path.home()
        name = self._source.stem if self._source is not None else self.tr("untitled")
        path = self.dialogs.ask_project(self._project_path or folder / f"{name}{PROJECT_SUFFIX}")
        if path is None:
            return
        project, state = Project(document.photo, document.freeze(), document.original_path), document.pixel_state

        def saved(_nothing: object) -> None:
            self._tell_idle()
            log.info("saved project %s", path)
            if document is self._controller.document:
                self._project_path = path
                self._controller.apply(document.mark_kept(state=state))
            recent.remember(path)
            self.recent_changed.emit()
            self._controller.message.emit(self.tr("Project saved to {}.").format(path))

        self._tasks.run(
            lambda: save_project(path, project),
            saved,
            lambda error: self._fail(self.tr("The project cannot be saved."), error),
        )
        self._tell_busy(self.tr("Saving {}…").format(path.name))

    # Exporting

    def export(self) -> None:
        """Write to where this photo was exported before, or ask."""
        if self._export_path is None or _stamp(self._export_path) != self._exported_stamp:
            self.export_as()  # never exported, or somebody else has changed that file since
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
        document = self._controller.document
        if document is None:
            return
        photo, state = document.export(), document.pixel_state
        write = self._writing(path, document, photo)

        def saved(notes: tuple[str, ...]) -> None:
            self._tell_idle()
            log.info("exported %s", path)
            if document is self._controller.document:
                self._export_path, self._exported_stamp = path, _stamp(path)
                self._controller.apply(document.mark_saved(path, state=state))
            self._controller.message.emit(" ".join((self.tr("Exported to {}.").format(path), *notes)))
            self.exported.emit(path)
            if then is not None:
                then()

        self._tasks.run(
            write,
            saved,
            lambda error: self._fail(self.tr("The photo cannot be exported."), error),
        )
        self._tell_busy(self.tr("Exporting {}…").format(path.name))

    def _writing(self, path: Path, document: Document, photo: Photo) -> Callable[[], tuple[str, ...]]:
        """What writes an export, and its recipe if one is wanted, without touching the document any more.

        It returns what the user should know about how it was written.
        """
        services, opened, records = self._controller.services, document.photo, document.history.records
        source = self._source.name if self._source is not None else ""
        recipe = path.with_name(path.name + RECIPE_SUFFIX) if self._controller.settings.recipe_sidecar else None

        def write() -> tuple[str, ...]:
            notes = services.save_photo(path, photo)
            if recipe is not None:
                services.save_recipe(recipe, source, opened, photo, records)
            return notes

        return write

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

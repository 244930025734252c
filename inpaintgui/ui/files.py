"""Opening and exporting: which file, whether work would be lost, and the slow part in a thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import Box, Glimpse, Photo, Services
from inpaintgui.sentences import Sentence
from inpaintgui.session.document import DocumentState
from inpaintgui.session.history import Layer, diff
from inpaintgui.session.project import Project, open_project, save_project
from inpaintgui.ui import recent
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs, Unsaved
from inpaintgui.ui.display_colour import converter
from inpaintgui.ui.formats import PROJECT_SUFFIX, RECIPE_SUFFIX, proposed_name
from inpaintgui.ui.jobs import TaskRunner
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.pyramid import PhotoPyramid
from inpaintgui.ui.texts import in_users_language

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
    glimpsed = Signal(object, float)
    """Glimpse of a photo that is being opened, and when it was asked for."""
    opened = Signal(object)
    """Path."""
    exported = Signal(object)
    """Path."""

    def __init__(self, controller: Controller, dialogs: Dialogs) -> None:
        super().__init__(controller)
        self._controller = controller
        self.dialogs = dialogs
        self._tasks = TaskRunner("files", parent=self)
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
        """Ask for photos and open them."""
        opened = self._controller.photos.current
        for path in self.dialogs.ask_open(opened.file.folder if opened is not None else Path.home()):
            self.open_path(path)

    def open_path(self, path: Path, *, sample: bool = False) -> None:
        """Open a photo in a tab of its own. sample: is not remembered as recent."""
        services = self._controller.services
        since = time.perf_counter()

        def seen(glimpse: Glimpse | None) -> None:
            """In whatever thread: the signal takes it to the window's."""
            if glimpse is not None:
                self.glimpsed.emit(glimpse, since)

        def load() -> _Opened:
            if path.suffix.lower() == PROJECT_SUFFIX:
                return _load_project(path, services)
            photo = services.open_photo(path, seen)
            return _Opened(path, photo, PhotoPyramid(photo.pixels, converter(photo.metadata.icc)))

        def show(opened: _Opened) -> None:
            self._tell_idle()
            self._show(opened, sample=sample)
            if not sample:
                recent.remember(path)
                self.recent_changed.emit()
            self.opened.emit(path)

        def fail(error: Exception) -> None:
            self._fail(self.tr("The photo cannot be opened."), error)

        self._tasks.run(lambda: services.glimpse(path), seen, fail)
        self._tasks.run(load, show, fail)
        self._tell_busy(self.tr("Opening {}…").format(path.name))

    def open_pasted(self, photo: Photo) -> None:
        """Open a photo that has no file."""

        def show(opened: _Opened) -> None:
            self._tell_idle()
            self._show(opened, sample=False)

        self._tasks.run(
            lambda: _Opened(None, photo, PhotoPyramid(photo.pixels)),
            show,
            lambda error: self._fail(self.tr("The photo cannot be opened."), error),
        )
        self._tell_busy(self.tr("Opening what was pasted…"))

    def _show(self, opened: _Opened, *, sample: bool) -> OpenPhoto:
        log.info("opened %s: %d x %d", opened.source, opened.photo.width, opened.photo.height)
        return self._controller.show_photo(opened.photo, opened.pyramid, opened.source, opened.state, is_sample=sample)

    def close_photo(self, photo: OpenPhoto | None = None) -> None:
        """Close a tab (the one in front if None), after asking about unsaved changes."""
        photos = self._controller.photos
        closing = photo or photos.current
        if closing is not None:
            self.after_unsaved(lambda: photos.close(closing), closing)

    # Projects

    def restore(self, folder: Path, shown: Callable[[OpenPhoto], None], failed: Callable[[], None]) -> None:
        """Open the project that is laid out in a folder. Exactly one of ``shown`` and ``failed`` follows."""
        services = self._controller.services

        def show(opened: _Opened) -> None:
            self._tell_idle()
            shown(self._show(opened, sample=False))

        def fail(error: Exception) -> None:
            failed()
            self._fail(self.tr("The last session cannot be restored."), error)

        self._tasks.run(lambda: _load_project(folder, services), show, fail)
        self._tell_busy(self.tr("Restoring…"))

    def save_project(self) -> None:
        """Ask where, and save the photo with its mask and history."""
        opened = self._controller.photos.current
        if opened is None:
            return
        document, file = opened.document, opened.file
        name = file.source.stem if file.source is not None else self.tr("untitled")
        path = self.dialogs.ask_project(file.project_path or file.folder / f"{name}{PROJECT_SUFFIX}")
        if path is None:
            return
        project, state = Project(document.photo, document.freeze(), document.original_path), document.pixel_state

        def saved(_nothing: object) -> None:
            self._tell_idle()
            log.info("saved project %s", path)
            file.project_path = path
            self._controller.apply(document.mark_kept(state=state), opened)
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
        opened = self._controller.photos.current
        if opened is None:
            return
        path = opened.file.export_path
        if path is None or _stamp(path) != opened.file.exported_stamp:
            self.export_as()  # never exported, or somebody else has changed that file since
        else:
            self._save(opened, path)

    def export_as(self, then: Callable[[], None] | None = None, photo: OpenPhoto | None = None) -> None:
        """Ask where to write, and write. then: called after success. photo: None for the one in front."""
        opened = photo or self._controller.photos.current
        if opened is None:
            return
        file = opened.file
        path = self.dialogs.ask_export(file.export_path or file.folder / proposed_name(file.source))
        if path is not None:
            self._save(opened, path, then)

    def _save(self, opened: OpenPhoto, path: Path, then: Callable[[], None] | None = None) -> None:
        document = opened.document
        photo, state = document.export(), document.pixel_state
        write = self._writing(path, opened, photo)

        def saved(notes: tuple[Sentence, ...]) -> None:
            self._tell_idle()
            log.info("exported %s", path)
            opened.file.export_path, opened.file.exported_stamp = path, _stamp(path)
            self._controller.apply(document.mark_saved(path, state=state), opened)
            self._controller.message.emit(
                " ".join((self.tr("Exported to {}.").format(path), *map(in_users_language, notes)))
            )
            self.exported.emit(path)
            if then is not None:
                then()

        self._tasks.run(
            write,
            saved,
            lambda error: self._fail(self.tr("The photo cannot be exported."), error),
        )
        self._tell_busy(self.tr("Exporting {}…").format(path.name))

    def _writing(self, path: Path, photo: OpenPhoto, exported: Photo) -> Callable[[], tuple[Sentence, ...]]:
        """What writes an export, and its recipe if one is wanted, without touching the document any more.

        It returns what the user should know about how it was written.
        """
        services, opened, records = self._controller.services, photo.document.photo, photo.document.history.records
        source = photo.file.source.name if photo.file.source is not None else ""
        recipe = path.with_name(path.name + RECIPE_SUFFIX) if self._controller.settings.recipe_sidecar else None

        def write() -> tuple[Sentence, ...]:
            notes = services.save_photo(path, exported)
            if recipe is not None:
                services.save_recipe(recipe, source, opened, exported, records)
            return notes

        return write

    # Work that would be lost

    def after_unsaved(self, then: Callable[[], None], photo: OpenPhoto) -> None:
        """Go on now, or after an export, or not at all, as the user wants. It is asked with the photo in front."""
        document = photo.document
        if not document.is_modified:
            then()
            return
        self._controller.photos.choose(photo)
        answer = self.dialogs.ask_unsaved(document.path.name if document.path is not None else self.tr("The photo"))
        if answer is Unsaved.DISCARD:
            then()
        elif answer is Unsaved.EXPORT:
            self.export_as(lambda: self.after_unsaved(then, photo), photo)

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

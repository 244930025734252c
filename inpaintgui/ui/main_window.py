"""The main window: composes canvas, docks, menus and bars, and says what is enabled. Nothing else."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inpaintgui import settings
from inpaintgui.contracts import Glimpse, Services
from inpaintgui.errors import SaveError
from inpaintgui.ui import actions, icons, theme, window_state
from inpaintgui.ui.autosave import Autosave
from inpaintgui.ui.bars import add_bars
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.commands import Commands
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs
from inpaintgui.ui.docks import Docks
from inpaintgui.ui.enabling import enabled_actions
from inpaintgui.ui.files import Files
from inpaintgui.ui.hints import Hints
from inpaintgui.ui.mask_files import MaskFiles
from inpaintgui.ui.menus import Menus
from inpaintgui.ui.opening_page import OpeningPage
from inpaintgui.ui.original_view import OriginalView
from inpaintgui.ui.photo_tabs import PhotoTabs
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.proposals import ProposalOverlay
from inpaintgui.ui.recovery import Recovery
from inpaintgui.ui.result_handle import ResultHandle
from inpaintgui.ui.status import StatusBar
from inpaintgui.ui.tool_options import ToolOptions
from inpaintgui.ui.welcome import Welcome

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The program's window. Owns the controller and everything that runs for it."""

    def __init__(self, services: Services, user_settings: settings.Settings, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self.controller = Controller(services, user_settings)
        self.controller.setParent(self)
        self.dialogs = dialogs or Dialogs(self)
        self.files = Files(self.controller, self.dialogs)
        self.autosave = Autosave(self.controller)
        self.recovery = Recovery(self.files, self.dialogs)
        self.canvas = Canvas(self.controller)
        self.original = OriginalView(self.controller, self.canvas)
        self.masks = MaskFiles(self.controller, self.dialogs)
        self.proposals = ProposalOverlay(self.canvas, self.controller)
        self.commands = Commands(
            self,
            controller=self.controller,
            files=self.files,
            masks=self.masks,
            canvas=self.canvas,
            original=self.original,
            dialogs=self.dialogs,
        )
        self.actions_by_id = actions.build(self, self.commands.slots())
        self.menus = Menus(self, self.actions_by_id, controller=self.controller, files=self.files, masks=self.masks)
        self.commands.take(self.actions_by_id, self.menus.palette_entries)
        self._theme = user_settings.theme
        self._loaded_engine = self._closed = self._ended = False
        self.all_joined = True
        self._compose()
        self._connect()
        if not window_state.restore(self):
            self._docks.divide()
        self._refresh()

    # Composition

    def _compose(self) -> None:
        """Everything that is seen, but for the menus."""
        self.hints = Hints(self.canvas)
        self.welcome = Welcome(self.actions_by_id["open"])
        self.opening = OpeningPage()
        self._pages = _pages(self.welcome, self._side_by_side(), self.opening)
        self.tabs = PhotoTabs(self.controller, self.files)
        self.setCentralWidget(_stacked(self.tabs, self._pages))
        self._docks = Docks(self, self.controller, self.actions_by_id)
        self.fill_panel, self.history_panel = self._docks.fill, self._docks.history
        self.search_panel = self._docks.search
        self.result_handle = ResultHandle(self.controller)
        add_bars(self, self.actions_by_id, options=ToolOptions(self.controller), handle=self.result_handle)
        self.setStatusBar(StatusBar(self.controller, self.canvas, self.files))
        self.setAcceptDrops(True)
        self.resize(1280, 720)

    def _side_by_side(self) -> QWidget:
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.original, stretch=1)
        layout.addWidget(self.canvas, stretch=1)
        return page

    def _connect(self) -> None:
        controller = self.controller
        controller.document_replaced.connect(self._on_document)
        controller.failed.connect(self._on_failed)
        for changed in (
            controller.changed,
            controller.tool_changed,
            controller.engine_ready,
            controller.fills.started,
            controller.fills.finished,
            controller.fills.failed,
            controller.fills.cancelled,
            controller.fills.cancelling,
            controller.selecting.search.changed,
            controller.explorer.outcome_changed,
            controller.explorer.answer_changed,
            self.files.busy_changed,
            controller.queue.changed,
            controller.photos.row_changed,
        ):
            changed.connect(self._refresh)
        controller.fills.started.connect(lambda: self._compare(on=False))
        self.files.glimpsed.connect(self._on_glimpse)
        self.files.busy_changed.connect(self._show_page)
        controller.settings_changed.connect(self._follow_theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._dress())
        self.commands.hints_wanted.connect(self.hints.begin)
        self.hints.done.connect(window_state.note_hints)
        self.welcome.sample_chosen.connect(lambda path: self.files.open_path(path, sample=True))

    # State

    def _follow_theme(self) -> None:
        if self.controller.settings.theme != self._theme:
            self._dress()

    def _dress(self) -> None:
        """Take the colours of the theme, icons included."""
        application = QApplication.instance()
        self._theme = self.controller.settings.theme
        if isinstance(application, QApplication):
            theme.apply(application, self._theme)
        icons.refresh(self)

    def _on_document(self) -> None:
        self._pages.setCurrentIndex(int(self.controller.document is not None))
        self._compare(on=False)
        self.canvas.setFocus()
        if self.controller.document is not None and not window_state.hints_were_seen():
            self.hints.begin()
        self._refresh()

    def _on_glimpse(self, glimpse: Glimpse, since: float) -> None:
        self.opening.show_glimpse(glimpse, since)
        self._pages.setCurrentWidget(self.opening)

    def _show_page(self) -> None:
        """The photo in front or the welcome, unless a glimpse is shown of a photo that is still being opened."""
        if self._pages.currentWidget() is not self.opening or not self.files.busy:
            self._pages.setCurrentIndex(int(self.controller.document is not None))

    def _on_failed(self, summary: str, error: BaseException) -> None:
        log.error("%s", summary, exc_info=error)
        self.dialogs.show_error(summary, error)

    def _compare(self, *, on: bool) -> None:
        self.actions_by_id["compare"].setChecked(on)
        self.canvas.set_compare(on)

    def _refresh(self, *_: object) -> None:
        """Enable and title what the state allows and says."""
        controller, document = self.controller, self.controller.document
        for name, on in enabled_actions(controller, self.files).items():
            self.actions_by_id[name].setEnabled(on)
        self.actions_by_id[controller.tool].setChecked(True)
        self.actions_by_id["recipe_sidecar"].setChecked(controller.settings.recipe_sidecar)
        self.actions_by_id["show_mask"].setChecked(document is None or document.mask_visible)
        self.setWindowModified(document is not None and document.is_modified)
        path = document.path if document is not None else None
        self.setWindowTitle(f"{path.name}[*] – inpaintgui" if path is not None else "inpaintgui[*]")

    # Window events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._loaded_engine:
            self._loaded_engine = True
            self.controller.load_engine()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # The window's own result, dragged out and back in, is no photo to be opened.
        if _dropped(event) and event.source() is not self.result_handle:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for path in _dropped(event):
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about a batch that runs and about unsaved changes, photo by photo; then cancel and join whatever runs."""
        if not self._closed and self.commands.batch.busy and not self.dialogs.ask_stop_batch():
            event.ignore()
            return
        modified = [photo for photo in self.controller.photos if photo.document.is_modified]
        if not self._closed and modified:
            event.ignore()
            self._ask_and_close(modified)
            return
        self._keep_state()
        # What runs may need a moment to notice; nobody should have to look at a window that is as good as closed.
        self.hide()
        self.all_joined = self._join()
        event.accept()

    def _ask_and_close(self, modified: Sequence[OpenPhoto]) -> None:
        if not modified:
            self._close_for_good()
        else:
            self.files.after_unsaved(lambda: self._ask_and_close(modified[1:]), modified[0])

    def _close_for_good(self) -> None:
        self._closed = True
        # Not at once: Qt passes over a close from within a close event.
        QTimer.singleShot(0, self.close)

    def _join(self) -> bool:
        joined = [
            self.controller.fills.close(),
            self.controller.selecting.close(),
            self.files.close(),
            self.result_handle.close_files(),
            self.commands.batch.close(),
            self._close_autosave(),
        ]
        if not all(joined):
            log.error("work in a thread did not end in time")
        return all(joined)

    def _close_autosave(self) -> bool:
        return self.autosave.save_and_close() if self._ended else self.autosave.close(keep=False)

    def end_session(self) -> None:
        """Close without asking; what was not exported is offered at the next start."""
        self._closed = self._ended = True
        self.close()

    def _keep_state(self) -> None:
        window_state.keep(self)
        try:
            settings.save(self.controller.settings)
        except SaveError as error:
            log.warning("settings: %s", error)


def _dropped(event: QDropEvent) -> tuple[Path, ...]:
    """The local files that are being dropped; none if anything else is among them."""
    urls = event.mimeData().urls()
    return tuple(Path(url.toLocalFile()) for url in urls) if all(url.isLocalFile() for url in urls) else ()


def _pages(*widgets: QWidget) -> QStackedWidget:
    """Widgets of which one is seen."""
    pages = QStackedWidget()
    for widget in widgets:
        pages.addWidget(widget)
    return pages


def _stacked(*widgets: QWidget) -> QWidget:
    """Widgets one below the other, without gaps."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return page

"""The menus: every action in its place, and the lists that change: recent photos, samples, kept masks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu

from inpaintgui.ui import actions, recent
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.files import Files
from inpaintgui.ui.mask_files import MaskFiles
from inpaintgui.ui.palette import Entry
from inpaintgui.ui.welcome import sample_photos, sample_title


class Menus(QObject):
    """Fills the window's menu bar and keeps its lists up to date."""

    def __init__(
        self,
        window: QMainWindow,
        made: Mapping[str, QAction],
        *,
        controller: Controller,
        files: Files,
        masks: MaskFiles,
    ) -> None:
        super().__init__(window)
        self._window, self._controller, self._files, self._masks = window, controller, files, masks
        self._recent = QMenu(self.tr("Open &recent"), window)
        self._kept = QMenu(self.tr("&Recall mask"), window)
        self._samples: list[QMenu] = []
        self._add(made)
        files.recent_changed.connect(self._refresh_recent)
        masks.kept_changed.connect(self._refresh_kept)
        controller.document_replaced.connect(self._refresh_kept)

    def palette_entries(self) -> list[Entry]:
        """What the command palette offers beside the actions: recent photos, kept masks, docks."""
        menus = [self._recent, self._kept, *self._samples]
        found = [Entry(action, actions.without_mnemonic(menu.title())) for menu in menus for action in menu.actions()]
        docks = [dock.toggleViewAction() for dock in self._window.findChildren(QDockWidget)]
        return found + [Entry(action, self.tr("Panels")) for action in docks]

    def _add(self, made: Mapping[str, QAction]) -> None:
        menus = {menu: self._window.menuBar().addMenu(actions.translated(menu)) for menu in actions.MENUS}
        for spec in actions.ACTIONS:
            menu = menus[spec.menu]
            if spec.separated:
                menu.addSeparator()
            menu.addAction(made[spec.id])
            if spec.id == "open":
                menu.addMenu(self._recent)
                self._add_samples(menu)
            if spec.id == "save_mask":
                menu.addMenu(self._kept)
        self._refresh_recent()
        self._refresh_kept()

    def _add_samples(self, menu: QMenu) -> None:
        samples = sample_photos()
        if not samples:
            return
        submenu = menu.addMenu(self.tr("Open a &sample"))
        self._samples.append(submenu)
        for path in samples:
            action = submenu.addAction(sample_title(path))
            action.triggered.connect(lambda _checked=False, chosen=path: self._files.open_path(chosen, sample=True))

    def _refresh_recent(self) -> None:
        self._recent.clear()
        paths_shown = recent.load()
        for path in paths_shown:
            action = self._recent.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, chosen=path: self._files.open_path(chosen))
        self._recent.setToolTipsVisible(True)
        self._recent.setEnabled(bool(paths_shown))

    def _refresh_kept(self) -> None:
        self._kept.clear()
        document = self._controller.document
        names = list(document.saved_masks) if document is not None else []
        for name in names:
            action = self._kept.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, chosen=name: self._masks.recall(chosen))
        self._kept.setEnabled(bool(names))

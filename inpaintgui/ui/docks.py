"""The docks at the window's side: the fill above, history and search in one place below."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.fill_panel import FillPanel
from inpaintgui.ui.panels.history_panel import HistoryPanel
from inpaintgui.ui.panels.search_panel import SearchPanel

_WIDTH = 290
_HEIGHTS = (362, 218)
"""Of the two places, at the first start."""


class Docks(QObject):
    """Adds the docks to a window; their names are what its kept state knows them by."""

    def __init__(self, window: QMainWindow, controller: Controller, actions: dict[str, QAction]) -> None:
        super().__init__(window)
        self._window = window
        self.fill = FillPanel(controller, fill=actions["fill"], cancel=actions["cancel"], new_seed=actions["new_seed"])
        self.history = HistoryPanel(controller)
        self.search = SearchPanel(controller, actions)
        self._upper = self._add("fill_dock", self.tr("Fill"), self.fill)
        history = self._add("history_dock", self.tr("History"), self.history)
        self._lower = self._add("search_dock", self.tr("Search"), self.search)
        self._lower.visibilityChanged.connect(self.search.race.set_in_front)
        window.tabifyDockWidget(history, self._lower)

    def divide(self) -> None:
        """Give the places the sizes of the first start."""
        docks = [self._upper, self._lower]
        self._window.resizeDocks(docks, [_WIDTH, _WIDTH], Qt.Orientation.Horizontal)
        self._window.resizeDocks(docks, list(_HEIGHTS), Qt.Orientation.Vertical)

    def _add(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock

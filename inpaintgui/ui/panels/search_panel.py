"""The search dock: the race while a fill searches, and afterwards what there is to choose from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.outcome_page import OutcomePage
from inpaintgui.ui.panels.race_page import RacePage


class SearchPanel(QWidget):
    """Shows the page that the state asks for."""

    def __init__(self, controller: Controller, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.race = RacePage(controller)
        self.outcome = OutcomePage(controller, actions)
        self.hint = QLabel(
            self.tr(
                "While a fill searches, its leading candidates show here: click to pin, × to drop. "
                "Afterwards: its variations, its steps, and blends."
            )
        )
        self.hint.setObjectName("dim")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        for page in (self.hint, self.race, self.outcome):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self._pages)
        fills = controller.fills
        for changed in (fills.started, fills.finished, fills.failed, fills.cancelled):
            changed.connect(lambda *_: self._show_page())
        fills.started.connect(self.bring_up)
        controller.explorer.outcome_changed.connect(self._show_page)
        controller.explorer.attention.connect(self.focus)
        self._show_page()

    def _show_page(self) -> None:
        has_outcome = self._controller.explorer.outcome is not None
        page = self.race if self._controller.fills.busy else self.outcome if has_outcome else self.hint
        for other in (self.hint, self.race, self.outcome):
            # Only the page that is seen claims room: the window must not grow because of another one.
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        self._pages.setCurrentWidget(page)

    def bring_up(self) -> None:
        """Show this dock in front of those that share its place."""
        dock = self.parent()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()

    def focus(self) -> None:
        """Give the keyboard to the first tile; from there it is back to the canvas."""
        self.bring_up()
        page = self._pages.currentWidget()
        tiles = page.grid.tiles if isinstance(page, RacePage | OutcomePage) else []
        if tiles and tiles[0].isVisible():
            focused = QApplication.focusWidget()
            checked = next((tile for tile in tiles if tile.isVisible() and tile.isChecked()), tiles[0])
            if focused not in tiles:
                checked.setFocus(Qt.FocusReason.ShortcutFocusReason)

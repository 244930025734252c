"""The race: the leading candidates of a search that runs, to be pinned and dropped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from inpaintgui.contracts import Candidate, Race
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.ranking import rank
from inpaintgui.ui.panels.report import losses_text
from inpaintgui.ui.panels.tiles import TILE, Tile, TileGrid

MOST_TILES = 12


def scrolled(widget: QWidget, least: int) -> QScrollArea:
    """A widget that may be taller than its place, without a frame. least: height that it is shown with anyway."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setMinimumHeight(least)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area


class RacePage(QWidget):
    """Follows the controller's fills while it is visible. What it is told goes to the fill's race control."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._race: Race | None = None
        self._order: tuple[int, ...] = ()
        self._in_front = True
        self.headline = QLabel()
        self.headline.setObjectName("dim")
        self.grid = TileGrid()
        for place in range(MOST_TILES):
            tile = Tile(can_drop=True, pins=True)
            tile.clicked.connect(lambda _checked=False, at=place: self._pin(at))
            tile.dropped.connect(lambda at=place: self._drop(at))
            self.grid.add(tile)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.headline)
        layout.addWidget(scrolled(self.grid, TILE.height()), stretch=1)
        controller.fills.started.connect(self.clear)
        controller.fills.race.connect(self.show_race)
        self.clear()
        self._watch()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the dock is seen: one that lies behind others in a tab counts as visible for Qt."""
        self._in_front = in_front
        self._watch()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()

    def _watch(self) -> None:
        self._controller.fills.worker.watch(self._in_front and self.isVisible())

    def clear(self) -> None:
        """No race has been seen yet."""
        self._race, self._order = None, ()
        self.headline.setText(self.tr("The candidates are about to start…"))
        self.grid.show_first(0)

    def show_race(self, race: Race) -> None:
        """The candidates as they stand, the best first as far as that is calm to look at."""
        if self._race is not None and race.region != self._race.region:
            self._order = ()
        self._race = race
        dropped = self._controller.explorer.race.dropped(race.region)
        by_number = {one.number: one for one in race.candidates if one.number not in dropped}
        self._order = rank(self._order, {number: one.losses.total for number, one in by_number.items()})[:MOST_TILES]
        self.headline.setText(self._headline(race))
        best = min(by_number.values(), key=lambda one: one.losses.total, default=None)
        for tile, number in zip(self.grid.tiles, self._order, strict=False):
            self._fill_tile(tile, by_number[number], leads=by_number[number] is best)
        self.grid.show_first(len(self._order))

    def _headline(self, race: Race) -> str:
        text = self.tr("{} of {} candidates. Click pins, × drops.")
        return text.format(min(len(race.candidates), MOST_TILES), race.running)

    def _fill_tile(self, tile: Tile, candidate: Candidate, *, leads: bool) -> None:
        height, width = candidate.image.shape[:2]
        image = QImage(candidate.image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        tile.set_image(image.copy())
        tile.leads = leads
        tile.setText(f"{candidate.losses.total:.4g}")
        pinned = candidate.number in self._controller.explorer.race.pinned(self._race.region if self._race else 0)
        tile.setChecked(pinned)
        state = self.tr("Candidate {}, pinned") if pinned else self.tr("Candidate {}")
        tile.setAccessibleName(state.format(candidate.number + 1))
        tile.setToolTip(f"{state.format(candidate.number + 1)}\n{losses_text(candidate.losses)}")

    def _pin(self, place: int) -> None:
        if self._race is not None and place < len(self._order):
            race, number = self._controller.explorer.race, self._order[place]
            race.pin(self._race.region, number, pinned=number not in race.pinned(self._race.region))
            self.show_race(self._race)

    def _drop(self, place: int) -> None:
        # The last one stays: a race that everybody has left has no result.
        if self._race is not None and place < len(self._order) > 1:
            self._controller.explorer.race.drop(self._race.region, self._order[place])
            self.show_race(self._race)

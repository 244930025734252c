"""What the last fill's searches left: variations to flip through, steps to go back to, blends, and uncertainty."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inpaintgui.contracts import RegionSearch, Variation
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.blend_row import BlendRow, make_slider
from inpaintgui.ui.panels.race_page import scrolled
from inpaintgui.ui.panels.report import fit_text, fit_words, losses_text
from inpaintgui.ui.panels.tiles import TILE, Tile, TileGrid
from inpaintgui.ui.thumbnail import thumbnail

_SMALL_ICON = 16


class OutcomePage(QWidget):
    """Follows the controller's explorer. actions: the window's, by id."""

    def __init__(self, controller: Controller, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._explorer = controller, controller.explorer
        self._search: RegionSearch | None = None
        self._painted = ""
        self.regions = QComboBox()
        self.regions.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.regions.setToolTip(self.tr("The region whose answers are shown"))
        self.regions.activated.connect(self._explorer.look_at)
        self.grid = TileGrid()
        self.answer = QLabel()
        # A long text is cut rather than widening the dock; the tooltip has all of it.
        self.answer.setMinimumWidth(80)
        self.answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.step = QLabel()
        self.steps = make_slider(1, self.tr("Steps of the search"))
        self.steps.valueChanged.connect(self._scrub)
        self.blend = BlendRow()
        self.blend.blended.connect(self._blend)
        self._lay_out(actions)
        explorer = self._explorer
        explorer.outcome_changed.connect(self._on_outcome)
        explorer.answer_changed.connect(self._show_answer)
        explorer.busy_changed.connect(self._show_text)
        self._on_outcome()

    def _lay_out(self, actions: dict[str, QAction]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.regions)
        layout.addWidget(scrolled(self.grid, TILE.height()), stretch=1)
        row = QHBoxLayout()
        row.setSpacing(0)
        for name in ("previous_variation", "next_variation", "", "uncertainty", "forget_search"):
            row.addWidget(_button(actions[name]) if name else self.answer, stretch=0 if name else 1)
        layout.addLayout(row)
        steps = QHBoxLayout()
        steps.addWidget(self.step)
        steps.addWidget(self.steps, stretch=1)
        layout.addLayout(steps)
        layout.addWidget(self.blend)

    # Following

    def _on_outcome(self) -> None:
        regions = self._explorer.regions
        self.regions.clear()
        for number, region in enumerate(regions):
            name = region.search.prior if region.search is not None else self.tr("texture only")
            self.regions.addItem(self.tr("Region {}: {}").format(number + 1, name))
        self.regions.setVisible(len(regions) > 1)
        self._search = None
        self._show_answer()

    def _show_answer(self) -> None:
        explorer = self._explorer
        search = explorer.search
        if search is not self._search:
            self._search = search
            self._show_search(search)
        self.regions.setCurrentIndex(explorer.number)
        shown = explorer.number_shown
        for number, tile in enumerate(self.grid.tiles):
            tile.setChecked(number == shown)
        if shown is not None:
            self._painted = ""
            self.blend.show_variation(shown)
            if shown == 0 and search is not None:
                self._move_steps(len(search.trail) - 1)
        self._show_text()

    def _show_search(self, search: RegionSearch | None) -> None:
        """Another search: its variations and its trail."""
        variations = search.variations if search is not None else ()
        for number in range(len(self.grid.tiles), len(variations)):
            made = Tile()
            made.clicked.connect(lambda _checked=False, chosen=number: self._choose(chosen))
            self.grid.add(made)
        for number, (tile, one) in enumerate(zip(self.grid.tiles, variations, strict=False)):
            tile.set_image(QImage())
            tile.setText(_short(one))
            tile.setAccessibleName(self.tr("Variation {}").format(number + 1))
            tile.setToolTip("\n".join((tile.accessibleName(), *_details(one))))
        self.grid.show_first(len(variations))
        last = len(search.trail) - 1 if search is not None else 0
        with QSignalBlocker(self.steps):
            self.steps.setRange(0, max(last, 0))
            self.steps.setValue(max(last, 0))
        self.steps.setVisible(last > 0)
        self.step.setVisible(last > 0)
        self.blend.set_variations(len(variations))
        self._make_thumbnails(search)

    def _make_thumbnails(self, search: RegionSearch | None) -> None:
        if search is None:
            return

        def take(images: tuple[QImage, ...]) -> None:
            if search is self._search:
                for tile, image in zip(self.grid.tiles, images, strict=False):
                    tile.set_image(image)

        self._controller.fills.tasks.run(
            lambda: tuple(thumbnail(one.patch.pixels) for one in search.variations),
            take,
            lambda error: self._controller.failed.emit(self.tr("The variations cannot be shown."), error),
        )

    def _move_steps(self, step: int) -> None:
        with QSignalBlocker(self.steps):
            self.steps.setValue(step)

    def _show_text(self) -> None:
        """What is in the photo, in words."""
        region, last = self._explorer.region, self.steps.maximum()
        self.step.setText(self.tr("Step {} of {}").format(self.steps.value(), last))
        shown = region.shown if region is not None else None
        number = self._explorer.number_shown
        lines: list[str] = []
        if shown is None:
            pass
        elif self._explorer.busy:
            lines = [self.tr("{}, painting…").format(self._painted)]
        elif number is not None and self._search is not None:
            one = self._search.variations[number]
            title = self.tr("Variation {}").format(number + 1)
            fits = [] if one.fit is None else [fit_words(one.fit)]
            lines = [" · ".join((str(number + 1), *fits)) if fits else title, title, *_details(one)]
        elif self._painted:
            lines = [self._painted, *([losses_text(shown.losses)] if shown.losses is not None else [])]
        else:
            lines = [self.tr("Undone"), self.tr("The fill is undone. Choose a variation to have it back.")]
        self.answer.setText(lines[0] if lines else "")
        self.answer.setToolTip("\n".join(lines[1:]))

    # Wishes

    def _choose(self, number: int) -> None:
        self._explorer.choose(number)
        # The click has checked the tile already; it stays so only once the variation is in the photo.
        self.grid.tiles[number].setChecked(number == self._explorer.number_shown)

    def _scrub(self, step: int) -> None:
        self._painted = self.tr("Step {} of {}").format(step, self.steps.maximum())
        self._explorer.scrub(step)
        self._show_text()

    def _blend(self, first: int, second: int, share: float) -> None:
        self._painted = self.tr("{:.0f} % from {} to {}").format(100 * share, first + 1, second + 1)
        self._explorer.blend(first, second, share)
        self._show_text()


def _button(action: QAction) -> QToolButton:
    """A small button that the keyboard comes to by Tab only."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _short(variation: Variation) -> str:
    loss = f"{variation.losses.total:.4g}"
    return loss if variation.fit is None else f"{100 * variation.fit:.0f} % · {loss}"


def _details(variation: Variation) -> tuple[str, ...]:
    """Its fit, where known, and its losses."""
    losses = losses_text(variation.losses)
    return (losses,) if variation.fit is None else (fit_text(variation.fit), losses)

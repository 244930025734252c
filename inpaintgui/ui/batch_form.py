"""What the batch dialog asks: which photos, what to fill in them, where the results go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inpaintgui.contracts import FOUND, BatchOrder, Existing, FillSettings, Holes
from inpaintgui.ui.formats import open_filters
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

MASK, MASKS = "mask", "masks"
_HOLES = {
    MASK: QT_TRANSLATE_NOOP("Batch", "One mask for all photos"),
    MASKS: QT_TRANSLATE_NOOP("Batch", "A folder with a mask for each photo"),
    "faces": QT_TRANSLATE_NOOP("Batch", "Faces that are found"),
    "people": QT_TRANSLATE_NOOP("Batch", "People who are found"),
}
_EXISTING = {
    Existing.KEEP: QT_TRANSLATE_NOOP("Batch", "Keep them, fill the other photos"),
    Existing.REPLACE: QT_TRANSLATE_NOOP("Batch", "Replace them"),
    Existing.REFUSE: QT_TRANSLATE_NOOP("Batch", "Begin nothing"),
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("Batch", text)


class PathRow(QWidget):
    """A line for a path and a button that asks for it. ask: returns the path, or nothing."""

    changed = Signal()

    def __init__(self, name: str, ask: Callable[[Path], Path | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.button = QPushButton("…")
        self.button.setAccessibleName(self.tr("Choose: {}").format(name))
        self.button.setMaximumWidth(36)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, stretch=1)
        layout.addWidget(self.button)
        self._ask = ask
        self.button.clicked.connect(lambda _checked=False: self._choose())
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.setFocusProxy(self.line)

    @property
    def path(self) -> Path | None:
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def _choose(self) -> None:
        path = self._ask(self.path or Path.home())
        if path is not None:
            self.line.setText(str(path))


class BatchForm(QWidget):
    """The questions. ``changed``: whether an order can be given may be different now."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inputs = QListWidget()
        self.inputs.setAccessibleName(self.tr("Photos and folders"))
        self.inputs.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.inputs.setFixedHeight(110)
        self.holes = QComboBox()
        for kind in (MASK, MASKS, *FOUND):
            self.holes.addItem(_translated(_HOLES.get(kind, kind)), kind)
        self.mask_row = PathRow(self.tr("Mask"), self._ask_mask)
        self.out = PathRow(self.tr("Folder for the results"), self._ask_folder)
        self.existing = QComboBox()
        for what, text in _EXISTING.items():
            self.existing.addItem(_translated(text), what)
        self.jobs = QSpinBox()
        self.jobs.setRange(1, os.cpu_count() or 1)
        self.jobs.setToolTip(self.tr("Each process needs the memory of one fill and a share of the processors."))
        self.recipes = QCheckBox(self.tr("Write a recipe beside each result"))
        self._lay_out()
        self.holes.currentIndexChanged.connect(lambda _index: self._show_mask_row())
        for changed in (self.mask_row.changed, self.out.changed):
            changed.connect(self.changed)
        self._show_mask_row()

    def _lay_out(self) -> None:
        add, folder = QPushButton(self.tr("Add &photos…")), QPushButton(self.tr("Add &folder…"))
        self.remove = QPushButton(self.tr("&Remove"))
        add.clicked.connect(lambda _checked=False: self._ask_photos())
        folder.clicked.connect(lambda _checked=False: self._add_folder())
        self.remove.clicked.connect(lambda _checked=False: self._remove())
        buttons = QVBoxLayout()
        for button in (add, folder, self.remove):
            buttons.addWidget(button)
        buttons.addStretch()
        row = QHBoxLayout()
        row.addWidget(self.inputs, stretch=1)
        row.addLayout(buttons)
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.addRow(self.tr("Photos"), row)
        self.form.addRow(self.tr("Fill"), self.holes)
        self.form.addRow("", self.mask_row)
        self.form.addRow(self.tr("Results in"), self.out)
        self.form.addRow(self.tr("Results that are there"), self.existing)
        self.form.addRow(self.tr("Processes"), self.jobs)
        self.form.addRow("", self.recipes)

    @property
    def ready(self) -> bool:
        """Whether everything that is needed was said."""
        needs_mask = self.holes.currentData() in (MASK, MASKS)
        return self.inputs.count() > 0 and self.out.path is not None and not (needs_mask and self.mask_row.path is None)

    def order(self, settings: FillSettings) -> BatchOrder:
        """What was said, filled with these settings."""
        kind, path = self.holes.currentData(), self.mask_row.path
        holes = {MASK: Holes(mask=path), MASKS: Holes(folder=path)}.get(kind, Holes(find=kind))
        return BatchOrder(
            inputs=tuple(Path(self.inputs.item(row).text()) for row in range(self.inputs.count())),
            holes=holes,
            out=self.out.path or Path(),
            settings=settings,
            existing=Existing(self.existing.currentData()),  # Qt gives the bare text back
            recipes=self.recipes.isChecked(),
            jobs=self.jobs.value(),
        )

    def add(self, paths: list[Path]) -> None:
        """Put photos and folders on the list, each once."""
        known = [self.inputs.item(row).text() for row in range(self.inputs.count())]
        names = dict.fromkeys(map(str, paths))
        self.inputs.addItems([name for name in names if name not in known])
        self.changed.emit()

    def _ask_photos(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add photos"), str(Path.home()), open_filters())
        self.add([Path(name) for name in names])

    def _add_folder(self) -> None:
        folder = self._ask_folder(Path.home())
        if folder is not None:
            self.add([folder])

    def _remove(self) -> None:
        for item in self.inputs.selectedItems():
            self.inputs.takeItem(self.inputs.row(item))
        self.changed.emit()

    def _show_mask_row(self) -> None:
        self.form.setRowVisible(self.mask_row, self.holes.currentData() in (MASK, MASKS))
        self.changed.emit()

    def _ask_mask(self, start: Path) -> Path | None:
        if self.holes.currentData() == MASKS:
            return self._ask_folder(start)
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Mask"), str(start), open_filters())
        return Path(name) if name else None

    def _ask_folder(self, start: Path) -> Path | None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder"), str(start))
        return Path(name) if name else None

"""The dialog that shows which part of an image becomes the mask."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inpaintgui.contracts import Mask

_PREVIEW = 360
_MIDDLE = 128


class MaskImport(QDialog):
    """Shows a grey image at a threshold. grey: uint8 (H, W). size: of the photo that it will be fitted to."""

    def __init__(self, name: str, grey: Mask, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import mask"))
        step = max(1, -(-max(grey.shape) // _PREVIEW))
        self._small = np.ascontiguousarray(grey[::step, ::step])
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.number = QSpinBox()
        for widget in (self.slider, self.number):
            widget.setRange(1, 255)
            widget.setValue(_MIDDLE)
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        self.invert = QCheckBox(self.tr("Dark is the hole"))
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.share = QLabel()
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(self._title(name, grey, size)))
        layout.addWidget(self.picture)
        form = QFormLayout()
        form.addRow(self.tr("&Threshold"), self.slider)
        form.addRow("", self.number)
        form.addRow("", self.invert)
        layout.addLayout(form)
        layout.addWidget(self.share)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.number.valueChanged.connect(self._show)
        self.invert.toggled.connect(self._show)
        self._show()

    def _title(self, name: str, grey: Mask, size: tuple[int, int]) -> str:
        own = f"{grey.shape[1]} × {grey.shape[0]}"
        if (grey.shape[1], grey.shape[0]) == size:
            return self.tr("{}, {} pixels").format(name, own)
        return self.tr("{}, {} pixels, will be scaled to {}").format(name, own, f"{size[0]} × {size[1]}")

    @property
    def chosen(self) -> tuple[int, bool]:
        """Threshold, and whether dark is the hole."""
        return self.number.value(), self.invert.isChecked()

    def _show(self) -> None:
        threshold, invert = self.chosen
        marked = (self._small < threshold) if invert else (self._small >= threshold)
        image = np.where(marked, 255, self._small // 3).astype(np.uint8)
        height, width = image.shape
        shown = QImage(image.data, width, height, width, QImage.Format.Format_Grayscale8)
        self.picture.setPixmap(QPixmap.fromImage(shown.copy()))
        self.share.setText(self.tr("{:.1f} % of the photo becomes the hole").format(100 * float(marked.mean())))

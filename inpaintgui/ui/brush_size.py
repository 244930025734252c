"""The brush size in the tool bar: a slider for the hand, a number for the exact."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QWidget

from inpaintgui.session.brush import LARGEST_BRUSH, SMALLEST_BRUSH
from inpaintgui.ui.controller import Controller

_STEPS = 200
"""Slider positions; they are spaced by equal factors, so that small sizes can be met."""


class BrushSize(QWidget):
    """Follows and sets the controller's brush size."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedWidth(130)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.number = QSpinBox()
        self.number.setRange(round(SMALLEST_BRUSH), round(LARGEST_BRUSH))
        self.number.setSuffix(self.tr(" px"))
        self.number.setKeyboardTracking(False)
        for widget in (self.slider, self.number):
            widget.setToolTip(self.tr("Brush size ([ and ])"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addWidget(QLabel(self.tr("Size")))
        layout.addWidget(self.slider)
        layout.addWidget(self.number)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._show()
        controller.tool_changed.connect(self._show)
        self.slider.valueChanged.connect(lambda value: self._set(_size(value)))
        self.number.valueChanged.connect(self._set)

    def _show(self) -> None:
        size = self._controller.brush.size
        for widget, value in ((self.slider, _position(size)), (self.number, round(size))):
            blocked = widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(blocked)

    def _set(self, size: float) -> None:
        self._controller.set_brush_size(round(size))


def _position(size: float) -> int:
    """The slider position of a size."""
    low, high = 0, _STEPS
    while low < high:
        middle = (low + high) // 2
        if _size(middle) < size:
            low = middle + 1
        else:
            high = middle
    return low


def _size(position: int) -> float:
    """The size at a slider position."""
    return SMALLEST_BRUSH * float((LARGEST_BRUSH / SMALLEST_BRUSH) ** (position / _STEPS))

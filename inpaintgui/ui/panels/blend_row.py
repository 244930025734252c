"""A slider between two variations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

PERCENT = 100


def make_slider(last: int, tip: str) -> QSlider:
    """A horizontal slider from 0 to ``last`` that the keyboard comes to by Tab only."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, last)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    slider.setToolTip(tip)
    slider.setAccessibleName(tip)
    return slider


class BlendRow(QWidget):
    """Which two variations, and how much of the second."""

    blended = Signal(int, int, float)
    """The first, the second, and the share of the second, 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = QComboBox(), QComboBox()
        self.slider = make_slider(PERCENT, self.tr("Blend of two variations"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for box, name in ((self.first, self.tr("First variation")), (self.second, self.tr("Second variation"))):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setToolTip(name)
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(lambda _index: self._tell())
        layout.addWidget(self.first)
        layout.addWidget(self.slider, stretch=1)
        layout.addWidget(self.second)
        self.slider.valueChanged.connect(lambda _value: self._tell())

    def set_variations(self, count: int) -> None:
        """Offer so many; begin with the first and the second."""
        with self._quietly():
            for box, chosen in ((self.first, 0), (self.second, 1)):
                box.clear()
                box.addItems([str(number + 1) for number in range(count)])
                box.setCurrentIndex(min(chosen, count - 1))
            self.slider.setValue(0)
        self.setVisible(count > 1)

    def show_variation(self, number: int) -> None:
        """Move the slider to an end if that is the variation shown there."""
        ends = {self.second.currentIndex(): PERCENT, self.first.currentIndex(): 0}
        if number in ends:
            with self._quietly():
                self.slider.setValue(ends[number])

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        blocker = QSignalBlocker(self.slider)
        yield
        blocker.unblock()

    def _tell(self) -> None:
        self.blended.emit(self.first.currentIndex(), self.second.currentIndex(), self.slider.value() / PERCENT)

"""What the tool in hand can be set to, in the tool bar."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from inpaintgui.session.combining import Combine
from inpaintgui.settings import declaration
from inpaintgui.ui import icons
from inpaintgui.ui.brush_size import BrushSize
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.setting_names import help_of
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP
from inpaintgui.ui.toolbox import ELLIPSE, EXCLUDE, LASSO, PAINTING, POLYGON, RECTANGLE, SELECTING, SMART, SQUARE, WAND

_COMBINE_TEXTS = {
    Combine.ADD: QT_TRANSLATE_NOOP("ToolOptions", "Add to the mask"),
    Combine.SUBTRACT: QT_TRANSLATE_NOOP("ToolOptions", "Take away from the mask (Alt)"),
    Combine.INTERSECT: QT_TRANSLATE_NOOP("ToolOptions", "Keep only what both have (Alt+Shift)"),
    Combine.REPLACE: QT_TRANSLATE_NOOP("ToolOptions", "Replace the mask"),
}
_HINTS = {
    LASSO: QT_TRANSLATE_NOOP("ToolOptions", "Drag around it"),
    POLYGON: QT_TRANSLATE_NOOP("ToolOptions", "Click corners, double-click to close"),
    RECTANGLE: QT_TRANSLATE_NOOP("ToolOptions", "Drag a corner, Shift: square"),
    ELLIPSE: QT_TRANSLATE_NOOP("ToolOptions", "Drag a corner, Shift: circle"),
    WAND: "",
    SMART: QT_TRANSLATE_NOOP("ToolOptions", "Scribble on it, Alt: not this"),
    SQUARE: QT_TRANSLATE_NOOP(
        "ToolOptions", "Drag: what the network sees. Corners, sides and handle change it. Click: automatic"
    ),
}
_ICON = QSize(18, 18)


def _translated(text: str) -> str:
    return QCoreApplication.translate("ToolOptions", text)


class ToolOptions(QStackedWidget):
    """One page for painting, one for selecting; as wide as the widest, so that the bar keeps still."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._painting = _PaintOptions(controller)
        self._selecting = _SelectOptions(controller)
        self.addWidget(self._painting)
        self.addWidget(self._selecting)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        controller.tool_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        painting = self._controller.tool in PAINTING
        self.setCurrentWidget(self._painting if painting else self._selecting)


def _row(widget: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(4, 0, 4, 0)
    layout.setSpacing(4)
    return layout


class _PaintOptions(QWidget):
    """Size, hardness and smoothing of the brush; with the exclusion's brush, a hint and a button that clears it."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._sliders: dict[str, QSlider] = {}
        layout = _row(self)
        layout.addWidget(BrushSize(controller))
        for name, text in (
            ("brush_hardness", QT_TRANSLATE_NOOP("ToolOptions", "Hardness")),
            ("brush_smoothing", QT_TRANSLATE_NOOP("ToolOptions", "Smoothing")),
        ):
            layout.addWidget(QLabel(_translated(text)))
            layout.addWidget(self._slider(name, _translated(text)))
        self.clear = QToolButton()
        self.clear.setText(_translated(QT_TRANSLATE_NOOP("ToolOptions", "Allow all sources")))
        self.clear.setToolTip(
            _translated(
                QT_TRANSLATE_NOOP("ToolOptions", "What is striped is never copied into the hole. Alt: allow it")
            )
        )
        keeps = self.clear.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # the bar is not to move
        self.clear.setSizePolicy(keeps)
        self.clear.clicked.connect(lambda: controller.edit("clear_exclusion"))
        layout.addWidget(self.clear)
        layout.addStretch(1)
        controller.settings_changed.connect(self._show)
        controller.tool_changed.connect(self._show)
        self._show()

    def _slider(self, name: str, text: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName(name)
        slider.setRange(0, 100)
        slider.setFixedWidth(70)
        slider.setAccessibleName(text)
        slider.setToolTip(help_of(declaration(name)))
        slider.valueChanged.connect(lambda value: self._controller.set_setting(name, value / 100))
        self._sliders[name] = slider
        return slider

    def _show(self) -> None:
        self.clear.setVisible(self._controller.tool == EXCLUDE)
        for name, slider in self._sliders.items():
            blocked = slider.blockSignals(True)
            slider.setValue(round(100 * getattr(self._controller.settings, name)))
            slider.blockSignals(blocked)


class _SelectOptions(QWidget):
    """How a selection meets the mask, what the wand takes, and a hint."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        layout = _row(self)
        self.combine = self._combine_buttons(layout)
        self.tolerance_label = QLabel(_translated(QT_TRANSLATE_NOOP("ToolOptions", "Tolerance")))
        self.tolerance = QSpinBox()
        self.tolerance.setObjectName("wand_tolerance")
        self.tolerance.setRange(0, 255)
        self.tolerance.setAccessibleName(self.tolerance_label.text())
        self.tolerance.valueChanged.connect(lambda value: controller.set_setting("wand_tolerance", value))
        self.contiguous = QCheckBox(_translated(QT_TRANSLATE_NOOP("ToolOptions", "Connected only")))
        self.contiguous.toggled.connect(lambda on: controller.set_setting("wand_contiguous", on))
        self.boxes = QCheckBox(_translated(QT_TRANSLATE_NOOP("ToolOptions", "Begin with a box")))
        self.boxes.toggled.connect(controller.set_smart_boxes)
        self.hint = QLabel()
        self.hint.setObjectName("dim")
        for widget in (self.tolerance_label, self.tolerance, self.contiguous, self.boxes, self.hint):
            layout.addWidget(widget)
        layout.addStretch(1)
        controller.tool_changed.connect(self._show)
        self._show()

    def _combine_buttons(self, layout: QHBoxLayout) -> QButtonGroup:
        group = QButtonGroup(self)
        self._hows = list(Combine)
        for number, how in enumerate(self._hows):
            button = QToolButton()
            button.setCheckable(True)
            icons.give(button, f"combine-{how}")
            button.setIconSize(_ICON)
            button.setToolTip(_translated(_COMBINE_TEXTS[how]))
            button.setAccessibleName(_translated(_COMBINE_TEXTS[how]))
            group.addButton(button, number)
            layout.addWidget(button)
        group.idClicked.connect(lambda number: self._controller.set_combine(self._hows[number]))
        return group

    def _show(self) -> None:
        controller, tool = self._controller, self._controller.tool
        for button in self.combine.buttons():
            button.setVisible(tool in SELECTING)
        self.combine.button(self._hows.index(controller.tools.combine)).setChecked(True)
        for widget in (self.tolerance_label, self.tolerance, self.contiguous):
            widget.setVisible(tool == WAND)
        self.boxes.setVisible(tool == SMART)
        self.tolerance.setValue(controller.settings.wand_tolerance)
        self.contiguous.setChecked(controller.settings.wand_contiguous)
        self.boxes.setChecked(controller.tools.smart.boxes)
        self.hint.setText(_translated(_HINTS.get(tool, "")))

"""The settings dialog: a page per heading, a row per declared setting; every change counts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inpaintgui.settings import Declaration, declarations
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.setting_names import SECTIONS, help_of, label_of, section_name, section_of, unit_of, value_name

_HINT_WIDTH = 420


class SettingsDialog(QDialog):
    """Edits the controller's settings. ``editors``: the widget of each setting, by name."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._controller = controller
        self.editors: dict[str, QWidget] = {}
        self._show: dict[str, Callable[[Any], None]] = {}
        pages = QTabWidget()
        for section in SECTIONS:
            pages.addTab(self._page(section), section_name(section))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.RestoreDefaults | QDialogButtonBox.StandardButton.Close
        )
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).clicked.connect(
            lambda _checked=False: self.restore_defaults()
        )
        layout = QVBoxLayout(self)
        layout.addWidget(pages)
        layout.addWidget(buttons)
        controller.settings_changed.connect(self._refresh)
        self._refresh()

    def restore_defaults(self) -> None:
        """All settings as in a fresh installation."""
        for declared in declarations():
            self._controller.set_setting(declared.name, declared.default)

    def _page(self, section: str) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setVerticalSpacing(6)
        for declared in declarations():
            if section_of(declared) != section:
                continue
            editor, show = self._editor(declared)
            editor.setObjectName(declared.name)
            editor.setToolTip(help_of(declared))
            editor.setAccessibleName(label_of(declared))
            editor.setAccessibleDescription(help_of(declared))
            self.editors[declared.name], self._show[declared.name] = editor, show
            form.addRow(label_of(declared), editor)
            hint = QLabel(help_of(declared))
            hint.setObjectName("dim")
            hint.setWordWrap(True)
            hint.setMinimumWidth(_HINT_WIDTH)
            form.addRow("", hint)
        return page

    def _refresh(self) -> None:
        for name, show in self._show.items():
            editor = self.editors[name]
            blocked = editor.blockSignals(True)
            show(getattr(self._controller.settings, name))
            editor.blockSignals(blocked)

    def _editor(self, declared: Declaration) -> tuple[QWidget, Callable[[Any], None]]:
        """The widget for a kind of value, and how to show a value in it."""
        offered = self._offered(declared)
        if offered:
            return self._combo(declared, offered)
        if declared.kind is bool:
            return self._check(declared)
        if declared.kind is int:
            return self._spin(declared)
        if declared.kind is float:
            return self._float_spin(declared)
        return self._line(declared)

    def _offered(self, declared: Declaration) -> tuple[Any, ...]:
        """Values to choose from: declared, or known to the engine."""
        known = {
            "prior": tuple(info.name for info in self._controller.priors),
            "device": self._controller.devices,
        }.get(declared.name)
        return declared.choices if known is None else ("auto", *known)

    def _set(self, name: str, value: object) -> None:
        self._controller.set_setting(name, value)

    def _combo(self, declared: Declaration, values: tuple[Any, ...]) -> tuple[QWidget, Callable[[Any], None]]:
        box = QComboBox()
        for value in values:
            box.addItem(value_name(value), value)

        def show(value: object) -> None:
            if box.findData(value) < 0:
                box.addItem(value_name(value), value)
            box.setCurrentIndex(box.findData(value))

        box.activated.connect(lambda index: self._set(declared.name, box.itemData(index)))
        return box, show

    def _check(self, declared: Declaration) -> tuple[QWidget, Callable[[Any], None]]:
        box = QCheckBox()
        box.toggled.connect(lambda on: self._set(declared.name, on))
        return box, box.setChecked

    def _spin(self, declared: Declaration) -> tuple[QWidget, Callable[[Any], None]]:
        box = QSpinBox()
        low = int(declared.low or 0)
        box.setRange(low - 1 if declared.optional else low, int(declared.high or 0))
        box.setSuffix(unit_of(declared))
        box.setKeyboardTracking(False)
        if declared.optional:
            box.setSpecialValueText(value_name("auto"))
        box.valueChanged.connect(
            lambda value: self._set(declared.name, None if declared.optional and value < low else value)
        )
        return box, lambda value: box.setValue(box.minimum() if value is None else value)

    def _float_spin(self, declared: Declaration) -> tuple[QWidget, Callable[[Any], None]]:
        box = QDoubleSpinBox()
        low, high = declared.low or 0.0, declared.high or 0.0
        fine = high <= 1
        box.setRange(low, high)
        box.setDecimals(2 if fine else 0)
        box.setSingleStep(0.05 if fine else 1.0)
        box.setSuffix(unit_of(declared))
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self._set(declared.name, round(value, 4)))
        return box, box.setValue

    def _line(self, declared: Declaration) -> tuple[QWidget, Callable[[Any], None]]:
        line = QLineEdit()
        line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        line.editingFinished.connect(lambda: self._set(declared.name, line.text()))
        return line, line.setText

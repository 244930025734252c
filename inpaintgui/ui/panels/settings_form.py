"""How to fill: one row per declared fill setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QSizePolicy, QSpinBox, QToolButton, QWidget

from inpaintgui.contracts import PriorInfo
from inpaintgui.settings import Declaration, declaration
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.report import duration_text
from inpaintgui.ui.setting_names import help_of
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

AUTO = "auto"
_SMALL_ICON = 14
"""Logical pixels: no taller with its frame than the field beside it."""
_LABELS = {
    "prior": QT_TRANSLATE_NOOP("FillSettings", "&Prior"),
    "preset": QT_TRANSLATE_NOOP("FillSettings", "&Budget"),
    "candidates": QT_TRANSLATE_NOOP("FillSettings", "C&andidates"),
    "variations": QT_TRANSLATE_NOOP("FillSettings", "&Variations"),
    "seed": QT_TRANSLATE_NOOP("FillSettings", "&Seed"),
    "device": QT_TRANSLATE_NOOP("FillSettings", "&Device"),
}
_NAMES = {
    AUTO: QT_TRANSLATE_NOOP("FillSettings", "Automatic"),
    "draft": QT_TRANSLATE_NOOP("FillSettings", "Draft"),
    "normal": QT_TRANSLATE_NOOP("FillSettings", "Normal"),
    "best": QT_TRANSLATE_NOOP("FillSettings", "Best"),
    "published-bamos": QT_TRANSLATE_NOOP("FillSettings", "Published: Amos 2016"),
    "published-yeh": QT_TRANSLATE_NOOP("FillSettings", "Published: Yeh et al. 2017"),
    "cpu": QT_TRANSLATE_NOOP("FillSettings", "Processor (CPU)"),
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("FillSettings", text)


class SettingsForm(QWidget):
    """Edits the controller's fill settings."""

    def __init__(self, controller: Controller, new_seed: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.prior = self._combo("prior")
        self.preset = self._combo("preset")
        self.candidates = self._spin("candidates")
        self.variations = self._spin("variations")
        self.seed = self._spin("seed")
        self.device = self._combo("device")
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for spin in (self.candidates, self.variations, self.seed):
            spin.setMinimumHeight(self.prior.sizeHint().height())
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name in ("prior", "preset", "candidates", "variations"):
            layout.addRow(_translated(_LABELS[name]), getattr(self, name))
        layout.addRow(_translated(_LABELS["seed"]), self._with_button(self.seed, new_seed))
        layout.addRow(_translated(_LABELS["device"]), self.device)
        self._fill_choices()
        controller.engine_ready.connect(self._fill_choices)
        controller.settings_changed.connect(self._show_settings)

    def _combo(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setToolTip(help_of(declaration(name)))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.activated.connect(lambda index: self._controller.set_setting(name, box.itemData(index)))
        return box

    def _spin(self, name: str) -> QSpinBox:
        declared = declaration(name)
        box = QSpinBox()
        box.setObjectName(name)
        box.setToolTip(help_of(declared))
        box.setRange(*_range(declared))
        if declared.optional:
            box.setSpecialValueText(_translated(QT_TRANSLATE_NOOP("FillSettings", "As budgeted")))
        # What is typed counts at once (Qt's keyboard tracking): Fill takes no focus and so does not end the typing.
        box.valueChanged.connect(lambda value: self._controller.set_setting(name, _value(declared, value)))
        return box

    def _with_button(self, box: QWidget, action: QAction) -> QWidget:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout.addWidget(box)
        layout.addWidget(button)
        return row

    def _fill_choices(self) -> None:
        controller = self._controller
        self.prior.clear()
        self._add(self.prior, AUTO, help_of(declaration("prior")))
        for info in controller.priors:
            self.prior.addItem(info.title, info.name)
            self.prior.setItemData(self.prior.count() - 1, describe(info), Qt.ItemDataRole.ToolTipRole)
        self.preset.clear()
        for choice in declaration("preset").choices:
            self._add(self.preset, choice, "")
        self.device.clear()
        for name in (AUTO, *controller.devices):
            self._add(self.device, name, "")
        self._show_settings()

    def _add(self, box: QComboBox, name: str, tip: str) -> None:
        box.addItem(_translated(_NAMES.get(name, name)), name)
        if tip:
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def show_seconds(self, seconds: Mapping[str, float]) -> None:
        """What a fill would take with each preset, where known, beside the preset's name."""
        for index in range(self.preset.count()):
            name = self.preset.itemData(index)
            shown = _translated(_NAMES.get(name, name))
            self.preset.setItemText(index, f"{shown} · {duration_text(seconds[name])}" if name in seconds else shown)

    def _show_settings(self) -> None:
        settings = self._controller.settings
        for name in ("prior", "preset", "device"):
            box = cast("QComboBox", getattr(self, name))
            value = getattr(settings, name)
            if box.findData(value) < 0 and self._controller.is_engine_ready:
                # Kept from a time when this prior or device existed: say so instead of choosing another in silence.
                missing = _translated(QT_TRANSLATE_NOOP("FillSettings", "{} (missing)")).format(value)
                box.addItem(missing, value)
            box.setCurrentIndex(max(box.findData(value), 0))
        self.prior.setToolTip(self.prior.currentData(Qt.ItemDataRole.ToolTipRole) or help_of(declaration("prior")))
        for name in ("candidates", "variations", "seed"):
            spin = cast("QSpinBox", getattr(self, name))
            value = getattr(settings, name)
            spin.setValue(spin.minimum() if value is None else value)


def _range(declared: Declaration) -> tuple[int, int]:
    low, high = int(declared.low or 0), int(declared.high or 0)
    return (low - 1 if declared.optional else low), high


def _value(declared: Declaration, value: int) -> int | None:
    return None if declared.optional and value < (declared.low or 0) else value


def describe(info: PriorInfo) -> str:
    """A prior's card as a tooltip."""
    rows = (
        (_translated(QT_TRANSLATE_NOOP("FillSettings", "Knows")), info.subject),
        (_translated(QT_TRANSLATE_NOOP("FillSettings", "Network")), f"{info.architecture}, {info.resolution} px"),
        (_translated(QT_TRANSLATE_NOOP("FillSettings", "Licence")), info.licence),
        (_translated(QT_TRANSLATE_NOOP("FillSettings", "Trained on")), info.data),
    )
    return "\n".join([info.title, *(f"{label}: {text}" for label, text in rows)])

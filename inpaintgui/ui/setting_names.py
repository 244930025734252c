"""What settings and their values are called in the window, and under which heading they stand."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from inpaintgui.settings import Declaration
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

GENERAL, CANVAS, TOOLS, FILLING, MEMORY = SECTIONS = (
    QT_TRANSLATE_NOOP("SettingNames", "General"),
    QT_TRANSLATE_NOOP("SettingNames", "Canvas"),
    QT_TRANSLATE_NOOP("SettingNames", "Tools"),
    QT_TRANSLATE_NOOP("SettingNames", "Filling"),
    QT_TRANSLATE_NOOP("SettingNames", "Memory"),
)
LABELS = {
    "language": (GENERAL, QT_TRANSLATE_NOOP("SettingNames", "Language")),
    "theme": (GENERAL, QT_TRANSLATE_NOOP("SettingNames", "Theme")),
    "autosave_seconds": (GENERAL, QT_TRANSLATE_NOOP("SettingNames", "Autosave after")),
    "recipe_sidecar": (GENERAL, QT_TRANSLATE_NOOP("SettingNames", "Recipes beside exports")),
    "wheel_zooms": (CANVAS, QT_TRANSLATE_NOOP("SettingNames", "Wheel zooms")),
    "mask_colour": (CANVAS, QT_TRANSLATE_NOOP("SettingNames", "Mask colour")),
    "mask_opacity": (CANVAS, QT_TRANSLATE_NOOP("SettingNames", "Mask opacity")),
    "brush_size": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Brush size")),
    "brush_hardness": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Brush hardness")),
    "brush_smoothing": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Brush smoothing")),
    "pen_pressure": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Pen pressure changes")),
    "wand_tolerance": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Wand tolerance")),
    "wand_contiguous": (TOOLS, QT_TRANSLATE_NOOP("SettingNames", "Wand: connected only")),
    "prior": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Prior")),
    "preset": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Budget")),
    "candidates": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Candidates")),
    "variations": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Variations")),
    "seed": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Seed")),
    "device": (FILLING, QT_TRANSLATE_NOOP("SettingNames", "Device")),
    "history_megabytes": (MEMORY, QT_TRANSLATE_NOOP("SettingNames", "Undo steps in memory")),
    "history_disk_megabytes": (MEMORY, QT_TRANSLATE_NOOP("SettingNames", "Older undo steps on disk")),
}
_UNITS = {
    "brush_size": QT_TRANSLATE_NOOP("SettingNames", " px"),
    "history_megabytes": QT_TRANSLATE_NOOP("SettingNames", " MB"),
    "history_disk_megabytes": QT_TRANSLATE_NOOP("SettingNames", " MB"),
    "autosave_seconds": QT_TRANSLATE_NOOP("SettingNames", " s"),
}
_VALUES = {
    "auto": QT_TRANSLATE_NOOP("SettingNames", "Automatic"),
    "system": QT_TRANSLATE_NOOP("SettingNames", "As the system"),
    "light": QT_TRANSLATE_NOOP("SettingNames", "Light"),
    "dark": QT_TRANSLATE_NOOP("SettingNames", "Dark"),
    "orange": QT_TRANSLATE_NOOP("SettingNames", "Orange"),
    "blue": QT_TRANSLATE_NOOP("SettingNames", "Blue"),
    "green": QT_TRANSLATE_NOOP("SettingNames", "Green"),
    "magenta": QT_TRANSLATE_NOOP("SettingNames", "Magenta"),
    "size": QT_TRANSLATE_NOOP("SettingNames", "Size"),
    "hardness": QT_TRANSLATE_NOOP("SettingNames", "Hardness"),
    "nothing": QT_TRANSLATE_NOOP("SettingNames", "Nothing"),
    "draft": QT_TRANSLATE_NOOP("SettingNames", "Draft"),
    "normal": QT_TRANSLATE_NOOP("SettingNames", "Normal"),
    "best": QT_TRANSLATE_NOOP("SettingNames", "Best"),
    # Languages are named in themselves, so that everybody finds their own.
    "en": "English",
    "zh_CN": "简体中文",
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("SettingNames", text)


def section_name(section: str) -> str:
    """A heading in the user's language."""
    return _translated(section)


def section_of(declared: Declaration) -> str:
    """One of SECTIONS."""
    return LABELS[declared.name][0]


def label_of(declared: Declaration) -> str:
    """What a setting is called."""
    return _translated(LABELS[declared.name][1])


def help_of(declared: Declaration) -> str:
    """What a setting does, in a sentence."""
    return QCoreApplication.translate("Settings", declared.help)


def unit_of(declared: Declaration) -> str:
    """To stand after the number; may be empty."""
    return _translated(_UNITS[declared.name]) if declared.name in _UNITS else ""


def value_name(value: object) -> str:
    """What a value is called."""
    return _translated(_VALUES.get(str(value), str(value)))

"""Why a prior was chosen, in the user's language: the engine says it in English, in parts that are known here."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

_PARTS = (
    QT_TRANSLATE_NOOP("Reasons", "chosen by the user"),
    QT_TRANSLATE_NOOP("Reasons", "the region lies in a face"),
    QT_TRANSLATE_NOOP("Reasons", "no face was found around the region"),
    QT_TRANSLATE_NOOP("Reasons", "square set by hand"),
    QT_TRANSLATE_NOOP("Reasons", "aligned to the face"),
    QT_TRANSLATE_NOOP("Reasons", "no face was found to align to, so the square is centred on the region"),
    QT_TRANSLATE_NOOP("Reasons", "the prior “{}” does not fit"),
    QT_TRANSLATE_NOOP("Reasons", "goes on from an earlier search"),
    QT_TRANSLATE_NOOP("Reasons", "“{}” for the sake of variations: those of “{}” are nearly alike"),
    QT_TRANSLATE_NOOP("Reasons", "it fits badly (error {}, usually below {}): used all the same"),
    QT_TRANSLATE_NOOP("Reasons", "it fits badly (error {}, usually below {}): texture of the photo only"),
)
_SEPARATOR = QT_TRANSLATE_NOOP("Reasons", "; ")


def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part).replace(r"\{\}", "(.+)"))


_PATTERNS = tuple((_pattern(part), part) for part in _PARTS)


def reason_text(reason: str) -> str:
    """A reason of the engine in the user's language; parts that are not known here stay as they are."""
    separator = QCoreApplication.translate("Reasons", _SEPARATOR)
    return separator.join(_part_text(part) for part in reason.split(_SEPARATOR))


def _part_text(part: str) -> str:
    for pattern, template in _PATTERNS:
        found = pattern.fullmatch(part)
        if found is not None:
            return QCoreApplication.translate("Reasons", template).format(*found.groups())
    return part

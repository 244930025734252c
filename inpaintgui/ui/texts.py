"""Texts in the user's language: marks of those in tables, and the sentences of the program below the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from inpaintgui.errors import InpaintguiError
from inpaintgui.sentences import Sentence
from inpaintgui.translatable import QT_TRANSLATE_NOOP

__all__ = ["QT_TRANSLATE_NOOP", "error_text", "in_users_language"]

_CONTEXT = ""
"""Where Qt's tools put what they collect from calls of a plain function, here of ``say``."""


def in_users_language(text: str) -> str:
    """A :class:`Sentence` translated, and the sentences within it; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    values = {
        name: in_users_language(value) if isinstance(value, str) else value for name, value in text.values.items()
    }
    return QCoreApplication.translate(_CONTEXT, text.template).format(**values)


def error_text(error: BaseException) -> str:
    """What an error says: one of the program's own in the user's language, others as they are."""
    return in_users_language(error.sentence) if isinstance(error, InpaintguiError) else str(error)

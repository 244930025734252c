"""Marks texts in tables for translation, with types."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """The text itself. lupdate collects calls of this name; PySide's own returns an object without a type."""
    del context
    return text

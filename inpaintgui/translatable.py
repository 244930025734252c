"""Marks texts outside of the window for translation. Leaf: nothing is imported."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - Qt's own name, which its tools look for
    """The text itself. lupdate collects calls of this name; PySide's own returns an object without a type."""
    del context
    return text

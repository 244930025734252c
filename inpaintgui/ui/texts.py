"""Marks texts in tables for translation, with types."""

from __future__ import annotations

from inpaintgui.translatable import QT_TRANSLATE_NOOP

__all__ = ["QT_TRANSLATE_NOOP"]

"""File formats as the dialogs name them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

_FORMATS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (QT_TRANSLATE_NOOP("Formats", "JPEG"), (".jpg", ".jpeg")),
    (QT_TRANSLATE_NOOP("Formats", "PNG"), (".png",)),
    (QT_TRANSLATE_NOOP("Formats", "TIFF"), (".tif", ".tiff")),
    (QT_TRANSLATE_NOOP("Formats", "WebP"), (".webp",)),
    (QT_TRANSLATE_NOOP("Formats", "BMP"), (".bmp",)),
)
_READ_ONLY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (QT_TRANSLATE_NOOP("Formats", "HEIC"), (".heic", ".heif")),
    (QT_TRANSLATE_NOOP("Formats", "AVIF"), (".avif",)),
)
PROJECT_SUFFIX = ".inpaint"
RECIPE_SUFFIX = ".recipe.json"
SUFFIXES = tuple(suffix for _, suffixes in _FORMATS for suffix in suffixes)
"""Of what can be written."""
READ_SUFFIXES = (*SUFFIXES, *(suffix for _, suffixes in _READ_ONLY for suffix in suffixes))


OF_THE_FILE_DIALOG = (
    QT_TRANSLATE_NOOP("QFileDialog", "Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of type:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "Folder"),
)
"""Texts of Qt that Qt does not translate into every language that the program speaks; it looks them up here."""


def _translated(text: str) -> str:
    return QCoreApplication.translate("Formats", text)


def _patterns(suffixes: tuple[str, ...]) -> str:
    return " ".join(f"*{suffix} *{suffix.upper()}" for suffix in suffixes)


def open_filters() -> str:
    """For the open dialog: all photos first."""
    everything = _translated(QT_TRANSLATE_NOOP("Formats", "Photos and projects"))
    rows = [f"{everything} ({_patterns((*READ_SUFFIXES, PROJECT_SUFFIX))})"]
    rows += [project_filter()]
    rows += [f"{_translated(name)} ({_patterns(suffixes)})" for name, suffixes in (*_FORMATS, *_READ_ONLY)]
    all_files = _translated(QT_TRANSLATE_NOOP("Formats", "All files"))
    return ";;".join([*rows, f"{all_files} (*)"])


def project_filter() -> str:
    """For saving a project."""
    project = _translated(QT_TRANSLATE_NOOP("Formats", "Project"))
    return f"{project} ({_patterns((PROJECT_SUFFIX,))})"


def export_filters(suffix: str) -> str:
    """For the export dialog: the photo's own format first."""
    own = [row for row in _FORMATS if suffix.lower() in row[1]]
    rows = own + [row for row in _FORMATS if row not in own]
    return ";;".join(f"{_translated(name)} ({_patterns(suffixes)})" for name, suffixes in rows)


def proposed_name(path: Path | None) -> str:
    """NAME-filled.EXT beside the original; PNG where the original's format cannot be written."""
    if path is None:
        return "filled.png"
    suffix = path.suffix if path.suffix.lower() in SUFFIXES else ".png"
    stem = path.stem if path.stem.endswith("-filled") else f"{path.stem}-filled"
    return f"{stem}{suffix}"

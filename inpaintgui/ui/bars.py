"""The tool bars: commands at the top, tools at the left."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

_TOOL_OPTIONS = "tool options"
_RESULT_HANDLE = "result handle"
_TOP_BAR: tuple[tuple[str, ...], ...] = (
    ("open", "export", _RESULT_HANDLE),
    ("undo", "redo"),
    (_TOOL_OPTIONS,),
    ("show_mask", "clear_mask"),
    ("fit", "actual_size", "compare"),
)
_TOOL_BAR: tuple[tuple[str, ...], ...] = (
    ("brush", "eraser", "exclude"),
    ("lasso", "polygon", "rectangle", "ellipse"),
    ("wand", "smart", "find_people", "find_faces"),
    ("square",),
)


def add_bars(window: QMainWindow, made: Mapping[str, QAction], *, options: QWidget, handle: QWidget) -> None:
    """Add both. made: the actions by id. options: of the tool in hand. handle: of the result."""
    widgets = {_TOOL_OPTIONS: options, _RESULT_HANDLE: handle}
    for name, title, area, groups in (
        ("top_bar", QT_TRANSLATE_NOOP("Bars", "Commands"), Qt.ToolBarArea.TopToolBarArea, _TOP_BAR),
        ("tool_bar", QT_TRANSLATE_NOOP("Bars", "Tools"), Qt.ToolBarArea.LeftToolBarArea, _TOOL_BAR),
    ):
        bar = QToolBar(QCoreApplication.translate("Bars", title), window)
        bar.setObjectName(name)
        bar.setMovable(False)
        for number, group in enumerate(groups):
            if number:
                bar.addSeparator()
            for item in group:
                if item in widgets:
                    bar.addWidget(widgets[item])
                else:
                    bar.addAction(made[item])
        window.addToolBar(area, bar)

"""The history: what was done, where in it we are, and a click to go there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from inpaintgui.session.changes import Change, Changed
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

# The session's names for steps; it knows no languages.
STEP_NAMES = (
    QT_TRANSLATE_NOOP("History", "Brush"),
    QT_TRANSLATE_NOOP("History", "Eraser"),
    QT_TRANSLATE_NOOP("History", "Clear mask"),
    QT_TRANSLATE_NOOP("History", "Invert mask"),
    QT_TRANSLATE_NOOP("History", "Fill"),
    QT_TRANSLATE_NOOP("History", "Rectangle"),
    QT_TRANSLATE_NOOP("History", "Ellipse"),
    QT_TRANSLATE_NOOP("History", "Lasso"),
    QT_TRANSLATE_NOOP("History", "Polygon"),
    QT_TRANSLATE_NOOP("History", "Magic wand"),
    QT_TRANSLATE_NOOP("History", "Smart select"),
    QT_TRANSLATE_NOOP("History", "Face"),
    QT_TRANSLATE_NOOP("History", "Grow mask"),
    QT_TRANSLATE_NOOP("History", "Shrink mask"),
    QT_TRANSLATE_NOOP("History", "Feather mask"),
    QT_TRANSLATE_NOOP("History", "Smooth mask"),
    QT_TRANSLATE_NOOP("History", "Fill holes"),
    QT_TRANSLATE_NOOP("History", "Import mask"),
    QT_TRANSLATE_NOOP("History", "Recall mask"),
    QT_TRANSLATE_NOOP("History", "Variation"),
)


class HistoryPanel(QListWidget):
    """Row k is the state after k steps."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.itemClicked.connect(lambda item: self._go_to(self.row(item)))
        controller.changed.connect(self._on_change)
        controller.document_replaced.connect(self.refresh)

    def _go_to(self, position: int) -> None:
        document = self._controller.document
        if document is None:
            return
        self._controller.edit("go_to", position)
        # The click has chosen the row already; during a fill nothing can be undone.
        self.setCurrentRow(document.history.position)

    def _on_change(self, change: Change) -> None:
        if Changed.HISTORY in change.what:
            self.refresh()

    def refresh(self) -> None:
        """Show the document's history anew."""
        self.clear()
        document = self._controller.document
        if document is None:
            return
        history = document.history
        first = (
            QT_TRANSLATE_NOOP("History", "Earlier steps dropped")
            if history.dropped
            else QT_TRANSLATE_NOOP("History", "Opened")
        )
        for index, name in enumerate((first, *(entry.name for entry in history.entries))):
            self.addItem(self._row(QCoreApplication.translate("History", name), undone=index > history.position))
        self.setCurrentRow(history.position)
        self.scrollToItem(self.item(history.position))

    def _row(self, text: str, *, undone: bool) -> QListWidgetItem:
        item = QListWidgetItem(text)
        if undone:
            item.setForeground(self.palette().placeholderText())
            font = QFont(self.font())
            font.setItalic(True)
            item.setFont(font)
        return item

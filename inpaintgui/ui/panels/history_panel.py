"""The history: what was done, where in it we are, and a click to go there."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from inpaintgui.contracts import Box
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.history import HistoryStep, Layer
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.step_picture import THUMBNAIL, thumbnail
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

# The session's names for steps; it knows no languages.
STEP_NAMES = (
    QT_TRANSLATE_NOOP("History", "Brush"),
    QT_TRANSLATE_NOOP("History", "Eraser"),
    QT_TRANSLATE_NOOP("History", "Clear mask"),
    QT_TRANSLATE_NOOP("History", "Exclude sources"),
    QT_TRANSLATE_NOOP("History", "Allow sources"),
    QT_TRANSLATE_NOOP("History", "Clear excluded sources"),
    QT_TRANSLATE_NOOP("History", "Invert mask"),
    QT_TRANSLATE_NOOP("History", "Fill"),
    QT_TRANSLATE_NOOP("History", "Rectangle"),
    QT_TRANSLATE_NOOP("History", "Ellipse"),
    QT_TRANSLATE_NOOP("History", "Lasso"),
    QT_TRANSLATE_NOOP("History", "Polygon"),
    QT_TRANSLATE_NOOP("History", "Magic wand"),
    QT_TRANSLATE_NOOP("History", "Smart select"),
    QT_TRANSLATE_NOOP("History", "Face"),
    QT_TRANSLATE_NOOP("History", "Person"),
    QT_TRANSLATE_NOOP("History", "Grow mask"),
    QT_TRANSLATE_NOOP("History", "Shrink mask"),
    QT_TRANSLATE_NOOP("History", "Feather mask"),
    QT_TRANSLATE_NOOP("History", "Smooth mask"),
    QT_TRANSLATE_NOOP("History", "Fill holes"),
    QT_TRANSLATE_NOOP("History", "Import mask"),
    QT_TRANSLATE_NOOP("History", "Recall mask"),
    QT_TRANSLATE_NOOP("History", "Variation"),
)


@dataclass
class _Pictures:
    """Of the photo as it was opened, and of its steps."""

    opened: QIcon = field(default_factory=QIcon)
    steps: list[tuple[HistoryStep, QIcon]] = field(default_factory=list)


class HistoryPanel(QListWidget):
    """Row k is the state after k steps."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("History"))
        self._pictures: WeakKeyDictionary[OpenPhoto, _Pictures] = WeakKeyDictionary()
        self.itemClicked.connect(lambda item: self._go_to(self.row(item)))
        controller.changed.connect(self._on_change)
        controller.document_replaced.connect(self._on_document)

    @property
    def _of_photo(self) -> _Pictures:
        """Of the photo in front."""
        photo = self._controller.photos.current
        return self._pictures.setdefault(photo, _Pictures()) if photo is not None else _Pictures()

    def _on_document(self) -> None:
        document, photo = self._controller.document, self._controller.photos.current
        if document is not None and photo not in self._pictures and not document.history.steps:
            self._of_photo.opened = QIcon(self._picture(document.box))
        self.refresh()

    def _picture(self, box: Box) -> QPixmap:
        """What the photo and its mask look like now around a box."""
        controller = self._controller
        document, photo, masks = controller.document, controller.photo_pyramid, controller.mask_pyramid
        if document is None or photo is None or masks is None:
            return QPixmap()
        mask = document.mask if document.mask_visible else None
        return thumbnail(photo, masks, mask, box, controller.settings.mask_colour)

    def _icon(self, step: HistoryStep) -> QIcon:
        """Of a step; made when it has just been done, empty for those that come from a project."""
        for known, icon in self._of_photo.steps:
            if known is step:
                return icon
        return QIcon()

    def _make_icons(self) -> None:
        """Picture the newest step, and forget the pictures of steps that are gone."""
        document = self._controller.document
        history = document.history if document is not None else None
        if history is None:
            return
        steps = history.steps
        pictures = self._of_photo
        pictures.steps = [pair for pair in pictures.steps if any(pair[0] is step for step in steps)]
        last = steps[-1] if steps else None
        is_new = last is not None and not any(known is last for known, _ in pictures.steps)
        if last is not None and is_new and history.position == len(steps):
            around = last.box(Layer.MASK).unite(last.box(Layer.PIXELS))
            pictures.steps.append((last, QIcon(self._picture(around))))

    def _go_to(self, position: int) -> None:
        document = self._controller.document
        if document is None:
            return
        self._controller.edit("go_to", position)
        # The click has chosen the row already; a step that does not come back leaves the history where it is.
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
        self._make_icons()
        icons = (self._of_photo.opened, *(self._icon(step) for step in history.steps))
        for index, name in enumerate((first, *(step.name for step in history.steps))):
            row = self._row(QCoreApplication.translate("History", name), undone=index > history.position)
            row.setIcon(icons[index])
            self.addItem(row)
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

"""Dragging the result out of the window, as a file and as a picture."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from inpaintgui.ui import icons
from inpaintgui.ui.clipboard import image_of
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.formats import proposed_name
from inpaintgui.ui.jobs import TaskRunner

log = logging.getLogger(__name__)

_PICTURE = 160
"""Logical pixels of the longer side of what is drawn at the pointer."""


class ResultHandle(QToolButton):
    """To take hold of the result and drop it in a file manager, a mail or another program.

    The file is written when the handle is pressed, in a thread; the drag begins as soon as it is there and the
    pointer has moved. Files live in a temporary folder that is removed when the window closes.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._tasks = TaskRunner("dragging", parent=self)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written: tuple[int, Path] | None = None
        self._pressed_at: QPoint | None = None
        self._moved = False
        icons.give(self, "drag-out")
        self.setToolTip(self.tr("Drag the result to another program or folder"))
        self.setAccessibleName(self.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setEnabled(False)
        controller.document_replaced.connect(self._on_document)

    def close_files(self) -> bool:
        """Join the thread and remove what was written; False if a write hangs."""
        joined = self._tasks.close()
        if joined and self._folder is not None:
            self._folder.cleanup()
        return joined

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._controller.document is not None:
            self._pressed_at, self._moved = event.position().toPoint(), False
            self._write()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        distance = QApplication.startDragDistance()
        if start is not None and (event.position().toPoint() - start).manhattanLength() >= distance:
            self._moved = True
            self._begin()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self._moved:
            self._controller.message.emit(self.tr("Drag this handle to where the result is wanted."))
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def mime_data(self, path: Path) -> QMimeData:
        """What is dropped: the file at ``path``, and the picture itself."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        document = self._controller.document
        if document is not None:
            data.setImageData(image_of(document.pixels))
        return data

    def drag(self, data: QMimeData) -> None:
        """Let the user drop it; returns when that is done."""
        image = data.imageData()
        drag = QDrag(self)
        if isinstance(image, QImage):
            drag.setPixmap(QPixmap.fromImage(image.scaled(_PICTURE, _PICTURE, Qt.AspectRatioMode.KeepAspectRatio)))
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)

    def _on_document(self) -> None:
        self._written = None
        self.setEnabled(self._controller.document is not None)

    def _write(self) -> None:
        photo = self._controller.photos.current
        if photo is None:
            return
        exported, state, services = photo.document.export(), photo.document.pixel_state, self._controller.services
        if self._written is not None and self._written[0] == state:
            return
        self._written = None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="inpaintgui-")
        path = Path(self._folder.name) / proposed_name(photo.file.source)

        def written(_notes: object) -> None:
            if photo is self._controller.photos.current:
                self._written = (state, path)
                if self._moved:
                    self._begin()

        self._tasks.run(
            lambda: services.save_photo(path, exported),
            written,
            lambda error: self._controller.failed.emit(self.tr("The result cannot be dragged out."), error),
        )

    def _begin(self) -> None:
        """Begin the drag, if the button is still down and the file is there."""
        if self._pressed_at is None or self._written is None:
            return
        self._pressed_at = None
        self.setDown(False)
        log.info("dragging %s", self._written[1].name)
        self.drag(self.mime_data(self._written[1]))

"""The row of tabs over the canvas, one for each open photo."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from inpaintgui.ui import icons
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.files import Files
from inpaintgui.ui.photos import OpenPhoto

_CLOSE_ICON = QSize(12, 12)


class PhotoTabs(QTabBar):
    """Follows the open photos; to be seen from the second one on. A star marks what is not exported."""

    def __init__(self, controller: Controller, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._files = controller, files
        self._is_filling = False
        self.setObjectName("photo_tabs")
        self.setAccessibleName(self.tr("Open photos"))
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.currentChanged.connect(self._choose)
        self.tabMoved.connect(controller.photos.move)
        controller.photos.row_changed.connect(self._refresh)
        controller.photos.current_changed.connect(self._refresh)
        controller.photo_changed.connect(lambda _photo, _change: self._title())
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._close(self.tabAt(event.position().toPoint()))
        super().mouseReleaseEvent(event)

    def _choose(self, number: int) -> None:
        if not self._is_filling:
            self._controller.photos.choose_number(number)

    def _close(self, number: int) -> None:
        row = list(self._controller.photos)
        if 0 <= number < len(row):
            self._files.close_photo(row[number])

    def _refresh(self) -> None:
        photos = self._controller.photos
        self._is_filling = True
        while self.count() > len(photos):
            self.removeTab(self.count() - 1)
        while self.count() < len(photos):
            self.setTabButton(self.addTab(""), QTabBar.ButtonPosition.RightSide, self._close_button())
        self._title()
        self.setCurrentIndex(photos.number)
        self._is_filling = False
        self.setVisible(len(photos) > 1)

    def _close_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        icons.give(button, "cancel")
        button.setIconSize(_CLOSE_ICON)
        button.setToolTip(self.tr("Close the photo"))
        button.setAccessibleName(button.toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QTabBar.ButtonPosition.RightSide

        def close() -> None:
            self._close(next((n for n in range(self.count()) if self.tabButton(n, side) is button), -1))

        button.clicked.connect(lambda _checked=False: close())
        return button

    def _title(self) -> None:
        for number, photo in enumerate(self._controller.photos):
            text = self._text(photo)
            if number < self.count() and self.tabText(number) != text:
                self.setTabText(number, text)
                self.setTabToolTip(number, str(photo.document.path or ""))

    def _text(self, photo: OpenPhoto) -> str:
        path = photo.document.path
        name = path.name if path is not None else self.tr("untitled")
        return name.replace("&", "&&") + ("*" if photo.document.is_modified else "")

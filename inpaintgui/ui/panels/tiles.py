"""Small pictures to press: the contestants of a search, the variations of a fill."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

PICTURE = 68
"""Side of a picture in logical pixels; photos are fitted into it."""
_FRAME = 3
_TEXT = 17
TILE = QSize(PICTURE + 2 * _FRAME, PICTURE + 2 * _FRAME + _TEXT)
_GAP = 4
_MARK = 20


class Tile(QAbstractButton):
    """A picture with a line of text. Space, Enter and a click press it; Delete and a click on its × drop it.

    Checked tiles have a frame. The keyboard comes to them by Tab and the arrows, never by a click: Space and Enter
    belong to the canvas.
    """

    dropped = Signal()

    def __init__(self, *, can_drop: bool = False, pins: bool = False, parent: QWidget | None = None) -> None:
        """can_drop: has a ×. pins: a checked one bears a pin."""
        super().__init__(parent)
        self._can_drop, self._pins = can_drop, pins
        self._image = QImage()
        self.leads = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(TILE)

    def set_image(self, image: QImage) -> None:
        """The picture to show."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return TILE

    # Input

    def _cross(self) -> QRect:
        return QRect(self.width() - _MARK - _FRAME, _FRAME, _MARK, _MARK)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._can_drop and self._cross().contains(event.position().toPoint()):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._can_drop and not self.isDown() and self._cross().contains(event.position().toPoint()):
            self.dropped.emit()
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._can_drop and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.dropped.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # The keys of a tile come before the window's shortcuts of the same keys.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space}
            if event.key() in own and not event.modifiers():
                event.accept()
                return True
        return super().event(event)

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        palette = self.palette()
        frame = QRectF(0, 0, self.width(), PICTURE + 2 * _FRAME)
        picture = frame.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
        painter.fillRect(picture, palette.color(QPalette.ColorRole.Base))
        if not self._image.isNull():
            size = QSize(self._image.size()).scaled(picture.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(QPointF(0, 0), size)
            place.moveCenter(picture.center())
            painter.drawImage(place, self._image)
        self._draw_frame(painter, frame)
        if self.isChecked() and self._pins:
            _draw_pin(painter, QPointF(_FRAME + _MARK / 2, _FRAME + _MARK / 2))
        if self._can_drop and (self.underMouse() or self.hasFocus()):
            _draw_cross(painter, QRectF(self._cross()))
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(palette.color(group, QPalette.ColorRole.WindowText))
        font = self.font()
        font.setPixelSize(11)
        font.setBold(self.leads)
        painter.setFont(font)
        text = QRectF(0, frame.bottom(), self.width(), _TEXT)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _draw_frame(self, painter: QPainter, frame: QRectF) -> None:
        palette = self.palette()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Link), _FRAME))
            painter.drawRect(frame.adjusted(1.5, 1.5, -1.5, -1.5))
        elif self.underMouse() and self.isEnabled():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 2))
            painter.drawRect(frame.adjusted(1, 1, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1, Qt.PenStyle.DotLine))
            painter.drawRect(frame.adjusted(4.5, 4.5, -4.5, -4.5))


_DISC, _SIGN = QColor(0, 0, 0, 170), QColor(255, 255, 255)


def _draw_disc(painter: QPainter, centre: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DISC)
    painter.drawEllipse(centre, 8.5, 8.5)


def _draw_pin(painter: QPainter, centre: QPointF) -> None:
    """A drawing pin: head and needle."""
    _draw_disc(painter, centre)
    painter.setBrush(_SIGN)
    painter.drawEllipse(centre - QPointF(0, 2), 3.5, 3.5)
    painter.setPen(QPen(_SIGN, 1.6))
    painter.drawLine(centre + QPointF(0, 1), centre + QPointF(0, 6))


def _draw_cross(painter: QPainter, place: QRectF) -> None:
    centre = place.center()
    _draw_disc(painter, centre)
    painter.setPen(QPen(_SIGN, 1.8))
    painter.drawLine(centre - QPointF(3.5, 3.5), centre + QPointF(3.5, 3.5))
    painter.drawLine(centre + QPointF(-3.5, 3.5), centre + QPointF(3.5, -3.5))


class TileGrid(QWidget):
    """Tiles in rows, as many side by side as the width allows. The arrows lead from one to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[Tile] = []
        self._shown = 0
        self.setMinimumWidth(TILE.width())

    def add(self, tile: Tile) -> None:
        """One more, hidden until :meth:`show_first` reaches it."""
        tile.setParent(self)
        tile.hide()
        tile.installEventFilter(self)
        self.tiles.append(tile)

    def show_first(self, count: int) -> None:
        """Show so many tiles and hide the others."""
        if count != self._shown:
            self._shown = count
            for number, tile in enumerate(self.tiles):
                tile.setVisible(number < count)
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def columns(self) -> int:
        return max(1, (self.width() + _GAP) // (TILE.width() + _GAP))

    def _place(self) -> None:
        columns = self.columns
        for number, tile in enumerate(self.tiles[: self._shown]):
            row, column = divmod(number, columns)
            tile.move(column * (TILE.width() + _GAP), row * (TILE.height() + _GAP))
        rows = -(-self._shown // columns)
        self.setFixedHeight(max(1, rows) * (TILE.height() + _GAP) - _GAP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, Tile):
            steps = {
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_Up: -self.columns,
                Qt.Key.Key_Down: self.columns,
            }.get(Qt.Key(event.key()))
            if steps is not None:
                target = self.tiles.index(watched) + steps
                if 0 <= target < self._shown:
                    self.tiles[target].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

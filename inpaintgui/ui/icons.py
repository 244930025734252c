"""Icons: stroke drawings in SVG whose colour follows the palette."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from inpaintgui import paths

_NAME = "icon_name"
_SIZES = (16, 20, 24, 32, 48)


def icon(name: str) -> QIcon:
    """The icon of that name in the palette's text colour, with a dimmed version for disabled actions."""
    palette = QGuiApplication.palette()
    result = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.WindowText).name()
        for size in _SIZES:
            result.addPixmap(pixmap(name, size, colour), mode)
    return result


def give(owner: QAction | QAbstractButton, name: str) -> None:
    """Set an icon and remember which, so that :func:`refresh` can draw it anew in other colours."""
    owner.setProperty(_NAME, name)
    owner.setIcon(icon(name))


def refresh(root: QObject) -> None:
    """Draw all icons below an object in the palette's present colours."""
    owners: list[QAction | QAbstractButton] = [*root.findChildren(QAction), *root.findChildren(QAbstractButton)]
    for owner in owners:
        name = owner.property(_NAME)
        if name:
            owner.setIcon(icon(str(name)))


def pixmap(name: str, size: int, colour: str) -> QPixmap:
    """One drawing at one size. FileNotFoundError if there is no such icon."""
    source = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    result = QIcon()
    for size in (*_SIZES, 64, 128, 256):
        result.addPixmap(pixmap("app", size, "#ffffff"))
    return result

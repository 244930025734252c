"""Pictures to and from the clipboard."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from inpaintgui.contracts import Photo, Pixels, bounding_box
from inpaintgui.session.changed_pixels import changed_pixels
from inpaintgui.ui.pyramid import to_bgra


def image_of(pixels: Pixels) -> QImage:
    """A photo's pixels (H, W, C) as a picture of its own, in 8 bits."""
    bgra = to_bgra(pixels)
    height, width = bgra.shape[:2]
    return QImage(bgra.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def copy_picture(pixels: Pixels) -> None:
    """Put a photo's pixels on the clipboard, in 8 bits."""
    QGuiApplication.clipboard().setImage(image_of(pixels))


def copy_changes(before: Pixels, after: Pixels) -> bool:
    """Put the box around what changed on the clipboard, all else in it transparent; False if nothing changed."""
    changed = changed_pixels(before, after)
    box = bounding_box(changed)
    if box.is_empty:
        return False
    bgra = to_bgra(after[box.slices])
    bgra[changed[box.slices] == 0] = 0
    image = QImage(bgra.data, box.width, box.height, 4 * box.width, QImage.Format.Format_ARGB32_Premultiplied)
    QGuiApplication.clipboard().setImage(image.copy())
    return True


def pasted_photo() -> Photo | None:
    """The picture on the clipboard as RGB or, if it has alpha, RGBA; None if there is none."""
    image = QGuiApplication.clipboard().image()
    if image.isNull():
        return None
    has_alpha = image.hasAlphaChannel()
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    pixels = rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4)
    return Photo(np.ascontiguousarray(pixels if has_alpha else pixels[..., :3]).copy())

"""Pictures to and from the clipboard."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from inpaintgui.contracts import Photo, Pixels
from inpaintgui.ui.pyramid import to_bgra


def copy_picture(pixels: Pixels) -> None:
    """Put a photo's pixels on the clipboard, in 8 bits."""
    bgra = to_bgra(pixels)
    height, width = bgra.shape[:2]
    image = QImage(bgra.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    QGuiApplication.clipboard().setImage(image.copy())


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

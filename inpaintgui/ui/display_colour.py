"""A photo's colours as the screen shows them. The photo's pixels stay in its own colour space.

Qt reads the ICC profile and converts to sRGB, which is what it assumes of everything that is drawn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColorSpace, QImage

from inpaintgui.contracts import Pixels
from inpaintgui.ui.pyramid import to_bgra

log = logging.getLogger(__name__)

ToBgra = Callable[[Pixels], NDArray[np.uint8]]
"""As :func:`inpaintgui.ui.pyramid.to_bgra`."""

_BAND = 128
"""Rows converted at a time: Qt holds the interpreter's lock meanwhile."""

_PROBE = 17
"""Steps per channel of the colours that decide whether a conversion would be seen at all."""


def converter(icc: bytes | None) -> ToBgra:
    """What turns pixels with this profile into what is drawn; plain :func:`to_bgra` where nothing would change.

    A profile that Qt cannot use is passed over, with a line in the log: the colours are then shown as they are.
    """
    space = _space(icc)
    if space is None:
        return to_bgra
    if space.colorModel() is QColorSpace.ColorModel.Gray:
        return _grey_converter(space)
    return _rgb_converter(space)


def _space(icc: bytes | None) -> QColorSpace | None:
    # Qt prints warnings about a profile without the size and signature of ICC.1, 7.2.2 and 7.2.9.
    if icc is None:
        return None
    whole = icc[36:40] == b"acsp" and int.from_bytes(icc[:4], "big") <= len(icc)
    space = QColorSpace.fromIccProfile(icc) if whole else QColorSpace()
    if not space.isValid():
        log.warning("a colour profile of %d bytes cannot be used for display", len(icc))
        return None
    return space


def _srgb() -> QColorSpace:
    return QColorSpace(QColorSpace.NamedColorSpace.SRgb)


def _grey_converter(space: QColorSpace) -> ToBgra:
    levels = np.arange(256, dtype=np.uint8)[None]
    ramp = QImage(levels.data, 256, 1, 256, QImage.Format.Format_Grayscale8)
    ramp.setColorSpace(space)
    shown = _values(ramp.convertedToColorSpace(_srgb(), QImage.Format.Format_ARGB32))[0, :, 0]
    if int(np.abs(shown.astype(int) - levels[0]).max()) <= 1:
        return to_bgra

    def convert(pixels: Pixels) -> NDArray[np.uint8]:
        narrow = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
        toned = shown[narrow]
        if narrow.shape[2] in (2, 4):
            toned[..., -1] = narrow[..., -1]
        return to_bgra(toned)

    return convert


def _rgb_converter(space: QColorSpace) -> ToBgra:
    steps = np.linspace(0, 255, _PROBE).round().astype(np.uint8)
    probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(_PROBE, -1, 3)

    def convert(pixels: Pixels) -> NDArray[np.uint8]:
        out = to_bgra(pixels)
        for top in range(0, out.shape[0], _BAND):
            out[top : top + _BAND] = _converted(out[top : top + _BAND], space)
        return out

    change = convert(probe)[..., :3].astype(int) - to_bgra(probe)[..., :3]
    return to_bgra if int(np.abs(change).max()) <= 1 else convert


def _converted(bgra: NDArray[np.uint8], space: QColorSpace) -> NDArray[np.uint8]:
    height, width = bgra.shape[:2]
    image = QImage(bgra.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setColorSpace(space)
    return _values(image.convertedToColorSpace(_srgb(), QImage.Format.Format_ARGB32_Premultiplied))


def _values(image: QImage) -> NDArray[np.uint8]:
    """A copy of a 32-bit image's bytes, (H, W, 4) in memory order B, G, R, A."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()

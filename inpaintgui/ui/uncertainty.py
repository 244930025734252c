"""How much the candidates of a search disagreed, as colours over the photo and as a legend for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPalette

from inpaintgui.contracts import Preview, RegionSearch
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

SCALES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Standard deviations that the last colour may stand for; black and white at even odds make the last of them."""
OPACITY = 0.8
# From dark blue over grey to yellow, of steadily growing lightness, after Nunez et al. 2018: people who do not tell
# red from green see the same order, and so does everybody on a grey print.
_STOPS = ((0, 32, 77), (64, 77, 107), (124, 123, 120), (188, 174, 108), (255, 234, 70))
_LEAST_BAR = 190
_GAP = 24


def colours(share: NDArray[np.float32]) -> NDArray[np.uint8]:
    """uint8 RGB (H, W, 3) for float32 (H, W) in [0, 1]; larger values count as 1."""
    ramp = np.linspace(0, 1, len(_STOPS))
    table = np.stack([np.interp(np.linspace(0, 1, 256), ramp, channel) for channel in np.array(_STOPS).T], axis=1)
    index = np.round(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return np.round(table).astype(np.uint8)[index]


@dataclass(frozen=True)
class UncertaintyMap:
    """The maps of all regions, transparent where nothing is uncertain because it is known; one scale for all."""

    scale: float
    images: tuple[PreviewImage, ...]

    @classmethod
    def of(cls, searches: Sequence[RegionSearch]) -> UncertaintyMap:
        """On the smallest scale that all but a few pixels fit on.

        The candidates for one photo may agree ten times better than those for another.
        """
        largest = max((_nearly_largest(search.uncertainty) for search in searches), default=0.0)
        scale = next((one for one in SCALES if largest <= one), SCALES[-1])
        return cls(scale, tuple(_image(search, scale) for search in searches))


def _nearly_largest(uncertainty: NDArray[np.float32]) -> float:
    inside = uncertainty[uncertainty > 0]
    return float(np.quantile(inside, 0.99)) if inside.size else 0.0


def _image(search: RegionSearch, scale: float) -> PreviewImage:
    pixels = colours(search.uncertainty / np.float32(scale))
    return PreviewImage.of(Preview(search.box, pixels, search.uncertainty > 0))


def draw_legend(painter: QPainter, palette: QPalette, scale: float) -> None:
    """What the colours mean, at the top left; in logical pixels. scale: what the last one stands for."""
    certain, uncertain = _translated(_CERTAIN), _translated(_UNCERTAIN).format(100 * scale)
    metrics = painter.fontMetrics()
    width = max(_LEAST_BAR, metrics.horizontalAdvance(certain) + metrics.horizontalAdvance(uncertain) + _GAP)
    bar = QRectF(10, 8, width, 10)
    text = QRectF(bar.left(), bar.bottom() + 3, bar.width(), metrics.height())
    painter.save()
    painter.translate(12, 12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    background = QColor(palette.color(QPalette.ColorRole.Window))
    background.setAlpha(225)
    painter.setBrush(background)
    painter.drawRoundedRect(QRectF(0, 0, bar.right() + 10, text.bottom() + 7), 6, 6)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for number, stop in enumerate(_STOPS):
        gradient.setColorAt(number / (len(_STOPS) - 1), QColor(*stop))
    painter.fillRect(bar, gradient)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft, certain)
    painter.drawText(text, Qt.AlignmentFlag.AlignRight, uncertain)
    painter.restore()


_CERTAIN = QT_TRANSLATE_NOOP("Uncertainty", "candidates agree")
_UNCERTAIN = QT_TRANSLATE_NOOP("Uncertainty", "differ by {:.0f} % or more")


def _translated(text: str) -> str:
    return QCoreApplication.translate("Uncertainty", text)

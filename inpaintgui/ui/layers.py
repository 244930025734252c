"""Drawing of the canvas, layer by layer, in device pixels and only where the painter's clip asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from inpaintgui.contracts import Box, ContextSquare, Mask, bounding_box
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.pyramid import Crop, MaskPyramid, PhotoPyramid, best_level, level_box
from inpaintgui.ui.viewport import Viewport

MASK_COLOURS = {
    # Okabe & Ito's palette, told apart by colour-blind people.
    "orange": (230, 159, 0),
    "blue": (0, 114, 178),
    "green": (0, 158, 115),
    "magenta": (204, 121, 167),
}
_CHECKER_SIDE = 8
_EDGE_FROM = 128
_STRIPE = 5.0
"""Logical pixels along a side that a stripe of a hatching covers."""


@dataclass(frozen=True)
class MaskStyle:
    """How the mask lies on the photo. opacity: of a full hole, 0 to 1; the outline is opaque. hatched: in stripes."""

    colour: str = "orange"
    opacity: float = 0.5
    hatched: bool = False

    def of_exclusion(self) -> MaskStyle:
        """How the exclusion lies beside a mask of this style: striped, and never in the same colour."""
        return MaskStyle("orange" if self.colour == "blue" else "blue", max(self.opacity, 0.5), hatched=True)

    def table(self, *, opacity: float) -> NDArray[np.uint32]:
        """For each mask value the premultiplied ARGB colour, and the outline's as entry 256."""
        alpha = np.arange(257) * (opacity / 255)
        alpha[256] = 1.0
        red, green, blue = (np.round(part * alpha).astype(np.int64) for part in MASK_COLOURS[self.colour])
        return ((np.round(alpha * 255).astype(np.int64) << 24) | (red << 16) | (green << 8) | blue).astype(np.uint32)


def as_image(pixels: NDArray[np.uint8], image_format: QImage.Format) -> QImage:
    """A QImage on the memory of a contiguous uint8 (H, W, 4) array, which must outlive it."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, image_format)


@cache
def checkerboard() -> QBrush:
    """What shows through transparent pixels."""
    tile = QImage(2 * _CHECKER_SIDE, 2 * _CHECKER_SIDE, QImage.Format.Format_RGB32)
    tile.fill(QColor(0x9A, 0x9A, 0x9A))
    painter = QPainter(tile)
    for corner in (0, _CHECKER_SIDE):
        painter.fillRect(corner, corner, _CHECKER_SIDE, _CHECKER_SIDE, QColor(0x77, 0x77, 0x77))
    painter.end()
    return QBrush(tile)


def _enter(painter: QPainter, view: Viewport, level: int, left: int, top: int) -> None:
    """Make the painter count in pixels of a level, from a pixel of that level on."""
    size = 1 << level
    painter.translate(-view.left * view.zoom, -view.top * view.zoom)
    painter.scale(view.zoom * size, view.zoom * size)
    painter.translate(left, top)
    # From 200 % on pixels are shown as they are; between, uneven enlargement would look broken.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.zoom < 2.0)


class PhotoLayer:
    """Draws a photo pyramid."""

    def __init__(self, pyramid: PhotoPyramid) -> None:
        self._pyramid = pyramid
        premultiplied, opaque = QImage.Format.Format_ARGB32_Premultiplied, QImage.Format.Format_RGB32
        self._format = premultiplied if pyramid.has_alpha else opaque
        # On the pyramid's memory: what is updated there is drawn at once. This object keeps the pyramid alive.
        self._images = [as_image(data, self._format) for data in pyramid.levels]

    @property
    def has_alpha(self) -> bool:
        return self._pyramid.has_alpha

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """The photo as it is now."""
        level = best_level(view.zoom, len(self._images))
        painter.save()
        _enter(painter, view, level, 0, 0)
        painter.drawImage(QPointF(0, 0), self._images[level])
        painter.restore()

    def draw_originals(self, painter: QPainter, view: Viewport, background: QBrush) -> None:
        """Over it, the places that changed as they were when the photo was opened. background: shows through."""
        for crop in self._pyramid.originals(best_level(view.zoom, len(self._images))):
            if self._pyramid.has_alpha:
                painter.fillRect(_frame(view, crop), background)
            painter.save()
            _enter(painter, view, crop.level, crop.box.left, crop.box.top)
            painter.drawImage(QPointF(0, 0), as_image(crop.data, self._format))
            painter.restore()


def _frame(view: Viewport, crop: Crop) -> QRectF:
    """Where a crop lies, in device pixels."""
    size = view.zoom * (1 << crop.level)
    left, top = crop.box.left * size - view.left * view.zoom, crop.box.top * size - view.top * view.zoom
    return QRectF(left, top, crop.box.width * size, crop.box.height * size)


def device_size(view: Viewport) -> tuple[int, int]:
    """Width and height of the widget in device pixels, rounded up."""
    return int(view.width * view.ratio) + 1, int(view.height * view.ratio) + 1


def image_rectangle(view: Viewport) -> QRect:
    """The photo's place, cut to a little more than the widget: Qt's integers are too small for all of it."""
    left, top = round(-view.left * view.zoom), round(-view.top * view.zoom)
    right = round((view.image_width - view.left) * view.zoom)
    bottom = round((view.image_height - view.top) * view.zoom)
    width, height = device_size(view)
    left, top, right, bottom = max(left, -1), max(top, -1), min(right, width), min(bottom, height)
    return QRect(left, top, right - left, bottom - top)


def draw_mask(
    painter: QPainter,
    view: Viewport,
    pyramid: MaskPyramid,
    mask: Mask,
    *,
    box: Box,
    style: MaskStyle,
    outline_only: bool = False,
) -> None:
    """The mask's tint and outline inside an image box."""
    level = best_level(view.zoom, pyramid.count)
    # Two pixels more on each side: the outline looks at neighbours, smooth scaling at the crop's rim does not show.
    wanted = pyramid.crop(mask, level, level_box(box, level).grow(2))
    marked = bounding_box(wanted.data)
    if marked.is_empty:
        return
    origin = wanted.box
    crop = pyramid.crop(
        mask,
        level,
        Box(
            origin.left + marked.left,
            origin.top + marked.top,
            origin.left + marked.right,
            origin.top + marked.bottom,
        ).grow(1),
    )
    index = crop.data.astype(np.uint16)
    index[_edge(crop.data, _thickness(view, level))] = 256
    table = style.table(opacity=0.0 if outline_only else style.opacity)
    argb = table[index]
    if style.hatched:
        argb[(index != 256) & _gaps(view, level, crop.box)] = 0
    painter.save()
    _enter(painter, view, level, crop.box.left, crop.box.top)
    height, width = argb.shape
    image = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QPointF(0, 0), image)
    painter.restore()


def _gaps(view: Viewport, level: int, box: Box) -> NDArray[np.bool_]:
    """Where a hatching leaves gaps: diagonal stripes, fixed to the photo, equally wide on the screen at any zoom."""
    size = view.zoom * (1 << level)
    columns, rows = np.arange(box.left, box.right), np.arange(box.top, box.bottom)
    along = (columns[None, :] + rows[:, None]) * (size / (_STRIPE * view.ratio))
    return np.asarray(along.astype(np.int64) % 2 == 1)


def _thickness(view: Viewport, level: int) -> int:
    """Level pixels that make an outline of at least one device pixel."""
    return 1 if view.zoom * (1 << level) >= 0.75 else 2


def _edge(mask: Mask, thickness: int) -> NDArray[np.bool_]:
    """The innermost rim of the hole."""
    inside = mask >= _EDGE_FROM
    core = inside.copy()
    for _ in range(thickness):
        shrunk = core.copy()
        shrunk[1:] &= core[:-1]
        shrunk[:-1] &= core[1:]
        shrunk[:, 1:] &= core[:, :-1]
        shrunk[:, :-1] &= core[:, 1:]
        core = shrunk
    return inside & ~core


def draw_preview(painter: QPainter, view: Viewport, preview: PreviewImage) -> None:
    """The fill so far, inside the hole."""
    level = best_level(view.zoom, len(preview.levels))
    size = 1 << level
    painter.save()
    painter.translate((preview.box.left - view.left) * view.zoom, (preview.box.top - view.top) * view.zoom)
    painter.scale(view.zoom * size, view.zoom * size)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.zoom < 2.0)
    image = as_image(preview.levels[level], QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QPointF(0, 0), image)
    painter.restore()


def draw_squares(painter: QPainter, view: Viewport, squares: Sequence[ContextSquare], *, by_hand: bool) -> None:
    """What priors see: dashed if set by hand, thin if the program chose; visible on any photo."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=any(square.angle for square in squares))
    width = max(1.0, view.ratio)
    line = QPen(QColor(255, 255, 255), width, Qt.PenStyle.CustomDashLine if by_hand else Qt.PenStyle.SolidLine)
    if by_hand:
        line.setDashPattern([5, 4])
    for square in squares:
        frame = QPolygonF([QPointF((x - view.left) * view.zoom, (y - view.top) * view.zoom) for x, y in square.corners])
        for pen in (QPen(QColor(0, 0, 0, 200 if by_hand else 110), 3 * width), line):
            painter.setPen(pen)
            painter.drawPolygon(frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_ring(painter: QPainter, x: float, y: float, radius: float, ratio: float) -> None:
    """The brush's outline around a point; x, y and radius in device pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255, 230), 1.2)):
        painter.setPen(QPen(colour, width * ratio))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

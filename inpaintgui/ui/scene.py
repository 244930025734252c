"""One picture of the canvas: which layers are drawn, in which order, cut to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from inpaintgui.contracts import ContextSquare, Mask
from inpaintgui.session.document import Document
from inpaintgui.session.tools import Sketch
from inpaintgui.ui import layers
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.pyramid import MaskPyramid
from inpaintgui.ui.sketch_layer import draw_sketch
from inpaintgui.ui.uncertainty import OPACITY
from inpaintgui.ui.viewport import Viewport

_MARGIN = 6
"""Logical pixels around the dirty rectangle whose mask is looked at too: outline and smooth scaling reach that far."""


@dataclass(frozen=True)
class Scene:
    """What to draw.

    original: the photo as opened instead of what it is now. split: the original left of this part of the width.
    orders: masks of fills that run or wait.
    exclusions, shows_exclusion: what must not be copied from, and whether it is to be seen.
    squares, automatic: what priors are to see, set by hand, and as the program would choose it.
    sketch: unfinished work of a tool. ring: the brush's centre and radius in logical pixels, if it is to be seen.
    uncertainty: maps to lay over it.
    """

    view: Viewport
    photo: layers.PhotoLayer
    document: Document
    masks: MaskPyramid
    exclusions: MaskPyramid
    shows_exclusion: bool
    orders: Sequence[tuple[Mask, MaskPyramid]]
    style: layers.MaskStyle
    preview: PreviewImage | None
    squares: tuple[ContextSquare, ...]
    automatic: tuple[ContextSquare, ...]
    sketch: Sketch
    original: bool
    split: float | None
    ring: tuple[float, float, float] | None
    uncertainty: tuple[PreviewImage, ...] = ()

    def draw(self, painter: QPainter, dirty: QRect) -> None:
        """Draw with a painter that counts in device pixels. dirty: what is needed, in logical pixels."""
        painter.save()
        painter.setClipRect(layers.image_rectangle(self.view), Qt.ClipOperation.IntersectClip)
        self._draw_photo(painter)
        if not self.original and self.split is None:
            self._draw_overlay(painter, dirty)
        painter.restore()
        if not self.original:
            layers.draw_squares(painter, self.view, self.automatic, by_hand=False)
            layers.draw_squares(painter, self.view, self.squares, by_hand=True)
        if self.sketch and not self.original and self.split is None:
            draw_sketch(painter, self.view, self.sketch)
        if self.split is not None:
            self._draw_split_line(painter)
        elif self.ring is not None:
            x, y, radius = (part * self.view.ratio for part in self.ring)
            layers.draw_ring(painter, x, y, radius, self.view.ratio)

    def _device_height(self) -> int:
        return layers.device_size(self.view)[1]

    def _draw_photo(self, painter: QPainter) -> None:
        background = layers.checkerboard()
        if self.photo.has_alpha:
            painter.fillRect(layers.image_rectangle(self.view), background)
        self.photo.draw(painter, self.view)
        if self.original:
            self.photo.draw_originals(painter, self.view, background)
        elif self.split is not None:
            painter.save()
            painter.setClipRect(QRect(0, 0, self._split_x(), self._device_height()), Qt.ClipOperation.IntersectClip)
            self.photo.draw_originals(painter, self.view, background)
            painter.restore()

    def _draw_overlay(self, painter: QPainter, dirty: QRect) -> None:
        if self.preview is not None:
            layers.draw_preview(painter, self.view, self.preview)
        painter.setOpacity(OPACITY)
        for image in self.uncertainty:
            layers.draw_preview(painter, self.view, image)
        painter.setOpacity(1.0)
        area = dirty.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        box = self.view.image_box(area.left(), area.top(), area.right() + 1, area.bottom() + 1)
        if self.shows_exclusion:
            excluded = box.intersect(self.document.exclusion_box)
            style = self.style.of_exclusion()
            if not excluded.is_empty:
                layers.draw_mask(
                    painter, self.view, self.exclusions, self.document.exclusion, box=excluded, style=style
                )
        if not self.document.mask_visible:
            return
        for mask, outline in self.orders:
            layers.draw_mask(painter, self.view, outline, mask, box=box, style=self.style, outline_only=True)
        layers.draw_mask(
            painter,
            self.view,
            self.masks,
            self.document.mask,
            box=box,
            style=self.style,
            outline_only=self.preview is not None and (not self.orders or self.document.mask_is_submitted),
        )

    def _split_x(self) -> int:
        return round((self.split or 0.0) * self.view.width * self.view.ratio)

    def _draw_split_line(self, painter: QPainter) -> None:
        x, height = self._split_x(), self._device_height()
        painter.fillRect(QRect(x - 2, 0, 4, height), QColor(0, 0, 0, 150))
        painter.fillRect(QRect(x - 1, 0, 2, height), QColor(255, 255, 255))

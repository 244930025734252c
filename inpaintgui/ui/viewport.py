"""The one place that converts between widget and image coordinates.

Three spaces: image pixels (pixel k covers [k, k + 1)), device pixels of the screen, and the widget's logical pixels
(device = logical x ratio). ``zoom`` is device pixels per image pixel, so that 1.0 is 100 % on any screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from inpaintgui.contracts import Box

MAX_ZOOM = 64.0
SMALLEST_SIDE = 32.0
"""The photo cannot be zoomed out further than this longest side, in device pixels."""
ZOOM_STOP = 1.0


@dataclass(frozen=True)
class Viewport:
    """Which part of an image a widget shows, and how large.

    image_width, image_height: pixels. width, height: the widget, logical pixels. ratio: device pixels per logical
    pixel. left, top: the image point at the widget's corner. All changes give a new viewport.
    """

    image_width: int
    image_height: int
    width: float
    height: float
    ratio: float = 1.0
    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Widget point to image point."""
        scale = self.ratio / self.zoom
        return self.left + x * scale, self.top + y * scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """Image point to widget point."""
        scale = self.zoom / self.ratio
        return (x - self.left) * scale, (y - self.top) * scale

    @property
    def scale(self) -> float:
        """Logical pixels per image pixel."""
        return self.zoom / self.ratio

    @property
    def visible(self) -> Box:
        """The image pixels that are at least partly inside the widget; empty if none is."""
        return self.image_box(0, 0, self.width, self.height)

    def image_box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The image pixels that a widget rectangle touches."""
        x0, y0 = self.to_image(left, top)
        x1, y1 = self.to_image(right, bottom)
        touched = Box(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
        return touched.intersect(Box(0, 0, self.image_width, self.image_height))

    def widget_rectangle(self, box: Box) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of an image box in the widget; may lie outside it."""
        return (*self.to_widget(box.left, box.top), *self.to_widget(box.right, box.bottom))

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """Another zoom, with the image point under the widget point (x, y) kept in place."""
        anchor_x, anchor_y = self.to_image(x, y)
        zoom = min(max(zoom, self._min_zoom), MAX_ZOOM)
        scale = self.ratio / zoom
        return replace(self, zoom=zoom, left=anchor_x - x * scale, top=anchor_y - y * scale).settled()

    def zoomed_by(self, factor: float, x: float, y: float) -> Viewport:
        """Zoom in (> 1) or out around a widget point; stops at 100 % on the way past it."""
        zoom = self.zoom * factor
        if min(self.zoom, zoom) < ZOOM_STOP < max(self.zoom, zoom) and not math.isclose(self.zoom, ZOOM_STOP):
            zoom = ZOOM_STOP
        return self.zoomed(zoom, x, y)

    def panned(self, dx: float, dy: float) -> Viewport:
        """The image moved by (dx, dy) logical pixels."""
        scale = self.ratio / self.zoom
        return replace(self, left=self.left - dx * scale, top=self.top - dy * scale).settled()

    def resized(self, width: float, height: float, ratio: float) -> Viewport:
        """For another widget size or screen; the image point in the middle stays there."""
        middle = self.to_image(self.width / 2, self.height / 2)
        changed = replace(self, width=width, height=height, ratio=ratio)
        scale = ratio / changed.zoom
        return replace(changed, left=middle[0] - width / 2 * scale, top=middle[1] - height / 2 * scale).settled()

    def fitted(self, margin: float = 12.0) -> Viewport:
        """The whole image, centred. From 200 % on whole steps only, so that enlarged pixels stay even."""
        if not self.image_width or not self.image_height:
            return self
        free_width = max(self.width - 2 * margin, 1.0) * self.ratio
        free_height = max(self.height - 2 * margin, 1.0) * self.ratio
        zoom = min(free_width / self.image_width, free_height / self.image_height)
        if zoom >= 2.0:
            zoom = float(min(math.floor(zoom), 16))
        zoom = min(max(zoom, self._min_zoom), MAX_ZOOM)
        left = self.image_width / 2 - self.width / 2 * self.ratio / zoom
        top = self.image_height / 2 - self.height / 2 * self.ratio / zoom
        return replace(self, zoom=zoom, left=left, top=top).settled()

    @property
    def _min_zoom(self) -> float:
        return min(1.0, SMALLEST_SIDE / max(self.image_width, self.image_height, 1))

    def settled(self) -> Viewport:
        """Keep some of the image in view, and its corner on a whole device pixel so that 100 % is exact."""
        left = _bounded(self.left, self.width * self.ratio / self.zoom, self.image_width)
        top = _bounded(self.top, self.height * self.ratio / self.zoom, self.image_height)
        return replace(self, left=round(left * self.zoom) / self.zoom, top=round(top * self.zoom) / self.zoom)


def _bounded(start: float, shown: float, size: float) -> float:
    """A start such that the image's edge passes at most the middle of the view."""
    return min(max(start, -shown / 2), size - shown / 2)

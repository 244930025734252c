"""What the canvas shows: the photo, what lies on it, and which part of it is seen how large."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from inpaintgui.contracts import Box
from inpaintgui.session.changes import Change, Changed
from inpaintgui.ui import layers
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.scene import Scene
from inpaintgui.ui.toolbox import EXCLUDE, PAINTING
from inpaintgui.ui.uncertainty import UncertaintyMap, draw_legend
from inpaintgui.ui.viewport import Viewport

log = logging.getLogger(__name__)

SLACK = 3
"""Logical pixels around a changed place that may be drawn differently: smooth scaling and the outline."""


class CanvasView(QWidget):
    """Shows the controller's document and follows its changes; takes no input."""

    view_changed = Signal()
    """Another zoom, or another part of the photo."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.view = Viewport(0, 0, 1, 1)
        self._layer: layers.PhotoLayer | None = None
        self._preview: PreviewImage | None = None
        self._pointer: QPointF | None = None
        self._shows_ring = True
        self._original_held = False
        self._split: float | None = None
        self._fit_pending = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 150)
        controller.photos.leaving.connect(self._on_leaving)
        controller.document_replaced.connect(self._on_document)
        controller.queue.changed.connect(self.update)
        controller.changed.connect(self._on_change)
        controller.settings_changed.connect(self.update)
        controller.fills.preview.connect(self._on_fill_preview)
        controller.fills.finished.connect(self._forget_preview)
        controller.fills.failed.connect(self._forget_preview)
        controller.fills.cancelled.connect(self._forget_preview)
        controller.explorer.preview.connect(self._on_answer)
        controller.explorer.uncertainty_changed.connect(self.update)
        controller.contexts.changed.connect(self.update)

    # What is shown

    @property
    def preview(self) -> PreviewImage | None:
        """What a running fill looks like so far."""
        return self._preview

    @property
    def shows_original(self) -> bool:
        return self._original_held

    @property
    def split(self) -> float | None:
        """Where before meets after, as a part of the widget's width; None without comparison."""
        return self._split

    def set_compare(self, on: bool) -> None:
        """Show the original left of a line that can be dragged."""
        self._split = 0.5 if on else None
        self.update()

    def _on_document(self) -> None:
        document, pyramid = self._controller.document, self._controller.photo_pyramid
        self._preview = None
        if document is None or pyramid is None:
            self._layer = None
            return
        self._layer = layers.PhotoLayer(pyramid)
        self.view = Viewport(document.width, document.height, self.width(), self.height(), self.devicePixelRatioF())
        kept = self._controller.photos.current.view if self._controller.photos.current is not None else None
        if kept is not None:
            self._set_view(kept.resized(self.width(), self.height(), self.devicePixelRatioF()))
            self.update()
            self.view_changed.emit()
            return
        # Before the first layout the size is not known yet.
        self._fit_pending = not self.isVisible()
        self.fit()
        self._log_view()

    def _on_leaving(self, photo: OpenPhoto) -> None:
        photo.view = None if self._fit_pending else self.view

    def _on_change(self, change: Change) -> None:
        if Changed.OVERLAY in change.what:  # a context square may reach beyond the photo, and its line is wide
            self.update()
        elif not change.box.is_empty:
            self.update(self._widget_rectangle(change.box))

    def _on_fill_preview(self, preview: PreviewImage) -> None:
        order = self._controller.queue.running
        if order is not None and order.photo is self._controller.photos.current:
            self._on_preview(preview)

    def _on_preview(self, preview: PreviewImage) -> None:
        first = self._preview is None
        self._preview = preview
        log.debug("preview shown")
        if first:  # the tint makes way for the preview everywhere
            self.update()
        else:
            self.update(self._widget_rectangle(preview.box))

    def _on_answer(self, preview: PreviewImage | None) -> None:
        if preview is not None:
            self._on_preview(preview)
        elif self._preview is not None:
            self._forget_preview()

    def _forget_preview(self) -> None:
        self._preview = None
        self.update()

    def _widget_rectangle(self, box: Box) -> QRect:
        left, top, right, bottom = self.view.widget_rectangle(box)
        exact = QRectF(left, top, right - left, bottom - top).adjusted(-SLACK, -SLACK, SLACK, SLACK)
        return exact.intersected(QRectF(self.rect())).toAlignedRect()

    # The view

    def _set_view(self, view: Viewport) -> None:
        if view != self.view:
            self.view = view
            self._log_view()
            self.update()
            self.view_changed.emit()

    def _log_view(self) -> None:
        corner = self.mapToGlobal(QPoint(0, 0))
        log.debug("canvas at %d, %d, %s", corner.x(), corner.y(), self.view)

    def fit(self) -> None:
        """Show the whole photo."""
        self._set_view(self.view.fitted())
        self.update()
        self.view_changed.emit()

    def zoom_to(self, zoom: float) -> None:
        """Device pixels per image pixel, around the middle."""
        self._set_view(self.view.zoomed(zoom, self.width() / 2, self.height() / 2))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the photo by logical pixels."""
        self._set_view(self.view.panned(dx, dy))

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, around the middle."""
        self._set_view(self.view.zoomed_by(factor, self.width() / 2, self.height() / 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._resize_view()
        super().resizeEvent(event)

    def _resize_view(self) -> None:
        fits = self._fit_pending or self.view == self.view.fitted()
        self.view = self.view.resized(self.width(), self.height(), self.devicePixelRatioF())
        if fits:
            self.view = self.view.fitted()
        self._fit_pending = False
        self.view_changed.emit()
        self._log_view()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize_view()
        return super().event(event)

    def _ring_rectangle(self) -> QRect:
        if self._pointer is None or self._layer is None:
            return QRect()
        reach = self._ring_radius() + SLACK
        corner = self._pointer - QPointF(reach, reach)
        return QRectF(corner.x(), corner.y(), 2 * reach, 2 * reach).toAlignedRect().intersected(self.rect())

    def _ring_radius(self) -> float:
        return self._controller.brush.size / 2 * self.view.scale

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().dark())
        photo = self._controller.photos.current
        if self._layer is not None and photo is not None:
            document = photo.document
            painter.setClipRegion(event.region())
            ratio = self.view.ratio
            painter.scale(1 / ratio, 1 / ratio)
            uncertainty = self._uncertainty()
            scene = Scene(
                view=self.view,
                photo=self._layer,
                document=document,
                masks=photo.mask_pyramid,
                exclusions=photo.exclusion_pyramid,
                orders=tuple((one.mask, one.outline) for one in self._controller.queue.orders_of(photo)),
                shows_exclusion=document.mask_visible or self._controller.tool == EXCLUDE,
                style=layers.MaskStyle(self._controller.settings.mask_colour, self._controller.settings.mask_opacity),
                preview=self._preview,
                squares=self._controller.square.squares,
                automatic=self._controller.contexts.shown,
                sketch=self._controller.sketch,
                original=self._original_held,
                split=self._split,
                ring=self._ring(),
                uncertainty=uncertainty.images if uncertainty is not None else (),
            )
            scene.draw(painter, event.rect())
            if uncertainty is not None:
                painter.resetTransform()
                draw_legend(painter, self.palette(), uncertainty.scale)
        painter.end()

    def _uncertainty(self) -> UncertaintyMap | None:
        explorer = self._controller.explorer
        hidden = not explorer.shows_uncertainty or self._original_held or self._split is not None
        return None if hidden or self._preview is not None else explorer.uncertainty

    def _ring(self) -> tuple[float, float, float] | None:
        if self._pointer is None or not self._shows_ring or self._controller.tool not in PAINTING:
            return None
        return self._pointer.x(), self._pointer.y(), self._ring_radius()

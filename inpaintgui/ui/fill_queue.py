"""Fills one after the other: while one is searched the next mask is painted, and each result lands in its place."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from inpaintgui.contracts import FillRequest, FillSettings, Mask, Start
from inpaintgui.session.fills import ReadyFill
from inpaintgui.session.layers import MaskSnapshot
from inpaintgui.ui.photos import OpenPhoto
from inpaintgui.ui.pyramid import MaskPyramid

if TYPE_CHECKING:
    from inpaintgui.ui.controller import Controller

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Order:
    """A fill that runs or waits. Its pixels are those of the photo when it begins, so that fills before it count.

    mask, exclusion: as in :class:`FillRequest`, never to change. submitted: the document's note of the mask. outline:
    of the mask, to draw it from.
    """

    photo: OpenPhoto
    mask: Mask
    exclusion: Mask | None
    settings: FillSettings
    starts: tuple[Start, ...]
    submitted: MaskSnapshot
    outline: MaskPyramid


class FillQueue(QObject):
    """Starts orders in turn, and puts what comes of them into their photos, in front or not."""

    changed = Signal()
    """Orders have come or gone."""
    _advance = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._running: Order | None = None
        self._request: FillRequest | None = None
        self._ready: ReadyFill | None = None
        self._waiting: deque[Order] = deque()
        fills = controller.fills
        fills.finished.connect(self._on_finished)
        fills.failed.connect(self._on_failed)
        fills.cancelled.connect(self._on_cancelled)
        controller.photos.closed.connect(self._forget)
        # Later, so that everybody has heard of the end of one fill before the next one starts.
        self._advance.connect(self._next, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> Order | None:
        """The order that is being filled, or whose result waits for a stroke to end."""
        return self._running

    @property
    def waiting(self) -> tuple[Order, ...]:
        return tuple(self._waiting)

    def orders_of(self, photo: OpenPhoto | None) -> tuple[Order, ...]:
        """Those of one photo, in their order."""
        running = () if self._running is None else (self._running,)
        return tuple(order for order in (*running, *self._waiting) if order.photo is photo)

    def submit(self, photo: OpenPhoto, settings: FillSettings, starts: tuple[Start, ...]) -> None:
        """Fill the photo's mask as it is now, after all that was submitted before. Raises BadInputError."""
        document = photo.document
        mask, exclusion = document.masks_to_fill()
        outline = MaskPyramid(document.height, document.width)
        outline.update(mask, document.mask_box)
        self._waiting.append(Order(photo, mask, exclusion, settings, starts, document.submit(), outline))
        if self._running is None:
            self._next()
        else:
            self._controller.message.emit(self.tr("Queued. Fills that wait: {}.").format(len(self._waiting)))
        self.changed.emit()

    def drop_waiting(self) -> None:
        """Give up what has not begun."""
        for order in self._waiting:
            order.photo.document.withdraw(order.submitted)
        self._waiting.clear()
        self.changed.emit()

    def settle(self) -> None:
        """Put a result that has come into its photo, unless something is being painted there just now."""
        order, request, ready = self._running, self._request, self._ready
        if order is None or request is None or ready is None or order.photo.document.stroke_open:
            return
        self._ready = None
        change = order.photo.document.apply_fill(ready, submitted=order.submitted)
        if change is None:
            log.info("fill dropped: its pixels changed meanwhile")
            self._end()
            text = self.tr("The photo changed where it was being filled, so the result was dropped.")
            self._controller.message.emit(text)
            return
        self._end()
        log.info("fill finished: %.2f s", ready.report.seconds)
        self._controller.take_fill(order.photo, change, ready, request)

    def _next(self) -> None:
        if self._running is not None or not self._waiting:
            return
        controller = self._controller
        order = self._running = self._waiting.popleft()
        request = order.photo.document.request_of(order.mask, order.exclusion, order.settings)
        self._request = FillRequest(
            request.pixels,
            request.mask,
            request.settings,
            request.pixel_state,
            starts=order.starts,
            race=controller.explorer.begin(),
            exclusion=request.exclusion,
        )
        log.info("fill started: %s, %d starts", order.settings, len(order.starts))
        controller.fills.start(self._request, order.photo.photo_pyramid.convert)
        self.changed.emit()

    def _end(self) -> None:
        """The running order has come to its end, in whatever way."""
        order, self._running, self._request = self._running, None, None
        if order is not None:
            order.photo.document.withdraw(order.submitted)
        self.changed.emit()
        self._advance.emit()

    def _on_finished(self, ready: ReadyFill) -> None:
        self._ready = ready
        self.settle()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self._controller.failed.emit(self.tr("The fill did not succeed."), error)

    def _on_cancelled(self) -> None:
        log.info("fill cancelled")
        self._end()
        self._controller.message.emit(self.tr("Fill cancelled. Nothing was changed."))

    def _forget(self, photo: OpenPhoto) -> None:
        """A photo was closed: nobody wants its fills."""
        self._waiting = deque(order for order in self._waiting if order.photo is not photo)
        if self._running is not None and self._running.photo is photo:
            if self._ready is not None:
                self._ready = None
                self._end()
            else:
                self._controller.fills.cancel()
        self.changed.emit()

"""What was found, on the canvas: frame, silhouette and chip for each, to accept or reject, and a bar for all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from inpaintgui.selecting import MaskPart, Proposal
from inpaintgui.ui import icons
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.chip_places import GAP, chip_places
from inpaintgui.ui.controller import Controller

_FRAME = QColor(86, 180, 233)
_TINT = 110
"""Opacity of a silhouette, 0 to 255."""
_LARGEST_TINT = 1024
"""Longest side of its picture."""


class Chip(QFrame):
    """One proposal: its name, accept, reject."""

    def __init__(self, text: str, accept: Callable[[], None], reject: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setAutoFillBackground(True)
        self.setAccessibleName(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 1, 2, 1)
        layout.setSpacing(0)
        layout.addWidget(QLabel(text))
        self.accept = _button("accept", self.tr("Select {}").format(text), accept)
        self.reject = _button("cancel", self.tr("Reject {}").format(text), reject)
        layout.addWidget(self.accept)
        layout.addWidget(self.reject)


def _button(icon: str, text: str, slot: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    icons.give(button, icon)
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked=False: slot())
    return button


def silhouette_image(part: MaskPart) -> QImage:
    """A part as a translucent picture of its box, reduced if it is large."""
    step = -(-max(part.values.shape) // _LARGEST_TINT)
    covered = part.values[::step, ::step] > 0
    pixels = np.zeros((*covered.shape, 4), np.uint8)
    pixels[covered] = [channel * _TINT // 255 for channel in (_FRAME.blue(), _FRAME.green(), _FRAME.red(), 255)]
    height, width = covered.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


class _Frames(QWidget):
    """Frames and silhouettes, on top of the canvas; it lets the mouse through."""

    def __init__(self, canvas: Canvas, controller: Controller) -> None:
        super().__init__(canvas)
        self._canvas, self._controller = canvas, controller
        self._silhouettes: list[tuple[Proposal, QImage]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def follow(self) -> None:
        """Take the silhouettes of what is proposed now."""
        earlier = self._silhouettes
        self._silhouettes = [
            next((kept for kept in earlier if kept[0] is proposal), None) or (proposal, silhouette_image(proposal.part))
            for proposal in self._controller.selecting.proposals
        ]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for proposal, silhouette in self._silhouettes:
            left, top, right, bottom = self._canvas.view.widget_rectangle(proposal.part.box)
            painter.drawImage(QRectF(left, top, right - left, bottom - top), silhouette)
            left, top, right, bottom = self._canvas.view.widget_rectangle(proposal.box)
            frame = QRectF(left, top, right - left, bottom - top)
            for colour, width in ((QColor(0, 0, 0, 170), 4.0), (_FRAME, 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawRoundedRect(frame, 4, 4)
        painter.end()


def _strip_layout(strip: QFrame) -> QHBoxLayout:
    """Make the frame look like a strip over the canvas; returns the layout of what goes into it."""
    strip.setObjectName("chip")
    strip.setAutoFillBackground(True)
    strip.setBackgroundRole(QPalette.ColorRole.Window)
    layout = QHBoxLayout(strip)
    layout.setContentsMargins(10, 4, 6, 4)
    return layout


class SearchBar(QFrame):
    """How far a search is, and the button that ends it; at the top of the canvas while one runs."""

    def __init__(self, canvas: Canvas, controller: Controller) -> None:
        super().__init__(canvas)
        self._canvas, self._selecting = canvas, controller.selecting
        layout = _strip_layout(self)
        self.label = QLabel()
        layout.addWidget(self.label)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(lambda _checked=False: self._selecting.cancel_search())
        layout.addWidget(self.cancel)
        self.hide()

    def follow(self) -> None:
        """Show how far the search is, where the canvas is now; or nothing."""
        search = self._selecting.search
        self.label.setText(self.tr("Looking for people… {:.0f} %").format(100 * search.progress))
        self.adjustSize()
        self.move((self._canvas.width() - self.width()) // 2, 2 * GAP)
        self.setVisible(search.is_running)
        self.raise_()


class ProposalOverlay(QObject):
    """Keeps chips, frames and the bar where the canvas shows what they belong to."""

    def __init__(self, canvas: Canvas, controller: Controller) -> None:
        super().__init__(canvas)
        self._canvas, self._controller = canvas, controller
        self._frames = _Frames(canvas, controller)
        self.chips: list[Chip] = []
        self.bar = self._make_bar()
        self.search_bar = SearchBar(canvas, controller)
        controller.selecting.proposals_changed.connect(self._refresh)
        controller.selecting.search.changed.connect(self._place)
        controller.fills.started.connect(controller.selecting.reject_all)
        canvas.view_changed.connect(self._place)
        self._refresh()

    def _make_bar(self) -> QFrame:
        bar = QFrame(self._canvas)
        layout = _strip_layout(bar)
        self.label = QLabel()
        layout.addWidget(self.label)
        selecting = self._controller.selecting
        for text, slot in (
            (self.tr("Select all"), selecting.accept_all),
            (self.tr("Reject all"), selecting.reject_all),
        ):
            button = QPushButton(text)
            button.clicked.connect(lambda _checked=False, call=slot: call())
            layout.addWidget(button)
        return bar

    def _refresh(self) -> None:
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        proposals = self._controller.selecting.proposals
        self.chips = [self._chip(number, proposal) for number, proposal in enumerate(proposals)]
        self._frames.follow()
        self.label.setText(self.tr("Found: {}. More may have been missed.").format(len(proposals)))
        for widget in (self.bar, self._frames):
            widget.setVisible(bool(proposals))
        self._place()

    def _chip(self, number: int, proposal: Proposal) -> Chip:
        selecting = self._controller.selecting
        names = {"face": self.tr("Face {}"), "person": self.tr("Person {}")}
        return Chip(
            names[proposal.kind].format(number + 1),
            lambda: selecting.accept(number),
            lambda: selecting.reject(number),
            self._canvas,
        )

    def _place(self) -> None:
        self._frames.setGeometry(self._canvas.rect())
        self._frames.update()
        self.bar.adjustSize()
        self.bar.move((self._canvas.width() - self.bar.width()) // 2, GAP * 2)
        self.search_bar.follow()
        self._place_chips()
        self.bar.raise_()

    def _place_chips(self) -> None:
        """Those of what is in view; none on another."""
        area = self._canvas.rect()
        boxes = [self._rectangle(proposal) for proposal in self._controller.selecting.proposals]
        seen = [(chip, box) for chip, box in zip(self.chips, boxes, strict=True) if box.intersects(area)]
        for chip in self.chips:
            chip.adjustSize()
            chip.setVisible(any(chip is one for one, _ in seen))
            chip.raise_()
        sizes = [chip.size() for chip, _ in seen]
        places = chip_places([box for _, box in seen], sizes, area, [self.bar.geometry()] if seen else [])
        for (chip, _), place in zip(seen, places, strict=True):
            chip.move(place)

    def _rectangle(self, proposal: Proposal) -> QRect:
        left, top, right, bottom = (round(edge) for edge in self._canvas.view.widget_rectangle(proposal.box))
        return QRect(left, top, max(1, right - left), max(1, bottom - top))

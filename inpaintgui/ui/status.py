"""The status bar: what just happened, where the pointer is, zoom, how much is masked, device and prior."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from inpaintgui.session.changes import Change, Changed
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.files import Files
from inpaintgui.ui.panels.settings_form import AUTO

_MESSAGE_MS = 6000
_COVERAGE_DELAY_MS = 150


class StatusBar(QStatusBar):
    """Follows controller, canvas and files."""

    def __init__(self, controller: Controller, canvas: Canvas, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._files = controller, canvas, files
        self.position, self.coverage, self.size_label, self.zoom, self.engine = (QLabel() for _ in range(5))
        for label in (self.position, self.coverage, self.size_label, self.zoom, self.engine):
            self.addPermanentWidget(label)
        # Counting masked pixels of a large photo takes milliseconds: not at every dab.
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(_COVERAGE_DELAY_MS)
        self._count_soon.timeout.connect(self._show_coverage)
        controller.message.connect(lambda text: self.showMessage(text, _MESSAGE_MS))
        controller.document_replaced.connect(self._on_document)
        controller.changed.connect(self._on_change)
        controller.engine_ready.connect(self._show_engine)
        controller.settings_changed.connect(self._show_engine)
        controller.report_changed.connect(self._show_engine)
        files.busy_changed.connect(self._on_files)
        canvas.view_changed.connect(self._show_zoom)
        canvas.pointed.connect(self._show_position)
        self._show_engine()

    def _on_document(self) -> None:
        document = self._controller.document
        self.size_label.setText("" if document is None else f"{document.width} × {document.height}")
        self._show_zoom()
        self._show_coverage()

    def _on_change(self, change: Change) -> None:
        if Changed.MASK in change.what:
            self._count_soon.start()

    def _show_coverage(self) -> None:
        document = self._controller.document
        if document is None or not document.has_mask:
            self.coverage.clear()
            return
        masked = np.count_nonzero(document.mask[document.mask_box.slices])
        share = 100 * masked / (document.width * document.height)
        self.coverage.setText(
            self.tr("mask {:.2g} %").format(share) if share < 10 else self.tr("mask {:.0f} %").format(share)
        )

    def _show_zoom(self) -> None:
        is_open = self._controller.document is not None
        self.zoom.setText(f"{100 * self._canvas.view.zoom:.0f} %" if is_open else "")

    def _show_position(self, point: tuple[float, float] | None) -> None:
        document = self._controller.document
        if point is None or document is None:
            self.position.clear()
            return
        x, y = int(np.floor(point[0])), int(np.floor(point[1]))
        inside = 0 <= x < document.width and 0 <= y < document.height
        self.position.setText(f"{x}, {y}" if inside else "")

    def _show_engine(self) -> None:
        controller = self._controller
        if not controller.is_engine_ready:
            self.engine.setText(self.tr("Loading the engine…"))
            return
        device = controller.settings.device
        if device == AUTO and controller.devices:
            device = controller.devices[0]
        prior = controller.settings.prior
        if prior == AUTO:
            report = controller.report
            used = sorted({region.prior for region in report.regions}) if report is not None else []
            prior = self.tr("automatic ({})").format(", ".join(used)) if used else self.tr("automatic")
        self.engine.setText(self.tr("{} · prior {}").format(device, prior))

    def _on_files(self) -> None:
        if self._files.busy:
            self.showMessage(self._files.what)
        elif self.currentMessage():
            self.clearMessage()

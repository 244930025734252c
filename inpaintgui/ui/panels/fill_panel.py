"""The fill panel: settings, Fill and Cancel, progress while it runs, and the report afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from inpaintgui.contracts import FillStep
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.panels.loss_plot import LossPlot
from inpaintgui.ui.panels.report import duration_text, losses_text, report_html, step_text
from inpaintgui.ui.panels.settings_form import SettingsForm
from inpaintgui.ui.texts import in_users_language

_FULL = 1000
"""The progress bar's length: tenths of a percent."""
_LEAST_REPORT = 48
"""Logical pixels: it scrolls, and the search beside it needs room on small screens."""


class FillPanel(QWidget):
    """Follows the controller's fills. fill, cancel, new_seed: the window's actions."""

    def __init__(
        self,
        controller: Controller,
        *,
        fill: QAction,
        cancel: QAction,
        new_seed: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._fill = fill
        self._is_running = False
        self.form = SettingsForm(controller, new_seed)
        self.square = QLabel(self.tr("Context squares are set by hand. <a href='clear'>Clear</a>"))
        self.square.linkActivated.connect(lambda _link: controller.clear_square())
        self.going_on = QLabel(self.tr("Goes on from the last search. <a href='forget'>Forget it</a>"))
        self.going_on.linkActivated.connect(lambda _link: controller.explorer.forget())
        self.fill_button = _button(fill, "fill_button")
        self.waiting = QLabel()
        self.waiting.linkActivated.connect(lambda _link: controller.queue.drop_waiting())
        self.estimate = _label("dim")
        self.estimate.setWordWrap(False)
        self.estimate.setToolTip(self.tr("How long the fill will take, from what fills took before"))
        self.cancel_button = _button(cancel, "cancel_button")
        self.progress = QProgressBar()
        self.progress.setRange(0, _FULL)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.where = _label("where")
        self.losses = _label("dim")
        self.plot = LossPlot()
        self.warnings = _label("warning")
        self.report = _report()
        self._lay_out()
        self._connect()
        self._show_idle()
        self._on_changed()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.form)
        layout.addWidget(self.square)
        layout.addWidget(self.going_on)
        row = QHBoxLayout()
        row.addWidget(self.fill_button, stretch=1)
        row.addWidget(self.cancel_button, stretch=1)
        row.addWidget(self.estimate)
        layout.addLayout(row)
        layout.addWidget(self.waiting)
        for widget in (
            self.progress,
            self.where,
            self.losses,
            self.plot,
            self.warnings,
        ):
            layout.addWidget(widget)
        layout.addWidget(self.report, stretch=1)
        layout.addStretch(0)

    def _connect(self) -> None:
        controller, fills = self._controller, self._controller.fills
        fills.started.connect(self._on_started)
        fills.progress.connect(self._on_progress)
        fills.cancelling.connect(self._on_cancelling)
        for ended in (fills.finished, fills.failed, fills.cancelled):
            ended.connect(lambda *_: self._show_idle())
        controller.report_changed.connect(self._on_report)
        controller.estimates.changed.connect(self._show_estimate)
        controller.settings_changed.connect(self._show_estimate)
        controller.changed.connect(lambda _change: self._on_changed())
        controller.queue.changed.connect(self._on_changed)
        controller.document_replaced.connect(self._on_changed)

    def _on_changed(self) -> None:
        self.square.setVisible(bool(self._controller.square.squares))
        # While one fill runs, the button queues the next mask.
        waiting = len(self._controller.queue.waiting)
        ending = self._is_running and not self._controller.fills.busy  # progress still stands in the button's place
        self.fill_button.setVisible(not self._is_running or (self._controller.can_fill and not ending))
        self.fill_button.setText(self.tr("Fill next") if self._is_running else self._fill.text())
        text = self.tr("Waiting fills: {}. <a href='drop'>Drop them</a>")
        self.waiting.setText(text.format(waiting))
        self.waiting.setVisible(waiting > 0)

    def _show_estimate(self) -> None:
        estimates, idle = self._controller.estimates, not self._controller.fills.busy
        seconds = estimates.seconds
        self.estimate.setText("" if seconds is None else self.tr("≈ {}").format(duration_text(seconds)))
        self.estimate.setVisible(idle and seconds is not None)
        self.going_on.setVisible(idle and self._controller.can_fill and estimates.goes_on)
        self.form.show_seconds(estimates.by_preset)

    def _on_started(self) -> None:
        self._is_running = True
        self._on_changed()
        self.estimate.hide()
        self.going_on.hide()
        self.report.hide()
        self.warnings.hide()
        self.plot.clear()
        self.progress.setValue(0)
        self.where.setText(self.tr("Starting…"))
        self.losses.clear()
        for widget in (self.cancel_button, self.progress, self.where, self.losses, self.plot):
            widget.show()

    def _on_progress(self, step: FillStep) -> None:
        self.progress.setValue(round(step.fraction * _FULL))
        self.where.setText(step_text(step))
        if step.losses is not None:
            self.losses.setText(losses_text(step.losses))
            self.plot.add(step.region, step.losses.total)

    def _on_cancelling(self) -> None:
        self.where.setText(self.tr("Cancelling…"))

    def _on_report(self) -> None:
        # The report of a fill comes before its end: it takes the place of the progress, and does not come on top.
        if not self._controller.fills.busy:
            self._show_idle()

    def _show_idle(self) -> None:
        self._is_running = False
        for widget in (self.cancel_button, self.progress, self.where, self.losses, self.plot):
            widget.hide()
        self._on_changed()
        self._show_estimate()
        self._show_report()

    def _show_report(self) -> None:
        report = self._controller.report
        self.report.setVisible(report is not None)
        self.warnings.setVisible(report is not None and bool(report.warnings))
        if report is not None:
            self.report.setHtml(report_html(report))
            self.warnings.setText("\n".join(map(in_users_language, report.warnings)))


def _report() -> QTextBrowser:
    browser = QTextBrowser()
    browser.setFrameShape(QTextBrowser.Shape.NoFrame)
    browser.viewport().setAutoFillBackground(False)
    browser.setMinimumHeight(_LEAST_REPORT)
    return browser


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _button(action: QAction, name: str) -> QPushButton:
    """A push button that follows an action. It never takes the keyboard: Space and Enter belong to the canvas."""
    button = QPushButton(action.icon(), action.text())
    button.setObjectName(name)
    button.setToolTip(action.toolTip())
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(lambda _checked=False: action.trigger())
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    action.changed.connect(lambda: button.setIcon(action.icon()))
    return button

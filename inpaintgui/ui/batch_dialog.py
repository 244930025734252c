"""The dialog that fills many photos: the questions, then a line for every photo with what became of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inpaintgui.contracts import BatchStep, FillSettings, Outcome, PhotoResult
from inpaintgui.errors import InpaintguiError
from inpaintgui.ui.batch_form import BatchForm
from inpaintgui.ui.batch_run import BatchRun
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs
from inpaintgui.ui.setting_names import value_name
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP, error_text, in_users_language

_OUTCOMES = {
    Outcome.FILLED: QT_TRANSLATE_NOOP("Batch", "filled"),
    Outcome.KEPT: QT_TRANSLATE_NOOP("Batch", "kept"),
    Outcome.NOTHING: QT_TRANSLATE_NOOP("Batch", "nothing to fill"),
    Outcome.FAILED: QT_TRANSLATE_NOOP("Batch", "failed"),
}
_PHOTO, _STATE, _REASON = range(3)


def _translated(text: str) -> str:
    return QCoreApplication.translate("Batch", text)


class BatchDialog(QDialog):
    """Stays beside the window; closing it ends a batch that runs, after asking, and keeps what is ready."""

    def __init__(
        self, controller: Controller, run: BatchRun, *, dialogs: Dialogs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Fill many photos"))
        self.setAcceptDrops(True)
        self.resize(760, 640)
        self._controller, self._run, self._dialogs = controller, run, dialogs
        self._rows: dict[Path, int] = {}
        self._counts: Counter[Outcome] = Counter()
        self.form = BatchForm()
        self.with_settings = QLabel()
        self.with_settings.setObjectName("dim")
        self.with_settings.setWordWrap(True)
        self.table = self._make_table()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Photos that are ready"))
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.start = QPushButton(self.tr("&Start"))
        self.cancel = QPushButton(self.tr("&Cancel"))
        self._lay_out()
        self._connect()
        self._refresh()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setHorizontalHeaderLabels([self.tr("Photo"), self.tr("State"), self.tr("Remark")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.setWordWrap(False)
        header = table.horizontalHeader()
        header.setSectionResizeMode(_REASON, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(_PHOTO, 240)
        header.resizeSection(_STATE, 130)
        return table

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.start, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.form, self.with_settings, self.table, self.bar, self.summary, buttons):
            layout.addWidget(widget)
        layout.setStretchFactor(self.table, 1)

    def _connect(self) -> None:
        self.start.clicked.connect(lambda _checked=False: self._begin())
        self.cancel.clicked.connect(lambda _checked=False: self._stop())
        self.form.changed.connect(self._refresh)
        self._controller.settings_changed.connect(self._refresh)
        self._run.stepped.connect(self._on_step)
        self._run.finished.connect(lambda: self._on_end(self.tr("All photos were looked at.")))
        self._run.cancelled.connect(lambda: self._on_end(self.tr("Cancelled; what was ready stays.")))
        self._run.failed.connect(self._on_failed)

    def _settings(self) -> FillSettings:
        chosen = self._controller.settings
        return FillSettings(
            prior=chosen.prior,
            preset=chosen.preset,
            candidates=chosen.candidates,
            seed=chosen.seed,
            device=chosen.device,
        )

    def _begin(self) -> None:
        self.table.setRowCount(0)
        self._rows.clear()
        self._counts.clear()
        self.bar.setRange(0, 0)
        self.summary.setText(self.tr("Looking for the photos…"))
        self._run.start(self.form.order(self._settings()))
        self._refresh()

    def _stop(self) -> None:
        self._run.cancel()
        self.summary.setText(self.tr("Cancelling…"))
        self._refresh()

    def _on_step(self, step: BatchStep) -> None:
        if self._run.is_cancelling:
            return
        if step.done is None:
            self._list(step.photos)
        else:
            self._tell(step.done)
        self.bar.setRange(0, len(step.photos))
        self.bar.setValue(sum(self._counts.values()))
        self.summary.setText(self._counted())

    def _list(self, photos: tuple[Path, ...]) -> None:
        self.table.setRowCount(len(photos))
        for row, photo in enumerate(photos):
            self._rows[photo] = row
            self._put(row, _PHOTO, photo.name, str(photo))
            self._put(row, _STATE, self.tr("waiting"))
            self._put(row, _REASON, "")

    def _tell(self, done: PhotoResult) -> None:
        self._counts[done.outcome] += 1
        row = self._rows[done.photo]
        state = _translated(_OUTCOMES[done.outcome])
        if done.outcome is Outcome.FILLED:
            seconds = QLocale().toString(done.seconds, "f", 1)
            state = self.tr("{}, {} s").format(state, seconds)
        self._put(row, _STATE, state)
        reason = in_users_language(done.reason)
        self._put(row, _REASON, reason, reason)
        self.table.scrollTo(self.table.model().index(row, _PHOTO))

    def _put(self, row: int, column: int, text: str, tip: str = "") -> None:
        item = QTableWidgetItem(text)
        item.setToolTip(tip)
        self.table.setItem(row, column, item)

    def _counted(self) -> str:
        return self.tr(", ").join(
            self.tr("{}: {}").format(_translated(_OUTCOMES[outcome]), count)
            for outcome, count in sorted(self._counts.items())
        )

    def _on_end(self, sentence: str) -> None:
        self.bar.setRange(0, max(1, self.table.rowCount()))
        self.bar.setValue(sum(self._counts.values()))
        self.summary.setText(" ".join(part for part in (sentence, self._counted()) if part))
        self._refresh()

    def _on_failed(self, error: Exception) -> None:
        self._on_end(error_text(error) if isinstance(error, InpaintguiError) else "")
        if not isinstance(error, InpaintguiError):
            self._controller.failed.emit(self.tr("The photos cannot be filled."), error)

    def _refresh(self) -> None:
        busy = self._run.busy
        self.form.setEnabled(not busy)
        self.start.setEnabled(self.form.ready and not busy)
        self.cancel.setEnabled(busy and not self._run.is_cancelling)
        settings = self._controller.settings
        told = self.tr("Filled with the settings of the fill panel: prior {}, budget {}.")
        self.with_settings.setText(told.format(value_name(settings.prior), value_name(settings.preset)))

    def reject(self) -> None:
        """Closed or Esc: the batch ends, too, if that is meant."""
        if self._run.busy and not self._run.is_cancelling and not self._dialogs.ask_stop_batch():
            return
        if self._run.busy:
            self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As reject, which may refuse."""
        self.reject()
        event.setAccepted(not self.isVisible())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._run.busy and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.form.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

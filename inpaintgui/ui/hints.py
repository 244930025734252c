"""Three cards for the first start. They lie on the canvas, take nothing away, and are gone for good when closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_MARGIN = 14
_WIDTH = 340


class Hints(QFrame):
    """One card at a time, at the bottom of a widget that it follows."""

    done = Signal()
    """The last card was read, or the cards were closed."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("chip")
        self.setAutoFillBackground(True)
        self._cards = (
            (self.tr("1 · Mark"), self.tr("Paint over what should go. W is the magic wand, Shift+W finds an object.")),
            (
                self.tr("2 · Fill"),
                self.tr("Press Enter. Esc cancels and changes nothing; Tab held shows the original."),
            ),
            (self.tr("3 · Go on"), self.tr("Undo as you like. Ctrl+Shift+P finds every command, F1 lists all keys.")),
        )
        self._number = 0
        self.title, self.text = QLabel(), QLabel()
        self.title.setStyleSheet("font-weight: 600;")
        self.text.setWordWrap(True)
        self.text.setFixedWidth(_WIDTH)
        self.next, self.close_button = QPushButton(), QPushButton(self.tr("Close"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        for widget in (self.title, self.text):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.next.clicked.connect(lambda _checked=False: self._advance())
        self.close_button.clicked.connect(lambda _checked=False: self._end())
        over.installEventFilter(self)
        self.hide()

    def begin(self) -> None:
        """Show the first card."""
        self._number = 0
        self._show()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the widget below changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _advance(self) -> None:
        self._number += 1
        if self._number == len(self._cards):
            self._end()
        else:
            self._show()

    def _end(self) -> None:
        self.hide()
        self.done.emit()

    def _show(self) -> None:
        title, text = self._cards[self._number]
        self.title.setText(title)
        self.text.setText(text)
        last = self._number == len(self._cards) - 1
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self.adjustSize()
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        self.move(_MARGIN, self._over.height() - self.height() - _MARGIN)

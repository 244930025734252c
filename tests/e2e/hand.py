"""A user of the program that runs in this very process: real X events by xdotool, and a look at the window's state.

The program has the main thread, as always; the user has one of their own, which looks at the window only through
:meth:`Hand.ask`.
"""

from __future__ import annotations

import queue
import subprocess
import time

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication

from inpaintgui.ui.main_window import MainWindow

DEADLINE = 60.0
"""Seconds until a state must have been reached; long, because the machine may be busy with other things."""


class Hand(QObject):
    """Presses keys and buttons. Made in the user's thread when there is a QApplication."""

    _asked = Signal(object)

    def __init__(self):
        super().__init__()
        self.moveToThread(QApplication.instance().thread())
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._messages = []
        self.window = self.until(self._find_window, "the window")
        self.ask(lambda: self.window.controller.message.connect(self._messages.append))

    # Looking

    def _answer(self, question):
        call, answers = question
        try:
            answers.put((call(), None))
        except Exception as error:  # noqa: BLE001  it is raised where it was asked
            answers.put((None, error))

    def ask(self, call):
        """What a function returns in the window's thread, which may be inside a dialog's own loop."""
        answers = queue.Queue()
        self._asked.emit((call, answers))
        value, error = answers.get(timeout=DEADLINE)
        if error is not None:
            raise error
        return value

    def until(self, call, what):
        """The first value of a function, in the window's thread, that is true; AssertionError if there is none."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            value = self.ask(call)
            if value:
                return value
            time.sleep(0.01)
        raise AssertionError(f"not within {DEADLINE} s: {what}")

    @staticmethod
    def _find_window():
        shown = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        return shown[0] if shown and shown[0].isVisible() else None

    @property
    def document(self):
        return self.window.controller.document

    def place(self, x, y):
        """The screen point over an image point."""
        canvas = self.window.canvas

        def look():
            point = canvas.mapToGlobal(QPointF(*canvas.view.to_widget(x, y)))
            return round(point.x()), round(point.y())

        return self.ask(look)

    # Events

    @staticmethod
    def tool(*arguments):
        words = ["xdotool", *map(str, arguments)]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()

    def key(self, *keys):
        self.tool("key", *keys)

    def type(self, text):
        self.tool("type", "--delay", 2, text)

    def drag(self, *points, button=1, held=None):
        """Press at the first of some image points, go over all, release at the last. held: a key."""
        first, *others = [self.place(*point) for point in points]
        events = ["mousemove", *first]  # xdotool would wait long for a pointer that is there already
        events += ["keydown", held] if held else []
        events += ["mousedown", button]
        for point in others:
            events += ["mousemove", "--sync", *point]
        events += ["mouseup", button]
        self.tool(*events, *(["keyup", held] if held else []))

    def click(self, *point, button=1):
        """On an image point."""
        self.tool("mousemove", *self.place(*point), "click", button)

    def press(self, widget):
        """Click in the middle of a widget."""
        middle = self.ask(lambda: widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2)).toTuple())
        self.tool("mousemove", *middle, "click", 1)

    def focus(self, title):
        """Give a window of that title the keyboard, as soon as it is there; no window manager does it here."""
        end = time.monotonic() + DEADLINE
        while not (found := self.tool("search", "--onlyvisible", "--name", title)):
            assert time.monotonic() < end, f"no window {title!r}"
        self.tool("windowfocus", "--sync", found[-1])
        self.until(lambda: title in (getattr(QApplication.activeWindow(), "windowTitle", str)()), f"focus on {title!r}")

    def back(self):
        """Give the main window the keyboard."""
        self.until(lambda: QApplication.activeModalWidget() is None, "no dialog")
        self.tool("windowfocus", "--sync", self.ask(lambda: int(self.window.winId())))
        self.until(self.window.isActiveWindow, "the main window in front")

    def command(self, text):
        """Run a command by the palette."""
        self.key("ctrl+shift+p")
        self.focus("Commands")
        self.type(text)
        self.key("Return")

    def answer(self, title, text=None):
        """Type into a dialog of that title and accept it."""
        self.focus(title)
        if text is not None:
            self.key("ctrl+a")
            self.type(text)
        self.key("Return")

    def told(self, part):
        """Wait until the program has said it; what was said until then is forgotten."""
        self.until(lambda: any(part in text for text in self._messages), f"the message “{part}”")
        self.ask(self._messages.clear)

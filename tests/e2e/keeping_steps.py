"""Tabs, clipboard, dialogs, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from e2e.steps import SIZE, Steps, digest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget

from inpaintgui.engine.image_io import load_mask, load_photo
from inpaintgui.ui.batch_dialog import BatchDialog


class Target(QWidget):
    """Takes whatever is dropped. over: whether something was held over it. dropped: paths, and the picture."""

    def __init__(self):
        super().__init__(None, Qt.WindowType.WindowStaysOnTopHint)
        self.over, self.dropped = False, None
        self.setAcceptDrops(True)
        self.setGeometry(400, 300, 200, 150)
        self.show()

    def dragEnterEvent(self, event):  # noqa: N802
        event.acceptProposedAction()

    def dragMoveEvent(self, event):  # noqa: N802
        self.over = True
        event.acceptProposedAction()

    def dropEvent(self, event):  # noqa: N802
        data = event.mimeData()
        self.dropped = [Path(url.toLocalFile()) for url in data.urls()], QImage(data.imageData())
        event.acceptProposedAction()


def middle(widget):
    """Of a widget, on the screen."""
    return widget.mapToGlobal(widget.rect().center()).toTuple()


def between(start, end, steps=12):
    """Points on the way, the end among them twice: a drag begins only when the pointer has moved."""
    ways = [step / steps for step in range(1, steps + 1)]
    yield from [tuple(round(a + (b - a) * way) for a, b in zip(start, end, strict=True)) for way in ways]
    yield end[0] + 2, end[1] + 2


def pixels_of(image):
    """Of a QImage, uint8 RGB (H, W, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


class Keeping(Steps):
    """Begins with a photo that was filled."""

    # Around it

    def tabs_and_clipboard(self):
        self.hand.key("ctrl+c")
        self.hand.told("on the clipboard")
        self.hand.key("ctrl+v")
        self.hand.until(lambda: len(self.controller.photos) == 2, "a second tab")
        assert self.hand.ask(self.window.tabs.isVisible)
        self.hand.key("ctrl+Tab")
        self.hand.until(lambda: self.controller.photos.number == 0, "the first photo")
        tab = self.hand.ask(lambda: self.window.tabs.mapToGlobal(self.window.tabs.tabRect(1).center()).toTuple())
        self.hand.tool("mousemove", *tab, "click", 1)
        self.hand.until(lambda: self.controller.photos.number == 1, "the second photo by a click")
        self.hand.key("m")
        self.hand.drag((20, 20), (50, 50))
        self.hand.until(lambda: self.document.has_mask, "a mask in the second photo")
        self.hand.key("ctrl+w")
        self.hand.until(lambda: len(self.controller.photos) == 1, "one tab")

    def dialogs(self):
        for keys, title in (("ctrl+comma", "Settings"), ("F1", "Shortcuts"), ("ctrl+shift+m", "Fill many photos")):
            self.hand.key(keys)
            self.hand.focus(title)
            self.hand.key("Escape")
            self.hand.back()
        self.hand.until(lambda: not self.window.findChildren(BatchDialog)[0].isVisible(), "the batch dialog gone")
        for command, title in (("About", "About"), ("Customise shortcuts", "Customise shortcuts")):
            self.hand.command(command)
            self.hand.focus(title)
            self.hand.key("Escape")
            self.hand.back()

    def customise_a_shortcut(self):
        self.hand.command("Customise shortcuts")
        self.hand.focus("Customise shortcuts")
        dialog = self.hand.ask(QApplication.activeModalWidget)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        self.hand.ask(lambda: dialog.tree.setCurrentItem(dialog.tree.findItems("Fill holes", flags)[0]))
        self.hand.press(dialog.keys)
        self.hand.key("ctrl+shift+h")
        self.hand.press(dialog.assign)
        self.hand.until(lambda: self.actions["fill_holes"].shortcut().toString() == "Ctrl+Shift+H", "new keys")
        self.hand.key("Escape")
        self.hand.back()

    def drop_a_file(self):
        """The server has no other program to drag from."""

        def drop():
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(self.folder / "mask.png"))])
            left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            self.window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none))

        self.hand.ask(drop)
        self.hand.until(lambda: len(self.controller.photos) == 2, "the dropped photo")
        self.hand.key("ctrl+w")
        self.hand.until(lambda: len(self.controller.photos) == 1, "one tab")

    def drag_the_result_out(self):
        """To a window of its own, which stands for that of another program."""
        target = self.hand.ask(Target)
        handle = self.window.result_handle
        start, end = (self.hand.ask(lambda widget=widget: middle(widget)) for widget in (handle, target))
        self.hand.tool("mousemove", *start, "mousedown", 1)
        for place in between(start, end):
            self.hand.tool("mousemove", *place)
        self.hand.until(lambda: target.over, "what is dragged over the other window")
        self.hand.tool("mouseup", 1)
        self.hand.until(lambda: target.dropped, "what was dropped")
        (file,), picture = target.dropped
        shown = self.hand.ask(self.document.pixels.copy)
        assert digest(pixels_of(picture)) == digest(shown)
        written = load_photo(file).pixels  # JPEG, as the photo is
        assert np.abs(written.astype(int) - shown).mean() < 1
        self.hand.ask(target.close)
        self.hand.back()

    def hints(self):
        self.hand.command("First steps")
        self.hand.back()
        for number in (1, 2, 3):
            self.hand.until(lambda number=number: self.window.hints.title.text().startswith(f"{number}"), "a card")
            self.hand.press(self.window.hints.next)
        self.hand.until(lambda: not self.window.hints.isVisible(), "no card")

    def theme(self):
        dark = self.hand.ask(lambda: self.window.palette().window().color().lightness())
        self.hand.ask(lambda: self.controller.set_setting("theme", "light"))
        self.hand.until(lambda: self.window.palette().window().color().lightness() > dark, "a light window")
        self.hand.ask(lambda: self.controller.set_setting("theme", "dark"))
        self.hand.until(lambda: self.window.palette().window().color().lightness() == dark, "a dark window")

    # Keeping

    def export(self):
        """The file holds what is shown, and nothing changed outside of what was filled."""
        path = self.folder / "result.png"
        self.hand.key("ctrl+s")
        self.hand.answer("Export photo", path)
        self.hand.told("Exported to")
        self.hand.back()
        written, original = load_photo(path), load_photo(self.folder / "portrait.jpg")
        assert digest(written.pixels) == digest(self.document.pixels)
        self.hand.command("Export map of changes")
        self.hand.answer("Export mask", self.folder / "changes.png")
        self.hand.told("Map of changes exported")
        self.hand.back()
        changes = load_mask(self.folder / "changes.png", (SIZE, SIZE))
        np.testing.assert_array_equal(changes > 0, (written.pixels != original.pixels).any(axis=2))
        outside = np.ones((SIZE, SIZE), bool)
        outside[10:60, 10:60] = outside[10:60, 190:240] = outside[80:165, 80:175] = False
        assert digest(written.pixels[outside]) == digest(original.pixels[outside])

    def project(self):
        path = self.folder / "work.inpaint"
        self.hand.key("ctrl+alt+s")
        self.hand.answer("Save project", path)
        self.hand.told("Project saved")
        assert path.stat().st_size > 0
        self.hand.back()

    def recent(self):
        self.hand.command("work.inpaint")
        self.hand.until(lambda: len(self.controller.photos) == 2, "the project from the recent files")
        self.hand.back()
        assert self.steps_made().count("Fill") == 4
        self.hand.key("ctrl+w")
        self.hand.until(lambda: len(self.controller.photos) == 1, "one tab")

    def leave(self):
        self.hand.until(lambda: self.document is None or not self.document.is_modified, "nothing to be lost")
        self.hand.key("ctrl+q")

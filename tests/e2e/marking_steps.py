"""Opening a photo, moving about in it, and marking with every tool."""

from __future__ import annotations

import numpy as np
from e2e.steps import HOLE, SIZE, Steps
from ui.pointer import pen_stroke, pinch


class Marking(Steps):
    """Nothing is filled here."""

    # Opening and looking

    def open_a_photo(self):
        self.hand.back()
        self.hand.key("ctrl+o")
        self.hand.answer("Open photos", self.folder / "portrait.jpg")
        self.hand.until(lambda: self.document is not None, "the photo")
        self.hand.until(lambda: self.controller.is_engine_ready, "the engine")
        self.hand.back()
        assert self.hand.ask(lambda: self.document.pixels.shape) == (SIZE, SIZE, 3)
        assert "portrait.jpg" in self.hand.ask(self.window.windowTitle)

    def zoom_and_pan(self):
        hand, view = self.hand, lambda: self.canvas.view
        fitted = hand.ask(view)
        hand.click(100, 100, button=4)  # the wheel, away from the user
        zoomed = hand.until(lambda: view() if view().zoom > fitted.zoom else None, "a larger picture")
        hand.key("ctrl+minus")
        hand.until(lambda: view().zoom < zoomed.zoom, "a smaller picture")
        hand.key("ctrl+0")
        hand.until(lambda: view().zoom == 1.0, "the photo's own size")
        hand.key("ctrl+plus", "ctrl+plus", "ctrl+plus")
        before = hand.until(lambda: view() if view().zoom > 3 else None, "a large picture")
        hand.drag((100, 100), (120, 110), held="space")
        spaced = hand.until(lambda: view() if view() != before else None, "a picture moved with Space")
        assert abs(before.left - spaced.left - 20) < 1
        hand.drag((120, 110), (100, 100), button=2)
        hand.until(lambda: abs(view().left - before.left) < 1, "a picture moved back with the middle button")
        hand.key("ctrl+f")
        hand.until(lambda: view() == fitted, "the fitted picture")
        assert self.steps_made() == []

    def pinch(self):
        """The server has no touchpad: the gesture comes through Qt. What is under the fingers stays there."""
        before = self.hand.ask(lambda: self.canvas.view)
        held = self.hand.ask(lambda: self.canvas.view.to_widget(60, 90))
        for larger in (0.3, 0.3, -0.1):
            self.hand.ask(lambda larger=larger: pinch(self.canvas, 60, 90, larger=larger))
        after = self.hand.ask(lambda: self.canvas.view)
        np.testing.assert_allclose(after.zoom, before.zoom * 1.3 * 1.3 * 0.9)
        np.testing.assert_allclose(after.to_widget(60, 90), held, atol=1)
        self.hand.key("ctrl+f")
        self.hand.until(lambda: self.canvas.view == before, "the fitted picture")

    # Painting

    def brush(self):
        size = self.hand.ask(lambda: self.controller.brush.size)
        self.hand.key("b", "bracketright")
        self.hand.until(lambda: self.controller.brush.size > size, "a larger brush")
        self.hand.key(*["bracketleft"] * 8)
        self.hand.until(lambda: self.controller.brush.size < size / 2, "a smaller brush")
        self.hand.drag((60, 60), (120, 60), (120, 90))
        self.hand.until(lambda: self.document.history.can_undo, "a stroke")
        assert self.mask_at(90, 60) == self.mask_at(120, 80) == HOLE
        self.hand.drag((80, 60), (100, 60), held="alt")
        self.hand.until(lambda: self.document.mask[60, 90] == 0, "less with Alt")
        self.hand.tool("keydown", "shift")
        self.hand.click(200, 60)
        self.hand.tool("keyup", "shift")
        self.hand.until(lambda: self.document.mask[60, 150] == HOLE, "a straight line with Shift")
        assert self.steps_made() == ["Brush", "Eraser", "Brush"]

    def escape_takes_a_stroke_back(self):
        before = self.covered()
        x, y = self.hand.place(60, 150)
        self.hand.tool("mousemove", x, y, "mousedown", 1, "mousemove", "--sync", x + 60, y)
        self.hand.until(lambda: self.document.stroke_open, "an open stroke")
        self.hand.key("Escape")
        self.hand.until(lambda: not self.document.stroke_open, "no stroke")
        self.hand.tool("mouseup", 1)
        assert self.covered() == before

    def eraser_and_swap(self):
        self.hand.key("e")
        self.hand.drag((150, 60), (190, 60))
        self.hand.until(lambda: self.document.mask[60, 170] == 0, "an erased place")
        self.hand.key("x")
        self.hand.until(lambda: self.controller.tool == "brush", "the brush by X")

    def pen(self):
        """A tablet's events come through Qt: the virtual server has no tablet."""
        before = self.hand.ask(lambda: self.canvas.view)
        self.hand.ask(lambda: pen_stroke(self.canvas, (60, 200), (120, 200), 0.3))
        self.hand.ask(lambda: pen_stroke(self.canvas, (60, 225), (120, 225), 1.0))
        thin, thick = (
            self.hand.ask(lambda y=y: np.count_nonzero(self.document.mask[y - 12 : y + 13, 90])) for y in (200, 225)
        )
        assert 0 < thin < thick
        self.hand.ask(lambda: pen_stroke(self.canvas, (80, 225), (100, 225), 1.0, eraser=True))
        assert self.mask_at(90, 225) == 0
        assert self.hand.ask(lambda: self.canvas.view) == before
        self.clear()

    def excluded_sources(self):
        self.hand.key("shift+b")
        self.hand.drag((20, 20), (60, 20))
        self.hand.until(lambda: self.document.exclusion[20, 40] == HOLE, "an excluded place")
        assert self.covered() == 0
        self.hand.command("Clear excluded sources")
        self.hand.back()
        self.hand.until(lambda: self.document.exclusion_box.is_empty, "nothing excluded")

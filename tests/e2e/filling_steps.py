"""Filling, choosing, comparing, undoing, and several fills in a row."""

from __future__ import annotations

import time

import numpy as np
from e2e.steps import HOLE, Steps, digest


class Filling(Steps):
    """Begins with a mask."""

    # Filling

    def context_square(self):
        self.hand.key("s")
        self.hand.drag((60, 60), (180, 180))
        squares = self.hand.until(lambda: self.controller.square.squares, "a square")
        assert abs(squares[0].side - 120) < 3
        self.hand.key("shift+s")
        self.hand.until(lambda: self.controller.contexts.wanted, "the squares shown")
        self.hand.key("shift+s")
        self.hand.ask(self.controller.clear_square)
        self.hand.key("b")

    def escape_ends_a_search(self):
        before = digest(self.document.pixels)
        self.hand.ask(lambda: self.controller.set_setting("preset", "published-bamos"))
        self.hand.key("Return")
        self.hand.until(lambda: self.canvas.preview is not None, "a preview in the hole")
        self.hand.key("Escape")
        since = time.monotonic()
        self.hand.told("Fill cancelled")
        assert time.monotonic() - since < 2
        assert digest(self.document.pixels) == before
        self.hand.ask(lambda: self.controller.set_setting("preset", "draft"))

    def fill(self):
        """With the race, and what is left to choose from."""
        self.before = self.hand.ask(self.document.pixels.copy)
        tiles = self.window.search_panel.race.grid.tiles
        self.hand.key("Return")
        self.hand.until(lambda: sum(tile.isVisible() for tile in tiles) > 1, "a race")
        self.hand.told("Filled in")
        changed = (self.document.pixels != self.before).any(axis=2)
        assert changed.any()
        assert not changed[self.document.mask == 0].any()
        assert self.steps_made()[-1] == "Fill"
        assert not self.hand.ask(lambda: self.document.mask_visible)

    def variations(self):
        first = digest(self.document.pixels)
        self.hand.until(lambda: self.controller.explorer.number_shown == 0, "the first variation")
        self.hand.key("n")
        self.hand.until(lambda: self.controller.explorer.number_shown == 1, "the second variation")
        assert digest(self.document.pixels) != first
        tile = self.window.search_panel.outcome.grid.tiles[0]
        self.hand.press(tile)
        self.hand.until(lambda: self.controller.explorer.number_shown == 0, "the first variation again")
        assert digest(self.document.pixels) == first
        steps = self.window.search_panel.outcome.steps
        self.hand.ask(lambda: steps.setValue(0))
        self.hand.until(lambda: not self.controller.explorer.busy, "an early step painted")
        self.hand.until(lambda: digest(self.document.pixels) != first, "the search's first step in the photo")
        self.hand.key("u")
        self.hand.until(lambda: self.controller.explorer.uncertainty is not None, "the uncertainty")
        self.hand.key("u")
        self.hand.press(tile)
        self.hand.until(lambda: digest(self.document.pixels) == first, "the first variation once more")
        self.hand.back()

    def undo_and_redo(self):
        filled = digest(self.document.pixels)
        self.hand.key("ctrl+z")
        self.hand.until(lambda: np.array_equal(self.document.pixels, self.before), "the photo as it was")
        self.hand.key("ctrl+shift+z")
        self.hand.until(lambda: digest(self.document.pixels) == filled, "the fill again")

    def compare(self):
        self.hand.click(128, 20, button=2)
        self.hand.tool("keydown", "Tab")
        self.hand.until(lambda: self.canvas.shows_original, "the original while Tab is held")
        self.hand.tool("keyup", "Tab")
        self.hand.until(lambda: not self.canvas.shows_original, "the result")
        self.hand.key("c")
        self.hand.until(lambda: self.canvas.split == 0.5, "the wipe")
        steps = self.steps_made()
        self.hand.drag((128, 128), (64, 128))
        self.hand.until(lambda: self.canvas.split < 0.45, "the wipe moved")
        assert self.steps_made() == steps
        self.hand.key("c")
        self.hand.until(lambda: self.canvas.split is None, "no wipe")
        self.hand.key("shift+c")
        self.hand.until(self.window.original.isVisible, "both side by side")
        self.hand.key("shift+c")
        self.hand.until(lambda: not self.window.original.isVisible(), "one view")

    def refine_without_a_restart(self):
        self.hand.key("q")
        self.hand.until(lambda: self.document.mask_visible, "the mask back by Q")
        before = self.covered()
        self.hand.drag((140, 118), (156, 118))
        self.selected(before)
        assert len(self.hand.ask(lambda: self.controller.explorer.starts)) == 1
        self.hand.key("Return")
        self.hand.told("Filled in")
        assert self.steps_made()[-1] == "Fill"

    def queue(self):
        """The next mask is painted and submitted while the first one is searched."""
        self.clear()
        before = digest(self.document.pixels)
        self.hand.key("m")
        self.hand.drag((20, 20), (50, 50))
        self.selected(0)
        self.hand.ask(lambda: self.controller.set_setting("preset", "normal"))
        self.hand.key("Return")
        self.hand.until(lambda: self.controller.queue.running is not None, "a running fill")
        self.hand.drag((200, 20), (230, 50))
        self.hand.until(lambda: self.document.mask[35, 215] == HOLE, "the next mask")
        self.hand.key("Return")
        self.hand.told("Queued")
        self.hand.told("Filled in")
        self.hand.told("Filled in")
        assert self.steps_made().count("Fill") == 4
        self.hand.key("ctrl+z", "ctrl+z")
        self.hand.until(lambda: len(self.document.history.entries) - self.document.history.position >= 2, "two undone")
        self.hand.key(*["ctrl+z"] * 2)
        self.hand.until(lambda: digest(self.document.pixels) == before, "both fills undone")
        self.hand.key(*["ctrl+shift+z"] * 4)
        self.hand.until(lambda: not self.document.history.can_redo, "both fills redone")
        self.hand.ask(lambda: self.controller.set_setting("preset", "draft"))

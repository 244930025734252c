"""What all steps of a sitting have in common: the window, the photo, and short ways to look at them."""

from __future__ import annotations

import hashlib

import numpy as np

HOLE, SIZE = 255, 256
"""Of the mask, and of the portrait, in pixels."""


def digest(pixels):
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


class Steps:
    """Each step begins where the one before has left off. folder: with the photos."""

    def __init__(self, hand, folder):
        self.hand, self.window, self.folder = hand, hand.window, folder
        self.controller, self.canvas = hand.window.controller, hand.window.canvas
        self.actions = hand.window.actions_by_id

    @property
    def document(self):
        return self.controller.document

    def covered(self):
        """Pixels of the mask."""
        return self.hand.ask(lambda: int(np.count_nonzero(self.document.mask >= HOLE // 2)))

    def mask_at(self, x, y):
        return self.hand.ask(lambda: int(self.document.mask[y, x]))

    def steps_made(self):
        return self.hand.ask(lambda: [entry.name for entry in self.document.history.entries])

    def clear(self):
        if self.covered():
            self.hand.key("ctrl+d")
            self.hand.until(lambda: not self.document.has_mask, "an empty mask")

    def selected(self, before):
        """Wait until the mask is another one than that of so many pixels; how many it has then."""
        self.hand.until(lambda: np.count_nonzero(self.document.mask >= HOLE // 2) != before, "another mask")
        return self.covered()

"""Selecting with every tool, and changing the mask as a whole."""

from __future__ import annotations

import numpy as np
from e2e.steps import HOLE, SIZE, Steps
from PySide6.QtWidgets import QApplication

from inpaintgui.engine.image_io import load_mask
from inpaintgui.session.combining import Combine


class Selecting(Steps):
    """Nothing is filled here."""

    # Selecting

    def lasso_and_polygon(self):
        self.hand.key("l")
        self.hand.drag((40, 40), (80, 40), (80, 80), (40, 80))
        assert self.selected(0) > 1000
        self.hand.key("shift+l")
        for corner in ((120, 40), (160, 40), (160, 80), (140, 60)):
            self.hand.click(*corner)
        self.hand.key("BackSpace")
        self.hand.click(120, 80)
        self.hand.key("Return")
        self.hand.until(lambda: self.document.mask[75, 125] == HOLE, "a closed polygon")
        assert self.mask_at(150, 60) == HOLE  # the corner that was taken back would have left this out
        assert self.steps_made()[-2:] == ["Lasso", "Polygon"]

    def boxes_meet_the_mask(self):
        self.clear()
        self.hand.key("m")
        self.hand.drag((40, 40), (140, 140))
        self.hand.until(lambda: abs(np.count_nonzero(self.document.mask) - 10_000) < 300, "a rectangle")
        self.hand.key("shift+m")
        self.hand.drag((60, 60), (120, 120), held="alt")
        self.hand.until(lambda: self.document.mask[90, 90] == 0, "an ellipse taken away")
        assert self.mask_at(62, 62) == HOLE
        self.hand.ask(lambda: self.controller.set_combine(Combine.INTERSECT))
        self.hand.key("m")
        self.hand.drag((30, 30), (90, 150))
        self.hand.until(lambda: self.document.mask[130, 130] == 0, "what both have")
        assert self.mask_at(50, 130) == HOLE
        self.hand.ask(lambda: self.controller.set_combine(Combine.ADD))

    def wand(self):
        self.clear()
        self.hand.key("w")
        self.hand.click(8, 8)
        wide = self.selected(0)
        assert self.mask_at(8, 8) == HOLE
        self.clear()
        self.hand.ask(lambda: self.controller.set_setting("wand_tolerance", 3))
        self.hand.click(8, 8)
        assert self.selected(0) < wide

    def smart_select(self):
        self.clear()
        self.hand.key("shift+w")
        self.hand.drag((110, 120), (140, 120), (140, 150))
        found = self.selected(0)
        assert self.mask_at(130, 120) == HOLE
        self.hand.drag((110, 200), (140, 220), held="alt")
        self.hand.until(lambda: not self.controller.selecting.busy, "the refined selection")
        assert self.mask_at(125, 210) == 0
        assert 0 < self.covered() != found
        assert self.steps_made()[-1] == "Smart select"

    def chip_of(self, command, told):
        self.clear()
        self.hand.command(command)
        self.hand.back()
        self.hand.told(told)
        return self.hand.until(lambda: (self.window.proposals.chips or [None])[0], "a chip")

    def find_faces(self):
        chip = self.chip_of("Find faces", "Faces found: 1")
        self.hand.press(chip.accept)
        assert self.selected(0) > SIZE * SIZE // 20
        assert self.steps_made()[-1] == "Face"

    def find_people(self):
        chip = self.chip_of("Find people", "People found: 1")
        self.hand.press(chip.reject)
        self.hand.until(lambda: not self.controller.selecting.proposals, "no proposal")
        assert self.covered() == 0

    # The mask as a whole

    def change_the_mask(self):
        self.hand.key("m")
        self.hand.drag((100, 100), (140, 140))
        before = self.selected(0)
        for keys, title, grows in (("g", "Grow mask", True), ("shift+g", "Shrink mask", False)):
            self.hand.key(keys)
            self.hand.answer(title, 10)
            after = self.selected(before)
            assert (after > before) == grows
            before = after
            self.hand.back()
        self.hand.command("Smooth")
        self.hand.answer("Smooth mask", 4)
        self.hand.until(lambda: self.document.history.entries[-1].name == "Smooth mask", "a smooth mask")
        self.hand.back()
        self.hand.command("Feather")
        self.hand.answer("Feather mask", 6)
        self.hand.until(lambda: np.any((self.document.mask > 0) & (self.document.mask < HOLE)), "a soft rim")
        self.hand.back()
        before = self.covered()
        self.hand.key("ctrl+i")
        assert abs(self.selected(before) + before - SIZE * SIZE) < 0.02 * SIZE * SIZE
        self.hand.key("ctrl+i")
        self.hand.until(lambda: abs(np.count_nonzero(self.document.mask >= HOLE // 2) - before) < 99, "it back")

    def fill_holes(self):
        self.clear()
        self.hand.key("m")
        self.hand.drag((100, 100), (140, 140))
        self.selected(0)
        self.hand.drag((110, 110), (120, 120), held="alt")
        self.hand.until(lambda: self.document.mask[115, 115] == 0, "a hole in the mask")
        self.hand.command("Fill holes")
        self.hand.until(lambda: self.document.mask[115, 115] == HOLE, "no hole")
        self.hand.back()

    def keep_and_recall_a_mask(self):
        kept = self.covered()
        self.hand.command("Keep mask")
        self.hand.answer("Keep mask", "square")
        self.hand.until(lambda: "square" in list(self.document.saved_masks), "a kept mask")
        self.hand.back()
        self.clear()
        self.hand.command("square")
        assert self.selected(0) == kept
        self.hand.back()

    def mask_files(self):
        path, kept = self.folder / "mask.png", self.covered()
        self.hand.command("Export mask")
        self.hand.answer("Export mask", path)
        self.hand.told("Mask exported")
        assert np.count_nonzero(load_mask(path, (SIZE, SIZE))) == kept
        self.hand.back()
        self.clear()
        self.hand.command("Import mask")
        self.hand.answer("Import mask", path)
        self.hand.until(lambda: type(QApplication.activeModalWidget()).__name__ == "MaskImport", "the threshold")
        self.hand.answer("Import mask")
        assert self.selected(0) == kept
        self.hand.back()

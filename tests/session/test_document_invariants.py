"""Whatever a user does, in any order: every state comes back bit by bit, and every change is reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fakes import ready
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from inpaintgui.contracts import Box, FilledPatch, FillReport, FillResult, FillSettings, Photo, Pixels, bounding_box
from inpaintgui.session.changes import Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.history import Layer

REPORT = FillReport(regions=(), device="cpu", seed=0, preset="normal", seconds=0.0)
POINT = st.tuples(st.floats(-80, 400), st.floats(-80, 120))


class Editing(RuleBasedStateMachine):
    """Keeps full copies of every state in the history and compares."""

    @initialize(
        channels=st.sampled_from([1, 2, 3, 4]),
        dtype=st.sampled_from([np.uint8, np.uint16]),
        budget=st.sampled_from([0, 2000, 1 << 20]),
    )
    def open(self, channels, dtype, budget):
        rng = np.random.default_rng(0)
        # Wider than a tile, so that steps have several edits.
        pixels = rng.integers(0, np.iinfo(dtype).max, (40, 300, channels), dtype)
        self.first = pixels.copy()
        self.document = Document(Photo(pixels), history_budget=budget)
        self.budget = budget
        self.states = [self.now()]
        self.saved = self.first
        self.snapshots = []
        self.fills = 0

    def now(self):
        return self.document.pixels.copy(), self.document.mask.copy(), self.document.exclusion.copy()

    def watch(self, act) -> Change:
        """Act, and check that the change tells the truth about what is different now."""
        document = self.document
        pixels, mask, exclusion = self.now()
        shown, modified, revision = document.mask_visible, document.is_modified, document.revision
        entries, position = document.history.entries, document.history.position
        change = act()
        differs = (pixels != document.pixels).any(axis=2)
        remasked = mask != document.mask
        assert Changed.PIXELS in change.what or not differs.any()
        assert Changed.MASK in change.what or not remasked.any()
        excluded = exclusion != document.exclusion
        assert Changed.EXCLUSION in change.what or not excluded.any()
        assert (Changed.OVERLAY in change.what) or shown == document.mask_visible
        assert (Changed.FILE in change.what) == (modified != document.is_modified)
        moved = (entries, position) != (document.history.entries, document.history.position)
        assert Changed.HISTORY in change.what or not moved
        assert document.revision >= revision
        if differs.any() or remasked.any() or excluded.any():
            assert document.revision > revision
            where = bounding_box(differs | remasked | excluded)
            assert change.box.intersect(where) == where
        return change

    def pushed(self, before: int) -> None:
        """Note the state after a step that may have been pushed onto ``before`` applied ones."""
        history = self.document.history
        total = history.dropped + history.position
        if total > before:
            del self.states[before + 1 :]
            self.states.append(self.now())

    @property
    def total(self) -> int:
        return self.document.history.dropped + self.document.history.position

    @rule(
        points=st.lists(POINT, min_size=1, max_size=4),
        radius=st.floats(0.1, 40),
        hardness=st.floats(0, 1),
        erase=st.booleans(),
        cancel=st.booleans(),
        layer=st.sampled_from([Layer.MASK, Layer.EXCLUSION]),
    )
    def stroke(self, points, radius, hardness, erase, cancel, layer):
        before, state = self.total, self.now()
        self.watch(lambda: self.document.begin_stroke("stroke", layer))
        for start, end in zip(points, points[1:] or points, strict=False):
            self.watch(lambda a=start, b=end: self.document.paint(a, b, radius=radius, hardness=hardness, erase=erase))
        if cancel:
            self.watch(self.document.cancel_stroke)
            self.same(state)
            return
        self.watch(self.document.end_stroke)
        now = self.now()
        assert self.total - before == any(not np.array_equal(state[n], now[n]) for n in (1, 2))
        self.pushed(before)

    @rule(action=st.sampled_from(["clear_mask", "invert_mask", "clear_exclusion"]))
    def mask(self, action):
        before = self.total
        self.watch(getattr(self.document, action))
        self.pushed(before)

    @rule(left=st.integers(0, 299), top=st.integers(0, 39), size=st.integers(0, 100), value=st.integers(1, 255))
    def set_mask(self, left, top, size, value):
        before = self.total
        mask = np.zeros((40, 300), np.uint8)
        mask[top : top + size, left : left + size] = value
        self.watch(lambda: self.document.set_mask(mask, "set"))
        np.testing.assert_array_equal(self.document.mask, mask)
        self.pushed(before)

    @rule(visible=st.booleans())
    def show(self, visible):
        self.watch(lambda: self.document.show_mask(visible))

    @precondition(lambda self: self.document.has_mask)
    @rule(meanwhile=st.sampled_from(["nothing", "mask", "pixels"]))
    def fill(self, meanwhile):
        before, state = self.total, self.now()
        request = self.document.request(FillSettings())
        self.snapshots.append((request.pixels, request.mask, *state[:2]))
        result, expected = self.answer(request)
        submitted = self.document.submit()
        if meanwhile == "pixels":
            other = ready(request, self.answer(request)[0])
            self.watch(lambda: self.document.apply_fill(other))
            self.pushed(before)
            state = self.now()
            assert self.document.apply_fill(ready(request, result), submitted=submitted) is None
            self.same(state)
            self.document.withdraw(submitted)
            return
        if meanwhile == "mask":
            self.watch(self.document.invert_mask)
            self.pushed(before)
            before, state = self.total, self.now()
        self.watch(lambda: self.document.apply_fill(ready(request, result), submitted=submitted))
        self.document.withdraw(submitted)
        np.testing.assert_array_equal(self.document.mask, state[1])
        np.testing.assert_array_equal(self.document.pixels, expected)
        assert self.document.mask_visible == (meanwhile == "mask")
        self.pushed(before)

    def answer(self, request) -> tuple[FillResult, Pixels]:
        """Two patches with overlapping boxes and interleaved parts of the hole: each must spare the other's."""
        self.fills += 1
        noise = np.random.default_rng(self.fills).integers(0, 256, request.pixels.shape, request.pixels.dtype)
        columns = np.arange(300)[None, :] % 2 == 0
        patches = []
        for part, box in ((columns, Box(0, 0, 300, 40)), (~columns, Box(0, 0, 300, 40))):
            pixels = np.where(((request.mask > 0) & part)[:, :, None], noise, request.pixels)
            patches.append(FilledPatch(box, pixels[box.slices]))
        return FillResult(tuple(patches), REPORT), np.where((request.mask > 0)[:, :, None], noise, request.pixels)

    @rule()
    def undo(self):
        self.watch(self.document.undo)

    @rule()
    def redo(self):
        self.watch(self.document.redo)

    @rule(position=st.integers(-1, 12))
    def go_to(self, position):
        was = self.document.history.position
        self.watch(lambda: self.document.go_to(position))
        possible = 0 <= position <= len(self.document.history.entries)
        assert self.document.history.position == (position if possible else was)

    @rule()
    def save(self):
        photo = self.document.export()
        self.saved = photo.pixels.copy()
        self.snapshots.append((photo.pixels, self.document.mask.copy(), *self.now()[:2]))
        assert Changed.FILE in self.document.mark_saved(Path("a.png")).what
        assert not self.document.is_modified

    def same(self, state):
        np.testing.assert_array_equal(self.document.pixels, state[0])
        np.testing.assert_array_equal(self.document.mask, state[1])
        np.testing.assert_array_equal(self.document.exclusion, state[2])

    @invariant()
    def state_is_the_one_of_this_position(self):
        if hasattr(self, "document"):
            self.same(self.states[self.total])
            assert self.document.history.nbytes <= self.budget

    @invariant()
    def derived_values_agree(self):
        if hasattr(self, "document"):
            assert self.document.mask_box == bounding_box(self.document.mask)
            assert self.document.exclusion_box == bounding_box(self.document.exclusion)
            assert self.document.has_mask == bool(self.document.mask.any())
            if not self.document.is_modified:
                np.testing.assert_array_equal(self.document.pixels, self.saved)
            np.testing.assert_array_equal(self.document.original, self.first)

    def teardown(self):
        for pixels, mask, pixels_then, mask_then in getattr(self, "snapshots", []):
            np.testing.assert_array_equal(pixels, pixels_then)
            np.testing.assert_array_equal(mask, mask_then)


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.contracts import Box
from inpaintgui.session.history import TILE, BoxEdit, History, HistoryEntry, HistoryStep, Layer, diff


def step(name="step", *, nbytes=10, pixels=False):
    """A step that weighs ``nbytes``; its contents are never unpacked here."""
    layer = Layer.PIXELS if pixels else Layer.MASK
    edit = BoxEdit(layer, Box(0, 0, 1, 1), (1, 1), np.dtype(np.uint8), bytes(nbytes // 2), bytes(nbytes - nbytes // 2))
    return HistoryStep(name, "fill" if pixels else "stroke", (edit,))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(300, 520), (300, 520, 1), (300, 520, 4)])
def test_diff_brings_both_states_back_bit_by_bit(shape, dtype):
    rng = np.random.default_rng(0)
    before = rng.integers(0, 256, shape, dtype)
    after = before.copy()
    after[10:20, 200:400] = rng.integers(0, 256, after[10:20, 200:400].shape, dtype)
    after[299, 519] ^= 1
    edits = tuple(diff(Layer.PIXELS, Box(7, 9, 7 + 520, 9 + 300), before, after))
    photo = np.zeros((320, 540, *shape[2:]), dtype)
    photo[9:309, 7:527] = before
    for edit in edits:
        edit.put_after(photo)
    np.testing.assert_array_equal(photo[9:309, 7:527], after)
    for edit in reversed(edits):
        edit.put_before(photo)
    np.testing.assert_array_equal(photo[9:309, 7:527], before)


def test_diff_is_in_proportion_to_the_edit():
    before = np.zeros((4 * TILE, 4 * TILE), np.uint8)
    after = before.copy()
    after[3, 5] = after[-1, -1] = 255
    edits = tuple(diff(Layer.MASK, Box(0, 0, 4 * TILE, 4 * TILE), before, after))
    assert [edit.box for edit in edits] == [Box(5, 3, 6, 4), Box(4 * TILE - 1, 4 * TILE - 1, 4 * TILE, 4 * TILE)]
    assert not tuple(diff(Layer.MASK, Box(0, 0, 4 * TILE, 4 * TILE), before, before))


def test_moves_and_lists():
    history = History()
    first, second = step("first", nbytes=3), step("second", nbytes=5, pixels=True)
    history.push(first)
    history.push(second)
    assert history.entries == (HistoryEntry("first", "stroke", 3), HistoryEntry("second", "fill", 5))
    assert (history.position, history.can_undo, history.can_redo, history.nbytes) == (2, True, False, 8)
    assert history.redo() is None
    assert history.undo() is second
    assert history.undo() is first
    assert history.undo() is None
    assert (history.position, history.can_undo, history.can_redo) == (0, False, True)
    assert history.redo() is first


def test_pushing_forgets_what_was_undone():
    history = History()
    for name in "abc":
        history.push(step(name, nbytes=4))
    history.undo()
    history.undo()
    history.push(step("d", nbytes=7))
    assert [entry.name for entry in history.entries] == ["a", "d"]
    assert history.nbytes == 11
    assert not history.can_redo


@given(st.integers(0, 60), st.lists(st.one_of(st.integers(1, 40), st.sampled_from(["undo", "redo"])), max_size=40))
@settings(deadline=None)
def test_budget_is_kept_by_dropping_the_oldest(budget, actions):
    history = History(budget)
    pushed, forgotten = 0, 0
    for action in actions:
        if action == "undo":
            history.undo()
        elif action == "redo":
            history.redo()
        else:
            forgotten += len(history.entries) - history.position
            history.push(step(str(pushed), nbytes=action))
            pushed += 1
            expected_newest = [] if action > budget else [str(pushed - 1)]
            assert [entry.name for entry in history.entries][-1:] == expected_newest
        assert history.nbytes == sum(entry.nbytes for entry in history.entries) <= budget
        assert history.dropped + forgotten + len(history.entries) == pushed
        assert 0 <= history.position <= len(history.entries)


@given(st.lists(st.sampled_from(["fill", "stroke", "undo", "redo", "save"]), max_size=30), st.integers(10, 100))
@settings(max_examples=200, deadline=None)
def test_clean_means_the_saved_pixels(actions, budget):
    """Against a model that names each pixel state by the fills applied, however it was reached."""
    history = History(budget)
    fills: list[int] = []  # one entry per step applied: the pixel state after it
    undone: list[int] = []
    base, saved, newest = 0, 0, 0
    for action in actions:
        if action in ("fill", "stroke"):
            undone.clear()
            newest += action == "fill"
            fills.append(newest if action == "fill" else (fills[-1] if fills else base))
            history.push(step(pixels=action == "fill"))
            while len(fills) > len(history.entries):
                base = fills.pop(0)
        elif action == "undo" and fills:
            undone.append(fills.pop())
            history.undo()
        elif action == "redo" and undone:
            fills.append(undone.pop())
            history.redo()
        elif action == "save":
            saved = fills[-1] if fills else base
            history.mark_clean()
        assert history.is_clean == ((fills[-1] if fills else base) == saved)


def test_state_saved_earlier_can_be_marked_clean_later():
    history = History()
    history.push(step(pixels=True))
    written = history.pixel_state
    history.push(step(pixels=True))
    history.mark_clean(written)
    assert not history.is_clean
    history.undo()
    assert history.is_clean


def test_negative_budget_is_refused():
    with pytest.raises(ValueError, match="budget"):
        History(-1)

"""Choosing among a fill's answers: one undo step, whatever was done before and is undone afterwards."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import fill_box, filled, finish, latent_of, ready, value_of
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.contracts import Box, FillSettings, Photo
from inpaintgui.session.answers import Answer, filled_regions
from inpaintgui.session.document import Document
from inpaintgui.session.outcome import Outcome
from inpaintgui.session.recipe import pixel_hash
from inpaintgui.session.swaps import Repaint, prepare_swap

SETTINGS = FillSettings(variations=3)
HOLES = (Box(5, 5, 15, 25), Box(20, 10, 40, 30))
VALUES = (7, 17, 27)
"""Of the fake's variations."""


def make_document(budget=1 << 20, dtype=np.uint8):
    random = np.random.default_rng(0)
    document = Document(Photo(random.integers(100, 200, (40, 60, 3), dtype)), history_budget=budget)
    mask = np.zeros((40, 60), np.uint8)
    for box in HOLES:
        mask[box.slices] = 255
    document.set_mask(mask, "Brush")
    return document


def fill(document, settings=SETTINGS):
    request = document.request(settings)
    done = ready(request, filled(request))
    assert document.apply_fill(done) is not None
    return Outcome(done, request, document)


def choose(document, outcome, region, number):
    swap = outcome.swap(document, region)
    answer = Answer.of(swap.regions[region].variations[number], number)
    done = finish(prepare_swap(swap, answer))
    change = document.swap_fill(done, instead_of=swap.instead_of, name="Variation")
    assert change is not None
    outcome.took(done, document, swap.instead_of)
    return change


def names(document):
    return [entry.name for entry in document.history.entries]


def values(document):
    return [int(document.pixels[box.slices].max()) for box in HOLES]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_choosing_replaces_the_step_of_the_fill(dtype):
    document = make_document(dtype=dtype)
    before = document.pixels.copy()
    outcome = fill(document)
    change = choose(document, outcome, 0, 2)
    assert values(document) == [27, 7]
    assert change.box.intersect(HOLES[0]) == HOLES[0]
    choose(document, outcome, 1, 1)
    assert values(document) == [27, 17]
    assert [one.shown.number for one in outcome.regions(document)] == [2, 1]
    assert names(document) == ["Brush", "Fill"]
    assert not document.mask_visible
    document.undo()
    np.testing.assert_array_equal(document.pixels, before)
    assert document.mask_visible
    document.redo()
    assert values(document) == [27, 17]
    untouched = document.mask == 0
    np.testing.assert_array_equal(document.pixels[untouched], before[untouched])


def test_after_a_further_edit_it_is_a_step_of_its_own():
    document = make_document()
    outcome = fill(document)
    document.invert_mask()
    choose(document, outcome, 0, 1)
    choose(document, outcome, 0, 2)
    assert names(document) == ["Brush", "Fill", "Invert mask", "Variation"]
    assert values(document) == [27, 7]
    assert document.mask_visible
    document.undo()
    assert values(document) == [7, 7]
    assert [one.shown.number for one in outcome.regions(document)] == [0, 0]
    document.go_to(2)
    choose(document, outcome, 1, 2)
    assert names(document) == ["Brush", "Fill"]
    assert values(document) == [7, 27]


def test_an_undone_fill_can_be_chosen_from_again():
    document = make_document()
    before = document.pixels.copy()
    outcome = fill(document)
    document.undo()
    assert not outcome.is_applied(document)
    choose(document, outcome, 1, 1)
    assert outcome.is_applied(document)
    assert values(document)[1] == 17
    np.testing.assert_array_equal(document.pixels[HOLES[0].slices], before[HOLES[0].slices])
    document.undo()
    np.testing.assert_array_equal(document.pixels, before)


def test_a_stale_choice_changes_nothing():
    document = make_document()
    outcome = fill(document)
    swap = outcome.swap(document, 0)
    done = finish(prepare_swap(swap, Answer.of(swap.regions[0].variations[1], 1)))
    document.invert_mask()
    assert document.swap_fill(done, instead_of=swap.instead_of) is None
    assert values(document) == [7, 7]


def test_a_saved_fill_is_modified_by_another_choice():
    document = make_document()
    outcome = fill(document)
    document.mark_saved("x.png")
    choose(document, outcome, 0, 1)
    assert document.is_modified
    choose(document, outcome, 0, 0)
    assert document.is_modified, "a state of its own, as after every edit"


def test_a_fill_too_large_for_the_history_can_still_be_chosen_from():
    document = make_document(budget=0)
    outcome = fill(document)
    choose(document, outcome, 0, 1)
    assert values(document) == [17, 7]


@given(st.lists(st.sampled_from(["undo", "redo", "invert", (0, 0), (0, 1), (0, 2), (1, 1), (1, 2)]), max_size=12))
def test_whatever_is_done_every_state_comes_back_by_undo_and_redo(acts):
    document = make_document()
    outcome = fill(document)
    for act in acts:
        if act == "undo":
            document.undo()
        elif act == "redo":
            document.redo()
        elif act == "invert":
            document.invert_mask()
        else:
            choose(document, outcome, *act)
            assert outcome.regions(document)[act[0]].shown.number == act[1]
    states = []
    document.go_to(len(names(document)))
    while document.can_undo:
        states.append((document.pixels.copy(), document.mask.copy()))
        document.undo()
    np.testing.assert_array_equal(document.pixels, document.original)
    for pixels, mask in reversed(states):
        document.redo()
        np.testing.assert_array_equal(document.pixels, pixels)
        np.testing.assert_array_equal(document.mask, mask)


def test_painting_a_latent_fills_that_region_only():
    document = make_document()
    before = document.pixels.copy()
    outcome = fill(document)
    repaint = Repaint(outcome.swap(document, 1), latent_of(50), SETTINGS)
    request = repaint.request()
    assert request.starts[0].exact
    assert request.starts[0].box == HOLES[1]
    np.testing.assert_array_equal(request.pixels[HOLES[1].slices], before[HOLES[1].slices])
    assert (request.pixels[HOLES[0].slices] == 7).all()
    assert np.count_nonzero(request.mask) == HOLES[1].width * HOLES[1].height
    answer = repaint.answer(request, filled(request))
    assert (answer.patch.pixels == 50).all()
    assert answer.number is None
    done = finish(prepare_swap(repaint.swap, answer))
    document.swap_fill(done, instead_of=repaint.swap.instead_of)
    assert values(document) == [7, 50]


def records(document):
    return document.history.records


def test_a_step_can_be_repeated_from_its_record_where_that_gives_the_same_pixels():
    document = make_document()
    outcome = fill(document)
    choose(document, outcome, 0, 1)
    assert records(document) == (None,), "the first variation among others takes a search"
    choose(document, outcome, 1, 2)
    (record,) = records(document)
    assert record.result == pixel_hash(document.pixels)
    assert [(start.box, start.exact, value_of(start.latent)) for start in record.starts] == [
        (HOLES[0], True, 17),
        (HOLES[1], True, 27),
    ]
    again = make_document()
    request = replace(again.request(record.settings), starts=record.starts)
    again.apply_fill(ready(request, filled(request)))
    np.testing.assert_array_equal(again.pixels, document.pixels)


def test_back_at_the_first_variations_the_record_is_the_fill_s_own():
    document = make_document()
    outcome = fill(document)
    (own,) = records(document)
    choose(document, outcome, 0, 1)
    choose(document, outcome, 0, 0)
    assert records(document) == (own,)


def test_what_was_painted_beside_filled_neighbours_has_no_record():
    document = make_document()
    outcome = fill(document)
    swap = outcome.swap(document, 0)
    repaint = Repaint(swap, latent_of(50), SETTINGS)
    request = repaint.request()
    done = finish(prepare_swap(swap, repaint.answer(request, filled(request))))
    document.swap_fill(done, instead_of=swap.instead_of)
    assert records(document) == (None,)


def test_holes_in_each_other_s_boxes_stay_apart():
    document = make_document()
    mask = np.zeros((40, 60), np.uint8)
    mask[5:30, 5:8] = mask[27:30, 5:30] = 255  # an L around a square
    inner = Box(15, 10, 25, 20)
    mask[inner.slices] = 255
    document.set_mask(mask, "Brush")
    request = document.request(SETTINGS)
    outer = Box(5, 5, 30, 30)
    patches = []
    for box in (outer, inner):
        patch = fill_box(request, box, 7)
        if box is outer:
            own = np.s_[inner.top - 5 : inner.bottom - 5, inner.left - 5 : inner.right - 5]
            patch.pixels[own] = request.pixels[inner.slices]
        patches.append(patch)
    result = filled(request)
    result = type(result)(tuple(patches), result.report)
    first, second = filled_regions(request, result)
    assert first.hole.sum() == np.count_nonzero(mask) - 100
    assert second.hole.all()
    assert first.shown is None
    with pytest.raises(ValueError, match="nothing was searched"):
        first.start(latent_of(0), exact=True)


def test_starts_are_given_only_for_an_edited_mask_of_the_same_wish():
    document = make_document()
    outcome = fill(document)
    assert outcome.starts(document, SETTINGS) == ()
    document.show_mask(True)
    document.begin_stroke("Brush")
    document.paint((30, 20), (45, 20), radius=4)
    document.end_stroke()
    first, second = outcome.starts(document, SETTINGS)
    assert (first.box, second.box) == HOLES
    assert not first.exact
    np.testing.assert_array_equal(first.latent, latent_of(7))
    assert outcome.starts(document, FillSettings(seed=1)) == ()
    assert outcome.starts(document, FillSettings(prior="scenes")) == ()
    document.clear_mask()
    assert outcome.starts(document, SETTINGS) == ()
    document.begin_stroke("Brush")
    document.paint((30, 20), (45, 20), radius=2)
    document.end_stroke()
    assert [one.box for one in outcome.starts(document, SETTINGS)] == [HOLES[1]]

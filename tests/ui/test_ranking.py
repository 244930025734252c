"""The order of contestants: right, and calm."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.ui.panels.ranking import MARGIN, rank

LOSSES = st.dictionaries(st.integers(0, 15), st.floats(0, 100), max_size=12)
PREVIOUS = st.lists(st.integers(0, 15), unique=True, max_size=12)


@given(PREVIOUS, LOSSES)
def test_all_who_are_there_and_nobody_else_is_ranked(previous, losses):
    assert sorted(rank(previous, losses)) == sorted(losses)


@given(PREVIOUS, LOSSES)
def test_nobody_stands_right_behind_somebody_clearly_worse(previous, losses):
    order = rank(previous, losses)
    assert all(losses[behind] >= losses[before] * (1 - MARGIN) for before, behind in pairwise(order))


@given(PREVIOUS, LOSSES)
def test_what_is_ranked_stays_so_while_nothing_changes(previous, losses):
    order = rank(previous, losses)
    assert rank(order, losses) == order


def test_a_close_race_keeps_its_places_and_a_clear_lead_changes_them():
    assert rank([1, 2, 3], {1: 1.0, 2: 0.99, 3: 1.005}) == (1, 2, 3)
    assert rank([1, 2, 3], {1: 1.0, 2: 1.01, 3: 0.5}) == (3, 1, 2)
    assert rank([1, 2, 3], {1: 1.0, 3: 2.0, 4: 0.5}) == (4, 1, 3)

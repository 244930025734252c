"""Undo steps beyond their memory go to disk and come back."""

import gc
import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.contracts import FillSettings
from inpaintgui.errors import SaveError
from inpaintgui.session.document import Document
from inpaintgui.session.fills import prepare_fill
from inpaintgui.session.spill import SpillFile

KIBIBYTE = 1 << 10


def digest(document):
    return hashlib.sha256(document.pixels.tobytes() + document.mask.tobytes()).hexdigest()


def finish(job):
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def work(document, make_fill, strokes, fills):
    random = np.random.default_rng(3)
    for number in range(strokes + fills):
        if number % (strokes // fills + 1) == 0 and document.has_mask:
            request = document.request(FillSettings())
            assert document.apply_fill(finish(prepare_fill(request, make_fill(request, seed=number)))) is not None
        document.begin_stroke("Brush")
        start, end = random.uniform(0, document.width, 2), random.uniform(0, document.height, 2)
        document.paint((start[0], end[0]), (start[1], end[1]), radius=6.0)
        document.end_stroke()


@pytest.mark.parametrize(("memory", "disk"), [(40 * KIBIBYTE, 1 << 30), (1 << 30, 0)])
def test_all_steps_come_back_wherever_they_are(make_photo, make_fill, memory, disk):
    document = Document(make_photo(600, 400), history_budget=memory, history_disk_budget=disk)
    first = digest(document)
    work(document, make_fill, 200, 20)
    history, last = document.history, digest(document)
    assert history.nbytes <= memory
    assert (history.disk_nbytes > 0) == (disk > 0)
    assert history.dropped == 0
    assert len(history.entries) >= 200
    document.go_to(0)
    assert digest(document) == first
    document.go_to(len(history.entries))
    assert digest(document) == last


def test_without_room_on_disk_the_oldest_are_given_up(make_photo, make_fill):
    document = Document(make_photo(600, 400), history_budget=40 * KIBIBYTE, history_disk_budget=100 * KIBIBYTE)
    work(document, make_fill, 100, 10)
    assert document.history.dropped > 0
    assert document.history.nbytes <= 40 * KIBIBYTE
    assert document.history.disk_nbytes <= 100 * KIBIBYTE
    while document.can_undo:
        document.undo()


def test_a_new_stroke_after_an_undo_frees_the_disk(make_photo, make_fill):
    document = Document(make_photo(600, 400), history_budget=0, history_disk_budget=1 << 30)
    work(document, make_fill, 40, 5)
    full = document.history.disk_nbytes
    document.go_to(0)
    gc.collect()
    work(document, make_fill, 2, 1)
    assert document.history.disk_nbytes <= full


def test_a_disk_that_fails_leaves_the_document_as_it_is(make_photo, make_fill, monkeypatch):
    document = Document(make_photo(100, 80), history_budget=0, history_disk_budget=1 << 30)
    work(document, make_fill, 3, 1)
    before, position = digest(document), document.history.position

    def fail(*_):
        raise SaveError("The disk is gone.")

    monkeypatch.setattr(SpillFile, "read", fail)
    with pytest.raises(SaveError):
        document.undo()
    assert (digest(document), document.history.position) == (before, position)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 300)), max_size=60))
def test_places_on_disk_never_overlap(orders):
    file = SpillFile(2000)
    kept = {}
    for number, (drops, length) in enumerate(orders):
        if drops and kept:
            del kept[next(iter(kept))]
        data = bytes([number % 256]) * length
        spilled = file.write(data)
        if spilled is not None:
            kept[number] = (spilled, data)
        assert file.size <= 2000
        assert all(one.read() == expected and len(one) == len(expected) for one, expected in kept.values())


def test_what_is_beyond_the_end_cannot_be_read():
    file = SpillFile(100)
    with pytest.raises(SaveError):
        file.read(0, 5)
    file.write(b"abc")
    with pytest.raises(SaveError):
        file.read(1, 5)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import filled, ready

from inpaintgui.contracts import Box, FilledPatch, FillSettings, Photo, PhotoMetadata
from inpaintgui.errors import BadInputError
from inpaintgui.session.changes import NO_BOX, NOTHING, Change, Changed
from inpaintgui.session.document import Document
from inpaintgui.session.history import Layer


@pytest.fixture
def document(make_photo):
    return Document(make_photo())


def paint(document, x, y, radius=5.0, **options):
    document.begin_stroke("stroke")
    document.paint((x, y), (x, y), radius=radius, **options)
    return document.end_stroke()


def fill(document, make_fill, **options):
    request = document.request(FillSettings())
    return document.apply_fill(ready(request, make_fill(request, **options)))


def test_changes_unite():
    a, b = Change(Changed.MASK, Box(0, 0, 2, 2)), Change(Changed.PIXELS, Box(5, 1, 6, 9))
    assert a | b == Change(Changed.MASK | Changed.PIXELS, Box(0, 0, 6, 9))
    assert a | NOTHING == NOTHING | a == a
    assert a
    assert not NOTHING


def test_begins_clean_and_empty(document):
    assert (document.width, document.height, document.box) == (60, 40, Box(0, 0, 60, 40))
    assert not document.has_mask
    assert document.mask_box == NO_BOX
    assert document.mask_visible
    assert not any((document.is_modified, document.can_undo, document.can_redo, document.stroke_open))
    assert document.path is None
    np.testing.assert_array_equal(document.pixels, document.photo.pixels)


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 5), np.uint8), np.zeros((4, 4, 3), np.float32)]
)
def test_refuses_what_is_not_a_photo(pixels):
    with pytest.raises(ValueError, match="not a photo"):
        Document(Photo(pixels))


@pytest.mark.parametrize("name", ["pixels", "mask", "original"])
def test_views_cannot_be_written_through(document, name, make_fill):
    paint(document, 20, 20)
    fill(document, make_fill)
    with pytest.raises(ValueError, match="read-only"):
        getattr(document, name)[0, 0] = 1


def test_opening_and_requesting_copy_no_pixels(document):
    paint(document, 20, 20)
    request = document.request(FillSettings())
    assert np.shares_memory(request.pixels, document.photo.pixels)
    assert not np.shares_memory(request.mask, document.mask)


def test_only_the_first_change_after_a_request_copies_the_photo(document, make_fill):
    paint(document, 20, 20)
    fill(document, make_fill)
    own = document.pixels
    document.undo()
    document.redo()
    assert np.shares_memory(own, document.pixels)
    request = document.request(FillSettings())
    document.undo()
    assert not np.shares_memory(request.pixels, document.pixels)
    np.testing.assert_array_equal(document.pixels, document.original)


def test_stroke_outside_the_image_is_harmless(document):
    assert paint(document, -500, 3000, radius=40) == NOTHING
    assert document.history.entries == ()
    assert document.revision == 0


def test_stroke_that_ends_where_it_began_pushes_nothing(document):
    document.begin_stroke("there and back")
    document.paint((20, 20), (20, 20), radius=5)
    document.paint((20, 20), (20, 20), radius=9, erase=True)
    assert document.end_stroke() == NOTHING
    assert not document.can_undo


def test_soft_brush_feathers_and_soft_eraser_takes_the_complement(document):
    paint(document, 20.5, 20.5, radius=10, hardness=0)
    assert document.mask[20, 20] == 255
    assert 100 < document.mask[20, 25] < 155
    paint(document, 20.5, 20.5, radius=10, hardness=0, erase=True)
    assert document.mask[20, 20] == 0
    assert document.mask[20, 25] == pytest.approx(127, abs=2)


def test_paint_without_a_stroke_is_a_bug(document):
    with pytest.raises(RuntimeError, match="outside a stroke"):
        document.paint((0, 0), (1, 1), radius=3)


def test_undo_during_a_stroke_takes_the_stroke_back(document):
    paint(document, 20, 20)
    before = document.mask.copy()
    document.begin_stroke("second")
    document.paint((40, 20), (50, 20), radius=5)
    change = document.undo()
    assert change.what == Changed.MASK
    assert not document.stroke_open
    np.testing.assert_array_equal(document.mask, before)
    assert document.history.position == 1


def test_whole_mask_steps(document):
    paint(document, 20, 20)
    painted = document.mask.copy()
    document.invert_mask()
    np.testing.assert_array_equal(document.mask, 255 - painted)
    document.clear_mask()
    assert not document.has_mask
    assert document.clear_mask() == NOTHING
    document.set_mask(painted, "Import mask")
    assert document.history.entries[-1].name == "Import mask"
    assert {entry.kind for entry in document.history.entries} == {"stroke", "mask"}
    document.go_to(0)
    assert not document.has_mask
    document.go_to(4)
    np.testing.assert_array_equal(document.mask, painted)
    assert document.go_to(9) == document.go_to(-1) == NOTHING


@pytest.mark.parametrize("mask", [np.zeros((60, 40), np.uint8), np.zeros((40, 60), bool), np.zeros(7, np.uint8)])
def test_mask_of_another_size_or_type_is_refused(document, mask):
    with pytest.raises(BadInputError, match="60 × 40"):
        document.set_mask(mask, "Import mask")
    assert not document.can_undo


def test_request_needs_a_mask(document):
    with pytest.raises(BadInputError, match="paint"):
        document.request(FillSettings())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_fill_of_every_kind_of_photo(make_photo, make_fill, channels, dtype):
    document = Document(make_photo(channels=channels, dtype=dtype))
    paint(document, 20, 20, radius=8, hardness=0.5)
    change = fill(document, make_fill)
    assert change.what == Changed.PIXELS | Changed.HISTORY | Changed.OVERLAY | Changed.FILE
    assert document.pixels.dtype == dtype
    assert document.pixels.shape == (40, 60, channels)
    kept = document.mask == 0
    np.testing.assert_array_equal(document.pixels[kept], document.original[kept])
    assert not np.array_equal(document.pixels, document.original)
    filled = document.pixels.copy()
    document.undo()
    np.testing.assert_array_equal(document.pixels, document.original)
    document.redo()
    np.testing.assert_array_equal(document.pixels, filled)


def test_mask_survives_the_fill_hidden_and_comes_back_with_undo(document, make_fill):
    paint(document, 20, 20)
    mask = document.mask.copy()
    fill(document, make_fill)
    assert not document.mask_visible
    np.testing.assert_array_equal(document.mask, mask)
    change = document.undo()
    assert document.mask_visible
    assert Changed.OVERLAY in change.what
    document.redo()
    assert not document.mask_visible


def test_painting_the_next_thing_begins_with_an_empty_mask(document, make_fill):
    paint(document, 10, 10)
    old = document.mask.copy()
    fill(document, make_fill)
    paint(document, 45, 25)
    assert document.mask_visible
    assert document.mask_box == Box(40, 20, 50, 30)
    assert len(document.history.entries) == 3
    document.undo()
    np.testing.assert_array_equal(document.mask, old)
    assert not document.mask_visible


def test_shown_again_the_old_mask_is_kept_for_a_re_run(document, make_fill):
    paint(document, 10, 10)
    fill(document, make_fill)
    assert document.show_mask(True) == Change(Changed.OVERLAY, document.mask_box)
    paint(document, 45, 25)
    assert document.mask_box == Box(5, 5, 50, 30)


def test_stroke_that_paints_nothing_on_a_hidden_mask_restores_it(document, make_fill):
    paint(document, 10, 10)
    old = document.mask.copy()
    fill(document, make_fill)
    document.begin_stroke("miss")
    assert not document.has_mask
    document.paint((-90, -90), (-80, -90), radius=5)
    document.end_stroke()
    np.testing.assert_array_equal(document.mask, old)
    assert not document.mask_visible
    assert document.history.position == 2


def test_fill_whose_pixels_changed_underneath_changes_nothing(document, make_fill):
    paint(document, 20, 20)
    request = document.request(FillSettings())
    result = ready(request, make_fill(request))
    assert document.apply_fill(ready(request, filled(request, 99))) is not None
    before, revision, position = document.pixels.copy(), document.revision, document.history.position
    assert document.apply_fill(result) is None
    np.testing.assert_array_equal(document.pixels, before)
    assert (document.revision, document.history.position, document.mask_visible) == (revision, position, False)


def test_fill_lands_although_another_place_changed_meanwhile(document, make_fill):
    paint(document, 20, 20)
    first = document.request(FillSettings())
    submitted = document.submit()
    paint(document, 45, 30)  # the submitted mask makes way
    assert document.mask_box.left > 30
    second = document.request(FillSettings())
    assert document.apply_fill(ready(second, filled(second, 99))) is not None
    assert document.apply_fill(ready(first, filled(first, 7)), submitted=submitted) is not None
    document.withdraw(submitted)
    assert set(np.unique(document.pixels[first.mask > 0])) == {7}
    assert set(np.unique(document.pixels[second.mask > 0])) == {99}
    assert document.history.records[-1] is None  # other pixels were around it when it was computed
    document.undo()
    np.testing.assert_array_equal(document.pixels[first.mask > 0], document.original[first.mask > 0])
    assert set(np.unique(document.pixels[second.mask > 0])) == {99}
    while document.can_undo:
        document.undo()
    np.testing.assert_array_equal(document.pixels, document.original)
    while document.can_redo:
        document.redo()
    assert set(np.unique(document.pixels[first.mask > 0])) == {7}


def test_fill_of_a_submitted_mask_leaves_the_next_one_shown(document, make_fill):
    paint(document, 20, 20)
    request = document.request(FillSettings())
    submitted = document.submit()
    assert document.mask_is_submitted
    paint(document, 45, 30)
    assert not document.mask_is_submitted
    document.apply_fill(ready(request, make_fill(request)), submitted=submitted)
    assert document.mask_visible
    assert document.mask_box.left > 30
    document.undo()  # of the fill
    assert document.mask_visible
    document.undo()  # of the stroke
    assert document.mask_is_submitted
    document.withdraw(submitted)
    assert not document.mask_is_submitted


def test_exclusion_is_painted_beside_the_mask(document):
    paint(document, 20, 20)
    mask = document.mask.copy()
    document.begin_stroke("Exclude sources", Layer.EXCLUSION)
    change = document.paint((40, 20), (40, 20), radius=5)
    assert change.what & Changed.EXCLUSION
    assert not change.what & Changed.MASK
    document.end_stroke()
    np.testing.assert_array_equal(document.mask, mask)
    assert document.exclusion_box == Box(35, 15, 45, 25)
    request = document.request(FillSettings())
    assert np.count_nonzero(request.exclusion) == np.count_nonzero(document.exclusion) > 0
    document.clear_exclusion()
    assert document.exclusion_box.is_empty
    assert document.request(FillSettings()).exclusion is None
    document.undo()
    np.testing.assert_array_equal(document.exclusion, request.exclusion)
    document.undo()
    assert document.exclusion_box.is_empty
    assert document.has_mask


def test_excluding_sources_leaves_a_hidden_mask_as_it_is(document, make_fill):
    paint(document, 20, 20)
    fill(document, make_fill)
    mask = document.mask.copy()
    document.begin_stroke("Exclude sources", Layer.EXCLUSION)
    document.paint((40, 20), (40, 20), radius=5)
    document.end_stroke()
    np.testing.assert_array_equal(document.mask, mask)
    assert not document.mask_visible
    document.undo()
    assert not document.mask_visible


def test_exclusion_is_frozen_and_restored(document):
    document.begin_stroke("Exclude sources", Layer.EXCLUSION)
    document.paint((40, 20), (40, 20), radius=5)
    again = Document.restored(document.photo, document.freeze())
    np.testing.assert_array_equal(again.exclusion, document.exclusion)
    assert again.exclusion_box == document.exclusion_box
    again.undo()
    assert again.exclusion_box.is_empty


def test_fill_during_a_stroke_that_has_not_touched_the_image_is_applied(document, make_fill):
    paint(document, 20, 20)
    request = document.request(FillSettings())
    document.begin_stroke("next")
    assert document.apply_fill(ready(request, make_fill(request))) is not None
    assert not document.stroke_open


def broken(patch, how):
    pixels = patch.pixels.copy()
    if how == "outside the mask":
        pixels[0, 0] += 1
    elif how == "uint16":
        pixels = pixels.astype(np.uint16)
    elif how == "outside the photo":
        return replace(patch, box=Box(-5, 0, patch.box.width - 5, patch.box.height))
    elif how == "for uint8":
        pixels = pixels[:-1]
    return FilledPatch(patch.box, pixels)


@pytest.mark.parametrize("how", ["outside the mask", "outside the photo", "uint16", "for uint8"])
def test_faulty_patch_is_a_bug_and_changes_nothing(document, make_fill, how):
    paint(document, 20, 20)
    request = document.request(FillSettings())
    result = make_fill(request)
    good = result.patches[0]
    faulty = replace(result, patches=(good, broken(good, how)))
    with pytest.raises(ValueError, match=how):
        ready(request, faulty)
    np.testing.assert_array_equal(document.pixels, document.original)
    assert document.pixel_state == request.pixel_state
    assert document.history.position == 1


def test_modified_follows_the_pixels_only(document, make_fill):
    paint(document, 20, 20)
    assert not document.is_modified
    fill(document, make_fill)
    assert document.is_modified
    change = document.undo()
    assert Changed.FILE in change.what
    assert not document.is_modified
    document.redo()
    assert document.mark_saved(Path("beach.png")) == Change(Changed.FILE)
    assert document.path == Path("beach.png")
    paint(document, 40, 20)
    assert not document.is_modified
    document.go_to(0)
    assert document.is_modified
    paint(document, 5, 5)  # truncates the saved state away
    assert document.is_modified
    document.undo()
    assert document.is_modified


def test_fill_applied_while_saving_still_needs_saving(document, make_fill):
    paint(document, 20, 20)
    fill(document, make_fill)
    photo, state = document.export(), document.pixel_state
    written = photo.pixels.copy()
    fill(document, make_fill, seed=2)
    document.mark_saved(Path("beach.png"), state=state)
    np.testing.assert_array_equal(photo.pixels, written)
    assert document.is_modified
    document.undo()
    assert not document.is_modified


def test_export_keeps_what_the_file_said(make_photo, make_fill):
    photo = replace(make_photo(), metadata=PhotoMetadata(exif=b"e", icc=b"i"), jpeg_quality=93)
    document = Document(photo, path=Path("a.jpg"))
    paint(document, 20, 20)
    fill(document, make_fill)
    exported = document.export()
    assert (exported.metadata, exported.jpeg_quality) == (photo.metadata, 93)
    np.testing.assert_array_equal(exported.pixels, document.pixels)
    assert document.path == Path("a.jpg")


def test_history_over_budget_drops_steps_but_keeps_the_original(make_photo, make_fill):
    document = Document(make_photo(), history_budget=1500)
    for seed in range(6):
        document.set_mask(np.zeros((40, 60), np.uint8), "none")
        paint(document, 8 * seed + 8, 20, radius=8)
        fill(document, make_fill, seed=seed)
    assert document.history.dropped > 0
    assert document.history.nbytes <= 1500
    document.go_to(0)
    assert document.is_modified
    np.testing.assert_array_equal(document.original, make_photo().pixels)

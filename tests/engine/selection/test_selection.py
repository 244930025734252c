import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui import paths
from inpaintgui.contracts import Box, bounding_box
from inpaintgui.engine.image_io import load_photo
from inpaintgui.engine.selection.refine import refine
from inpaintgui.engine.selection.selector import EngineSelector
from inpaintgui.engine.selection.smart import smart_select
from inpaintgui.engine.selection.wand import wand
from inpaintgui.errors import BadInputError, SaveError
from inpaintgui.selecting import Refine, Scribble, SmartOrder, WandOrder


def whole(part, shape):
    mask = np.zeros(shape, np.uint8)
    mask[part.box.slices] = part.values
    return mask


@pytest.fixture
def squares():
    """Two red squares on blue, one of them a little darker."""
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[:] = (10, 20, 200)
    pixels[10:30, 10:30] = (200, 10, 10)
    pixels[10:30, 50:70] = (190, 10, 10)
    return pixels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_wand_takes_what_is_alike_and_connected(squares, dtype):
    pixels = squares.astype(dtype) * (257 if dtype is np.uint16 else 1)
    part = wand(pixels, WandOrder(15, 15, 20))
    assert part.box == Box(10, 10, 30, 30)
    assert (part.values == 255).all()
    everywhere = whole(wand(pixels, WandOrder(15, 15, 20, contiguous=False)), (60, 80))
    assert np.count_nonzero(everywhere) == 800
    assert np.count_nonzero(wand(pixels, WandOrder(15, 15, 5, contiguous=False)).values) == 400


def test_the_wand_outside_is_an_error(squares):
    with pytest.raises(BadInputError):
        wand(squares, WandOrder(80, 10, 5))


def test_the_wand_works_on_grey_with_alpha():
    pixels = np.full((10, 10, 2), 255, np.uint8)
    pixels[:5, :, 0] = 0
    assert wand(pixels, WandOrder(0, 0, 5)).box == Box(0, 0, 10, 5)


masks = st.integers(0, 2**32 - 1).map(lambda seed: random_mask(np.random.default_rng(seed)))


def random_mask(random):
    mask = np.zeros((40, 50), np.uint8)
    for _ in range(random.integers(0, 4)):
        left, top = random.integers(0, 45), random.integers(0, 35)
        mask[top : top + random.integers(1, 14), left : left + random.integers(1, 14)] = 255
    return mask


@given(masks, st.integers(1, 12))
def test_growing_is_a_disc_around_every_pixel(mask, amount):
    grown = whole(refine(mask, Refine.GROW, amount), mask.shape)
    y, x = np.mgrid[-amount : amount + 1, -amount : amount + 1]
    expected = cv2.dilate(mask, (x**2 + y**2 <= amount**2).astype(np.uint8))
    np.testing.assert_array_equal(grown, expected)


@given(masks, st.integers(1, 6))
def test_shrinking_is_growing_what_is_free(mask, amount):
    shrunk = whole(refine(mask, Refine.SHRINK, amount), mask.shape)
    y, x = np.mgrid[-amount : amount + 1, -amount : amount + 1]
    expected = cv2.erode(mask, (x**2 + y**2 <= amount**2).astype(np.uint8), borderValue=255)
    np.testing.assert_array_equal(shrunk, expected)


def test_feathering_fades_and_keeps_the_sum():
    mask = np.zeros((100, 100), np.uint8)
    mask[40:60, 40:60] = 255
    soft = whole(refine(mask, Refine.FEATHER, 4), mask.shape)
    assert soft[50, 50] > 240
    assert 0 < soft[50, 36] < soft[50, 41] < 255
    assert soft.sum(dtype=int) == pytest.approx(mask.sum(dtype=int), rel=0.02)


def test_smoothing_drops_specks_and_keeps_areas():
    mask = np.zeros((100, 100), np.uint8)
    mask[20:70, 20:70] = 255
    mask[90, 90] = 255
    smooth = whole(refine(mask, Refine.SMOOTH, 5), mask.shape)
    assert smooth[90, 90] == 0
    assert smooth[20, 20] == 0
    assert smooth[45, 45] == 255


def test_only_enclosed_holes_are_filled():
    mask = np.zeros((40, 40), np.uint8)
    mask[5:20, 5:20] = 255
    mask[9:12, 9:12] = 0
    mask[30:40, 30:40] = 255
    mask[35:40, 33:36] = 0  # open to the border
    filled = whole(refine(mask, Refine.FILL_HOLES, 1), mask.shape)
    assert (filled[5:20, 5:20] == 255).all()
    assert (filled[36:40, 33:36] == 0).all()


def test_nothing_stays_nothing_and_amounts_begin_at_one():
    empty = np.zeros((10, 10), np.uint8)
    for how in Refine:
        assert refine(empty, how, 3).box.is_empty
    full = np.full((10, 10), 255, np.uint8)
    assert (whole(refine(full, Refine.SHRINK, 3), full.shape) == 255).all()
    with pytest.raises(ValueError, match="0"):
        refine(full, Refine.GROW, 0)


def disc_photo():
    random = np.random.default_rng(1)
    y, x = np.mgrid[:300, :400]
    disc = (x - 180) ** 2 + (y - 140) ** 2 < 60**2
    pixels = random.normal(100, 20, (300, 400, 3))
    pixels[disc] += (70, 10, -60)
    return pixels.clip(0, 255).astype(np.uint8), disc


def overlap(part, truth):
    found = whole(part, truth.shape) > 0
    return (found & truth).sum() / (found | truth).sum()


@pytest.mark.parametrize(
    "order",
    [
        SmartOrder(box=Box(110, 70, 250, 210)),
        SmartOrder((Scribble(((150, 140), (180, 120), (210, 150)), 3),)),
    ],
)
def test_an_object_is_found_from_a_box_or_a_scribble(order):
    pixels, disc = disc_photo()
    assert overlap(smart_select(pixels, order), disc) > 0.9


def test_a_correction_changes_only_what_hangs_together_with_it():
    pixels = load_photo(paths.resources() / "samples" / "astronaut.jpg").pixels
    box, drop = Box(90, 10, 320, 330), Scribble(((180, 70), (200, 60), (230, 60)), 4, keep=False)
    before = whole(smart_select(pixels, SmartOrder(box=box)), pixels.shape[:2])
    after = whole(smart_select(pixels, SmartOrder((drop,), box)), pixels.shape[:2])
    assert before[65, 200] == 255
    assert after[65, 200] == 0
    assert np.count_nonzero(after > before) < 0.01 * np.count_nonzero(before)  # nothing comes by taking away
    back = Scribble(drop.points, 4)
    again = whole(smart_select(pixels, SmartOrder((drop, back), box)), pixels.shape[:2])
    assert again[65, 200] == 255
    assert np.count_nonzero(again < after) < 0.01 * np.count_nonzero(before)


def test_a_scribble_beside_the_object_takes_away():
    pixels, disc = disc_photo()
    both = SmartOrder((Scribble(((180, 100), (180, 180)), 3), Scribble(((180, 160), (210, 180)), 8, keep=False)))
    found = whole(smart_select(pixels, both), disc.shape)
    assert found[110, 180] == 255
    assert found[170, 195] == 0


def test_an_order_without_anything_to_keep_is_refused():
    pixels, _ = disc_photo()
    with pytest.raises(BadInputError):
        smart_select(pixels, SmartOrder((Scribble(((10, 10),), 3, keep=False),)))


def test_the_same_order_gives_the_same_selection():
    pixels, _ = disc_photo()
    order = SmartOrder(box=Box(110, 70, 250, 210))
    first, second = smart_select(pixels, order), smart_select(pixels, order)
    np.testing.assert_array_equal(first.values, second.values)


def test_a_face_is_found_and_its_head_selected():
    portrait = load_photo(paths.resources() / "samples" / "portrait.jpg").pixels
    (face,) = EngineSelector().faces(portrait)
    assert face.kind == "face"
    mask = whole(face.part, portrait.shape[:2])
    middle = (face.box.left + face.box.right) // 2, (face.box.top + face.box.bottom) // 2
    assert mask[middle[1], middle[0]] == 255
    assert not EngineSelector().faces(np.full((100, 100, 3), 90, np.uint8))


def test_masks_of_any_size_are_made_to_fit(tmp_path):
    selector = EngineSelector()
    grey = np.zeros((50, 80), np.uint8)
    grey[10:30, 20:60] = 200
    path = tmp_path / "mask.png"
    selector.write_mask(path, grey)
    read = selector.read_mask(path)
    np.testing.assert_array_equal(read, grey)
    fitted = selector.fit_mask(read, threshold=128, width=160, height=100, invert=False)
    assert fitted.shape == (100, 160)
    assert bounding_box(fitted) == Box(40, 20, 120, 60)
    inverse = selector.fit_mask(read, threshold=128, width=160, height=100, invert=True)
    np.testing.assert_array_equal(inverse, 255 - fitted)
    assert not selector.fit_mask(read, threshold=201, width=80, height=50, invert=False).any()
    with pytest.raises(SaveError):
        selector.write_mask(tmp_path / "mask.jpg", grey)

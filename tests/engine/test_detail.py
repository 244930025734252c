"""Guided patch synthesis: what it keeps, what it copies, and who decides."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.detail import DetailSettings, DetailStep, synthesise_detail, warm_up
from inpaintgui.engine.detail.bands import draw_to_guide, restore_contrast
from inpaintgui.engine.detail.field import trust_in
from inpaintgui.engine.detail.pyramid import low_band

QUICK = DetailSettings(coarse_rounds=4, fine_rounds=2, last_rounds=1)


def finished(work):
    """The result and all steps of a job."""
    steps = []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            return end.value, steps


def fill(image, hole, **options):
    return finished(synthesise_detail(image, hole, **options))[0]


def box_hole(shape, top, bottom, left, right):
    hole = np.zeros(shape, np.bool_)
    hole[top:bottom, left:right] = True
    return hole


def stripes(height, width, period=8):
    """A periodic texture with colour in it."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([(x % period < period // 2), (y % period < 3), ((x + y) % period < 2)]).astype(np.float32)


def psnr(a, b):
    return 10 * np.log10(1 / max(float(((a - b) ** 2).mean()), 1e-12))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.02, 0.3, 0.9, 1.0]),
    st.booleans(),
)
def test_any_hole_is_filled_within_range_and_nothing_else_changes(height, width, seed, share, guided):
    rng = np.random.default_rng(seed)
    image = rng.random((height, width, 3)).astype(np.float32)
    hole = rng.random((height, width)) < share
    guide = rng.random((height, width, 3)).astype(np.float32) if guided else None
    result = fill(image, hole, guide=guide, guide_cutoff=8.0, settings=QUICK)
    assert result.dtype == np.float32
    assert result.shape == image.shape
    assert np.array_equal(result[~hole], image[~hole])
    assert result.min() >= 0
    assert result.max() <= 1


def test_a_periodic_texture_is_restored():
    image = stripes(96, 96)
    hole = box_hole((96, 96), 36, 60, 33, 63)
    assert psnr(fill(image, hole)[hole], image[hole]) > 40


def test_a_periodic_texture_is_restored_at_the_border_of_the_photo():
    image = stripes(96, 96)
    hole = box_hole((96, 96), 70, 96, 0, 30)
    assert psnr(fill(image, hole)[hole], image[hole]) > 30


def test_the_same_seed_gives_the_same_pixels_and_another_seed_others():
    rng = np.random.default_rng(0)
    image = rng.random((120, 140, 3)).astype(np.float32)
    hole = box_hole((120, 140), 30, 90, 30, 110)
    first = fill(image, hole, settings=QUICK)
    assert np.array_equal(first, fill(image, hole, settings=QUICK))
    other = DetailSettings(coarse_rounds=4, fine_rounds=2, last_rounds=1, seed=1)
    assert not np.array_equal(first, fill(image, hole, settings=other))


def test_what_stands_in_the_hole_does_not_matter():
    image = stripes(64, 64)
    hole = box_hole((64, 64), 20, 44, 20, 44)
    dirty = image.copy()
    dirty[hole] = np.nan
    assert np.array_equal(fill(dirty, hole, settings=QUICK), fill(image, hole, settings=QUICK))


def red_grain(result, hole):
    """Greatest step of red between neighbours that lie well inside the hole, where the rim's colours have levelled."""
    inside = cv2.erode(hole.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    steps = np.abs(np.diff(result[..., 0], axis=1))[inside[:, 1:] & inside[:, :-1]]
    assert steps.size
    return float(steps.max())


UNSHARPENED = DetailSettings(most_contrast=1)


def test_an_excluded_area_is_never_copied():
    # Red grain exists in the excluded half only; the hole lies in the middle of it.
    rng = np.random.default_rng(0)
    image = rng.random((96, 128, 3)).astype(np.float32)
    image[:, :64, 0] = 0
    hole = box_hole((96, 128), 30, 66, 80, 110)
    source = np.zeros((96, 128), np.bool_)
    source[:, :64] = True
    assert red_grain(fill(image, hole, source=source, settings=UNSHARPENED), hole) < 0.15
    assert red_grain(fill(image, hole, settings=UNSHARPENED), hole) > 0.5


@pytest.mark.parametrize("seed", range(4))
def test_strokes_of_exclusion_are_never_copied(seed):
    # Red grain exists where it is excluded, and nowhere else.
    rng = np.random.default_rng(seed)
    image = rng.random((120, 160, 3)).astype(np.float32)
    source = np.ones((120, 160), np.bool_)
    for _ in range(6):
        top, left = rng.integers(0, 110), rng.integers(0, 130)
        source[top : top + rng.integers(4, 20), left : left + rng.integers(4, 60)] = False
    image[..., 0] *= ~source
    rows, columns = np.sort(rng.integers(10, 100, 2)), np.sort(rng.integers(10, 140, 2))
    hole = box_hole((120, 160), rows[0], rows[1] + 15, columns[0], columns[1] + 15)
    assert red_grain(fill(image, hole, source=source, settings=UNSHARPENED), hole) < 0.15


@pytest.mark.parametrize("wanted", ["left", "right"])
def test_the_guide_decides_which_texture_fills(wanted):
    # Dark noise on the left, bright noise on the right, and the hole across both.
    rng = np.random.default_rng(1)
    image = (rng.random((96, 128, 3)) * 0.3).astype(np.float32)
    image[:, 64:] += 0.7
    hole = box_hole((96, 128), 30, 66, 44, 84)
    level = 0.15 if wanted == "left" else 0.85
    result = fill(image, hole, guide=np.full_like(image, level), guide_cutoff=16.0)
    inner = result[38:58, 52:76]
    # Corrections are held back, so that the level is met nearly, not exactly.
    assert abs(float(inner.mean()) - level) < 0.1
    assert inner.std() > 0.03


def test_the_low_band_of_the_guide_is_kept():
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:128, :128] / 128
    shade = (0.5 + 0.3 * np.sin(2 * np.pi * x) * np.cos(2 * np.pi * y)).astype(np.float32)
    image = np.clip(shade[..., None] + rng.normal(0, 0.05, (128, 128, 3)), 0, 1).astype(np.float32)
    hole = box_hole((128, 128), 34, 94, 34, 94)
    guide = np.repeat(shade[..., None], 3, axis=2)
    result = fill(image, hole, guide=guide, guide_cutoff=24.0, settings=QUICK)
    blocks = (result - guide)[40:88, 40:88].reshape(4, 12, 4, 12, 3).mean(axis=(1, 3))
    assert np.abs(blocks).max() < 0.05


def test_without_a_single_whole_source_patch_the_rim_or_the_guide_fills():
    image = np.full((40, 40, 3), 0.25, np.float32)
    hole = box_hole((40, 40), 3, 37, 3, 37)
    nothing = np.zeros((40, 40), np.bool_)
    assert np.abs(fill(image, hole, source=nothing) - 0.25).max() < 0.005
    guide = np.full_like(image, 0.75)
    assert np.array_equal(fill(image, hole, source=nothing, guide=guide, guide_cutoff=8.0)[hole], guide[hole])


def test_an_empty_hole_gives_the_photo():
    image = stripes(32, 32)
    result, steps = finished(synthesise_detail(image, np.zeros((32, 32), np.bool_)))
    assert np.array_equal(result, image)
    assert steps == []


def test_a_large_crop_is_solved_small_and_carried_over():
    image = stripes(192, 192)
    hole = box_hole((192, 192), 70, 120, 65, 125)
    result = fill(image, hole, settings=DetailSettings(max_solve_side=100))
    assert psnr(result[hole], image[hole]) > 20


def test_a_larger_crop_gets_its_finest_octave_from_the_patches_found_in_a_smaller_one():
    image = stripes(224, 224)
    grain = np.random.default_rng(1).normal(0, 0.04, image.shape).astype(np.float32)
    image = (image * np.float32(0.8) + np.float32(0.1) + grain).clip(0, 1)
    hole = box_hole((224, 224), 70, 130, 65, 125)
    result = fill(image, hole, settings=DetailSettings(max_whole_side=120))
    assert np.array_equal(result[~hole], image[~hole])
    assert psnr(result[hole], image[hole]) > 18
    fine = result - cv2.GaussianBlur(result, (0, 0), 1)
    assert fine[hole].std() == pytest.approx(fine[~hole].std(), rel=0.25)


def test_a_thin_hole_in_a_large_crop_is_not_halved_away():
    image = stripes(224, 224)
    hole = box_hole((224, 224), 20, 200, 110, 116)
    settings = DetailSettings(max_whole_side=120)
    assert np.array_equal(fill(image, hole, settings=settings), fill(image, hole))


def test_votes_count_in_the_middle_of_a_deep_hole_too():
    image = stripes(440, 440)
    deep = DetailSettings(coarse_rounds=2, fine_rounds=1, last_rounds=1, vote_fall=8.0)
    result = fill(image, box_hole(image.shape[:2], 20, 420, 20, 420), settings=deep)
    assert np.isfinite(result).all()
    assert result[200:240, 200:240].std() > 0.1


def test_steps_count_up_to_the_end_and_show_every_scale():
    image = stripes(128, 160)
    hole = box_hole((128, 160), 40, 90, 50, 110)
    _, steps = finished(synthesise_detail(image, hole, settings=QUICK))
    assert all(isinstance(step, DetailStep) and 0 <= step.step <= step.steps for step in steps)
    counted = [step for step in steps if step.steps > 1]
    assert [step.step for step in counted] == sorted(step.step for step in counted)
    assert len({step.steps for step in counted}) == 1
    assert counted[-1].step == counted[-1].steps
    shown = [step for step in steps if step.image is not None]
    assert len(shown) >= 2
    assert all(step.image.shape == (*step.level_shape, 3) for step in shown)
    assert shown[-1].level_shape == (128, 160)


def test_it_can_be_given_up_at_every_yield():
    image = stripes(64, 64)
    hole = box_hole((64, 64), 20, 44, 20, 44)
    pauses = len(finished(synthesise_detail(image, hole, settings=QUICK))[1])
    for stop in range(0, pauses, 3):
        work = synthesise_detail(image, hole, settings=QUICK)
        for _ in range(stop + 1):
            next(work)
        work.close()
        with pytest.raises(StopIteration):
            next(work)


def test_a_thin_hole_continues_what_touches_it():
    # Noise of two brightnesses meets at a slanted edge; a thin bar hides a part of the edge.
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:120, :120]
    level = np.where(x + y // 3 < 75, 0.3, 0.7)
    image = (level[..., None] + rng.normal(0, 0.03, (120, 120, 3))).astype(np.float32).clip(0, 1)
    hole = box_hole((120, 120), 10, 110, 50, 66)
    assert psnr(fill(image, hole)[hole], image[hole]) > 17


@pytest.mark.parametrize("fall", [1.0, 1.6, 4.0])
def test_pixels_of_the_hole_are_trusted_less_the_farther_they_lie_from_the_rim(fall):
    distance = np.array([[0, 1, 2, 40]], np.float32)
    trust = trust_in(distance, DetailSettings(trust_fall=fall, least_trust=0.01))
    assert trust[0, 0] == 1
    assert trust[0] == pytest.approx([1, 1 / fall, 1 / fall**2, max(0.01, fall**-40)], rel=1e-4)


def test_other_patch_sizes_work():
    image = stripes(96, 96)
    hole = box_hole((96, 96), 36, 60, 33, 63)
    result = fill(image, hole, settings=DetailSettings(patch_radius=5))
    assert psnr(result[hole], image[hole]) > 30


def test_warm_up_runs_to_its_end():
    assert sum(1 for _ in warm_up()) > 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"image": np.zeros((8, 8, 3))}, "image must be"),
        ({"image": np.zeros((8, 8), np.float32)}, "image must be"),
        ({"hole": np.zeros((8, 9), np.bool_)}, "hole must be"),
        ({"hole": np.zeros((8, 8), np.uint8)}, "hole must be"),
        ({"source": np.zeros((9, 8), np.bool_)}, "source must be"),
        ({"guide": np.zeros((8, 9, 3), np.float32), "guide_cutoff": 2.0}, "guide must be"),
        ({"guide": np.zeros((8, 8, 3), np.float32)}, "guide_cutoff and band_cutoff must be"),
        ({"settings": DetailSettings(patch_radius=0)}, "at least 1"),
        ({"settings": DetailSettings(trust_fall=0.5)}, "at least 1"),
        ({"settings": DetailSettings(vote_fall=0.5)}, "at least 1"),
        ({"settings": DetailSettings(least_trust=0.0)}, "above 0"),
    ],
)
def test_what_does_not_fit_is_refused(change, sentence):
    given_ = {"image": np.zeros((8, 8, 3), np.float32), "hole": np.zeros((8, 8), np.bool_)} | change
    work = synthesise_detail(given_.pop("image"), given_.pop("hole"), **given_)
    with pytest.raises(ValueError, match=sentence):
        next(work)


def test_no_seam_stays_where_patches_of_different_brightness_meet():
    # A slow ramp under fine grain: no patch has the right brightness everywhere, and their borders would show.
    rng = np.random.default_rng(3)
    grain = (rng.random((96, 160, 1)) * 0.04).astype(np.float32)
    ramp = np.linspace(0.2, 0.8, 160, dtype=np.float32)[None, :, None]
    image = np.repeat(grain + ramp, 3, axis=2)
    hole = box_hole((96, 160), 30, 66, 60, 100)
    result = fill(image, hole)
    steps = np.abs(np.diff(result[..., 0], axis=1))[hole[:, 1:]]
    assert steps.max() < 0.1
    columns = result[30:66, 60:100, 0].mean(axis=0)
    assert np.abs(columns - image[30:66, 60:100, 0].mean(axis=0)).max() < 0.05


def test_a_guide_that_contradicts_the_texture_is_held_back_unless_it_is_sure():
    image = np.full((64, 64, 3), 0.2, np.float32)
    hole = box_hole((64, 64), 20, 44, 20, 44)
    guide = np.full_like(image, 0.8)
    held = fill(image, hole, guide=guide, guide_cutoff=8.0)
    sure = fill(image, hole, guide=guide, guide_cutoff=8.0, settings=DetailSettings(largest_correction=1))
    assert held[32, 32].max() < 0.2 + 2 * DetailSettings().largest_correction
    assert sure[32, 32].min() > 0.6


def test_sharpening_does_not_glare_beside_a_strong_edge() -> None:
    """Soft skin in the hole, dark hair with much contrast beside it: nothing becomes brighter than what is near."""
    random = np.random.default_rng(0)
    image = np.full((64, 64, 3), 0.7, np.float32)
    image[:, 36:] = random.uniform(0, 0.6, (64, 28, 1)).astype(np.float32)
    hole = box_hole((64, 64), 20, 44, 20, 36)
    image[hole] += random.normal(0, 0.01, (int(hole.sum()), 1)).astype(np.float32)
    sharp, _ = finished(restore_contrast(image, hole, most=3.0))
    assert np.abs(sharp - image)[hole].max() > 0
    assert sharp[hole].max() <= image.max()
    assert sharp[hole].min() >= image.min()


def test_what_lies_deep_in_the_hole_is_sharpened_less_than_its_rim():
    random = np.random.default_rng(1)
    image = np.clip(0.5 + random.normal(0, 0.1, (128, 128, 3)), 0, 1).astype(np.float32)
    hole = box_hole((128, 128), 24, 104, 24, 104)
    image[hole] = cv2.GaussianBlur(image, (0, 0), 0.7)[hole]
    sharp, _ = finished(restore_contrast(image, hole, most=4.0))

    def gain(part):
        return band_of(sharp, 2.0)[part].std() / band_of(image, 2.0)[part].std()

    deep, rim = np.s_[48:80, 48:80], np.s_[24:32, 24:104]
    assert 1.1 < gain(deep) < 0.9 * gain(rim)


def band_of(image, shortest):
    """The octave above a wavelength, (H, W, 3)."""
    return run_to_end(low_band(image, shortest)) - run_to_end(low_band(image, 2 * shortest))


def gravel(seed):
    """Grains of some twelve pixels, of which a deviation of 0.1 lies in the octave above eight."""
    rng = np.random.default_rng(seed)
    grains = band_of(rng.normal(size=(128, 128, 3)).astype(np.float32), 8.0)
    return (0.5 + 0.1 * grains / grains.std()).astype(np.float32)


@pytest.mark.parametrize("wavelength", [8.0, 40.0])  # the second in cells
def test_texture_stays_where_the_guide_is_poorer_than_the_photo(wavelength):
    scale = round(wavelength / 8)
    fill = gravel(0).repeat(scale, axis=0).repeat(scale, axis=1)
    hole = box_hole(fill.shape[:2], 40 * scale, 88 * scale, 40 * scale, 88 * scale)
    inner = np.s_[48 * scale : 80 * scale, 48 * scale : 80 * scale]
    flat = np.full_like(fill, 0.5)
    drawn = run_to_end(draw_to_guide(fill, flat, hole, wavelength, surely=8 * wavelength, largest=1))
    even = run_to_end(draw_to_guide(fill, flat, hole, wavelength, surely=wavelength, largest=1))
    had = band_of(fill, wavelength)[inner].std()
    assert band_of(drawn, wavelength)[inner].std() > 0.8 * had
    assert band_of(even, wavelength)[inner].std() < 0.6 * had
    assert np.array_equal(drawn[~hole], fill[~hole])


def test_an_edge_that_is_as_rich_as_the_photo_is_drawn():
    fill = np.full((128, 128, 3), 0.5, np.float32)
    hole = box_hole((128, 128), 40, 88, 40, 88)
    fill[:, :64][~hole[:, :64]] = 0.3
    fill[:, 64:][~hole[:, 64:]] = 0.7
    edge = np.where(np.arange(128)[:, None] < 64, np.float32(0.3), np.float32(0.7)) * np.ones((128, 1, 3), np.float32)
    drawn = run_to_end(draw_to_guide(fill, edge, hole, 8.0, surely=64.0, largest=1))
    sure = run_to_end(draw_to_guide(fill, edge, hole, 8.0, surely=8.0, largest=1))
    assert np.abs(drawn - sure)[48:80, 48:80].max() < 0.02
    assert drawn[56:72, 70:76].mean() - drawn[56:72, 52:58].mean() > 0.35

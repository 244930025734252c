from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inpaintgui import paths
from inpaintgui.contracts import Box, ContextSquare, FillRequest, FillResult, FillSettings, Phase
from inpaintgui.engine import choice, phase_clock, presets, region_fill
from inpaintgui.engine.choice import choose_prior
from inpaintgui.engine.detail import synthesise_detail
from inpaintgui.engine.faces import CASCADE_SIDE, find_faces, finding_faces
from inpaintgui.engine.fill import fill
from inpaintgui.engine.image_io import load_photo
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.presets import PRESETS
from inpaintgui.engine.prior_rows import PriorRow, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.regions import find_regions
from inpaintgui.errors import BadInputError, InpaintguiError, PriorError
from tests.engine.conftest import run, write_tiny_prior


@pytest.fixture(autouse=True)
def short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {n: replace(p, steps=6, candidates=min(2, p.candidates), draw=min(4, p.draw)) for n, p in PRESETS.items()}
    monkeypatch.setattr(presets, "PRESETS", short)


def textured(height: int, width: int, channels: int = 3, dtype: type = np.uint8, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, channels), endpoint=True).astype(dtype)


def two_holes(height: int = 120, width: int = 160) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    mask[20:50, 20:50] = 255
    mask[70:90, 110:140] = 255
    return mask


def pasted(request: FillRequest, result: FillResult) -> np.ndarray:
    pixels = request.pixels.copy()
    for patch in result.patches:
        before = request.pixels[patch.box.slices]
        changed = (patch.pixels != before).any(axis=2)
        pixels[patch.box.slices][changed] = patch.pixels[changed]
    return pixels


@pytest.mark.parametrize("preset", list(PRESETS))
@pytest.mark.parametrize(
    ("channels", "dtype"), [(1, np.uint8), (2, np.uint16), (3, np.uint8), (3, np.uint16), (4, np.uint8)]
)
def test_only_hole_pixels_change(library: PriorLibrary, preset: str, channels: int, dtype: type) -> None:
    mask = two_holes()
    request = FillRequest(textured(120, 160, channels, dtype), mask, FillSettings(preset=preset))
    before = request.pixels.copy()
    _, result = run(request, library)
    assert np.array_equal(request.pixels, before)
    after = pasted(request, result)
    assert after.dtype == dtype
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert (after[mask > 0] != before[mask > 0]).any(axis=1).mean() > 0.9
    if channels in {2, 4}:
        assert np.array_equal(after[..., -1], before[..., -1])
    assert [p.box for p in result.patches] == [Box(20, 20, 50, 50), Box(110, 70, 140, 90)]


@given(
    seed=st.integers(0, 10**6),
    height=st.integers(3, 90),
    width=st.integers(3, 90),
    share=st.floats(0.01, 0.95),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mask_on_any_photo(library: PriorLibrary, seed: int, height: int, width: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    coarse = rng.random((-(-height // 9), -(-width // 9))) < share
    mask = np.kron(coarse, np.ones((9, 9)))[:height, :width].astype(np.uint8) * 255
    mask[0, 0], mask[-1, -1] = 255, 0
    request = FillRequest(textured(height, width, seed=seed), mask)
    after = pasted(request, run(request, library)[1])
    assert np.array_equal(after[mask == 0], request.pixels[mask == 0])


def test_the_same_request_gives_the_same_pixels(library: PriorLibrary) -> None:
    request = FillRequest(textured(120, 160), two_holes(), FillSettings(seed=4))
    first, second = (pasted(request, run(request, library)[1]) for _ in range(2))
    assert np.array_equal(first, second)
    other = replace(request, settings=FillSettings(seed=5))
    assert not np.array_equal(first, pasted(other, run(other, library)[1]))


def test_what_was_painted_over_leaves_no_trace(library: PriorLibrary) -> None:
    mask = two_holes()
    request = FillRequest(textured(120, 160), mask)
    changed = request.pixels.copy()
    changed[mask > 0] = 255 - changed[mask > 0]
    other = replace(request, pixels=changed)
    filled = [pasted(r, run(r, library)[1])[mask > 0] for r in (request, other)]
    assert np.array_equal(*filled)


def test_what_is_excluded_is_no_source_of_texture(library: PriorLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    mask, exclusion = np.zeros((160, 220), np.uint8), np.zeros((160, 220), np.uint8)
    mask[70:90, 40:60] = 255
    exclusion[10:150, 5:110] = 1
    sources, real = [], region_fill.synthesise_detail

    def seen(image: np.ndarray, hole: np.ndarray, **options: Any) -> Any:
        sources.append(options["source"])
        return real(image, hole, **options)

    monkeypatch.setattr(region_fill, "synthesise_detail", seen)
    request = FillRequest(textured(160, 220), mask, exclusion=exclusion)
    with_it = pasted(request, run(request, library)[1])
    without = replace(request, exclusion=None)
    assert not np.array_equal(with_it, pasted(without, run(without, library)[1]))
    assert np.array_equal(sources[0], (mask == 0) & (exclusion == 0))
    assert np.array_equal(sources[1], mask == 0)


def test_an_exclusion_of_another_size_is_refused(library: PriorLibrary) -> None:
    request = FillRequest(textured(120, 160), two_holes(), exclusion=np.zeros((10, 10), np.uint8))
    with pytest.raises(BadInputError, match="another size"):
        run(request, library)


def test_feathered_pixels_are_a_mixture(library: PriorLibrary) -> None:
    mask = two_holes()
    mask[20:50, 20:50] = 128
    request = FillRequest(np.zeros((120, 160, 3), np.uint8), mask, FillSettings(preset="published-bamos"))
    half = pasted(request, run(request, library)[1])[30, 30].astype(int)
    full_request = replace(request, mask=np.where(mask > 0, 255, 0).astype(np.uint8))
    full = pasted(full_request, run(full_request, library)[1])[30, 30].astype(int)
    assert np.abs(half - full * 128 / 255).max() <= 1
    assert full.max() > 10


def test_progress_never_falls_and_names_the_phases(library: PriorLibrary) -> None:
    steps, result = run(FillRequest(textured(120, 160), two_holes()), library)
    fractions = [s.fraction for s in steps]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert {s.phase for s in steps} == set(Phase)
    assert {s.regions for s in steps} == {2}
    assert {s.region for s in steps} == {0, 1}
    previews = [s.preview for s in steps if s.preview is not None]
    assert previews
    for preview in previews:
        assert preview.pixels.shape == (*preview.hole.shape, 3)
        assert preview.pixels.dtype == np.uint8
        assert preview.box in [p.box for p in result.patches]


def test_without_an_onlooker_there_are_no_previews(library: PriorLibrary) -> None:
    steps, _ = run(FillRequest(textured(120, 160), two_holes(), previews=False), library)
    assert all(s.preview is None for s in steps)


def test_dear_previews_are_made_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(phase_clock.time, "monotonic", lambda: now)
    clock = phase_clock.PreviewClock(wanted=True)
    assert clock.due()
    now += 0.2
    clock.made()
    now += 1.7
    assert not clock.due()
    now += 0.2
    assert clock.due()
    clock.made()
    now += phase_clock.PREVIEW_INTERVAL / 2
    assert not clock.due()
    now += phase_clock.PREVIEW_INTERVAL
    assert clock.due()
    assert not phase_clock.PreviewClock(wanted=False).due()


def test_a_fill_can_be_closed_between_any_two_steps(library: PriorLibrary) -> None:
    request = FillRequest(textured(60, 60), two_holes(60, 60))
    total = len(run(request, library)[0])
    for stop in range(0, total, max(1, total // 12)):
        job = fill(request, library=library)
        for _ in islice(job, stop):  # how many steps there are depends on the speed of the threads, too
            pass
        job.close()
        with pytest.raises(StopIteration):
            next(job)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mask": np.zeros((120, 160), np.uint8)}, "mask is empty"),
        ({"mask": np.full((120, 160), 255, np.uint8)}, "Everything is painted"),
        ({"mask": np.ones((3, 3), np.uint8)}, "another size"),
        ({"settings": FillSettings(prior="cats")}, "no prior called"),
        ({"settings": FillSettings(preset="quick")}, "no preset called"),
        ({"settings": FillSettings(candidates=0)}, "candidates"),
        ({"settings": FillSettings(candidates=10**9)}, "candidates"),
        ({"settings": FillSettings(device="abacus")}, "not a device"),
        ({"settings": FillSettings(device="cuda:99")}, "no device"),
        ({"settings": FillSettings(squares=(ContextSquare(0, 0, 0),))}, "square"),
    ],
)
def test_requests_that_make_no_sense(library: PriorLibrary, change: dict, sentence: str) -> None:
    request = replace(FillRequest(textured(120, 160), two_holes()), **change)
    with pytest.raises(InpaintguiError, match=sentence):
        run(request, library)


def test_no_priors_at_all(tmp_path: Path) -> None:
    with pytest.raises(PriorError, match="No prior is installed"):
        run(FillRequest(textured(60, 60), two_holes(60, 60)), PriorLibrary((tmp_path,)))


def portrait_request(settings: FillSettings | None = None) -> FillRequest:
    photo = load_photo(paths.resources() / "samples" / "portrait.jpg")
    mask = np.zeros(photo.pixels.shape[:2], np.uint8)
    mask[100:130, 100:150] = 255
    return FillRequest(photo.pixels, mask, settings or FillSettings())


def test_a_face_is_found_and_framed_as_in_the_training_data() -> None:
    (face,) = find_faces(portrait_request().pixels)
    # Eyes at about 42 % and mouth at about 80 % of the crop's height, the nose in the middle.
    assert face.square.side == pytest.approx(110, abs=15)
    assert face.square.x + face.square.side / 2 == pytest.approx(126, abs=8)


@pytest.mark.parametrize("name", ["portrait", "astronaut", "mountain"])
def test_looking_for_one_size_of_faces_after_the_other_finds_what_opencv_finds_at_once(name: str) -> None:
    """So that it can be given up in between."""
    pixels = load_photo(paths.resources() / "samples" / f"{name}.jpg").pixels
    pixels = np.ascontiguousarray(pixels[:900, :900])
    colour = pixels.astype(np.float32) / 255
    grey = (cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) * 255).round().astype(np.uint8)
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))
    boxes = cascade.detectMultiScale(grey, 1.08, 6, minSize=(36, 36))
    assert len(list(finding_faces(pixels))) > 20
    sides = sorted(round(face.square.side * CASCADE_SIDE) for face in find_faces(pixels))
    assert sides == sorted(int(side) for *_, side in boxes)


def test_auto_takes_faces_in_a_face_and_scenes_elsewhere(library: PriorLibrary) -> None:
    request = portrait_request()
    faces = find_faces(request.pixels)
    photo = Box(0, 0, 256, 256)
    (inside,) = find_regions(request.mask)
    chosen = choose_prior(inside, photo, request.settings, library, faces)
    assert chosen.row.name == "faces-tiny"
    assert "in a face" in chosen.reason
    assert chosen.square == faces[0].square
    mask = np.zeros((256, 256), np.uint8)
    mask[:30, :30] = 255
    (outside,) = find_regions(mask)
    chosen = choose_prior(outside, photo, request.settings, library, faces)
    assert chosen.row.name == "scenes-tiny"
    assert "no face" in chosen.reason


def test_who_asks_for_variations_of_a_face_gets_the_prior_whose_fills_differ(
    library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    dcgan = library.row("faces-tiny")
    alike = replace(dcgan, name="faces-alike", architecture="completion")

    class Both(PriorLibrary):
        def rows(self) -> tuple[PriorRow, ...]:
            return alike, dcgan

    both = Both(())
    request = portrait_request()
    (region,) = find_regions(request.mask)
    faces, photo = find_faces(request.pixels), Box(0, 0, 256, 256)
    assert choose_prior(region, photo, request.settings, both, faces).row is alike
    chosen = choose_prior(region, photo, replace(request.settings, variations=2), both, faces)
    assert chosen.row is dcgan
    assert "for the sake of variations" in chosen.reason

    varied = replace(alike, name="faces-varied", metrics={**alike.metrics, "variety": 0.4})
    monkeypatch.setattr(Both, "rows", lambda _self: (alike, dcgan, varied))
    assert choose_prior(region, photo, replace(request.settings, variations=2), both, faces).row is varied
    assert choose_prior(region, photo, request.settings, both, faces).row is alike
    monkeypatch.setattr(Both, "rows", lambda _self: (varied, dcgan))
    chosen = choose_prior(region, photo, replace(request.settings, variations=2), both, faces)
    assert chosen.row is varied
    assert "for the sake of variations" not in chosen.reason


def test_who_asks_for_variations_of_a_scene_gets_the_prior_whose_fills_differ(
    library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = replace(library.row("scenes-tiny"), architecture="completion", metrics={"variety": 0.0})
    varied = replace(alike, name="scenes-varied", metrics={"variety": 0.5})
    faces = replace(alike, name="faces", subject="faces")

    class Three(PriorLibrary):
        def rows(self) -> tuple[PriorRow, ...]:
            return faces, alike, varied

    three, photo = Three(()), Box(0, 0, 160, 120)
    for wanted, row in ((1, alike), (4, varied)):
        settings = FillSettings(variations=wanted)
        for region in find_regions(two_holes()):
            chosen = choose_prior(region, photo, settings, three, ())
            assert chosen.row is row
            of_face = choice.Choice(faces, chosen.square, chosen.reason, forced=False)
            second = choice.second_choice(of_face, region, photo, settings, three)
            assert second is not None
            assert second.row is row


def test_variations_without_a_prior_are_other_textures(tmp_path: Path) -> None:
    """Where no prior fits there is one answer, but not one texture."""
    write_tiny_prior(tmp_path, "scenes-tiny", "scenes", context_error_median=1e-6, context_error_p95=2e-6)
    library = PriorLibrary((tmp_path,))
    one, three = (
        run(FillRequest(textured(120, 160), two_holes(), FillSettings(variations=count)), library)[1]
        for count in (1, 3)
    )
    for alone, search, report in zip(one.searches, three.searches, three.report.regions, strict=True):
        assert not report.prior_used
        pixels = [variation.patch.pixels for variation in search.variations]
        assert len(pixels) == 3
        assert np.array_equal(pixels[0], alone.variations[0].patch.pixels)
        for first, second in combinations(pixels, 2):
            assert not np.array_equal(first, second)


def test_the_user_overrides_prior_and_square(library: PriorLibrary) -> None:
    square = ContextSquare(80, 80, 90)
    request = portrait_request(FillSettings(prior="scenes-tiny", squares=(square,)))
    (region,) = find_regions(request.mask)
    chosen = choose_prior(region, Box(0, 0, 256, 256), request.settings, library, ())
    assert (chosen.row.name, chosen.square, chosen.forced) == ("scenes-tiny", square, True)
    assert "by hand" in chosen.reason
    _, result = run(request, library)
    assert result.report.regions[0].prior == "scenes-tiny"


def test_every_region_takes_the_square_that_holds_it(library: PriorLibrary) -> None:
    left, right, far = ContextSquare(10, 10, 60), ContextSquare(100, 60, 50, 20), ContextSquare(60, 0, 30)
    settings = FillSettings(squares=(left, far, right))
    request = FillRequest(textured(120, 160), two_holes(), settings)
    told = choice.contexts(request, library)
    assert [(one.square, one.by_hand) for one in told] == [(left, True), (right, True)]
    _, result = run(request, library)
    assert [search.square for search in result.searches] == [left, right]
    told = choice.contexts(replace(request, settings=FillSettings(squares=(right,))), library)
    assert [one.by_hand for one in told] == [False, True]
    assert told[0].square.holds(told[0].box)


def test_a_face_prior_without_a_face_says_so(library: PriorLibrary) -> None:
    request = FillRequest(textured(120, 160), two_holes(), FillSettings(prior="faces-tiny"))
    _, result = run(request, library)
    assert all("no face was found" in r.reason for r in result.report.regions)


@pytest.mark.parametrize("forced", [False, True])
def test_a_prior_that_fits_badly_is_left_out_unless_the_user_named_it(tmp_path: Path, forced: bool) -> None:
    write_tiny_prior(tmp_path, "scenes-tiny", "scenes", context_error_p95=1e-6)
    library = PriorLibrary((tmp_path,))
    settings = FillSettings(prior="scenes-tiny" if forced else "auto")
    request = FillRequest(textured(120, 160), two_holes(), settings)
    _, result = run(request, library)
    for region in result.report.regions:
        assert region.prior_used is forced
        assert "fits badly" in region.reason
        assert region.context_error is not None
        assert region.context_error > 1e-6 * choice.MISFIT
        assert region.typical_error == 1e-6


def test_a_coarse_prior_is_asked_for_what_its_candidates_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several = replace(presets.PRESETS["normal"], halve_at=())
    monkeypatch.setitem(presets.PRESETS, "normal", several)
    row = write_tiny_prior(tmp_path, "scenes-tiny", "scenes")
    guides: list[np.ndarray] = []
    cutoffs: list[float] = []

    def watch(image: np.ndarray, hole: np.ndarray, **options: Any) -> Any:
        guides.append(options["guide"])
        cutoffs.append(options["guide_cutoff"])
        return synthesise_detail(image, hole, **options)

    monkeypatch.setattr(region_fill, "synthesise_detail", watch)
    request = FillRequest(textured(60, 60), two_holes(60, 60))
    run(request, PriorLibrary((tmp_path,)))
    write_manifest_row(tmp_path, replace(row, guide_resolution=row.resolution // 4, answer="mean"))
    run(request, PriorLibrary((tmp_path,)))
    fine, coarse = guides
    assert not np.array_equal(fine, coarse)
    assert cutoffs[1] == 4 * cutoffs[0]


def test_the_report_says_what_was_done(library: PriorLibrary) -> None:
    _, result = run(FillRequest(textured(120, 160), two_holes(), FillSettings(seed=9)), library)
    report = result.report
    assert (report.device, report.seed, report.preset) == ("cpu", 9, "normal")
    for region in report.regions:
        assert region.steps == 6
        assert region.candidates == 1  # two regions share the two
        assert region.losses is not None
        assert region.losses.total == pytest.approx(
            region.losses.contextual + PRESETS["normal"].perceptual_weight * region.losses.perceptual, rel=1e-4
        )
        assert set(region.seconds) == {p.value for p in Phase}
    assert report.seconds >= sum(sum(r.seconds.values()) for r in report.regions) * 0.99


def test_bad_input_is_raised_before_any_work(library: PriorLibrary) -> None:
    with pytest.raises(BadInputError):
        next(fill(FillRequest(textured(9, 9), np.zeros((9, 9), np.uint8)), library=library))


def test_a_prior_that_is_wrong_about_the_light_alone_is_put_right(
    library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = np.full((120, 140, 3), 205, np.uint8)
    mask = np.zeros((120, 140), np.uint8)
    mask[40:80, 50:90] = 255
    guides: list[NDArray[np.float32]] = []

    def dark(answer: NDArray[np.float32], square: ContextSquare, box: Box, *, step: int = 1) -> NDArray[np.float32]:
        assert answer.shape[2] == 3
        return np.full((-(-box.height // step), -(-box.width // step), 3), 0.2, np.float32)

    def spy(image: NDArray[np.float32], hole: NDArray[np.bool_], **rest: Any) -> Generator[None, None, Any]:
        guides.append(rest["guide"][hole])
        return image
        yield

    monkeypatch.setattr(region_fill, "enlarge", dark)
    monkeypatch.setattr(region_fill, "synthesise_detail", spy)
    run(FillRequest(photo, mask, FillSettings(prior=library.rows()[0].name)), library)
    (guide,) = guides
    np.testing.assert_allclose(guide, 205 / 255, atol=0.01)

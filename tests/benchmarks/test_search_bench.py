from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from inpaintgui import paths
from inpaintgui.benchmarks import image_options, search_bench, search_methods
from inpaintgui.benchmarks.projector import ProjectorSettings
from inpaintgui.benchmarks.search_methods import (
    COSTLY,
    REFERENCE,
    EncoderMethod,
    Method,
    PresetMethod,
    ProjectorMethod,
)
from inpaintgui.benchmarks.search_scores import (
    Comparison,
    MethodScores,
    SearchRun,
    count_attempts,
    evenly,
    run_searches,
)
from inpaintgui.benchmarks.search_sheet import BLANK, CASES, search_sheet
from inpaintgui.cli import run
from inpaintgui.contracts import run_to_end
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.training.evaluation import perceptual
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.perceptual import PACKAGES, load_feature_network
from tests.benchmarks.conftest import CPU, FakeMethod

SIDE = 16
COSTLY_NAME = next(iter(COSTLY))
GREY = Squares(np.full((6, SIDE, SIDE, 3), 102, np.uint8), tuple("abcdef"), "grey")  # 102 / 255 = 0.4


def fake_run(plain: Prior, methods: dict[str, Method], *, subset: int = 2, mask: str = "center") -> SearchRun:
    return run_to_end(run_searches(plain, methods, GREY, mask, subset=subset, seed=0))


def test_figures_follow_from_their_definitions(plain: Prior) -> None:
    done = fake_run(plain, {REFERENCE: FakeMethod(lambda _seed: 0.5)})
    scores = done.scores[REFERENCE]
    assert scores is not None
    level = np.rint(0.5 * 255)
    assert scores.psnr == pytest.approx(20 * np.log10(255 / abs(level - 102)))
    assert scores.context == pytest.approx(0.1)
    assert scores.psnr_blended == pytest.approx(20 * np.log10(255 / 102))  # the fake's is black in the hole
    assert scores.perceptual is None
    assert (scores.seconds == 2).all()


def test_a_win_needs_both_the_hole_and_the_context(plain: Prior) -> None:
    def run_of(image: int, better: int, same: int) -> float:
        """0.4 is perfect; even images are ``better`` for the other, number ``same`` is a tie."""
        return 0.5 if image == same else (0.45 if image % 2 == better else 0.6)

    methods: dict[str, Method] = {
        REFERENCE: FakeMethod(lambda _seed: 0.5),
        "other": FakeMethod(lambda seed: run_of(seed, better=0, same=4)),
    }
    comparison = fake_run(plain, methods).comparison("other")
    assert comparison is not None
    assert comparison.wins.tolist() == [False, True, False, True, True, True]
    assert comparison.gain[4] == 0
    assert comparison.slower == 1
    report = comparison.as_json()
    assert report["wins"] == pytest.approx(4 / 6, abs=1e-4)
    low, high = report["interval"]["wins"]
    assert 0 < low < 4 / 6 < high < 1


def test_a_better_hole_beside_a_worse_context_is_no_win() -> None:
    one = np.array([0]), np.array([30.0]), np.array([30.0]), None
    ours = MethodScores(*one, context=np.array([0.2]), seconds=np.array([1.0]))
    theirs = MethodScores(*one, context=np.array([0.1]), seconds=np.array([3.0]))
    assert not Comparison.of(ours, theirs).wins.any()
    assert Comparison.of(theirs, ours).wins.all()
    assert Comparison.of(ours, theirs).slower == 3


def test_costly_methods_see_a_subset_and_are_compared_on_it(plain: Prior) -> None:
    methods: dict[str, Method] = {
        REFERENCE: FakeMethod(lambda seed: 0.4 if seed == 3 else 0.9),
        COSTLY_NAME: FakeMethod(lambda _seed: 0.5),
    }
    done = fake_run(plain, methods, subset=2)
    scores, comparison = done.scores[COSTLY_NAME], done.comparison(COSTLY_NAME)
    assert scores is not None
    assert comparison is not None
    assert scores.images.tolist() == [0, 3]
    assert comparison.wins.tolist() == [False, True]
    assert set(done.fills[COSTLY_NAME]) == {0, 3}
    assert len(done.fills[REFERENCE]) == 6


def test_a_group_is_searched_as_one_batch_but_for_those_that_are_timed(plain: Prior) -> None:
    methods: dict[str, Method] = {
        REFERENCE: FakeMethod(lambda _seed: 0.5),
        "yardstick": FakeMethod(lambda seed: 0.4 + seed / 20, groups=True),
    }
    alone = fake_run(plain, methods)
    done = run_to_end(run_searches(plain, methods, GREY, "center", subset=1, together=4, timed=2, seed=0))
    scores, once = done.scores["yardstick"], alone.scores["yardstick"]
    assert scores is not None
    assert once is not None
    assert np.isfinite(scores.seconds).tolist() == [True, False, False, True, False, False]
    assert np.isfinite(once.seconds).all()
    assert (scores.psnr == once.psnr).all()
    assert scores.images.tolist() == list(range(6))
    comparison = done.comparison("yardstick")
    assert comparison is not None
    assert comparison.slower == 1
    assert done.as_json()["yardstick"]["timed"] == 2


def test_the_very_same_fills_are_told(plain: Prior) -> None:
    methods: dict[str, Method] = {
        REFERENCE: FakeMethod(lambda _seed: 0.5),
        "twin": FakeMethod(lambda _seed: 0.5),
        "almost": FakeMethod(lambda seed: 0.6 if seed == 3 else 0.5),
    }
    assert fake_run(plain, methods).like_reference() == ["twin"]


def test_progress_counts_attempts(plain: Prior) -> None:
    methods: dict[str, Method] = {
        COSTLY_NAME: FakeMethod(lambda _seed: 0.5),
        "blind": FakeMethod(lambda _seed: 0.5, usable=False),
        REFERENCE: FakeMethod(lambda _seed: 0.5),
    }
    done = list(run_searches(plain, methods, GREY, "center", subset=2))
    assert done[:3] == [COSTLY_NAME, REFERENCE, REFERENCE]
    assert len(done) == count_attempts(plain, methods, len(GREY), subset=2) == 8


def test_what_the_prior_cannot_do_is_left_out(plain: Prior) -> None:
    methods: dict[str, Method] = {
        "blind": FakeMethod(lambda _seed: 0.5, usable=False),
        REFERENCE: FakeMethod(lambda _seed: 0.5),
    }
    done = fake_run(plain, methods)
    assert done.as_json()["blind"] is None
    assert done.comparison("blind") is None
    assert search_sheet([done]).shape[1] == 4 + 3 * 132


def test_the_perceptual_distance_is_measured_where_it_can_be(plain: Prior) -> None:
    for package in PACKAGES:
        pytest.importorskip(package)
    methods: dict[str, Method] = {REFERENCE: FakeMethod(lambda seed: 0.4 if seed == 0 else 0.9)}
    network = load_feature_network(CPU)
    done = run_to_end(run_searches(plain, methods, GREY, "center", subset=1, network=network))
    scores = done.scores[REFERENCE]
    assert scores is not None
    assert scores.perceptual is not None
    assert scores.perceptual[0] == pytest.approx(0, abs=1e-6)
    assert (scores.perceptual[1:] > 1e-4).all()
    assert done.as_json()[REFERENCE]["perceptual"] > 0


@pytest.mark.parametrize(("count", "most", "numbers"), [(6, 2, [0, 3]), (2, 6, [0, 1]), (5, 5, [0, 1, 2, 3, 4])])
def test_evenly(count: int, most: int, numbers: list[int]) -> None:
    assert evenly(count, most) == numbers


def test_the_sheet_shows_even_cases_of_all_holes(plain: Prior) -> None:
    methods: dict[str, Method] = {
        REFERENCE: FakeMethod(lambda _seed: 0.0),
        COSTLY_NAME: FakeMethod(lambda _seed: 1.0),
    }
    many = Squares(np.full((30, SIDE, SIDE, 3), 102, np.uint8), tuple(map(str, range(30))), "grey")
    runs = [run_to_end(run_searches(plain, methods, many, mask, subset=1)) for mask in ("center", "box4")]
    sheet = search_sheet(runs)
    assert sheet.shape == (CASES * (128 + 18 + 4) + 4, 4 * 132 + 4, 3)
    middles = sheet[4 + 64 :: 150, 4 + 64 :: 132]  # of the tiles
    assert (middles[:, 0] == (255, 0, 255)).all()
    assert (middles[:, 1] == 0).all()
    assert (middles[0, 2] == 255).all()
    assert (middles[1, 2] == BLANK).all()
    assert (middles[:, 3] == 102).all()


@pytest.fixture
def quick_methods(monkeypatch: pytest.MonkeyPatch, encoder_folder: Path) -> None:
    """All methods of the table, with three steps; the tiny faces-64; no perceptual distance."""
    quick: dict[str, Callable[[], Method]]
    few = SearchPreset("few", "for tests", steps=3, candidates=2, learning_rate=0.05, perceptual_weight=0.1)
    quick = dict.fromkeys(search_methods.METHODS, lambda: PresetMethod(few))
    quick["encoder"] = EncoderMethod
    quick["projector"] = lambda: ProjectorMethod(ProjectorSettings(steps=3))
    monkeypatch.setattr(search_methods, "METHODS", quick)
    monkeypatch.setattr(paths, "weights", lambda: encoder_folder)
    monkeypatch.setattr(perceptual, "find_spec", lambda _name: None)


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    folder = tmp_path / "faces"
    folder.mkdir()
    for k in range(4):
        small = np.random.default_rng(k).integers(0, 255, (4, 4, 3)).astype(np.uint8)
        cv2.imwrite(str(folder / f"{k}.png"), cv2.resize(small, (24, 20), interpolation=cv2.INTER_CUBIC))
    (folder / "x.png").write_bytes(b"no picture")
    return folder


OPTIONS = ("--device", "cpu", "--seed", "3")


@pytest.mark.usefixtures("quick_methods")
def test_one_object_for_all_holes(faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.jpg"
    options = ["--images", str(faces), "--subset", "1", "--json", "--sheet", str(sheet), *OPTIONS]
    assert run(["bench", "search", *options]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert (report["prior"], report["n"], report["seed"], report["reference"]) == ("faces-64", 4, 3, REFERENCE)
    assert report["skipped"] == ["x.png"]
    assert "x.png" in printed.err
    assert "inpaintgui[evaluation]" in printed.err
    assert list(report["masks"]) == ["center", "half", "object"]
    for methods in report["masks"].values():
        assert set(methods) == set(search_methods.METHODS)
        assert "wins" not in methods[REFERENCE]
        for name, figures in methods.items():
            assert figures["n"] == (1 if name in COSTLY else 4)
            assert {"psnr", "psnr_blended", "context", "seconds"} <= set(figures["interval"])
            assert figures["perceptual"] is None
            if name != REFERENCE:
                assert 0 <= figures["wins"] <= 1
                assert figures["seconds_ratio"] > 0
                assert len(figures["interval"]["psnr_gain"]) == 2
    assert cv2.imread(str(sheet)).shape[1] == 4 + (len(search_methods.METHODS) + 2) * 132


@pytest.mark.usefixtures("quick_methods")
def test_the_table_names_methods_and_tells_of_the_subset(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = f"{COSTLY_NAME},encoder"
    common = ["bench", "search", "--images", str(faces), "--mask", "box6", *OPTIONS]
    assert run([*common, "--methods", names, "--subset", "2"]) == 0
    printed = capsys.readouterr().out
    assert f"\n{REFERENCE} " in printed
    assert f"{COSTLY_NAME}: on a subset of the images" in printed
    assert run([*common, "--methods", "encoder", "--prior", "plain-tiny"]) == 0
    printed = capsys.readouterr().out
    assert "not to be had" in printed
    assert "subset" not in printed


@pytest.mark.usefixtures("quick_methods")
def test_ablations_alone(faces: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"no-blending": search_methods.ABLATIONS["no-blending"]}
    monkeypatch.setattr(search_methods, "ABLATIONS", table)
    options = ["--images", str(faces), "--limit", "1", "--mask", "center", "--ablations", "--json"]
    assert run(["bench", "search", *options, *OPTIONS]) == 0
    assert list(json.loads(capsys.readouterr().out)["masks"]["center"]) == [REFERENCE, "no-blending"]


@pytest.mark.usefixtures("quick_methods")
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--limit", "0"), "--limit"),
        (("--subset", "0"), "--subset"),
        (("--together", "0"), "--together"),
        (("--methods", "magic"), "no method “magic”"),
        (("--mask", "center,circle"), "no mask “circle”"),
        (("--prior", "nobody"), "nobody"),
    ],
)
def test_bad_use_is_one_sentence(
    more: tuple[str, ...], sentence: str, faces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bench", "search", "--images", str(faces), *OPTIONS, *more]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert not printed.out


def test_defaults_are_said_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["bench", "search", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for default in (image_options.PRIOR, image_options.MASKS, image_options.IMAGES, search_bench.FEW):
        assert f"default: {default}" in told

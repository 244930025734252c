from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui import paths
from inpaintgui.benchmarks import fill_bench, fill_methods
from inpaintgui.benchmarks.fill_cases import Case, Hole, Rgb, drawn_cases
from inpaintgui.benchmarks.fill_compare import comparisons
from inpaintgui.benchmarks.fill_methods import OURS
from inpaintgui.benchmarks.fill_scores import Score
from inpaintgui.benchmarks.fill_sheet import CASES, TILE, contact_sheet
from inpaintgui.benchmarks.fill_verdicts import best_peer, verdicts
from inpaintgui.benchmarks.peak_memory import PeakMemory
from inpaintgui.benchmarks.peers import Peer, all_peers
from inpaintgui.cli import run
from inpaintgui.engine.picture_sheet import CAPTION_HEIGHT, GAP
from inpaintgui.training.evaluation.drawn_holes import KINDS, make_hole
from inpaintgui.training.evaluation.metrics import psnr, seam, sharpness
from tests.engine.conftest import write_tiny_prior


@given(st.sampled_from(sorted(KINDS)), st.integers(1, 200), st.integers(2, 200), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_holes_are_neither_empty_nor_everything(kind: str, height: int, width: int, index: int) -> None:
    hole = make_hole(kind, height, width, index=index)
    assert hole.shape == (height, width)
    assert hole.any()
    assert not hole.all()
    assert np.array_equal(hole, make_hole(kind, height, width, index=index))


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("object", 0.03, 0.13), ("brush", 0.09, 0.2), ("box", 0.06, 0.065), ("irregular", 0.05, 0.5)],
)
def test_holes_have_the_size_they_claim(kind: str, low: float, high: float) -> None:
    for index in range(20):
        assert low < make_hole(kind, 320, 480, index=index).mean() < high


def test_psnr_against_its_definition() -> None:
    truth = np.zeros((4, 4, 3), np.uint8)
    result = truth.copy()
    result[0, 0] = 10
    hole = np.zeros((4, 4), np.bool_)
    hole[0, :2] = True
    assert psnr(truth, result, hole) == pytest.approx(20 * np.log10(255 / np.sqrt(50)))
    assert psnr(truth, truth, hole) == 99


def test_figures_of_sharpness_and_seam() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    hole = np.zeros((64, 64), np.bool_)
    hole[24:40, 24:40] = True
    flat = np.where(hole[..., None], np.uint8(128), truth)
    assert sharpness(truth, truth, hole) == 1
    assert sharpness(truth, flat, hole) < 0.3
    assert seam(truth, hole) == pytest.approx(1, abs=0.15)
    ramp = np.repeat(np.arange(64, dtype=np.uint8)[None, :, None], 64, axis=0).repeat(3, axis=2)
    assert seam(ramp, hole) == pytest.approx(1, abs=0.01)
    assert seam(np.where(hole[..., None], np.uint8(255), ramp), hole) > 10
    assert seam(truth, np.ones((64, 64), np.bool_)) == 1


def test_the_peak_of_memory_is_seen() -> None:
    with PeakMemory() as memory:
        np.ones(64 * 2**20, np.uint8)
    assert memory.grown is None or memory.grown > 48 * 2**20


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three photos, with a tiny prior as the only one."""
    weights, folder = tmp_path / "weights", tmp_path / "photos"
    weights.mkdir()
    folder.mkdir()
    write_tiny_prior(weights, "scenes-tiny", "scenes")
    monkeypatch.setattr(paths, "weights", lambda: weights)
    for k in range(3):
        cv2.imwrite(str(folder / f"{k}.png"), np.random.default_rng(k).integers(0, 255, (48, 64, 3)).astype(np.uint8))
    return folder


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_the_command(tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["bench", "fill", "--photos", str(photos), "--limit", "2", "--kinds", "box,object"]
    options += ["--methods", "ours,prior,texture,smooth,telea"]
    sheet = tmp_path / "sheet.png"
    assert run([*options, "--json", "--sheet", str(sheet)]) == 0
    told = json.loads(capsys.readouterr().out)
    methods = {"ours", "prior", "texture", "smooth", "telea"}
    assert {kind: set(told["summary"][kind]) for kind in told["summary"]} == {"box": methods, "object": methods}
    assert len(told["fills"]) == 20
    assert all(s["changed_outside"] == 0 for s in told["fills"])
    assert all(s["seconds"] > 0 for s in told["fills"])
    assert {(c["kind"], c["method"]) for c in told["comparisons"]} == {
        (kind, method) for kind in ("box", "object", "all") for method in methods - {"ours"}
    }
    # Four cases in two rows of two: each with hole, truth, ours and Telea as the only peer.
    height, width = cv2.imread(str(sheet)).shape[:2]
    assert width == 8 * (TILE + GAP) + GAP
    assert height == 2 * (TILE + CAPTION_HEIGHT + GAP) + GAP
    assert run([*options[:-2], "--methods", "ours,texture"]) == 0
    printed = capsys.readouterr().out
    assert "PSNR dB" in printed
    assert "On “all” holes the prior is" in printed
    assert run([*options[:-2], "--methods", "magic"]) == 2
    assert run(["bench", "fill", "--photos", str(tmp_path / "none")]) == 2
    assert run([*options[:4], "--kinds", "star"]) == 2
    assert run(["bench", "fill"]) == 2


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_the_contact_sheet_shows_every_kind(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[Case] = []

    def remember(cases: Sequence[tuple[Case, Mapping[str, Rgb]]], methods: Sequence[str]) -> Rgb:
        shown.extend(case for case, _ in cases)
        return contact_sheet(cases, methods)

    for k in range(3, 12):
        cv2.imwrite(str(photos / f"{k}.png"), np.full((40, 40, 3), 20 * k, np.uint8))
    monkeypatch.setattr(fill_bench, "contact_sheet", remember)
    options = ["bench", "fill", "--photos", str(photos), "--methods", "telea", "--sheet", str(tmp_path / "sheet.png")]
    assert run(options) == 0
    assert "telea" in capsys.readouterr().out
    assert Counter(case.kind for case in shown) == dict.fromkeys(KINDS, 6)
    assert len({(case.name, case.kind) for case in shown}) == CASES == 24


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_irregular_holes_come_from_files_if_there_are_some(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    options = ["bench", "fill", "--photos", str(photos), "--kinds", "irregular", "--methods", "telea", "--json"]
    assert run([*options, "--masks", str(masks)]) == 2
    mask = np.zeros((24, 32), np.uint8)
    mask[:12] = 255
    cv2.imwrite(str(masks / "0.png"), mask)
    cases = drawn_cases(photos, 3, ["irregular"], masks)
    assert [case.hole.mean() for case in cases] == [0.5] * 3
    capsys.readouterr()
    assert run([*options, "--masks", str(masks)]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["irregular"]["telea"]["n"] == 3


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_a_peer_that_is_missing_or_fails_is_named(
    photos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_photo: Rgb, _hole: Hole) -> Rgb:
        raise ValueError("no source")

    peers = {
        "absent": Peer(fail, True, "the program absent is not installed"),
        "broken": Peer(fail, True),
        "telea": all_peers()["telea"],
    }
    monkeypatch.setattr(fill_methods, "all_peers", lambda: peers)
    options = ["bench", "fill", "--photos", str(photos), "--kinds", "box", "--methods"]
    assert run([*options, "absent,broken,telea"]) == 0
    told = capsys.readouterr()
    assert "“absent” is left out: the program absent is not installed." in told.err
    assert "“broken” failed on 3 holes, which do not count for it; on “0.png”: no source" in told.out
    assert "telea" in told.out
    assert run([*options, "absent"]) == 2


@pytest.mark.parametrize("name", [name for name, peer in all_peers().items() if peer.lacking is None])
def test_peers_fill_the_hole(name: str) -> None:
    ramp = np.repeat(np.linspace(0, 255, 96).astype(np.uint8)[None, :, None], 96, axis=0).repeat(3, axis=2)
    hole = np.zeros((96, 96), np.bool_)
    hole[40:56, 40:56] = True
    posed = np.where(hole[..., None], np.uint8([255, 0, 255]), ramp)
    result = all_peers()[name].fill(posed.copy(), hole.copy())
    assert result.shape == ramp.shape
    assert result.dtype == np.uint8
    assert psnr(ramp, np.where(hole[..., None], result, ramp), hole) > 15


def test_differences_are_paired() -> None:
    scores = [_score(case, OURS, 20 + case, 0.5, seconds=3) for case in range(10)]
    scores += [_score(case, "texture", 19 + case, 1.0, seconds=1) for case in range(9)]
    (found,) = comparisons(scores)
    assert found.n == 9
    assert found.gain == pytest.approx(1)
    assert found.gain_interval == pytest.approx((1, 1))
    assert found.perceptual == pytest.approx(-0.5)
    assert found.perceptual_interval == pytest.approx((-0.5, -0.5))
    assert found.seconds_ratio == 3
    assert best_peer(scores) is None
    scores += [_score(0, "near", 10, 0.3, seconds=1), _score(0, "sharp", 30, 0.4, seconds=1)]
    assert best_peer(scores) == "near"


def test_what_the_figures_amount_to() -> None:
    scores = [_score(case, OURS, 20, 0.5, seconds=3) for case in range(4)]
    scores += [_score(case, "texture", 19, 0.6, seconds=1) for case in range(4)]
    (prior,) = verdicts(scores, comparisons(scores))
    assert prior.startswith("On “box” holes the prior is worth its time: +1.00 dB and 16.7% of the perceptual")
    scores += [_score(case, "patchmatch-3", 19.5, 0.51, seconds=0.5) for case in range(4)]
    scores += [_score(case, "telea", 21, 0.9, seconds=0.1) for case in range(4)]
    peers, again, time = verdicts(scores, comparisons(scores))
    assert peers == (
        "“box” holes against the best peers: perceptual distance -2.0% against patchmatch-3 (missed), "
        "PSNR +0.50 dB against patchmatch-3 (missed), sharpness 1.00 (met)."
    )
    assert time == (
        "On “box” holes ours takes 6.00 times as long as patchmatch-3, search included "
        "(medians; wanted: at most 3; missed)."
    )
    assert again == prior
    assert verdicts(scores[4:], comparisons(scores[4:])) == []


def test_a_prior_that_is_not_worth_it_is_explained() -> None:
    scores = [_score(case, OURS, 20, 0.5, seconds=3) for case in range(4)]
    scores += [_score(case, "texture", 19.8, 0.5, seconds=1) for case in range(4)]
    (short,) = verdicts(scores, comparisons(scores))
    wanted = "+0.20 dB and 0.0% of the perceptual distance (wanted: 0.7 dB and 3%)."
    assert short.endswith(f"not worth what it should be: {wanted}")
    scores += [_score(case, "prior", 20.4, 0.8, seconds=1) for case in range(4)]
    (told,) = verdicts(scores, comparisons(scores))
    assert told.startswith(short.removesuffix("."))
    assert "; by itself it is +0.40 dB from ours with 100% of the true gradients" in told


def _score(case: int, method: str, decibels: float, perceptual: float, *, seconds: float) -> Score:
    return Score(
        case=str(case),
        kind="box",
        method=method,
        psnr=decibels,
        ssim=0.5,
        perceptual=perceptual,
        sharpness=1,
        seam=1,
        seconds=seconds,
        memory=None,
        changed_outside=0,
    )

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui import paths
from inpaintgui.benchmarks.peak_memory import PeakMemory
from inpaintgui.cli import run
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


@pytest.mark.parametrize(("kind", "low", "high"), [("object", 0.03, 0.13), ("brush", 0.09, 0.2), ("box", 0.06, 0.065)])
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


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    weights, photos = tmp_path / "weights", tmp_path / "photos"
    weights.mkdir()
    photos.mkdir()
    write_tiny_prior(weights, "scenes-tiny", "scenes")
    monkeypatch.setattr(paths, "weights", lambda: weights)
    for k in range(3):
        cv2.imwrite(str(photos / f"{k}.png"), np.random.default_rng(k).integers(0, 255, (48, 64, 3)).astype(np.uint8))
    options = ["bench", "fill", "--photos", str(photos), "--limit", "2", "--kinds", "box,object"]
    options += ["--methods", "ours,texture,smooth,telea"]
    sheet = tmp_path / "sheet.png"
    assert run([*options, "--json", "--sheet", str(sheet)]) == 0
    told = json.loads(capsys.readouterr().out)
    methods = {"ours", "texture", "smooth", "telea"}
    assert {kind: set(told["summary"][kind]) for kind in told["summary"]} == {"box": methods, "object": methods}
    assert len(told["fills"]) == 16
    assert all(s["changed_outside"] == 0 for s in told["fills"])
    assert all(s["seconds"] > 0 for s in told["fills"])
    assert cv2.imread(str(sheet)).shape[1] == 6 * 320
    assert run([*options[:-2], "--methods", "telea"]) == 0
    assert "PSNR dB" in capsys.readouterr().out
    assert run([*options[:-2], "--methods", "magic"]) == 2
    assert run(["bench", "fill", "--photos", str(tmp_path / "none")]) == 2
    assert run([*options[:4], "--kinds", "star"]) == 2

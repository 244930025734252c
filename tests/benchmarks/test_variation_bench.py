from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inpaintgui import paths
from inpaintgui.benchmarks import variation_bench
from inpaintgui.benchmarks.variation_bench import Spread, filled_spreads, spreads, summary
from inpaintgui.cli import run
from inpaintgui.contracts import FillSettings
from inpaintgui.engine.presets import preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.perceptual import FeatureNetwork

SIDE = 16


class MeanDifference(FeatureNetwork):
    """The mean absolute difference in the hole, instead of a network's."""

    def __init__(self) -> None:
        pass

    def distances(
        self, truth: NDArray[np.uint8], results: NDArray[np.uint8], hole: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        return np.abs(results.astype(np.float64) - truth)[:, hole].mean(axis=(1, 2))


def test_fills_are_compared_in_pairs_and_images_with_the_next_one(plain: Prior) -> None:
    levels = (40, 100, 220)
    images = Squares(np.stack([np.full((SIDE, SIDE, 3), level, np.uint8) for level in levels]), tuple("abc"), "greys")
    preset = preset_called("draft").for_variations(3)
    done = list(spreads(plain, preset, images, "center", MeanDifference(), seed=0))
    assert [spread.unrelated for spread in done] == [60, 120, 180]
    for spread in done:
        assert 1 <= spread.found <= 3
        assert spread.fitting == spread.found  # this prior's usual error was never measured
        assert len(spread.apart) == spread.found * (spread.found - 1) // 2
        assert all(distance > 0 for distance in spread.apart)


def test_whole_fills_keep_what_is_around_the_hole(plain: Prior, encoder_folder: Path) -> None:
    class Seen(MeanDifference):
        outside: ClassVar[list[float]] = []

        def distances(
            self, truth: NDArray[np.uint8], results: NDArray[np.uint8], hole: NDArray[np.bool_]
        ) -> NDArray[np.float64]:
            self.outside += super().distances(truth, results, ~hole).tolist()
            return super().distances(truth, results, hole)

    random = np.random.default_rng(0)
    images = Squares(random.integers(0, 255, (2, 80, 80, 3)).astype(np.uint8), ("a", "b"), "noise")
    settings = FillSettings(prior=plain.row.name, preset="draft", variations=2, device="cpu")
    library, network = PriorLibrary((encoder_folder,)), Seen()
    done = list(filled_spreads(settings, library, images, "box20", network))
    assert {spread.found for spread in done} <= {1, 2}
    assert any(spread.apart for spread in done)
    assert all(min((*spread.apart, spread.unrelated)) > 0 for spread in done)
    kept = [pair == 0 for pair in network.outside]
    assert kept == [same for spread in done for same in (*[True] * len(spread.apart), False)]


def test_medians_of_distances_and_means_of_numbers() -> None:
    told = summary([Spread(4, 3, (0.1, 0.2, 0.6), 0.4), Spread(2, 2, (0.3,), 0.6), Spread(1, 0, (), 0.5)])
    assert told == {"apart": 0.25, "unrelated": 0.5, "share": 0.5, "found": 7 / 3, "fitting": 5 / 3}
    assert summary([Spread(1, 1, (), 0.5)])["share"] == 0


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_folder: Path) -> list[str]:
    monkeypatch.setattr(paths, "weights", lambda: encoder_folder)
    monkeypatch.setattr(variation_bench, "load_feature_network", lambda _device: MeanDifference())
    for k in range(3):
        noise = np.random.default_rng(k).integers(0, 255, (20, 20, 3)).astype(np.uint8)
        cv2.imwrite(str(tmp_path / f"{k}.png"), noise)
    return ["bench", "variations", "--images", str(tmp_path), "--device", "cpu", "--preset", "draft"]


def test_one_object_for_all_holes(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*options, "--json", "--mask", "center,half", "--variations", "2"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["prior"], told["n"], list(told["masks"])) == ("faces-64", 3, ["center", "half"])
    for figures in told["masks"].values():
        assert figures["share"] == pytest.approx(figures["apart"] / figures["unrelated"])
        assert 1 <= figures["fitting"] <= figures["found"] <= 2


def test_whole_fills_of_a_size(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*options, "--json", "--size", "64", "--mask", "box12", "--variations", "2", "--limit", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["masks"]["box12"]["found"] == 2


def test_a_line_for_each_kind_of_hole(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*options, "--mask", "center,box4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["center" in lines[0], "box4" in lines[1], len(lines)] == [True, True, 2]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--limit", "1"), "--limit"),
        (("--size", "8"), "--size"),
        (("--variations", "1"), "--variations"),
        (("--variations", "1000"), "--variations"),
        (("--mask", "circle"), "no mask “circle”"),
        (("--preset", "magic"), "no preset called “magic”"),
    ],
)
def test_bad_use_is_one_sentence(
    more: tuple[str, ...], sentence: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*options, *more]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert not printed.out


def test_without_a_feature_network_there_are_no_distances(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(variation_bench, "load_feature_network", lambda _device: None)
    assert run(options) == 2
    assert "inpaintgui[evaluation]" in capsys.readouterr().err

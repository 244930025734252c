from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inpaintgui import paths
from inpaintgui.benchmarks import pace_bench
from inpaintgui.benchmarks.pace_bench import numbered_discs, timed_fill
from inpaintgui.cli import run
from inpaintgui.contracts import Box, FillRequest, FillSettings, FillStep, Phase, Preview
from inpaintgui.engine.priors import PriorLibrary
from tests.engine.conftest import write_small_mask

REQUEST = FillRequest(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), FillSettings())
SEEN = Preview(Box(0, 0, 1, 1), np.zeros((1, 1, 3), np.uint8), np.ones((1, 1), np.bool_))


def step(phase: Phase, preview: Preview | None = None) -> FillStep:
    return FillStep(phase, 0, 1, 0, 1, 0.0, preview=preview)


def steps(*_: Any, **__: Any) -> Generator[FillStep, None, None]:
    yield step(Phase.PREPARE)  # at 2 s
    yield step(Phase.SEARCH)  # at 3 s
    yield step(Phase.SEARCH, SEEN)  # at 7 s
    yield step(Phase.SEARCH, SEEN)  # at 9 s


def test_times_are_put_down_to_the_phase_that_they_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    clock: Iterator[float] = iter((0.0, 2.0, 3.0, 7.0, 9.0, 9.5))
    monkeypatch.setattr(pace_bench.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(pace_bench, "fill", steps)
    pace = timed_fill(REQUEST, PriorLibrary(()))
    assert pace.seconds == 9.5
    assert pace.first_preview == 7
    assert pace.spent == {"prepare": 2, "search": 7.5}
    assert pace.longest == {"prepare": 2, "search": 4}
    assert pace.previews == {"search": 2}


@given(height=st.integers(60, 300), width=st.integers(60, 300), count=st.integers(2, 9))
def test_discs_are_as_many_regions_as_were_asked_for(height: int, width: int, count: int) -> None:
    numbers = numbered_discs((height, width), count)
    mask = np.uint8(255) * (numbers > 0)
    labels, _ = cv2.connectedComponents(mask)
    assert labels - 1 == count
    assert set(np.unique(numbers)) == set(range(count + 1))
    assert not any(edge.any() for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_folder: Path) -> list[str]:
    """The options that name a small photo and its mask; tiny priors."""
    monkeypatch.setattr(paths, "weights", lambda: encoder_folder)
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 48, 3), np.uint8)).save(photo)
    write_small_mask(mask)
    options = ["--photo", str(photo), "--mask", str(mask), "--prior", "faces-64", "--preset", "draft"]
    return ["bench", "pace", *options, "--device", "cpu", "--repeat", "2"]


def test_one_object_about_previews(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["photo"] == "photo.png"
    assert 0 < told["first_preview"] <= told["seconds"]
    assert set(told["longest"]) == set(told["spent"]) == {phase.value for phase in Phase}
    assert all(told["longest"][phase] <= seconds for phase, seconds in told["spent"].items())
    assert told["previews_per_second"] > 0
    assert told["price"] > 0


def test_a_table_about_regions(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files, "--regions", "3"]) == 0
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert told["regions"] == "3"
    assert float(told["times"]) == pytest.approx(float(told["together"]) / float(told["one"]), rel=0.05)


@pytest.mark.parametrize("more", [("--repeat", "0"), ("--regions", "1")])
def test_bad_use_is_one_sentence(more: tuple[str, ...], files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files, *more]) == 2
    printed = capsys.readouterr()
    assert more[0] in printed.err
    assert not printed.out

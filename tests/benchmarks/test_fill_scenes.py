"""Pasted people, large photos and real removals of ``inpaintgui bench fill``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.benchmarks.composites import GROWTH, composite_cases, pasted_person
from inpaintgui.benchmarks.large_photos import LargeFill, doubled, large_photo, print_large, run_within, verdicts
from inpaintgui.cli import run
from inpaintgui.engine.picture_sheet import CAPTION_HEIGHT, GAP
from inpaintgui.errors import BadInputError
from inpaintgui.training.datasets import is_held_out
from inpaintgui.training.evaluation.drawn_holes import figure_hole

HELD_OUT = [f"{k}.jpg" for k in range(300) if is_held_out(f"{k}.jpg")][:3]
TRAINED_ON = [f"{k}.jpg" for k in range(300) if not is_held_out(f"{k}.jpg")][:3]


def write_scenes(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for k, name in enumerate(names):
        cv2.imwrite(str(folder / name), np.full((80, 120, 3), 40 * k + 20, np.uint8))
    return folder


def write_people(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    mask = np.zeros((60, 40), np.uint8)
    mask[5:55, 12:28] = 255
    for name in names:
        cv2.imwrite(str(folder / name), np.full((60, 40, 3), 250, np.uint8))
        cv2.imwrite(str(folder / name.replace(".jpg", ".png")), mask)
    return folder


def test_composites_take_only_what_no_training_saw(tmp_path: Path) -> None:
    scenes = write_scenes(tmp_path / "scenes", HELD_OUT + TRAINED_ON)
    people = write_people(tmp_path / "people", HELD_OUT[:2] + TRAINED_ON)
    cases = composite_cases(scenes, people, 3, folder="", seed=0)
    assert {case.name.split(" + ")[0] for case in cases} == set(HELD_OUT)
    assert {case.name.split(" + ")[1] for case in cases} == set(HELD_OUT[:2])
    again = composite_cases(scenes, people, 3, folder="", seed=0)
    assert all(np.array_equal(a.posed(), b.posed()) for a, b in zip(cases, again, strict=True))
    with pytest.raises(BadInputError, match="3 held-out scenes"):
        composite_cases(scenes, people, 4, folder="", seed=0)
    with pytest.raises(BadInputError, match="0 held-out scenes"):
        composite_cases(scenes, people, 1, folder="nature/", seed=0)


@given(st.integers(40, 160), st.integers(40, 160), st.booleans(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_pasted_person_lies_within_the_hole(height: int, width: int, cut_off: bool, seed: int) -> None:
    scene = np.zeros((height, width, 3), np.uint8)
    shape = np.zeros((60, 40), np.uint8)
    shape[5 : 60 if cut_off else 55, 12:28] = 255
    photo = np.full((60, 40, 3), 255, np.uint8)
    pasted, hole = pasted_person(scene, photo, shape, np.random.default_rng(seed))
    changed = pasted.any(axis=2)
    assert changed.any()
    assert not changed[~hole].any()
    assert not hole.all()
    assert changed[-1].any() == cut_off
    ring = cv2.dilate(changed.astype(np.uint8), np.ones((2 * GROWTH + 1, 2 * GROWTH + 1), np.uint8)) > 0
    assert not (hole & ~ring).any()


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_the_command_with_composites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenes, people = write_scenes(tmp_path / "scenes", HELD_OUT), write_people(tmp_path / "people", HELD_OUT)
    options = ["bench", "fill", "--photos", str(scenes), "--composites", "2", "--methods", "telea,smooth", "--json"]
    assert run(options) == 2
    capsys.readouterr()
    assert run([*options, "--people", str(people)]) == 0
    told = json.loads(capsys.readouterr().out)
    # The scenes are flat, so what stands behind the person can be told from the rim.
    assert all(fill["psnr"] > 45 for fill in told["fills"])
    assert all(fill["changed_outside"] == 0 for fill in told["fills"] if fill["method"] == "smooth")


def test_removals_stand_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    options = ["bench", "fill", "--removals", str(folder), "--methods", "telea,smooth"]
    assert run([*options, "--out", str(out)]) == 2
    mask = np.zeros((40, 60), np.uint8)
    mask[10:20, 10:20] = 255
    cv2.imwrite(str(folder / "beach-mask.png"), mask)
    assert run([*options, "--out", str(out)]) == 2
    cv2.imwrite(str(folder / "beach.png"), np.where(mask[..., None] > 0, np.uint8(0), np.uint8(200)).repeat(3, axis=2))
    assert run(options) == 2
    assert run([*options, "--out", str(out)]) == 0
    assert "beach: telea" in capsys.readouterr().out
    sheet = cv2.imread(str(out / "beach.png"))
    assert sheet.shape == (40 + CAPTION_HEIGHT + 2 * GAP, 3 * (60 + GAP) + GAP, 3)
    after = sheet[GAP : GAP + 40, 2 * GAP + 60 : 2 * GAP + 120]
    assert np.abs(after.astype(int) - 200).max() <= 3


# A figure of a few hundred pixels cannot be had more exactly: its outline is a large part of it.
@given(st.floats(0.01, 0.1), st.integers(400, 700), st.integers(400, 700))
@settings(max_examples=30, deadline=None)
def test_the_hole_of_a_large_photo_has_the_share_that_was_asked_for(share: float, height: int, width: int) -> None:
    hole = figure_hole(height, width, share=share)
    assert hole.shape == (height, width)
    assert hole.mean() == pytest.approx(share, rel=0.25) or hole.any(axis=1).mean() > 0.8


def test_a_large_photo_is_enlarged_and_doubled() -> None:
    photo = np.full((40, 60, 3), 128, np.uint8)
    large = large_photo(photo, 0.06)
    assert large.shape == (200, 300, 3)
    assert large.std() == pytest.approx(4, rel=0.05)
    hole = figure_hole(200, 300, share=0.03)
    twice, same = doubled(large, hole)
    assert twice.shape == (200, 600, 3)
    assert np.array_equal(same[:, :300], hole)
    assert not same[:, 300:].any()


def test_what_is_told_about_large_photos(capsys: pytest.CaptureFixture[str]) -> None:
    fills = [
        LargeFill("ours", 6, False, 2.0, 100 * 2**20),
        LargeFill("ours", 6, True, 2.1, 105 * 2**20),
        LargeFill("patchmatch-3", 6, False, 12.0, None),
        LargeFill("telea", 6, False, 1.0, None),
        LargeFill("gmic-patch", 6, False, None, None, "longer than 180 s"),
    ]
    assert verdicts(fills) == [
        "ours is 6.0 times as fast as patchmatch-3, the fastest by patches.",
        "twice the photo with the same hole: time × 1.05, memory × 1.05.",
    ]
    assert verdicts(fills[1:]) == []
    print_large(fills)
    told = capsys.readouterr().out
    assert "gmic-patch         longer than 180 s" in told
    assert "6 megapixels: ours is 6.0 times" in told


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups to end")
def test_a_slow_program_ends_with_all_that_it_started() -> None:
    # The inner program keeps the outer one's stdout open: as long as it lives, reading that would go on.
    inner = "import signal; print('begun', flush=True); signal.pause()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    assert run_within([sys.executable, "-c", outer], 1.0) is None
    done = run_within([sys.executable, "-c", "print(1)"], 60)
    assert done is not None
    assert done.stdout == "1\n"


def test_the_command_with_a_large_photo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenes = write_scenes(tmp_path / "scenes", HELD_OUT)
    options = ["bench", "fill", "--photos", str(scenes), "--methods", "telea", "--json", "--megapixels"]
    assert run([*options, "0.05"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["large"]
    assert told["seconds"] > 0
    assert told["failure"] is None
    assert run([*options, "many"]) == 2
    assert run([*options, "-1"]) == 2
    capsys.readouterr()
    assert run([*options, "0.05", "--patience", "0.01"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["large"]
    assert told["failure"] == "longer than 0 s"

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import inpaintgui
from inpaintgui import paths
from inpaintgui.cli import run
from tests.engine.conftest import write_tiny_prior

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")


@pytest.fixture(autouse=True)
def tiny_priors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    write_tiny_prior(folder, "faces-tiny", "faces")
    write_tiny_prior(folder, "scenes-tiny", "scenes")
    monkeypatch.setattr(paths, "weights", lambda: folder)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo ü 海滩.png"
    pixels = np.random.default_rng(0).integers(0, 255, (80, 100, 3)).astype(np.uint8)
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return path


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    path = tmp_path / "mask.png"
    flags = np.zeros((80, 100), np.uint8)
    flags[30:50, 40:60] = 255
    assert cv2.imwrite(str(path), flags)
    return path


def read(path: Path) -> np.ndarray:
    return cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)


def fill(photo: Path, mask: Path, out: Path, *more: str) -> int:
    return run(["fill", str(photo), "--mask", str(mask), "-o", str(out), *more])


def test_variations_are_written_side_by_side(
    photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.png"
    assert fill(photo, mask, out, "--json", "--variations", "3", "--device", "cpu") == 0
    told = json.loads(capsys.readouterr().out)
    files = [tmp_path / name for name in ("out.png", "out-2.png", "out-3.png")]
    assert told["outputs"] == [str(path) for path in files]
    (variations,) = told["variations"]
    assert [len(variation["latent"]) for variation in variations] == [8, 8, 8]
    hole = read(mask) > 0
    for path in files:
        assert np.array_equal(read(path)[~hole], read(photo)[~hole])
    assert len({read(path)[hole].tobytes() for path in files}) == 3
    assert told["uncertainty"][0] > 0


def test_a_fill_with_json(photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.png"
    before = photo.read_bytes()
    assert fill(photo, mask, out, "--json", "--seed", "3", "--candidates", "2", "--device", "cpu") == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["output"] == str(out)
    assert (told["device"], told["seed"], told["preset"]) == ("cpu", 3, "normal")
    (region,) = told["regions"]
    assert region["prior"] == "scenes-tiny"
    assert "no face" in region["reason"]
    assert region["candidates"] == 2
    assert region["steps"] > 0
    assert set(region["losses"]) == {"contextual", "perceptual", "total"}
    assert set(region["seconds"]) == {"prepare", "search", "detail", "blend"}
    assert "region 1/1" in captured.err  # the progress bar
    hole = read(mask) > 0
    assert photo.read_bytes() == before
    assert np.array_equal(read(out)[~hole], read(photo)[~hole])
    assert (read(out)[hole] != read(photo)[hole]).any()


def test_the_same_seed_writes_the_same_file(photo: Path, mask: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"{k}.png" for k in range(3)]
    for out, seed in zip(outs, ("1", "1", "2"), strict=True):
        assert fill(photo, mask, out, "--seed", seed) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes() != outs[2].read_bytes()


@pytest.mark.parametrize("preset", ["published-bamos", "published-yeh"])
def test_presets_priors_and_squares(
    photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], preset: str
) -> None:
    options = ("--preset", preset, "--prior", "faces-tiny", "--square", "20,10,60,15", "--json")
    assert fill(photo, mask, tmp_path / "out.png", *options) == 0
    (region,) = json.loads(capsys.readouterr().out)["regions"]
    assert region["prior"] == "faces-tiny"
    assert "by hand" in region["reason"]


def test_without_json_a_summary(photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fill(photo, mask, tmp_path / "out.png") == 0
    summary = capsys.readouterr().out
    assert "scenes-tiny" in summary
    assert "MB" in summary


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--prior", "cats"), 2),
        (("--preset", "quick"), 2),
        (("--candidates", "0"), 2),
        (("--device", "abacus"), 2),
        (("--device", "cuda:77"), 1),
    ],
)
def test_errors_are_a_sentence_and_nothing_is_written(
    photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], code: int
) -> None:
    files = sorted(tmp_path.iterdir())
    assert fill(photo, mask, tmp_path / "out.png", *options) == code
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("inpaintgui: ")
    assert last.endswith(".")
    assert sorted(tmp_path.iterdir()) == files


@pytest.mark.parametrize(
    "problem", ["no photo", "no mask", "text", "other size", "empty mask", "full mask", "suffix", "folder"]
)
def test_bad_files(photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], problem: str) -> None:
    out = tmp_path / "out.png"
    if problem == "no photo":
        photo.unlink()
    elif problem == "no mask":
        mask.unlink()
    elif problem == "text":
        photo.write_text("not a picture")
    elif problem == "suffix":
        out = tmp_path / "out.docx"
    elif problem == "folder":
        out = tmp_path / "missing" / "out.png"
    else:
        shape = (10, 10) if problem == "other size" else (80, 100)
        value = 255 if problem == "full mask" else 0
        cv2.imwrite(str(mask), np.full(shape, value, np.uint8))
    code = fill(photo, mask, out)
    assert code == (1 if problem in {"suffix", "folder"} else 2)
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("inpaintgui: ")
    assert not out.exists()
    assert not out.parent.exists() or not [f for f in out.parent.iterdir() if "out" in f.name]


def test_the_original_is_never_the_target(
    photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link.png"
    link.symlink_to(photo)
    before = photo.read_bytes()
    for target in (photo, link):
        assert fill(photo, mask, target) == 2
        assert "overwrite the original" in capsys.readouterr().err
    assert photo.read_bytes() == before


def test_damaged_weights_are_a_failure(
    photo: Path, mask: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "weights" / "scenes-tiny.safetensors").write_bytes(b"x")
    assert fill(photo, mask, tmp_path / "out.png") == 1
    assert "scenes-tiny" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_listing_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "list"]) == 0
    assert "faces-tiny" in capsys.readouterr().out
    assert run(["models", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told] == ["faces-tiny", "scenes-tiny"]
    assert told[0]["latent_distribution"] == "uniform"
    assert told[0]["licence"] == "CC0"


def test_version_and_module_entry() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "inpaintgui", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == f"inpaintgui {inpaintgui.__version__}"


def test_verbose_tells_the_window_to_log_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    from inpaintgui import app

    seen = []
    monkeypatch.setattr(app, "run_app", lambda files: seen.append((files, os.environ.get("INPAINTGUI_DEBUG"))) or 0)
    monkeypatch.setenv("INPAINTGUI_DEBUG", "")
    assert run(["beach.jpg"]) == run(["--verbose"]) == 0
    assert seen == [([Path("beach.jpg")], ""), ([], "1")]


def test_bad_use_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(["fill"])
    assert stop.value.code == 2
    assert "usage" in capsys.readouterr().err

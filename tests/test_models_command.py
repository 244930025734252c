from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from inpaintgui import paths
from inpaintgui.cli import run
from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.prior_rows import write_manifest_row
from inpaintgui.engine.priors import save_prior
from tests.engine.conftest import tiny_row, write_tiny_prior
from tests.engine.people.conftest import tiny_network, write_tiny_finder
from tests.engine.tutorial import state_of, tutorial_generator


@pytest.fixture(autouse=True)
def tiny_priors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    write_tiny_prior(folder, "faces-tiny", "faces")
    row = replace(tiny_row("completes", "faces"), architecture="completion", resolution=32)
    generator = CompletionGenerator(latent_size=row.latent_size, resolution=32, base_width=row.base_width)
    torch.nn.init.normal_(generator.paint.weight, std=0.1)
    for refine in generator.refine:
        refine.scales.weight.data *= 50  # so that the latents are seen
    write_manifest_row(folder, save_prior(folder / "completes.safetensors", row, generator, None))
    monkeypatch.setattr(paths, "weights", lambda: folder)
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 255, (64, 90, 3)).astype(np.uint8)
    assert cv2.imwrite(str(tmp_path / "photo.png"), pixels)
    return tmp_path / "photo.png"


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    flags = np.zeros((64, 90), np.uint8)
    flags[20:40, 30:60] = 255
    assert cv2.imwrite(str(tmp_path / "mask.png"), flags)
    return tmp_path / "mask.png"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.png"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Run ``inpaintgui models …``; returns the exit code, stdout and the last line of stderr."""

    def models(*arguments: object) -> tuple[int, str, str]:
        code = run(["models", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, (captured.err.strip().splitlines() or [""])[-1]

    return models


def read(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_what_finds_people_is_listed_with_its_terms(said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_tiny_finder(tmp_path / "shipped", tiny_network())
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "shipped")
    code, told, _ = said("list")
    assert code == 0
    name, *_, title = told.splitlines()[-2].split()
    assert (name, title, told.splitlines()[-1].strip()) == ("people", "People", "CC0")


def test_an_import_is_listed_sampled_and_refused_twice(said, tmp_path: Path, out: Path) -> None:
    torch.save({"netG": state_of(tutorial_generator(5, (8, 4)))}, tmp_path / "birds.pth")
    code, told, _ = said("import", tmp_path / "birds.pth", "--title", "Birds", "--json")
    row = json.loads(told)
    assert (code, row["name"], row["title"], row["latent_distribution"]) == (0, "birds", "Birds", "normal")
    assert Path(row["path"]).is_file()
    assert Path(row["path"]).with_suffix(".md").is_file()
    assert "birds" in [listed["name"] for listed in json.loads(said("list", "--json")[1])]
    assert said("sample", "birds", "-o", out)[0] == 0
    assert out.is_file()
    code, _, error = said("import", tmp_path / "birds.pth")
    assert (code, "“birds” already" in error) == (2, True)
    assert "birds.md" in said("import", tmp_path / "birds.pth", "--replace")[1]


def test_a_sheet_and_its_numbers(said, out: Path) -> None:
    code, told, _ = said("sample", "faces-tiny", "-n", 5, "--columns", 2, "--seed", 7, "-o", out, "--json")
    report = json.loads(told)
    assert (code, report["output"], report["prior"]) == (0, str(out), "faces-tiny")
    assert report["samples"][3] == {"sample": "7:3", "row": 1, "column": 1}
    assert len(report["samples"]) == 5
    sheet = read(out)
    assert sheet.shape[0] > 3 * 128
    assert "7:0 to 7:4" in said("sample", "faces-tiny", "-n", 5, "--seed", 7, "-o", out, "--overwrite")[1]


def tiles(picture: np.ndarray) -> list[np.ndarray]:
    """The pictures of a strip."""
    return [picture[4:132, 4 + 132 * k : 132 + 132 * k] for k in range(picture.shape[1] // 132)]


def test_a_walk_begins_and_ends_at_its_samples(said, tmp_path: Path, out: Path) -> None:
    assert said("sample", "faces-tiny", "-n", 8, "--seed", 1, "-o", tmp_path / "sheet.png")[0] == 0
    samples = tiles(read(tmp_path / "sheet.png"))
    code, told, _ = said("morph", "faces-tiny", "--from", "1:2", "--to", "1:5", "--steps", 4, "-o", out, "--json")
    assert (code, json.loads(told)["steps"]) == (0, 4)
    walk = tiles(read(out))
    assert len(walk) == 4
    assert np.array_equal(walk[0], samples[2])
    assert np.array_equal(walk[3], samples[5])
    assert not np.array_equal(walk[1], samples[2])


def test_a_sum_shows_its_groups_and_its_result(said, tmp_path: Path, out: Path) -> None:
    assert said("sample", "faces-tiny", "-n", 8, "-o", tmp_path / "sheet.png")[0] == 0
    samples = tiles(read(tmp_path / "sheet.png"))
    options = ("--plus", "0:1", "--minus", "0:4,0:5,0:6", "--plus", "0:4,0:5,0:6")
    code, told, _ = said("morph", "faces-tiny", *options, "-o", out, "--json")
    assert (code, json.loads(told)["minus"]) == (0, [["0:4", "0:5", "0:6"]])
    strip = tiles(read(out))
    assert len(strip) == 4
    assert np.array_equal(strip[0], samples[1])
    assert np.array_equal(strip[1], strip[2])
    assert np.abs(strip[3].astype(int) - samples[1]).max() <= 1  # what is added and taken away again
    assert not np.array_equal(strip[0], strip[1])


def test_a_completion_keeps_what_is_known(said, photo: Path, mask: Path, out: Path) -> None:
    options = ("--context", photo, "--mask", mask, "-o", out)
    assert said("sample", "completes", "-n", 3, *options)[0] == 0
    pictures = [tile.astype(int) for tile in tiles(read(out))]
    spread = np.abs(pictures[0] - pictures[1]).max(axis=2)
    # The square is the photo's columns 13 to 77, four times smaller than its pictures; the hole lies inside.
    rows, columns = np.nonzero(spread > 2)
    assert 30 < rows.min() < rows.max() < 90
    assert 24 < columns.min() < columns.max() < 104
    assert said("morph", "completes", "--from", "0:0", "--to", "0:1", *options, "--overwrite")[0] == 0
    assert said("morph", "completes", "--plus", "0:0,0:1", *options, "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("import", "missing.pth"), "no such file"),
        (("sample", "cats"), "no prior called"),
        (("sample", "faces-tiny", "-n", "0"), "-n must"),
        (("sample", "faces-tiny", "--columns", "0"), "--columns must"),
        (("sample", "faces-tiny", "--seed", "-1"), "--seed must"),
        (("sample", "faces-tiny", "--device", "abacus"), "not a device"),
        (("sample", "faces-tiny", "--context", "a", "--mask", "b"), "whole images"),
        (("sample", "completes"), "completes images"),
        (("sample", "completes", "--context", "photo.png"), "completes images"),
        (("sample", "completes", "--context", "missing.png", "--mask", "mask.png"), "no such file"),
        (("sample", "completes", "--context", "photo.png", "--mask", "empty.png"), "There is no hole"),
        (("sample", "completes", "--context", "photo.png", "--mask", "full.png"), "nothing but a hole"),
        (("morph", "faces-tiny"), "Say what to do"),
        (("morph", "faces-tiny", "--from", "0:1"), "Say what to do"),
        (("morph", "faces-tiny", "--from", "0:1", "--to", "x"), "SEED:NUMBER"),
        (("morph", "faces-tiny", "--from", "0:1", "--to", "0:2", "--steps", "1"), "--steps must"),
        (("morph", "faces-tiny", "--from", "0:1", "--to", "0:2", "--plus", "0:1"), "not both"),
        (("morph", "faces-tiny", "--minus", "0:1"), "Nothing is added"),
        (("morph", "faces-tiny", "--plus", "0:1,,0:2"), "SEED:NUMBER"),
    ],
)
@pytest.mark.usefixtures("photo", "mask")
def test_errors_are_a_sentence_and_nothing_is_written(
    said, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("empty", 0), ("full", 255)):
        cv2.imwrite(f"{name}.png", np.full((64, 90), value, np.uint8))
    output = () if arguments[0] == "import" else ("-o", out)
    code, told, error = said(*arguments, *output)
    assert (code, told) == (2, "")
    assert error.startswith("inpaintgui: ")
    assert error.endswith(".")
    assert reason in error
    assert not out.exists()


def test_pictures_overwrite_only_when_told_and_never_the_photo(said, photo: Path, mask: Path, out: Path) -> None:
    out.write_bytes(b"precious")
    code, _, error = said("sample", "faces-tiny", "-o", out)
    assert (code, "--overwrite" in error, out.read_bytes()) == (2, True, b"precious")
    assert said("sample", "faces-tiny", "-o", out, "--overwrite")[0] == 0
    assert read(out).ndim == 3
    before = photo.read_bytes(), mask.read_bytes()
    for target in (photo, mask):
        options = ("--context", photo, "--mask", mask, "-o", target, "--overwrite")
        code, _, error = said("sample", "completes", *options)
        assert (code, "would overwrite the photo" in error) == (2, True)
    assert (photo.read_bytes(), mask.read_bytes()) == before


def test_a_format_that_cannot_be_written(said, tmp_path: Path) -> None:
    code, _, error = said("sample", "faces-tiny", "-o", tmp_path / "out.docx")
    assert (code, "must end in one of" in error) == (1, True)
    assert said("sample", "faces-tiny", "-o", tmp_path / "missing" / "out.png")[0] == 1

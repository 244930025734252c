from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inpaintgui.cli import run
from inpaintgui.training.evaluation import command as module
from inpaintgui.training.evaluation import perceptual
from inpaintgui.training.evaluation.sheet import shown_columns


@pytest.fixture
def no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptual, "find_spec", lambda _name: None)


def command(folder: Path, images: Path, *more: str, prior: str = "plain-tiny") -> list[str]:
    return ["evaluate", "--prior", str(folder / f"{prior}.safetensors"), "--images", str(images), *more]


QUICK = ("--candidates", "2", "--device", "cpu", "--limit", "3")


@pytest.mark.usefixtures("no_packages")
def test_one_mask_is_one_object(priors_folder: Path, pictures_zip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(priors_folder, pictures_zip, "--mask", "center", "--json", *QUICK)) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert (report["prior"], report["mask"], report["n"]) == ("plain-tiny", "center", 2)
    assert report["skipped"] == ["a/000-broken.png"]
    assert report["candidates"] == 2
    assert report["ours"]["perceptual"] is None
    assert report["ours"]["psnr"] > 0
    assert set(report["baselines"]) == {"mean", "telea", "navier_stokes", "patchmatch"}
    assert "000-broken.png" in printed.err
    assert "inpaintgui[evaluation]" in printed.err


@pytest.mark.usefixtures("no_packages")
def test_several_masks_are_an_object_and_a_sheet_each(
    priors_folder: Path, pictures_zip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--mask", "center,box6", "--mask", "half", "--held-out", "--json", "--sheet", str(tmp_path / "fills.jpg"))
    assert run(command(priors_folder, pictures_zip, *more, *QUICK)) == 0
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [report["mask"] for report in reports] == ["center", "box6", "half"]
    assert all((report["n"], report["images"]) == (3, "pictures.zip, held out") for report in reports)
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"fills-center.jpg", "fills-box6.jpg", "fills-half.jpg"}
    sheet = cv2.imread(str(tmp_path / "fills-box6.jpg"))
    assert sheet.shape[1] == 104 + 3 * 132
    assert sheet.shape[0] in {4 * 132, 5 * 132}


@pytest.mark.usefixtures("no_packages")
def test_the_table_names_every_method(
    priors_folder: Path, pictures_zip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(priors_folder, pictures_zip, "--mask", "random80", *QUICK)) == 0
    printed = capsys.readouterr().out
    for name in ("ours", "mean", "telea", "navier_stokes", "patchmatch"):
        assert f"\n{name} " in printed
    assert "perceptual" in printed


def test_samples_and_their_neighbours(
    priors_folder: Path, pictures_zip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for package in perceptual.PACKAGES:
        pytest.importorskip(package)
    sheet = tmp_path / "near.jpg"
    more = ("--samples", "--limit", "5", "--device", "cpu", "--neighbours-sheet", str(sheet))
    assert run(command(priors_folder, pictures_zip, *more, "--json", prior="completion-tiny")) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n"] == 5
    assert report["training_images"] > 150
    assert "completions" in report["samples_of"]
    assert cv2.imread(str(sheet)).shape == (2 * 132, 104 + 5 * 132, 3)
    assert run(command(priors_folder, pictures_zip, *more)) == 0
    assert "Fréchet" in capsys.readouterr().out


@pytest.mark.usefixtures("no_packages")
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "either --mask KIND or --samples"),
        (("--mask", "center", "--samples"), "either --mask KIND or --samples"),
        (("--samples",), "packages that are not installed"),
        (("--samples", "--sheet", "a.jpg"), "belong to --mask"),
        (("--mask", "center", "--neighbours-sheet", "a.jpg"), "belongs to --samples"),
        (("--mask", "circle"), "no mask “circle”"),
        (("--mask", "center", "--limit", "0"), "--limit"),
        (("--mask", "center", "--candidates", "0"), "--candidates"),
        (("--mask", "center", "--preset", "none"), "no preset"),
        (("--mask", "center", "--shuffle-context"), "no context"),
    ],
)
def test_bad_use_is_one_sentence(
    more: tuple[str, ...],
    sentence: str,
    priors_folder: Path,
    pictures_zip: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(command(priors_folder, pictures_zip, "--device", "cpu", *more)) == 2
    assert sentence in capsys.readouterr().err


def test_a_prior_must_be_known(pictures_zip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--images", str(pictures_zip), "--mask", "center", "--device", "cpu"]
    assert run(["evaluate", "--prior", "nobody", *common]) == 2
    assert "nobody" in capsys.readouterr().err
    assert run(["evaluate", "--prior", str(tmp_path / "own.safetensors"), *common]) == 2
    assert "manifest.toml" in capsys.readouterr().err


def test_columns_run_from_the_best_to_the_worst() -> None:
    psnr = np.random.default_rng(0).permutation(41).astype(float)
    columns = shown_columns(psnr)
    assert psnr[columns].tolist() == [40, 39, 38, 23, 22, 21, 20, 19, 18, 2, 1, 0]
    assert psnr[shown_columns(psnr[:5])].tolist() == sorted(psnr[:5], reverse=True)


def test_limits_are_said_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["evaluate", "--help"])
    assert f"default: {module.FILLS}" in " ".join(capsys.readouterr().out.split())

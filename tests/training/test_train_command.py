from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from inpaintgui.cli import run
from inpaintgui.engine.priors import PriorLibrary


def arguments(data: Path, tmp_path: Path, *more: str) -> list[str]:
    files = ["--data", str(data), "--out", str(tmp_path / "w" / "own.safetensors"), "--work", str(tmp_path / "runs")]
    return ["train", "dcgan", *files, "--resolution", "16", "--batch", "4", "--float32", "--device", "cpu", *more]


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_from_images_to_a_prior_that_can_be_searched(image_zip: Path, tmp_path: Path) -> None:
    code = run(arguments(image_zip, tmp_path, "--steps", "3", "--subject", "faces", "--licence", "my own photos"))
    assert code == 0
    library = PriorLibrary((tmp_path / "w",))
    row = library.row("own")
    assert (row.subject, row.licence, row.resolution, row.data) == ("faces", "my own photos", 16, "images.zip")
    assert row.metrics["steps"] == 3
    assert row.metrics["images_seen"] == 12
    prior = library.load("own", device=torch.device("cpu"))
    assert prior.generate(torch.zeros(1, 100)).shape == (1, 3, 16, 16)
    card = (tmp_path / "w" / "own.md").read_text("utf-8")
    assert "my own photos" in card
    assert "inpaintgui train dcgan --data" in card
    assert (tmp_path / "w" / "own.jpg").stat().st_size > 0

    assert run(arguments(image_zip, tmp_path, "--steps", "5", "--resume")) == 0
    assert PriorLibrary((tmp_path / "w",)).row("own").metrics["steps"] == 5


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "how long"),
        (("--steps", "1", "--crop-scale", "0"), "crop-scale"),
        (("--steps", "1", "--resolution", "48"), "power of two"),
        (("--steps", "1", "--batch", "1"), "batch"),
        (("--steps", "1", "--data", "/nowhere"), "does not exist"),
        (("--steps", "1", "--out", "x.pth"), "safetensors"),
    ],
)
def test_bad_use_is_one_sentence(
    image_zip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert run(arguments(image_zip, tmp_path, *more)) in {1, 2}
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert not (tmp_path / "w").exists()


def test_help_names_the_options() -> None:
    command = [sys.executable, "-m", "inpaintgui", "train", "dcgan", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    assert all(option in shown.stdout for option in ("--data", "--out", "--resume", "--seed", "--device"))

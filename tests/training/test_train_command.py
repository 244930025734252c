from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from inpaintgui.cli import run
from inpaintgui.engine.priors import PriorLibrary

CPU = torch.device("cpu")


def command(kind: str, data: Path, tmp_path: Path, name: str, *more: str) -> list[str]:
    files = [
        "--data",
        str(data),
        "--out",
        str(tmp_path / "w" / f"{name}.safetensors"),
        "--work",
        str(tmp_path / "runs"),
    ]
    return ["train", kind, *files, "--batch", "4", "--float32", "--device", "cpu", *more]


def arguments(data: Path, tmp_path: Path, *more: str) -> list[str]:
    return command("dcgan", data, tmp_path, "own", "--resolution", "16", *more)


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


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_an_encoder_joins_its_prior_and_finetuning_makes_another(image_zip: Path, tmp_path: Path) -> None:
    weights = tmp_path / "w" / "own.safetensors"
    assert run(arguments(image_zip, tmp_path, "--steps", "2", "--limits", "grey days only")) == 0
    library = PriorLibrary((tmp_path / "w",))
    before = library.load("own", device=CPU)
    assert before.encoder is None
    assert before.mean_image is not None
    assert run(command("encoder", image_zip, tmp_path, "own", "--from", str(weights), "--steps", "1", "--further")) == 2

    assert run(command("encoder", image_zip, tmp_path, "own", "--from", str(weights), "--steps", "3", "--resume")) == 0
    prior = PriorLibrary((tmp_path / "w",)).load("own", device=CPU)
    assert prior.encoder is not None
    for a, b in zip(before.generator.parameters(), prior.generator.parameters(), strict=True):
        assert torch.equal(a, b)
    assert prior.row.metrics["encoder_steps"] == 3
    card = weights.with_suffix(".md").read_text("utf-8")
    assert "grey days only" in card
    assert "## Training: generator and discriminator" in card
    assert "## Training: encoder" in card

    further = ("--steps", "1", "--further", "--learning-rate", "1e-9")
    assert run(command("encoder", image_zip, tmp_path, "own", "--from", str(weights), *further)) == 0
    same = PriorLibrary((tmp_path / "w",)).load("own", device=CPU).encoder
    assert same is not None
    for a, b in zip(prior.encoder.parameters(), same.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-6)
    assert "## Training: encoder, further training" in weights.with_suffix(".md").read_text("utf-8")
    assert "## Training: encoder\n" in weights.with_suffix(".md").read_text("utf-8")

    assert run(command("finetune", image_zip, tmp_path, "mine", "--from", str(weights), "--steps", "3")) == 0
    mine = PriorLibrary((tmp_path / "w",)).load("mine", device=CPU)
    assert mine.encoder is None  # it was made for another generator
    assert not torch.equal(next(mine.generator.parameters()), next(prior.generator.parameters()))
    assert mine.discriminator is not None
    assert prior.discriminator is not None
    assert torch.equal(mine.discriminator.stages[0].weight, prior.discriminator.stages[0].weight)
    assert not torch.equal(mine.discriminator.judge.weight, prior.discriminator.judge.weight)


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_a_completion_prior_from_several_sources(image_zip: Path, image_folder: Path, tmp_path: Path) -> None:
    more = ("--resolution", "32", "--adversarial-after", "1", "--answer", "mean", "--silhouettes", str(masks(tmp_path)))
    both = command("completion", image_zip, tmp_path, "own", "--steps", "2", *more)
    both.insert(both.index("--out"), str(image_folder))
    assert run(both) == 0
    prior = PriorLibrary((tmp_path / "w",)).load("own", device=CPU)
    assert (prior.row.architecture, prior.row.answer) == ("completion", "mean")
    pixels, known = torch.zeros(1, 3, 32, 32), torch.ones(1, 1, 32, 32)
    assert prior.generate(torch.zeros(2, 100), prior.look_at(pixels, known)).shape == (2, 3, 32, 32)
    with pytest.raises(ValueError, match="needs a context"):
        prior.generate(torch.zeros(1, 100))
    assert run(command("encoder", image_zip, tmp_path, "e", "--from", str(tmp_path / "w/own.safetensors"),
                       "--steps", "1")) == 2  # fmt: skip


def masks(tmp_path: Path) -> Path:
    folder = tmp_path / "masks"
    folder.mkdir()
    mask = np.zeros((40, 30), np.uint8)
    mask[5:30, 10:20] = 255
    assert cv2.imwrite(str(folder / "0.png"), mask)
    return folder


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
def test_files_that_are_no_images_are_listed(
    image_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (image_folder / "broken.jpg").write_bytes(b"no image")
    (image_folder / "empty.png").touch()
    assert run(arguments(image_folder, tmp_path, "--steps", "1")) == 0
    listed = tmp_path / "runs" / "own.skipped.txt"
    assert f"skipped 2 files that are no images, listed in {listed}" in capsys.readouterr().err
    assert listed.read_text().splitlines() == ["broken.jpg", "empty.png"]


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

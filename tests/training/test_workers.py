"""Two real processes under PyTorch's launcher, connected by gloo, against one process with the doubled batch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.training.loss_log import LossTable, read_losses
from inpaintgui.training.workers import ALONE

LAUNCHER = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "inpaintgui")
STEPS = 10


def train(launcher: tuple[str, ...], kind: str, batch: int, folder: Path, images: Path, *more: str) -> LossTable:
    files = ["--data", str(images), "--out", str(folder / "own.safetensors"), "--work", str(folder / "runs")]
    options = ["--batch", str(batch), "--steps", str(STEPS), "--float32", "--device", "cpu", "--threads", "1"]
    environment = os.environ | {"INPAINTGUI_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *launcher, "train", kind, *files, *options, "--resolution", "32", *more]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return read_losses(folder / "runs" / "own.losses.csv")


@pytest.mark.slow
def test_two_processes_learn_what_one_learns_from_the_doubled_batch(image_folder: Path, tmp_path: Path) -> None:
    def losses(launcher: tuple[str, ...], batch: int, name: str) -> np.ndarray:
        folder = tmp_path / name
        table = train(launcher, "completion", batch, folder, image_folder, "--adversarial-after", "1000")
        return np.array([row[1] for row in table.rows])

    together, alone = losses(LAUNCHER, 4, "two"), losses(("-m", "inpaintgui"), 8, "one")
    assert len(together) == len(alone) == STEPS // 10
    np.testing.assert_allclose(together, alone, atol=2e-3)
    two, one = (safetensors.torch.load_file(tmp_path / name / "own.safetensors") for name in ("two", "one"))
    learnt_together, learnt_alone = (weights["generator.paint.weight"].float() for weights in (two, one))
    assert learnt_alone.norm() > 0.01  # the training starts from zeros here
    assert (learnt_together - learnt_alone).norm() < 0.05 * learnt_alone.norm()
    assert PriorLibrary((tmp_path / "two",)).row("own").metrics["images_seen"] == STEPS * 8


@pytest.mark.slow
def test_two_processes_train_generator_and_discriminator(image_folder: Path, tmp_path: Path) -> None:
    """Batch norm sees each worker's own images, so that the losses are close to those of one process, not equal."""
    table = train(LAUNCHER, "dcgan", 4, tmp_path, image_folder)
    assert table.names == ("errD_real", "errD_fake", "errG", "diversity")
    assert len(table.rows) == STEPS // 10
    assert np.isfinite(table.rows).all()


def test_alone_everything_stays_as_it_is() -> None:
    network = torch.nn.Linear(2, 2)
    assert ALONE.share(network) is network
    assert ALONE.mean({"a": 1.5}) == {"a": 1.5}
    assert ALONE.agree(True)
    assert not ALONE.agree(False)
    ALONE.wait()

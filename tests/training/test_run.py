"""The training loop: checkpoints, resuming, logs. Every kind of training goes through the same tests."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.errors import TrainingError
from inpaintgui.training import trainer as trainer_module
from inpaintgui.training.checkpoint import load_checkpoint
from inpaintgui.training.completion import CompletionConfig, CompletionTrainer
from inpaintgui.training.datasets import CropSampler, load_images
from inpaintgui.training.dcgan import DcganConfig, DcganTrainer
from inpaintgui.training.encoder import EncoderConfig, EncoderTrainer
from inpaintgui.training.holes import SCENE_HOLES, HoleSampler
from inpaintgui.training.loss_log import LossLog, read_losses
from inpaintgui.training.run import RunOptions, train
from inpaintgui.training.trainer import Trainer, TrainingData
from tests.engine.conftest import LATENT_SIZE, RESOLUTION, write_tiny_prior

CPU = torch.device("cpu")
DCGAN = DcganConfig(resolution=16, latent_size=8, base_width=4, batch=8, bf16=False)
COMPLETION = CompletionConfig(
    resolution=32, latent_size=8, base_width=4, judge_width=4, batch=4, adversarial_after=3, bf16=False
)
ENCODER = EncoderConfig(resolution=RESOLUTION, latent_size=LATENT_SIZE, base_width=4, batch=8, bf16=False)

Resume = Callable[[Path], Trainer]


@pytest.fixture(params=["dcgan", "completion", "encoder"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Callable[[], Trainer], Resume]:
    """How to begin a training of some kind and how to go on with it."""
    write_tiny_prior(tmp_path / "weights", "faces-tiny", "faces")
    library = PriorLibrary((tmp_path / "weights",))

    def of_prior(trainer: EncoderTrainer) -> EncoderTrainer:
        trainer.prior = library.load("faces-tiny", device=CPU)
        return trainer

    kinds: dict[str, tuple[Callable[[], Trainer], Resume]] = {
        "dcgan": (lambda: DcganTrainer(DCGAN, device=CPU), lambda path: DcganTrainer.resume(path, device=CPU)),
        "completion": (
            lambda: CompletionTrainer(COMPLETION, device=CPU),
            lambda path: CompletionTrainer.resume(path, device=CPU),
        ),
        "encoder": (
            lambda: of_prior(EncoderTrainer(ENCODER, device=CPU)),
            lambda path: of_prior(EncoderTrainer.resume(path, device=CPU)),
        ),
    }
    return kinds[request.param]


def data_for(trainer: Trainer, folder: Path, tmp_path: Path) -> TrainingData:
    settings = trainer.settings
    images = load_images([folder], tmp_path / "cache", short_side=2 * settings.resolution)
    crops = CropSampler(images, images.split(held_out=False), settings.resolution, settings.batch, seed=0,
                        smallest_scale=0.5)  # fmt: skip
    return TrainingData(crops, HoleSampler(settings.resolution, SCENE_HOLES, seed=0))


def options(tmp_path: Path, name: str = "tiny", **changes: Any) -> RunOptions:
    return RunOptions(**{"out": tmp_path / f"{name}.safetensors", "work": tmp_path / "runs", "steps": 6, **changes})


def state_of(trainer: Trainer) -> list[torch.Tensor]:
    networks = [getattr(trainer, part) for part in trainer.PARTS]
    return [v for n in networks if isinstance(n, torch.nn.Module) for v in n.state_dict().values()]


def test_resuming_equals_never_stopping(
    kind: tuple[Callable[[], Trainer], Resume], image_folder: Path, tmp_path: Path
) -> None:
    start, resume = kind
    whole = start()
    data = data_for(whole, image_folder, tmp_path)
    losses = list(train(whole, data, options(tmp_path, "whole")))
    half = options(tmp_path, "halves", steps=3)
    first = list(train(start(), data, half))
    torch.rand(5)  # what happens in between makes no difference
    second_half = resume(half.checkpoint)
    second = list(train(second_half, data, options(tmp_path, "halves")))
    assert [tuple(map(str, step.values())) for step in first + second] == [
        tuple(map(str, step.values())) for step in losses
    ]
    for a, b in zip(state_of(whole), state_of(second_half), strict=True):
        assert torch.equal(a, b)
    assert read_losses(options(tmp_path, "whole").losses) == read_losses(half.losses)


def test_closing_early_leaves_a_checkpoint_and_a_picture(
    kind: tuple[Callable[[], Trainer], Resume], image_folder: Path, tmp_path: Path
) -> None:
    start, resume = kind
    trainer = start()
    chosen = options(tmp_path)
    batches = train(trainer, data_for(trainer, image_folder, tmp_path), chosen)
    next(batches)
    next(batches)
    batches.close()
    assert resume(chosen.checkpoint).step == 2
    assert chosen.sheet.stat().st_size > 0


def test_a_checkpoint_of_another_kind(image_folder: Path, tmp_path: Path) -> None:
    trainer = DcganTrainer(DCGAN, device=CPU)
    chosen = options(tmp_path, steps=1)
    list(train(trainer, data_for(trainer, image_folder, tmp_path), chosen))
    with pytest.raises(TrainingError, match="does not fit"):
        CompletionTrainer.resume(chosen.checkpoint, device=CPU)


@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_a_checkpoint_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.ckpt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError):
        load_checkpoint(path, device=CPU)


def test_a_checkpoint_with_code_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "x.ckpt"
    torch.save({"step": 1, "code": Path}, path)
    with pytest.raises(TrainingError, match="not a checkpoint"):
        load_checkpoint(path, device=CPU)


def test_the_loss_log_keeps_what_belongs_to_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    log = LossLog(path, from_step=0, window=2)
    for step in range(1, 9):
        log.add(step, {"a": float(step), "b": math.nan if step < 5 else 2.0 * step})
    log.flush()
    table = read_losses(path)
    assert table.names == ("a", "b")
    assert [row[:2] for row in table.rows] == [(2, 1.5), (4, 3.5), (6, 5.5), (8, 7.5)]
    assert [str(row[2]) for row in table.rows] == ["nan", "nan", "11.0", "15.0"]
    assert [row[0] for row in LossLog(path, from_step=5).rows] == [2, 4]


def test_the_log_of_an_earlier_version_is_brought_to_new_columns(tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    path.write_text("step,old,kept\n10,1.0,2.0\n")
    log = LossLog(path, from_step=10, window=1)
    log.add(11, {"kept": 3.0, "new": 4.0})
    log.flush()
    table = read_losses(path)
    assert table.names == ("kept", "new")
    assert [str(v) for row in table.rows for v in row] == ["10.0", "2.0", "nan", "11.0", "3.0", "4.0"]


def test_tensorboard_gets_the_losses_that_occurred(tmp_path: Path) -> None:
    """Without the package one sentence says what to install; with it, the scalars are in its files."""
    folder = tmp_path / "logs"
    if importlib.util.find_spec("tensorboard") is None:
        with pytest.raises(TrainingError, match=r"inpaintgui\[train\]"):
            LossLog(tmp_path / "losses.csv", from_step=0, tensorboard=folder)
        return
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = LossLog(tmp_path / "losses.csv", from_step=0, window=2, tensorboard=folder)
    for step in (1, 2, 3, 4):
        log.add(step, {"errG": float(step), "spread": math.nan})
    log.close()
    events = EventAccumulator(str(folder))
    events.Reload()
    assert events.Tags()["scalars"] == ["errG"]
    assert [(e.step, e.value) for e in events.Scalars("errG")] == [(2, 1.5), (4, 3.5)]


def test_a_prior_that_does_not_hear_the_latent_learns_to_heed_it(image_folder: Path, tmp_path: Path) -> None:
    """Its context's code drowns z, as after a long training that only reconstructs."""
    config = replace(COMPLETION, energy=True, adversarial_after=1000, batch=8, learning_rate=2e-3)
    spreads = []
    for raised in (True, False):
        trainer = CompletionTrainer(config, device=CPU)
        for network in (trainer.generator, trainer.averaged):
            network.see.weight.data *= 1e4
        if not raised:
            trainer.step = 1
        data = data_for(trainer, image_folder, tmp_path)
        spreads.append([trainer.train_step(data)["spread"] for _ in range(30)][-1])
    assert spreads[0] > 0.005
    assert spreads[1] < spreads[0] / 10


@pytest.mark.parametrize(("wanted", "has", "used"), [(True, True, True), (True, False, False), (False, True, False)])
def test_bfloat16_is_used_where_the_device_multiplies_it(
    monkeypatch: pytest.MonkeyPatch, wanted: bool, has: bool, used: bool
) -> None:
    monkeypatch.setattr(trainer_module, "computes_bfloat16", lambda _device: has)
    with DcganTrainer(replace(DCGAN, bf16=wanted), device=CPU).precision():
        assert torch.is_autocast_enabled("cpu") is used

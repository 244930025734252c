"""Training the network that finds people: the toy is learnt, a run resumes, it is exported and measured."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaintgui.cli import run
from inpaintgui.engine.people.network import folded
from inpaintgui.engine.people.rows import read_finders
from inpaintgui.engine.people.weights import load_people_net
from inpaintgui.training.card_record import CardRecord
from inpaintgui.training.people.measure import measure_points, read_points
from inpaintgui.training.people.trainer import PeopleBatch, PeopleConfig, PeopleTrainer, soft_overlap
from inpaintgui.training.run import RunOptions, train

CPU = torch.device("cpu")
TINY = PeopleConfig(resolution=32, width=4, batch=4, bf16=False)


class Squares:
    """Bright squares on noise, the same few again and again."""

    def at(self, step: int, *, device: torch.device, workers: object) -> PeopleBatch:
        random = torch.Generator().manual_seed(step % 4)
        images = torch.randn(4, 3, 64, 64, generator=random) * 0.3 - 0.5
        people = torch.zeros(4, 1, 32, 32)
        for number, (top, left) in enumerate(torch.randint(2, 18, (4, 2), generator=random).tolist()):
            people[number, 0, top : top + 12, left : left + 12] = 1
            images[number, :, 2 * top : 2 * top + 24, 2 * left : 2 * left + 24] += 1
        return PeopleBatch(images, people, torch.ones_like(people))


def options(tmp_path: Path, name: str, steps: int) -> RunOptions:
    return RunOptions(out=tmp_path / f"{name}.safetensors", work=tmp_path / "runs", steps=steps)


def state_of(trainer: PeopleTrainer) -> list[torch.Tensor]:
    return [*trainer.network.state_dict().values(), *trainer.averaged.state_dict().values()]


def test_a_square_on_noise_is_learnt() -> None:
    config = PeopleConfig(resolution=64, width=8, batch=4, bf16=False, learning_rate=5e-3, ema_decay=0.9)
    trainer = PeopleTrainer(config, device=CPU)
    for _ in range(60):
        losses = trainer.train_step(Squares())  # type: ignore[arg-type]
    assert losses["iou"] > 0.8
    batch = Squares().at(1, device=CPU, workers=None)
    found = folded(trainer.averaged)(batch.images) > 0
    common, either = (found & (batch.people > 0)).sum(), (found | (batch.people > 0)).sum()
    assert common / either > 0.75
    assert trainer.sheet().shape == (3 * 64, 4 * 64, 3)


def test_the_soft_overlap_is_that_of_the_masks() -> None:
    people = torch.zeros(2, 1, 16, 16)
    people[0, 0, :8] = 1
    batch = PeopleBatch(torch.zeros(2, 3, 32, 32), people, torch.ones_like(people))
    sure = torch.where(people > 0, 20.0, -20.0)
    assert soft_overlap(sure, batch)[0] == pytest.approx(0, abs=1e-3)
    assert soft_overlap(-sure, batch)[0] == pytest.approx(1 - 16 / (256 + 16), abs=0.01)
    assert soft_overlap(sure, batch)[1] == pytest.approx(0, abs=1e-3)  # nobody is shown, nobody was found
    assert soft_overlap(-sure, batch)[1] > 0.9


def test_resuming_equals_never_stopping(tmp_path: Path) -> None:
    whole = PeopleTrainer(TINY, device=CPU)
    losses = list(train(whole, Squares(), options(tmp_path, "whole", 6)))  # type: ignore[arg-type]
    half = options(tmp_path, "half", 3)
    first = list(train(PeopleTrainer(TINY, device=CPU), Squares(), half))  # type: ignore[arg-type]
    resumed = PeopleTrainer.resume(half.checkpoint, device=CPU)
    second = list(train(resumed, Squares(), options(tmp_path, "half", 6)))  # type: ignore[arg-type]
    assert first + second == losses
    assert resumed.images_seen == whole.images_seen == 24
    for a, b in zip(state_of(whole), state_of(resumed), strict=True):
        assert torch.equal(a, b)


@pytest.fixture
def trained(
    pairs_folder: Path, scenes_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, list[str]]:
    """A network that the command has trained for a few steps, and the command's arguments."""
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "home"))
    out = tmp_path / "out" / "people.safetensors"
    words = ["train", "people", "--data", str(pairs_folder), "--scenes", str(scenes_folder), "--out", str(out)]
    words += ["--work", str(tmp_path / "runs"), "--batch", "2", "--resolution", "64", "--device", "cpu", "--float32"]
    words += ["--licence", "CC0", "--limits", "Toys only."]
    assert run([*words, "--steps", "2"]) == 0
    return out, words


def test_the_command_trains_resumes_and_exports(trained: tuple[Path, list[str]]) -> None:
    out, words = trained
    assert run([*words, "--steps", "3", "--resume"]) == 0
    (row,) = read_finders(out.parent)
    assert (row.metrics["steps"], row.metrics["images_seen"]) == (3, 6)
    assert load_people_net(out, row)(torch.zeros(1, 3, 32, 32)).shape == (1, 1, 16, 16)
    card = out.with_suffix(".md").read_text("utf-8")
    assert "CC0" in card
    assert "Toys only." in card
    assert "--resume" in card


def test_the_figures_are_printed_and_go_into_the_card(
    trained: tuple[Path, list[str]],
    pairs_folder: Path,
    scenes_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, _ = trained
    command = ["evaluate", "--people", str(out), "--images", str(pairs_folder), "--json"]
    assert run([*command, "--scenes", str(scenes_folder), "--limit", "3", "--card"]) == 0
    pairs, composites = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (pairs["mask"], composites["mask"]) == ("pairs", "composites")
    assert pairs["n"] == composites["n"] == 3
    assert all(0 <= figures["iou"] <= 1 for figures in (pairs, composites))
    points = tmp_path / "points.txt"
    points.write_text("0000.jpg 30,30\n")
    assert run([*command, "--points", str(points), "--limit", "4"]) == 0
    finds = json.loads(capsys.readouterr().out)
    assert (finds["n"], finds["people"]) == (4, 1)
    assert len(CardRecord.read(out).evaluations) == 2
    assert f"| photos with masks | 3 | {pairs['iou']:.3f}" in out.with_suffix(".md").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "--people", "missing.safetensors", "--images", "x"),
        ("evaluate", "--people", "--images", "x", "--points", "y", "--held-out"),
        ("evaluate", "--prior", "faces", "--images", "x", "--mask", "center", "--points", "y"),
        ("train", "people", "--data", "x", "--scenes", "y", "--out", "z.safetensors", "--steps", "1",
         "--resolution", "50"),
    ],
)  # fmt: skip
def test_bad_use_is_one_sentence(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_recall_and_false_alarms_are_counted() -> None:
    """A network that takes bright red for people: one is found, one is missed, one alarm is nobody."""

    class Red(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return (torch.nn.functional.avg_pool2d(images[:, :1] - images[:, 1:2], 2) - 0.5) * 20

        def parts(self, images: torch.Tensor) -> Generator[None, None, torch.Tensor]:
            yield
            answer: torch.Tensor = self(images)
            return answer

    photo = np.full((200, 200, 3), 100, np.uint8)
    photo[20:100, 20:60] = photo[20:100, 140:180] = (250, 20, 20)
    steps = measure_points(Red(), [("a.jpg", photo), ("b.jpg", photo)], {"a.jpg": [(40, 60), (100, 150)]})  # type: ignore[arg-type]
    while True:
        try:
            next(steps)
        except StopIteration as end:
            finds = end.value
            break
    told = finds.as_json()
    assert (told["people"], told["recall"], told["false_alarms"]) == (2, 0.5, 3)
    assert told["false_alarms_in"] == {"a.jpg": 1, "b.jpg": 2}
    assert told["missed_in"] == {"a.jpg": [(100, 150)]}


def test_lists_of_points_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.txt"
    path.write_text("a.jpg 1,2 3,4.5\n\nb.jpg\n")
    assert read_points(path) == {"a.jpg": [(1.0, 2.0), (3.0, 4.5)], "b.jpg": []}
    path.write_text("a.jpg 1\n")
    with pytest.raises(Exception, match="NAME X,Y"):
        read_points(path)

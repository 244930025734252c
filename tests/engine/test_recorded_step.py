"""Steps that are recorded and replayed. What stands for the graph keeps to its rules: fixed memory, in and out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from inpaintgui.engine import recorded_step, search_state
from inpaintgui.engine.presets import PRESETS
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.recorded_step import WORTH_WHILE, RecordedStep
from tests.engine.test_search import CPU, finish, problem_from

Made = tuple[Tensor, ...]


class Recorder:
    """Stands for CUDA graphs: every replay writes into the memory that the recording wrote into."""

    def __init__(self) -> None:
        self.recordings = self.replays = 0

    def capture(self, compute: Callable[[], Made], device: torch.device) -> tuple[Made, Callable[[], object]]:
        self.recordings += 1
        results = compute()

        def replay() -> None:
            self.replays += 1
            with torch.no_grad():
                for result, anew in zip(results, compute(), strict=True):
                    result.copy_(anew)

        for result in results:
            result.fill_(float("nan"))  # a capture computes nothing yet
        return results, replay


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(recorded_step, "can_record", lambda device: True)
    monkeypatch.setattr(recorded_step, "capture", made.capture)
    return made


def doubled(numbers: Tensor) -> Made:
    return (numbers * 2,)


def test_a_step_is_recorded_when_its_shapes_come_again(recorder: Recorder) -> None:
    step = RecordedStep(doubled, device=CPU, steps=WORTH_WHILE)
    results = [step(torch.full((3,), float(k)))[0] for k in range(4)]
    assert (recorder.recordings, recorder.replays) == (1, 3)
    assert [result.tolist() for result in results] == [[2.0 * k] * 3 for k in range(4)]  # none was written over
    assert step(torch.ones(2))[0].tolist() == [2, 2]
    assert recorder.recordings == 1
    step(torch.ones(2))
    assert recorder.recordings == 2


def test_few_steps_are_not_recorded(recorder: Recorder) -> None:
    step = RecordedStep(doubled, device=CPU, steps=WORTH_WHILE - 1)
    for _ in range(3):
        step(torch.ones(2))
    assert recorder.recordings == 0


def test_a_device_that_cannot_record_is_told_every_step(
    monkeypatch: pytest.MonkeyPatch, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(compute: Callable[[], Made], device: torch.device) -> tuple[Made, Callable[[], object]]:
        recorder.recordings += 1
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(recorded_step, "capture", fail)
    step = RecordedStep(doubled, device=CPU, steps=WORTH_WHILE)
    with caplog.at_level(logging.WARNING):
        results = [step(torch.full((1,), float(k)))[0].item() for k in range(4)]
    assert results == [0, 2, 4, 6]
    assert recorder.recordings == 1
    assert "cannot be recorded" in caplog.text


def test_where_the_memory_is_full_the_search_hears_of_it(monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
    def fail(compute: Callable[[], Made], device: torch.device) -> tuple[Made, Callable[[], object]]:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(recorded_step, "capture", fail)
    step = RecordedStep(doubled, device=CPU, steps=WORTH_WHILE)
    step(torch.ones(1))
    with pytest.raises(torch.OutOfMemoryError):
        step(torch.ones(1))


@pytest.mark.parametrize("name", ["published-bamos", "normal"])
def test_a_recorded_search_finds_the_same(
    name: str, recorder: Recorder, library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_step, "WORTH_WHILE", 20)
    monkeypatch.setattr(search_state, "CPU_PART", search_state.DEVICE_PART)  # all candidates at once, as on a GPU
    prior = library.load("faces-tiny", device=CPU)
    problem = problem_from(prior)
    preset = replace(PRESETS[name], steps=24, informed=None)
    recorded = finish(problem, prior, preset)
    assert recorder.recordings == 1 + len(preset.halve_at)
    assert recorder.replays > 24 // 2
    monkeypatch.setattr(recorded_step, "can_record", lambda device: False)
    plain = finish(problem, prior, preset)
    np.testing.assert_array_equal(recorded.answer, plain.answer)
    np.testing.assert_array_equal(recorded.latent, plain.latent)
    assert recorded.losses == plain.losses


@pytest.mark.cuda
def test_a_graph_computes_what_was_recorded() -> None:
    device = torch.device("cuda")
    step = RecordedStep(doubled, device=device, steps=WORTH_WHILE)
    results = [step(torch.full((3,), float(k), device=device))[0] for k in range(4)]
    assert [result.tolist() for result in results] == [[2.0 * k] * 3 for k in range(4)]
    assert step._records, "the device could not record"


@pytest.mark.cuda
@pytest.mark.parametrize("bfloat16", [False, True])
def test_a_search_on_a_gpu_finds_the_same_from_a_graph(
    bfloat16: bool, library: PriorLibrary, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recorded_step, "WORTH_WHILE", 20)
    prior = library.load("faces-tiny", device=torch.device("cuda"))
    problem = problem_from(library.load("faces-tiny", device=CPU))
    preset = replace(PRESETS["normal"], steps=24, informed=None, bfloat16=bfloat16)
    recorded = finish(problem, prior, preset)
    assert "cannot be recorded" not in caplog.text
    monkeypatch.setattr(recorded_step, "can_record", lambda device: False)
    np.testing.assert_allclose(recorded.answer, finish(problem, prior, preset).answer, atol=0.02)

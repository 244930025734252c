"""Workers and runners: throttling, job ids, exactly one outcome per job."""

import itertools
import threading

import numpy as np
import pytest
from fakes import FakeServices, make_photo
from PySide6.QtCore import QThread

from inpaintgui.contracts import Box, FillRequest, Phase, Preview
from inpaintgui.errors import DeviceError
from inpaintgui.ui.jobs import FillRunner, TaskRunner
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.worker import PREVIEW_PERIOD, PROGRESS_PERIOD, FillWorker


@pytest.fixture
def request_():
    mask = np.zeros((48, 64), np.uint8)
    mask[10:20, 10:30] = 255
    return FillRequest(make_photo().pixels, mask)


class Log:
    """Collects a worker's signals as (name, job, value)."""

    def __init__(self, worker):
        self.entries = []
        for name in ("progress", "preview", "finished", "failed"):
            getattr(worker, name).connect(lambda job, value, name=name: self.entries.append((name, job, value)))
        worker.cancelled.connect(lambda job: self.entries.append(("cancelled", job, None)))

    def of(self, name):
        return [value for entry, _, value in self.entries if entry == name]

    @property
    def outcomes(self):
        return [(name, job) for name, job, _ in self.entries if name in {"finished", "failed", "cancelled"}]


class SteppingClock:
    """Every look at it is ``step`` seconds later."""

    def __init__(self, step):
        self._ticks = itertools.count()
        self._step = step

    def __call__(self):
        return next(self._ticks) * self._step


# The worker, called directly


def test_progress_and_previews_are_throttled(qapp, request_):
    worker = FillWorker(FakeServices(steps=500), clock=SteppingClock(0.001))
    log = Log(worker)
    worker.run(1, request_)
    seconds = 500 * len(Phase) * 0.001
    assert len(log.of("progress")) <= seconds / PROGRESS_PERIOD + len(Phase)
    assert len(log.of("preview")) <= seconds / PREVIEW_PERIOD + 1
    assert len(log.of("progress")) >= 0.9 * seconds / PROGRESS_PERIOD
    assert len(log.of("preview")) >= 0.9 * seconds / PREVIEW_PERIOD
    assert PREVIEW_PERIOD <= 0.1


def test_every_phase_is_told_however_fast_it_passes(qapp, request_):
    worker = FillWorker(FakeServices(steps=3), clock=SteppingClock(1e-6))
    log = Log(worker)
    worker.run(1, request_)
    assert [step.phase for step in log.of("progress")] == list(Phase)


def test_slow_steps_are_all_told(qapp, request_):
    worker = FillWorker(FakeServices(steps=5), clock=SteppingClock(1.0))
    log = Log(worker)
    worker.run(1, request_)
    assert len(log.of("progress")) == len(log.of("preview")) == 5 * len(Phase)
    fractions = [step.fraction for step in log.of("progress")]
    assert fractions == sorted(fractions)


@pytest.mark.parametrize(
    ("services", "outcome"),
    [
        (FakeServices(), "finished"),
        (FakeServices(error=DeviceError("No memory.")), "failed"),
        (FakeServices(bad_patch=True), "failed"),
    ],
)
def test_a_job_has_exactly_one_outcome_with_its_id(qapp, request_, services, outcome):
    worker = FillWorker(services)
    log = Log(worker)
    worker.run(41, request_)
    assert log.outcomes == [(outcome, 41)]
    assert {job for _, job, _ in log.entries} == {41}
    assert services.closed.is_set()


def test_an_engine_that_cannot_start_fails(qapp, request_):
    class Broken(FakeServices):
        def fill(self, request):
            raise DeviceError("There is no such device.")

    worker = FillWorker(Broken())
    log = Log(worker)
    worker.run(1, request_)
    assert log.outcomes == [("failed", 1)]


def test_a_job_cancelled_before_it_starts_asks_nothing(qapp, request_):
    services = FakeServices()
    worker = FillWorker(services)
    log = Log(worker)
    worker.cancel(2)
    worker.run(1, request_)
    worker.run(2, request_)
    worker.run(3, request_)
    assert log.outcomes == [("cancelled", 1), ("cancelled", 2), ("finished", 3)]
    assert len(services.requests) == 1


def test_a_cancelled_job_closes_the_engine_s_generator(qapp, request_):
    services = FakeServices(endless=Phase.SEARCH)
    worker = FillWorker(services)
    worker.progress.connect(lambda job, step: worker.cancel(job) if step.phase is Phase.SEARCH else None)
    log = Log(worker)
    worker.run(1, request_)
    assert log.outcomes == [("cancelled", 1)]
    assert services.closed.is_set()


# The runner drops what is stale


@pytest.fixture
def runner(qtbot):
    services = FakeServices(endless=Phase.SEARCH)
    made = FillRunner(services)
    made.services = services
    yield made
    assert made.close()


def test_signals_of_earlier_jobs_are_dropped(qtbot, runner, request_):
    told = []
    for name in ("progress", "preview", "finished", "failed"):
        getattr(runner, name).connect(lambda value, name=name: told.append((name, value)))
    with qtbot.waitSignal(runner.progress):
        runner.start(request_)
    with qtbot.waitSignal(runner.cancelled):
        runner.cancel()
    told.clear()
    runner.services.gates[Phase.PREPARE] = gate = threading.Event()
    with qtbot.waitSignal(runner.progress):
        runner.start(request_)
    told.clear()
    for name in ("progress", "preview", "finished", "failed"):
        getattr(runner.worker, name).emit(1, "of the first job")
    runner.worker.cancelled.emit(1)
    assert told == []
    assert runner.busy
    with qtbot.waitSignal(runner.cancelled):
        runner.cancel()
        gate.set()


def test_a_result_that_crosses_a_cancel_changes_nothing(qtbot, runner, request_):
    finished = []
    runner.finished.connect(finished.append)
    with qtbot.waitSignal(runner.progress):
        runner.start(request_)
    runner.cancel()
    with qtbot.waitSignal(runner.cancelled):
        runner.worker.finished.emit(1, "late")
    assert finished == []
    assert not runner.busy


def test_after_closing_nothing_is_told(qtbot, runner, request_):
    told = []
    for signal in (runner.finished, runner.failed, runner.cancelled, runner.progress):
        signal.connect(lambda *_: told.append(1))
    with qtbot.waitSignal(runner.progress):
        runner.start(request_)
    told.clear()
    assert runner.close()
    qtbot.wait_until(runner.services.closed.is_set)
    assert told == []


# Single tasks


@pytest.fixture
def tasks(qtbot):
    made = TaskRunner("test")
    yield made
    assert made.close()


def test_tasks_run_in_a_thread_of_their_own_in_order(qtbot, tasks):
    here, threads, outcomes = QThread.currentThread(), [], []

    def task(number):
        threads.append(QThread.currentThread())
        if number == 1:
            raise ValueError("one")
        return number

    for number in range(3):
        tasks.run(lambda number=number: task(number), outcomes.append, outcomes.append)
    assert tasks.busy
    qtbot.waitUntil(lambda: not tasks.busy)
    assert outcomes[0] == 0
    assert isinstance(outcomes[1], ValueError)
    assert outcomes[2] == 2
    assert here not in threads


def test_closing_drops_the_outcome_but_not_the_work(qtbot, tasks):
    started, done, outcomes = threading.Event(), [], []

    def task():
        started.set()
        done.append("written")

    tasks.run(task, outcomes.append, outcomes.append)
    assert started.wait(5)
    assert tasks.close()
    assert done == ["written"]
    assert outcomes == []


# Previews


def test_a_preview_image_is_transparent_outside_the_hole():
    pixels = np.random.default_rng(0).integers(0, 256, (300, 200, 3), np.uint8)
    hole = np.zeros((300, 200), bool)
    hole[20:280, 30:170] = True
    made = PreviewImage.of(Preview(Box(5, 6, 205, 306), pixels, hole))
    full = made.levels[0]
    np.testing.assert_array_equal(full[hole][:, :3], pixels[hole][:, ::-1])
    assert (full[hole][:, 3] == 255).all()
    assert not full[~hole].any()
    sizes = [level.shape[:2] for level in made.levels]
    assert sizes == [(300, 200), (150, 100), (75, 50)]

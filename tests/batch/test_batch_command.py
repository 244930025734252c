"""The whole command: results, reasons, exit codes, resuming, several processes, interruption."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inpaintgui.batch import run as batch_run
from inpaintgui.batch import work
from inpaintgui.batch.plan import BatchTask
from inpaintgui.batch.work import run_task
from inpaintgui.cli import run
from inpaintgui.contracts import Box, ContextSquare, Outcome
from inpaintgui.engine import priors
from inpaintgui.selecting import MaskPart, Proposal
from tests.batch.conftest import HOLE, read, write_png

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

QUICK = ("--prior", "scenes-tiny", "--preset", "draft", "--device", "cpu")


def batch(photos, out, *more):
    return run(["batch", str(photos), "-o", str(out), *QUICK, *more])


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_photos_are_filled_and_nothing_else_changes(photos, mask, tmp_path, capsys, monkeypatch):
    loads = []
    load = priors.load_prior
    monkeypatch.setattr(priors, "load_prior", lambda *a, **k: loads.append(a) or load(*a, **k))
    before = {path: path.read_bytes() for path in photos.iterdir()}
    assert batch(photos, tmp_path / "out", "--mask", str(mask), "--json", "--recipes") == 0
    told = lines(capsys)
    assert [line["outcome"] for line in told] == ["filled"] * 5
    outside = np.ones((40, 48), bool)
    outside[HOLE] = False
    for path, data in before.items():
        result = read(tmp_path / "out" / path.name)
        assert np.array_equal(result[outside], read(path)[outside])
        assert (result[HOLE] != read(path)[HOLE]).any()
        assert path.read_bytes() == data
    assert len(loads) == 1  # one prior, five photos
    recipe = json.loads((tmp_path / "out" / "0.png.recipe.json").read_text("utf-8"))
    assert recipe["after"] == told[0]["pixels_sha256"]


def test_one_bad_photo_costs_only_itself_and_resume_redoes_only_what_is_missing(photos, mask, tmp_path, capsys):
    good = (photos / "2.png").read_bytes()
    (photos / "2.png").write_bytes(good[: len(good) // 2])
    out = tmp_path / "out"
    assert batch(photos, out, "--mask", str(mask), "--json") == 1
    told = {Path(line["photo"]).name: line for line in lines(capsys)}
    assert [told[name]["outcome"] for name in sorted(told)] == ["filled", "filled", "failed", "filled", "filled"]
    assert "ends too early" in told["2.png"]["reason"]
    assert told["2.png"]["output"] is None
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    assert len(times) == 4
    (photos / "2.png").write_bytes(good)
    assert batch(photos, out, "--mask", str(mask), "--json", "--resume") == 0
    assert sorted(line["outcome"] for line in lines(capsys)) == ["filled", "kept", "kept", "kept", "kept"]
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.slow
def test_forty_photos_with_a_damaged_one_in_the_middle(mask, tmp_path, capsys):
    folder, out = tmp_path / "forty", tmp_path / "out"
    random = np.random.default_rng(0)
    for number in range(40):
        write_png(folder / f"{number:02}.png", random.integers(0, 255, (40, 48, 3)).astype(np.uint8))
    whole = (folder / "20.png").read_bytes()
    (folder / "20.png").write_bytes(whole[:-30])
    assert batch(folder, out, "--mask", str(mask), "--json") == 1
    failed = [line for line in lines(capsys) if line["outcome"] == "failed"]
    assert [Path(line["photo"]).name for line in failed] == ["20.png"]
    assert failed[0]["reason"].endswith(".")
    assert len(list(out.iterdir())) == 39
    (folder / "20.png").write_bytes(whole)
    assert batch(folder, out, "--mask", str(mask), "--json", "--resume") == 0
    assert [Path(line["photo"]).name for line in lines(capsys) if line["outcome"] == "filled"] == ["20.png"]
    assert len(list(out.iterdir())) == 40


def test_nothing_is_overwritten_unless_asked(photos, mask, tmp_path, capsys):
    out = tmp_path / "out"
    write_png(out / "3.png", np.zeros((2, 2), np.uint8))
    before = (out / "3.png").read_bytes()
    assert batch(photos, out, "--mask", str(mask)) == 2
    assert "3.png” is there already" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["3.png"]
    assert (out / "3.png").read_bytes() == before
    assert batch(photos, out, "--mask", str(mask), "--overwrite") == 0
    assert read(out / "3.png").shape == (40, 48, 3)


def test_shards_on_two_machines_make_all_photos(photos, mask, tmp_path, capsys):
    alone, out = tmp_path / "alone", tmp_path / "out"
    for part in ("1/2", "2/2"):
        assert batch(photos, out, "--mask", str(mask), "--shard", part) == 0
    assert batch(photos, alone, "--mask", str(mask)) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in alone.iterdir()
    }


def test_masks_by_name_empty_masks_and_missing_masks(photos, tmp_path, capsys):
    masks = tmp_path / "masks"
    flags = np.zeros((40, 48), np.uint8)
    write_png(masks / "0.png", flags)
    flags[HOLE] = 255
    write_png(masks / "1-mask.png", flags)
    write_png(masks / "2.png", flags[:20])
    write_png(masks / "3.png", np.full_like(flags, 255))
    assert batch(photos, tmp_path / "out", "--masks", str(masks), "--json") == 1
    told = {Path(line["photo"]).stem: line for line in lines(capsys)}
    assert [told[str(number)]["outcome"] for number in range(5)] == [
        "nothing to fill",
        "filled",
        "failed",
        "failed",
        "failed",
    ]
    for number, words in ((0, "mask is empty"), (2, "48 × 20"), (3, "Everything is painted"), (4, "no mask")):
        assert words in told[str(number)]["reason"]


def test_faces_are_found(photos, tmp_path, capsys):
    from inpaintgui.paths import resources

    portrait = resources() / "samples" / "portrait.jpg"
    code = run(["batch", str(portrait), str(photos / "0.png"), "--find", "faces", "-o", str(tmp_path / "out"), *QUICK])
    assert code == 0
    told = capsys.readouterr().out
    assert "No faces were found" in told
    assert (tmp_path / "out" / "portrait.jpg").exists()
    assert not (tmp_path / "out" / "0.png").exists()


def test_people_are_found(photos, tmp_path, capsys, monkeypatch):
    """By a finder that takes photos whose first pixel is bright for people in a box."""
    box = Box(12, 10, 26, 22)

    class Finder:
        def find(self, pixels):
            yield 0.5
            person = Proposal("person", box, MaskPart(box, np.full((12, 14), 255, np.uint8)))
            return (person,) if (pixels == read(photos / "1.png")[..., ::-1]).all() else ()

    monkeypatch.setattr(work, "people_finder", Finder)
    assert batch(photos, tmp_path / "out", "--find", "people") == 0
    assert capsys.readouterr().out.count("No people were found") == 4
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == "1.png"
    changed = (read(written) != read(photos / "1.png")).any(axis=2)
    assert changed[box.slices].any()
    changed[box.slices] = False
    assert not changed.any()


def test_without_the_network_every_photo_says_so(photos, tmp_path, capsys):
    work.people_finder.cache_clear()
    assert batch(photos, tmp_path / "out", "--find", "people", "--json") == 1
    assert all("not installed" in line["reason"] for line in lines(capsys))


def test_a_batch_that_is_ended_stops_looking_for_people(photos, tmp_path, monkeypatch):
    closed = []

    class Finder:
        def find(self, pixels):
            try:
                while True:
                    yield 0.0
            finally:
                closed.append(True)

    monkeypatch.setattr(work, "people_finder", Finder)
    answers = iter((False, True))
    with pytest.raises(work.Stopped):
        work.run_task(BatchTask(photos / "0.png", tmp_path / "0.png", find="people"), lambda: next(answers))
    assert closed


def test_an_ellipse_lies_inside_its_square():
    mask = work.ellipses((60, 80), [ContextSquare(20.0, 10.0, 40.0)])
    assert mask[30, 40] == 255
    assert not mask[10:12, 20:30].any()
    rows, columns = np.nonzero(mask)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 49, 25, 54)


def test_a_fault_of_the_program_costs_one_photo(photos, mask, tmp_path, capsys, monkeypatch, caplog):
    fill = work._filled

    def faulty(request, stopped):
        if request.pixels[0, 0, 0] == read(photos / "1.png")[0, 0, 2]:
            raise ZeroDivisionError("a bug")
        return fill(request, stopped)

    monkeypatch.setattr(work, "_filled", faulty)
    assert batch(photos, tmp_path / "out", "--mask", str(mask), "--json") == 1
    (failed,) = (line for line in lines(capsys) if line["outcome"] == "failed")
    assert "ZeroDivisionError: a bug" in failed["reason"]
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    "options",
    [
        ("--jobs", "0", "--find", "faces"),
        ("--masks", "nowhere"),
        ("--find", "faces", "--shard", "3/2"),
        ("--find", "faces", "--candidates", "0"),
        ("--find", "faces", "--cluster", "tcp://127.0.0.1:1"),
    ],
)
def test_bad_use_begins_nothing(photos, tmp_path, capsys, options):
    if "--cluster" in options:
        pytest.importorskip("distributed")
    assert batch(photos, tmp_path / "out", *options) == 2
    assert not (tmp_path / "out").exists()


def test_stopping_writes_nothing_half(photos, mask, tmp_path):
    task = BatchTask(photos / "0.png", tmp_path / "out.png", mask)
    answers = iter([False, False, True])
    assert list(batch_run.run_here([task, task], lambda: next(answers))) == []
    assert not list(tmp_path.glob("*out*"))


def test_two_processes_do_what_one_does(photos, mask, tmp_path, capsys, tiny_home):
    assert batch(photos, tmp_path / "one", "--mask", str(mask)) == 0
    tasks = [BatchTask(photos / f"{n}.png", tmp_path / "two" / f"{n}.png", mask) for n in range(5)]
    from inpaintgui.contracts import FillSettings

    settings = FillSettings(prior="scenes-tiny", preset="draft", device="cpu")
    results = list(
        batch_run.run_in_processes([BatchTask(task.photo, task.out, task.mask, settings=settings) for task in tasks], 2)
    )
    assert [result.outcome for result in results] == [Outcome.FILLED] * 5
    for task in tasks:
        assert np.array_equal(read(task.out), read(tmp_path / "one" / task.out.name))


def test_a_process_that_dies_costs_only_the_photo_it_died_of(photos, mask, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_run, "_run_in_pool", dying)
    tasks = [BatchTask(photos / f"{n}.png", tmp_path / f"{n}.png", mask) for n in range(3)]
    results = {result.task.photo.name: result for result in batch_run.run_in_processes(tasks, 2)}
    assert [results[f"{n}.png"].outcome for n in range(3)] == [Outcome.NOTHING, Outcome.FAILED, Outcome.NOTHING]
    assert "ended unexpectedly" in results["1.png"].reason


def dying(task):
    """In the other process: photo 1 kills it."""
    if task.photo.name == "1.png":
        os._exit(9)
    return work.BatchResult(task, Outcome.NOTHING)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_can_be_resumed(photos, mask, tmp_path, tiny_home, number):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "inpaintgui", "batch", str(photos), "--mask", str(mask), "-o", str(out), *QUICK]
    with subprocess.Popen([*command, "--jobs", "2"], stdout=subprocess.PIPE, text=True) as started:
        assert "→" in started.stdout.readline()  # the first photo is ready
        started.send_signal(number)
        assert started.wait(60) in (0, 130, 143)  # 0: all others were ready too
    names = {path.name for path in out.iterdir()}
    assert names <= {f"{n}.png" for n in range(5)}
    assert all(read(path).shape == (40, 48, 3) for path in out.iterdir())
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count("kept") == len(names)
    assert len(list(out.iterdir())) == 5


def test_no_process_outlives_a_killed_batch(photos, mask, tmp_path, tiny_home):
    command = [sys.executable, "-m", "inpaintgui", "batch", str(photos), "--mask", str(mask), "--jobs", "2", *QUICK]
    reading, writing = os.pipe()
    with subprocess.Popen([*command, "-o", str(tmp_path / "out")], stdout=writing, pass_fds=[writing]) as started:
        os.close(writing)
        with os.fdopen(reading) as told:
            assert "→" in told.readline()
            started.kill()
            assert told.read() is not None  # ends only when every process that inherited the pipe has ended
    assert all(read(path).shape == (40, 48, 3) for path in (tmp_path / "out").glob("*.png"))


def test_run_task_is_told_apart_by_what_is_wrong(tmp_path):
    result = run_task(BatchTask(tmp_path / "none.png", tmp_path / "out.png", tmp_path / "mask.png"))
    assert (result.outcome, "no such file" in result.reason) == (Outcome.FAILED, True)


@pytest.mark.slow
def test_forty_photos_with_a_bad_one_in_the_middle(mask, tmp_path, capsys):
    random = np.random.default_rng(4)
    folder, out = tmp_path / "forty", tmp_path / "out"
    for number in range(40):
        write_png(folder / f"{number:02}.png", random.integers(0, 255, (40, 48, 3)).astype(np.uint8))
    (folder / "20.png").write_bytes((folder / "20.png").read_bytes()[:500])
    assert batch(folder, out, "--mask", str(mask), "--json") == 1
    told = lines(capsys)
    assert sum(line["outcome"] == "filled" for line in told) == 39
    assert [Path(line["photo"]).name for line in told if line["reason"]] == ["20.png"]
    assert batch(folder, out, "--mask", str(mask), "--json", "--resume") == 1
    assert sum(line["outcome"] == "kept" for line in lines(capsys)) == 39

"""Masks that do not fit, places that cannot be written, devices that are not there, and others at the same files."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inpaintgui import paths
from inpaintgui.cli import run
from tests.engine.conftest import write_tiny_home

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

NOISE = np.random.default_rng(1).integers(0, 256, (40, 48, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny_home(tmp_path_factory.mktemp("homes") / "home")


@pytest.fixture
def photo(home, tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(home))
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "no weights")
    Image.fromarray(NOISE).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def write_mask(path, shape=(40, 48), inside=255, outside=0):
    flags = np.full(shape, outside, np.uint8)
    flags[10:22, 12:26] = inside
    Image.fromarray(flags).save(path)
    return path


def fill(photo, mask, out, *more):
    return run(["fill", str(photo), "--mask", str(mask), "-o", str(out), "--preset", "draft", "--device", "cpu", *more])


def read(path):
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ({"shape": (40, 47)}, "is 47 × 40 pixels, but the photo is 48 × 40"),
        ({"inside": 0}, "mask is empty"),
        ({"outside": 255}, "Everything is painted"),
        ({"inside": 127}, "mask is empty"),
    ],
)
def test_masks_that_cannot_be_filled(photo, tmp_path, capsys, mask, words):
    assert fill(photo, write_mask(tmp_path / "mask.png", **mask), tmp_path / "out.png") == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_a_grey_mask_counts_from_the_middle_on(photo, tmp_path):
    assert fill(photo, write_mask(tmp_path / "mask.png", inside=128, outside=127), tmp_path / "out.png") == 0
    changed = (read(tmp_path / "out.png") != NOISE).any(axis=2)
    assert changed[10:22, 12:26].any()
    changed[10:22, 12:26] = False
    assert not changed.any()


def test_a_format_that_cannot_hold_the_result_is_refused_before_the_work(photo, tmp_path, capsys, monkeypatch):
    pixels = np.dstack([NOISE, np.full((40, 48), 99, np.uint8)])
    Image.fromarray(pixels).save(tmp_path / "alpha.png")
    monkeypatch.setattr("inpaintgui.engine.fill.fill", lambda *_, **__: pytest.fail("it was filled"))
    recipe = tmp_path / "out.json"
    mask = write_mask(tmp_path / "mask.png")
    assert fill(tmp_path / "alpha.png", mask, tmp_path / "out.jpg", "--recipe", str(recipe)) == 1
    assert "JPEG cannot hold transparency" in capsys.readouterr().err
    assert not (tmp_path / "out.jpg").exists()
    assert not recipe.exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_a_folder_that_cannot_be_written(photo, tmp_path, capsys):
    assert fill(photo, write_mask(tmp_path / "mask.png"), "/proc/out.png") == 1
    assert 'inpaintgui: Cannot save "/proc/out.png": ' in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_that_is_not_here(photo, tmp_path, capsys):
    assert fill(photo, write_mask(tmp_path / "mask.png"), tmp_path / "out.png", "--device", "cuda") == 1
    assert "There is no device “cuda” on this machine; it has: cpu." in capsys.readouterr().err


def test_a_photo_that_is_replaced_while_it_is_filled(photo, tmp_path, monkeypatch):
    """What was read first is what is filled; the new file is left alone."""
    from inpaintgui.engine import fill as engine

    find_regions = engine.find_regions

    def replace_first(flags):
        Image.fromarray(255 - NOISE).save(photo)
        return find_regions(flags)

    monkeypatch.setattr(engine, "find_regions", replace_first)
    assert fill(photo, write_mask(tmp_path / "mask.png"), tmp_path / "out.png") == 0
    kept = np.ones((40, 48), bool)
    kept[10:22, 12:26] = False
    assert np.array_equal(read(tmp_path / "out.png")[kept], NOISE[kept])
    assert np.array_equal(read(photo), 255 - NOISE)


def test_two_instances_write_the_same_file(photo, tmp_path):
    """Whoever is last wins, and the file is whole."""
    mask = write_mask(tmp_path / "mask.png")
    command = [sys.executable, "-m", "inpaintgui", "fill", photo, "--mask", mask, "-o", tmp_path / "out.png"]
    command += ["--preset", "draft", "--device", "cpu", "--prior", "scenes-tiny"]
    running = [subprocess.Popen([*command, "--seed", str(seed)], stderr=subprocess.PIPE) for seed in (1, 2)]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    result = read(tmp_path / "out.png")
    for seed in (1, 2):
        assert fill(photo, mask, tmp_path / f"{seed}.png", "--seed", str(seed), "--prior", "scenes-tiny") == 0
    assert any(np.array_equal(result, read(tmp_path / f"{seed}.png")) for seed in (1, 2))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.png", "2.png", "a.png", "mask.png", "out.png"]

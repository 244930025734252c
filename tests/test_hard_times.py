"""Every kind of bad file, place and moment ends in a result or in one sentence; nothing is lost, nothing is silent."""

import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from inpaintgui import paths
from inpaintgui.cli import run
from tests.engine.conftest import write_tiny_priors

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

NOISE = np.random.default_rng(1).integers(0, 256, (40, 48, 3), dtype=np.uint8)
HOLE = np.s_[10:22, 12:26]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_priors(tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def _tiny_priors(weights, monkeypatch):
    monkeypatch.setattr(paths, "weights", lambda: weights)


@pytest.fixture
def mask(tmp_path):
    return write_mask(tmp_path / "mask.png", (40, 48))


def write_mask(path, shape, hole=HOLE):
    flags = np.zeros(shape, np.uint8)
    flags[hole] = 255
    Image.fromarray(flags).save(path)
    return path


def read(path):
    with Image.open(path) as image:
        return np.asarray(image)


def fill(photo, mask, out):
    return run(["fill", str(photo), "--mask", str(mask), "-o", str(out), "--preset", "draft", "--device", "cpu"])


def sentence(capsys):
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("inpaintgui: ")
    assert last.endswith(".")
    return last


def huge_png(width, height):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def palette(path):
    Image.fromarray(NOISE).quantize(32).save(path)


def cmyk(path):
    Image.fromarray(NOISE).convert("CMYK").save(path)


def wrong_ending(path):
    Image.fromarray(NOISE).save(path.with_suffix(".tif"))
    path.with_suffix(".tif").rename(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [("palette.png", palette), ("cmyk.jpg", cmyk), ("a tiff in truth.jpg", wrong_ending)],
)
def test_odd_files_that_can_be_filled(tmp_path, mask, name, write):
    write(tmp_path / name)
    assert fill(tmp_path / name, mask, tmp_path / "out.png") == 0
    assert read(tmp_path / "out.png").shape[:2] == (40, 48)


def animated(path):
    frames = [Image.fromarray(np.roll(NOISE, shift, axis=1)) for shift in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:])


REFUSED = {
    "empty.jpg": (lambda path: path.touch(), "empty"),
    "text.png": (lambda path: path.write_text("not a picture"), "not an image"),
    "cut.png": (lambda path: path.write_bytes(huge_png(48, 40)[:60]), "ends too early"),
    "bomb.png": (lambda path: path.write_bytes(huge_png(60_000, 60_000)), "400 megapixels"),
    "30000.png": (lambda path: path.write_bytes(huge_png(30_000, 30_000)), "400 megapixels"),
    "animated.gif": (animated, "GIF"),
    "animated.png": (animated, "animation"),
    "float.tif": (lambda path: tifffile.imwrite(path, NOISE.astype(np.float32), photometric="rgb"), "floating-point"),
    "cmyk.tif": (cmyk, "CMYK"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(tmp_path, mask, capsys, name):
    write, words = REFUSED[name]
    write(tmp_path / name)
    assert fill(tmp_path / name, mask, tmp_path / "out.png") == 2
    assert words in sentence(capsys)
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (20_000, 1), (1, 20_000), (150, 1), (2, 2)])
def test_extreme_sizes(tmp_path, capsys, width, height):
    """One pixel can only be all hole or none; a line is filled from what is beside the hole, unless it is a wire."""
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "line.png")
    write_mask(tmp_path / "mask.png", (height, width), np.s_[: max(1, height // 2), : max(1, width // 2)])
    code = fill(tmp_path / "line.png", tmp_path / "mask.png", tmp_path / "out.png")
    if (width, height) == (1, 1):
        assert code == 2
        assert "Everything is painted" in sentence(capsys)
    elif max(width, height) == 20_000:
        assert code == 2
        assert "too long and thin" in sentence(capsys)
    else:
        assert code == 0
        kept = read(tmp_path / "mask.png") == 0
        assert np.array_equal(read(tmp_path / "out.png")[kept], pixels[kept])


@pytest.mark.parametrize("shape", [(1, 20_000), (20_000, 1), (3, 2_000)])
@pytest.mark.parametrize("where", ["end", "middle"])
def test_a_wire_with_a_short_hole_is_filled(tmp_path, shape, where):
    pixels = np.random.default_rng(2).integers(0, 256, (*shape, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "wire.png")
    length = 100 * min(shape)
    start = 0 if where == "end" else 500
    hole = np.s_[:, start : start + length] if shape[0] < shape[1] else np.s_[start : start + length]
    write_mask(tmp_path / "mask.png", shape, hole)
    assert fill(tmp_path / "wire.png", tmp_path / "mask.png", tmp_path / "out.png") == 0
    kept = read(tmp_path / "mask.png") == 0
    assert np.array_equal(read(tmp_path / "out.png")[kept], pixels[kept])


@pytest.mark.parametrize(
    "name", ["a b c.png", "海滩 照片.png", "📷🏖️.png", "n" * 200 + ".png", "quote'\"$(echo) &;.png", "-dash.png"]
)
def test_names_of_all_kinds(tmp_path, mask, monkeypatch, name):
    folder = tmp_path / name.replace(".png", "")
    folder.mkdir()
    Image.fromarray(NOISE).save(folder / name)
    target = folder / f"o{name[1:]}"
    assert fill(folder / name, mask, target) == 0
    assert target.exists()
    assert len(list(folder.iterdir())) == 2


def test_a_read_only_original_is_filled_into_another_file(tmp_path, mask):
    Image.fromarray(NOISE).save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0o444)
    assert fill(tmp_path / "a.png", mask, tmp_path / "out.png") == 0
    assert (tmp_path / "a.png").stat().st_mode & 0o777 == 0o444


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    if subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine allows no mount")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_leaves_what_was_there(tmp_path, small_disk, capsys):
    big = np.random.default_rng(3).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(big).save(tmp_path / "big.png")
    write_mask(tmp_path / "mask.png", (200, 200))
    (small_disk / "out.png").write_bytes(b"the old file")
    assert fill(tmp_path / "big.png", tmp_path / "mask.png", small_disk / "out.png") == 1
    assert "No space left on device" in sentence(capsys)
    assert (small_disk / "out.png").read_bytes() == b"the old file"
    assert [path.name for path in small_disk.iterdir()] == ["out.png"]


def test_a_home_that_cannot_be_written(tmp_path, mask):
    """User data lie below a file: no folder can be made there, not even by root."""
    Image.fromarray(NOISE).save(tmp_path / "a.png")
    (tmp_path / "file").touch()
    environment = {**os.environ, "INPAINTGUI_HOME": str(tmp_path / "file" / "home")}
    command = [
        sys.executable,
        "-m",
        "inpaintgui",
        "fill",
        tmp_path / "a.png",
        "--mask",
        mask,
        "-o",
        tmp_path / "out.png",
    ]
    command += ["--preset", "draft"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.png").exists()


@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "pickle"])
def test_weights_that_cannot_be_trusted(tmp_path, mask, capsys, monkeypatch, weights, damage):
    folder = tmp_path / "weights"
    shutil.copytree(weights, folder)
    monkeypatch.setattr(paths, "weights", lambda: folder)
    Image.fromarray(NOISE).save(tmp_path / "a.png")
    file = folder / "scenes-tiny.safetensors"
    data = file.read_bytes()
    changed = {"cut": data[:100], "changed": data[:-1] + b"\xff", "pickle": b"\x80\x04cos\nsystem\n(S'x'\ntR."}
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(changed[damage])
    assert fill(tmp_path / "a.png", mask, tmp_path / "out.png") == 1
    assert "scenes-tiny" in sentence(capsys)
    assert not (tmp_path / "out.png").exists()


def test_a_photo_that_is_deleted_while_it_is_filled(tmp_path, mask, monkeypatch):
    """Everything was read before; the result is whole."""
    from inpaintgui.engine import fill as engine

    photo = tmp_path / "a.png"
    Image.fromarray(NOISE).save(photo)
    find_regions = engine.find_regions

    def delete_first(flags):
        photo.unlink()
        return find_regions(flags)

    monkeypatch.setattr(engine, "find_regions", delete_first)
    assert fill(photo, mask, tmp_path / "out.png") == 0
    kept = np.ones((40, 48), bool)
    kept[HOLE] = False
    assert np.array_equal(read(tmp_path / "out.png")[kept], NOISE[kept])
    assert not Path(photo).exists()

"""The wheel is complete and works where it is installed, far from the source tree."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest

import inpaintgui
from inpaintgui.engine.image_io import load_mask, load_photo

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="not in a source tree")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("inpaintgui-*.whl")
    return path


def files_under(*parts):
    """Files that belong to the project, relative to its root."""
    folder = ROOT.joinpath(*parts)
    return {
        file.relative_to(ROOT).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix not in {".partial", ".ckpt"}
    }


def test_the_wheel_holds_all_code_resources_and_weights_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = {f"inpaintgui/_data/{name}" for name in files_under("resources") | files_under("weights")}
    about = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    assert names - about == files_under("inpaintgui") | data
    assert {name.rpartition("/")[2] for name in about} >= {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "LICENSE"}


def test_the_wheel_names_the_commands(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        text = archive.read(entry_points).decode()
    assert "inpaintgui = inpaintgui.__main__:main" in text
    assert "inpaintgui-window = inpaintgui.__main__:main" in text


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The Python of a fresh environment with the wheel in it; its dependencies are those of the running one."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    bin_name = "Scripts" if os.name == "nt" else "bin"
    python = folder / bin_name / Path(sys.executable).name
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(python), "-c", question], capture_output=True, text=True, check=True).stdout.strip()
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python


def run_installed(python, folder, *arguments):
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    command = [str(python), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_installed_package_finds_its_own_data(installed, tmp_path):
    code = (
        "import inpaintgui, json; from inpaintgui import paths\n"
        "print(json.dumps([inpaintgui.__file__, str(paths.resources()), str(paths.weights())]))"
    )
    done = run_installed(installed, tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    for place in json.loads(done.stdout):
        assert Path(place).is_relative_to(installed.parent.parent)
        assert Path(place).exists()


def test_the_installed_command_starts(installed, tmp_path):
    script = installed.with_name("inpaintgui.exe" if os.name == "nt" else "inpaintgui")
    done = subprocess.run([str(script), "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"inpaintgui {inpaintgui.__version__}"


@pytest.mark.slow
def test_the_installed_program_fills_a_sample_from_another_folder(installed, tmp_path):
    ask = run_installed(installed, tmp_path, "-c", "from inpaintgui import paths; print(paths.resources() / 'samples')")
    samples = Path(ask.stdout.strip())
    photo, mask, out = samples / "portrait.jpg", samples / "portrait-mask.png", tmp_path / "filled.png"
    arguments = ["fill", str(photo), "--mask", str(mask), "-o", str(out), "--json", "--seed", "1", "--device", "cpu"]
    done = run_installed(installed, tmp_path, "-m", "inpaintgui", *arguments)
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)

    before, after = load_photo(photo).pixels, load_photo(out).pixels
    hole = load_mask(mask, before.shape[:2]) > 0
    assert after.shape == before.shape
    assert np.array_equal(after[~hole], before[~hole])
    assert (after[hole] != before[hole]).any(axis=1).mean() > 0.5

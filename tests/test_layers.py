"""What really gets loaded: import-linter reads the sources, these tests ask a fresh interpreter."""

import json
import pkgutil
import subprocess
import sys

import pytest

import inpaintgui

HEAVY = {"torch", "cv2", "numba", "PySide6"}


def modules_of(layer):
    folder = f"{inpaintgui.__path__[0]}/{layer}"
    prefix = f"inpaintgui.{layer}."
    return [f"inpaintgui.{layer}", *(module.name for module in pkgutil.walk_packages([folder], prefix))]


def loaded_by(modules):
    """Top-level packages that importing ``modules`` in a fresh interpreter loads."""
    code = (
        "import importlib, json, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("layer", "allowed"),
    [
        ("ui", {"PySide6"}),
        ("session", set()),
        ("engine", {"torch", "cv2", "numba"}),
        ("training", {"torch", "cv2", "numba"}),
        ("benchmarks", {"torch", "cv2", "numba"}),
    ],
)
def test_a_layer_loads_only_what_it_may(layer, allowed):
    assert loaded_by(modules_of(layer)) & HEAVY <= allowed


def test_the_command_line_answers_without_loading_anything_heavy():
    assert not loaded_by(["inpaintgui.__main__", "inpaintgui.cli"]) & HEAVY

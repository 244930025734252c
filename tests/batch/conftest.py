"""A folder of photos with a mask, and tiny priors for this process and for those that it starts."""

import cv2
import numpy as np
import pytest

from inpaintgui import paths
from inpaintgui.batch import work
from tests.engine.conftest import write_tiny_home

HOLE = np.s_[10:22, 12:26]


def write_png(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


def read(path):
    return cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory):
    """User data with tiny priors, found by other processes through the environment."""
    return write_tiny_home(tmp_path_factory.mktemp("homes") / "home of a batch")


@pytest.fixture(autouse=True)
def _tiny_priors(tiny_home, tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tiny_home))
    monkeypatch.setattr(paths, "weights", lambda: tmp_path / "no weights")
    work.library.cache_clear()
    yield
    work.library.cache_clear()


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos with 照片 📷"
    random = np.random.default_rng(0)
    for number in range(5):
        write_png(folder / f"{number}.png", random.integers(0, 255, (40, 48, 3)).astype(np.uint8))
    return folder


@pytest.fixture
def mask(tmp_path):
    flags = np.zeros((40, 48), np.uint8)
    flags[HOLE] = 255
    path = tmp_path / "mask.png"
    write_png(path, flags)
    return path

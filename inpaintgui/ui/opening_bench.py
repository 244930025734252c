"""Measures how long the window takes to show a first picture of a large photo, from the open action to the paint."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, SignalInstance

from inpaintgui import paths
from inpaintgui.contracts import Photo, Services
from inpaintgui.settings import Settings
from inpaintgui.ui.main_window import MainWindow

RUNS = 3
_SAMPLE = "mountain.jpg"


@dataclass(frozen=True)
class OpeningFigures:
    """Seconds from the open action. first: opened while the engine is still being loaded. others: RUNS more.

    preview: until the first picture was painted; opened: until the photo can be edited.
    """

    preview_first_seconds: float
    preview_seconds: tuple[float, ...]
    opened_seconds: tuple[float, ...]


def detailed_photo(services: Services, megapixels: float) -> Photo:
    """A photo of that size with as much detail per pixel as a sample has, side by side and mirrored. uint8 RGB."""
    tile = services.open_photo(paths.resources() / "samples" / _SAMPLE, lambda _glimpse: None).pixels
    tile = np.concatenate([tile, tile[:, ::-1]], axis=1)
    tile = np.concatenate([tile, tile[::-1]], axis=0)
    height = max(1, round((megapixels * 1e6 / 1.5) ** 0.5))
    width = round(1.5 * height)
    pixels = np.tile(tile, (-(-height // tile.shape[0]), -(-width // tile.shape[1]), 1))[:height, :width]
    return Photo(np.ascontiguousarray(pixels))


def measure_opening(services: Services, user_settings: Settings, *, megapixels: float) -> OpeningFigures:
    """Open a JPEG of that size several times in a new window. A QApplication must exist."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.jpg"
        services.save_photo(path, detailed_photo(services, megapixels))
        window = MainWindow(services, user_settings)
        window.show()
        try:
            first = _open(window, path)
            if not window.controller.is_engine_ready:
                _wait(window, window.controller.engine_ready)
            later = [_open(window, path) for _ in range(RUNS)]
        finally:
            window.close()
    return OpeningFigures(first[0], tuple(seconds for seconds, _ in later), tuple(seconds for _, seconds in later))


def _open(window: MainWindow, path: Path) -> tuple[float, float]:
    """Seconds until the first picture (the photo itself where there was none before), and until the photo was open.

    It is closed again.
    """
    painted: list[float] = []
    window.opening.painted.connect(painted.append)
    since = time.perf_counter()
    window.files.open_path(path, sample=True)
    _wait(window, window.files.opened)
    opened = time.perf_counter() - since
    window.opening.painted.disconnect(painted.append)
    window.files.close_photo()
    return round((painted or [opened])[0], 3), round(opened, 3)


def _wait(window: MainWindow, signal: SignalInstance) -> None:
    """Let the window work until it emits the signal. RuntimeError if it tells of a failure first."""
    loop = QEventLoop()
    failures: list[BaseException] = []

    def fail(_summary: str, error: BaseException) -> None:
        failures.append(error)
        loop.quit()

    quitting = signal.connect(loop.quit)
    failing = window.controller.failed.connect(fail)
    loop.exec()
    window.controller.failed.disconnect(failing)
    signal.disconnect(quitting)
    if failures:
        raise RuntimeError(f"the window failed: {failures[0]}")

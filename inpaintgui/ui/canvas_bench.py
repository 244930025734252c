"""Measures the canvas on a large photo: painting, panning, zooming. Needs a screen, which may be a virtual one."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from inpaintgui.contracts import Photo, Services
from inpaintgui.settings import Settings
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.pyramid import PhotoPyramid

WINDOW = (1920, 1080)
BRUSH = 200.0
_MOVES = 240
_FRAMES = 120
_TILE = 512


@dataclass(frozen=True)
class CanvasFigures:
    """Milliseconds are from a mouse event to the end of the repaint it causes. pan, zoom: frames per second.

    cpu: the same in processor time of this program, which a busy machine does not disturb.
    """

    megapixels: float
    pyramid_seconds: float
    pyramid_cpu_seconds: float
    paint_median_ms: float
    paint_p95_ms: float
    paint_cpu_p95_ms: float
    paint_fitted_p95_ms: float
    paint_fitted_cpu_p95_ms: float
    pan_fps: float
    pan_cpu_fps: float
    zoom_fps: float
    zoom_cpu_fps: float
    platform: str


def synthetic_photo(megapixels: float) -> Photo:
    """A photo of noise over gradients, 3:2, uint8 RGB: nothing in it is cheap to draw by accident."""
    height = max(1, round(math.sqrt(megapixels * 1e6 / 1.5)))
    width = round(1.5 * height)
    noise = np.random.default_rng(0).integers(0, 60, (_TILE, _TILE, 3), np.uint8)
    tiles = np.tile(noise, (-(-height // _TILE), -(-width // _TILE), 1))[:height, :width]
    ramp = np.linspace(0, 190, width).astype(np.uint8)
    return Photo(tiles + ramp[None, :, None])


def measure_canvas(services: Services, *, megapixels: float) -> CanvasFigures:
    """Open a photo of that size in a canvas of WINDOW's size and use it. A QApplication must exist."""
    photo = synthetic_photo(megapixels)
    watch = _Watch()
    pyramid = PhotoPyramid(photo.pixels)
    pyramid_seconds, pyramid_cpu = watch.read()
    controller = Controller(services, Settings(brush_size=BRUSH))
    canvas = Canvas(controller)
    canvas.resize(*WINDOW)
    canvas.show()
    controller.show_photo(photo, pyramid, None)
    _settle()
    fitted = _paint(canvas)
    canvas.zoom_to(1.0)
    _settle()
    painted = _paint(canvas)
    pan = _frames(lambda _: canvas.pan_by(7, 5), canvas)
    zoom = _frames(lambda number: canvas.zoom_by(1.04 if number % 60 < 30 else 1 / 1.04), canvas)
    platform = QApplication.platformName()
    canvas.close()
    controller.fills.close()
    controller.selecting.close()
    return CanvasFigures(
        megapixels=round(photo.width * photo.height / 1e6, 1),
        pyramid_seconds=round(pyramid_seconds, 2),
        pyramid_cpu_seconds=round(pyramid_cpu, 2),
        paint_median_ms=_percentile(painted, 0, 50),
        paint_p95_ms=_percentile(painted, 0, 95),
        paint_cpu_p95_ms=_percentile(painted, 1, 95),
        paint_fitted_p95_ms=_percentile(fitted, 0, 95),
        paint_fitted_cpu_p95_ms=_percentile(fitted, 1, 95),
        pan_fps=round(pan[0], 1),
        pan_cpu_fps=round(pan[1], 1),
        zoom_fps=round(zoom[0], 1),
        zoom_cpu_fps=round(zoom[1], 1),
        platform=platform,
    )


def report(*figures: Any, as_json: bool) -> str:
    """Dataclasses of figures in lines, or as one JSON object."""
    values = {name: value for one in figures for name, value in asdict(one).items()}
    if as_json:
        return json.dumps(values)
    return "\n".join(f"{name.replace('_', ' ')}: {_said(value)}" for name, value in values.items())


def _said(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


class _Watch:
    """Wall and processor seconds since it was made."""

    def __init__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._started[0], time.process_time() - self._started[1]


def _percentile(times: list[tuple[float, float]], clock: int, part: float) -> float:
    """Milliseconds. clock: 0 wall, 1 processor."""
    return round(1000 * float(np.percentile([pair[clock] for pair in times], part)), 1)


def _settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def _send(canvas: Canvas, kind: QEvent.Type, point: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    where = canvas.mapToGlobal(point)
    QApplication.sendEvent(canvas, QMouseEvent(kind, point, where, button, held, Qt.KeyboardModifier.NoModifier))


def _paint(canvas: Canvas) -> list[tuple[float, float]]:
    """Wall and processor seconds of every move of a long curved stroke."""
    middle = QPointF(canvas.width() / 2, canvas.height() / 2)
    _send(canvas, QEvent.Type.MouseButtonPress, middle)
    _settle()
    times = []
    for number in range(_MOVES):
        angle = number / 15
        reach = 60 + 1.2 * number
        point = middle + QPointF(reach * math.cos(angle), reach * math.sin(angle))
        watch = _Watch()
        _send(canvas, QEvent.Type.MouseMove, point)
        QApplication.processEvents()
        times.append(watch.read())
    _send(canvas, QEvent.Type.MouseButtonRelease, middle)
    _settle()
    return times


def _frames(change: Callable[[int], None], canvas: Canvas) -> tuple[float, float]:
    """Whole repaints per second, and per second of processor time, while the view changes."""
    watch = _Watch()
    for number in range(_FRAMES):
        change(number)
        canvas.repaint()
    wall, processor = watch.read()
    return _FRAMES / wall, _FRAMES / processor

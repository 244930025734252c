"""What ``inpaintgui bench canvas`` measures, with the fake engine."""

import json

import numpy as np
import pytest

from inpaintgui.contracts import Glimpse
from inpaintgui.errors import ImageFileError
from inpaintgui.settings import Settings
from inpaintgui.ui.canvas_bench import measure_canvas, report, synthetic_photo
from inpaintgui.ui.opening_bench import RUNS, measure_opening


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path))


def test_the_canvas_can_be_measured(qapp, services):
    figures = measure_canvas(services, megapixels=0.5)
    assert figures.megapixels == pytest.approx(0.5, rel=0.05)
    assert figures.paint_p95_ms > 0
    assert figures.pan_fps > 0
    assert json.loads(report(figures, as_json=True))["platform"] == "offscreen"
    assert "paint p95 ms" in report(figures, as_json=False)
    assert synthetic_photo(1).pixels.shape[2] == 3


def test_opening_can_be_measured(qapp, services):
    services.glimpsed = Glimpse(np.zeros((4, 6, 3), np.uint8), 60, 40)
    figures = measure_opening(services, Settings(), megapixels=0.01)
    (written,) = services.saved.values()
    assert written.width * written.height == pytest.approx(10_000, rel=0.05)
    assert len(figures.preview_seconds) == len(figures.opened_seconds) == RUNS
    assert min(figures.preview_seconds) > 0
    assert max(figures.preview_seconds) <= max(figures.opened_seconds)
    assert "preview seconds: 0." in report(figures, as_json=False)


def test_a_photo_that_cannot_be_opened_ends_the_measurement(qapp, services, monkeypatch):
    monkeypatch.setattr("inpaintgui.ui.dialogs.Dialogs.show_error", lambda *_: None)
    sample = services.open_photo
    monkeypatch.setattr(
        services, "open_photo", lambda path, show: _fail() if path.name == "large.jpg" else sample(path, show)
    )
    with pytest.raises(RuntimeError, match="the window failed: no photo"):
        measure_opening(services, Settings(), megapixels=0.01)


def _fail():
    raise ImageFileError("no photo")

"""Scaled screens: at 100 % one pixel of the photo is one of the screen, and the mask lands under the pointer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CODE = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}]
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fakes import FakeServices, make_photo
from inpaintgui.settings import Settings
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.pyramid import PhotoPyramid

application = QApplication([])
photo = make_photo(300, 200)
window = MainWindow(FakeServices(photo=photo), Settings(brush_size=20.0))
window.resize(1280, 720)
window.show()
QTest.qWaitForWindowExposed(window)
window.controller.show_photo(photo, PhotoPyramid(photo.pixels), None)
QApplication.processEvents()
canvas, document = window.canvas, window.controller.document

def shown():
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()

ratio = canvas.devicePixelRatioF()
assert ratio == canvas.view.ratio == float(sys.argv[1]), ratio
for zoom in (1, 3):
    canvas.zoom_to(float(zoom))
    view = canvas.view
    left, top = round(-view.left * zoom), round(-view.top * zoom)
    seen, expected = shown(), photo.pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
    x, y = max(left, 0), max(top, 0)
    # Where the widget ends within a device pixel, its last one is not compared.
    right, bottom = min(left + expected.shape[1], seen.shape[1] - 1), min(top + expected.shape[0], seen.shape[0] - 1)
    assert right - x > 250 and bottom - y > 150
    part = expected[y - top : bottom - top, x - left : right - left]
    assert np.array_equal(seen[y:bottom, x:right], part), f"at {{zoom}}00 % pixels differ"

canvas.fit()
point = QPointF(*canvas.view.to_widget(150, 100)).toPoint()
QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
box = document.mask_box
assert abs((box.left + box.right) / 2 - 150) <= 1 and abs((box.top + box.bottom) / 2 - 100) <= 1, box
assert abs(box.width - 20) <= 2, box
assert window.close()
print("fine")
"""


@pytest.mark.parametrize("scale", ["1.25", "1.5", "2"])
def test_pixels_are_exact_and_the_brush_meets_the_pointer(scale, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "window.ini").write_text("[General]\nhints_seen=yes\n")  # the first cards lie on the canvas
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": scale,
        "INPAINTGUI_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE, scale], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert done.stdout == "fine\n", done.stderr

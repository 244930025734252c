"""OpenCV's Qt folders must not reach PySide6."""

import os
import subprocess
import sys

import pytest

from inpaintgui.qt_environment import forget_opencv_qt

NAMES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_opencv_is_forgotten(monkeypatch, name):
    monkeypatch.setenv(name, "/venv/lib/python3.11/site-packages/cv2/qt/plugins")
    forget_opencv_qt()
    with pytest.raises(KeyError):
        os.environ[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_the_user_stays(monkeypatch, name):
    monkeypatch.setenv(name, "/opt/cv2-free/qt/plugins")
    forget_opencv_qt()
    assert os.environ[name] == "/opt/cv2-free/qt/plugins"


def test_nothing_is_left_after_a_real_import_of_opencv():
    code = (
        "import os, cv2\n"
        "from inpaintgui.qt_environment import forget_opencv_qt\n"
        "forget_opencv_qt()\n"
        f"print([name for name in {NAMES!r} if name in os.environ])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

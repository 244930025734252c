"""Undoes what importing OpenCV does to Qt's environment.

The opencv-python wheel carries a Qt of its own, and importing ``cv2`` on Linux points the variables below at it. A
PySide6 application that starts afterwards would look for its platform plugin and fonts there.
"""

from __future__ import annotations

import os
from pathlib import Path

_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def forget_opencv_qt() -> None:
    """Drop the variables that point into the cv2 package; values that the user set stay.

    Call it after ``cv2`` was imported and before a QApplication is made. Does not import cv2.
    """
    for name in _VARIABLES:
        if "cv2" in Path(os.environ.get(name, "")).parts:
            del os.environ[name]

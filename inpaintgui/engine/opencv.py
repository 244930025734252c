"""OpenCV as the program wants it: silent on broken files, and without its own Qt in the environment.

Import ``cv2`` from here. OpenCV reports a bad file on stderr as well as by its result; the result is enough.
"""

from __future__ import annotations

import cv2

from inpaintgui.qt_environment import forget_opencv_qt

__all__ = ["cv2"]

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
forget_opencv_qt()

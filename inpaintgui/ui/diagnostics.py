"""What goes along with a bug report: versions and devices as text, or a bundle with the settings and the log."""

from __future__ import annotations

import platform
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QGuiApplication

from inpaintgui import __version__, settings
from inpaintgui.log_file import log_files
from inpaintgui.staged_file import write_file
from inpaintgui.ui.controller import Controller

_PACKAGES = ("torch", "numpy", "opencv-python", "numba", "PySide6-Essentials", "safetensors")


def diagnostics(controller: Controller) -> str:
    """What helps with a bug report: versions, platform, devices, priors. Nothing about the photo."""
    rows = [
        f"inpaintgui {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Qt {QLibraryInfo.version().toString()}, platform {QGuiApplication.platformName()}",
    ]
    screen = QGuiApplication.primaryScreen()
    if screen is not None:
        size = screen.size()
        rows.append(f"Screen {size.width()} × {size.height()} at {screen.devicePixelRatio():g}")
    for name in _PACKAGES:
        try:
            rows.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            rows.append(f"{name}: not installed as a package")
    rows.append(f"Executable {sys.executable}")
    rows.append("Devices: " + (", ".join(controller.devices) or "not known yet"))
    rows += [f"Prior {info.name}: {info.file}, {info.architecture}, {info.resolution} px" for info in controller.priors]
    rows += [f"Finder {info.name}: {info.file}" for info in controller.finders]
    return "\n".join(rows)


def write_bundle(path: Path, text: str) -> None:
    """A zip of the text, the settings' file and the log's files, those that are there. Raises SaveError."""
    files = [path for path in (settings.settings_file(), *log_files()) if path.is_file()]

    def fill(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("diagnostics.txt", text)
            for one in files:
                bundle.write(one, one.name)

    write_file(path, fill)

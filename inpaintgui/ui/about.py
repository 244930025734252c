"""About the program: versions, device, licences of the weights and their data, all of it to be copied."""

from __future__ import annotations

import platform
import sys
from html import escape
from importlib import metadata

from PySide6.QtCore import QLibraryInfo, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout
from PySide6.QtWidgets import QWidget as Widget

from inpaintgui import __version__
from inpaintgui.contracts import FinderInfo, PriorInfo
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


class AboutDialog(QDialog):
    """Shown by Help → About."""

    def __init__(self, controller: Controller, parent: Widget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About"))
        self.resize(560, 460)
        self.details = diagnostics(controller)
        picture = QLabel()
        picture.setPixmap(QGuiApplication.windowIcon().pixmap(64, 64))
        self.title = QLabel(f"inpaintgui {__version__}")
        self.title.setObjectName("welcome_title")
        text = QLabel(
            self.tr(
                "Content-aware fill that searches the latent space of generative networks. "
                "Everything is computed on this computer. MIT licence."
            )
        )
        text.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(text)
        head.addLayout(words, stretch=1)
        page = QTextBrowser()
        page.setHtml(self._licences(controller) + self._versions())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = QPushButton(self.tr("Copy diagnostics"))
        self.copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(self.details))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(page)
        layout.addWidget(buttons)

    def _licences(self, controller: Controller) -> str:
        networks: list[PriorInfo | FinderInfo] = [*controller.priors, *controller.finders]
        rows = [
            f"<p><b>{escape(info.title)}</b><br>{escape(info.data)}<br>{escape(info.licence)}</p>" for info in networks
        ]
        if not rows:
            loading = self.tr("The engine is still being loaded.")
            rows = [f"<p>{escape(loading)}</p>"]
        title = self.tr("Networks, what they learnt from, and their terms")
        return f"<h3>{escape(title)}</h3>" + "".join(rows)

    def _versions(self) -> str:
        lines = "<br>".join(escape(line) for line in self.details.splitlines())
        title = self.tr("Versions and devices")
        return f"<h3>{escape(title)}</h3><p>{lines}</p>"

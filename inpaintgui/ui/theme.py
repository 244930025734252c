"""How the window looks: neutral palettes, so that nothing tints the judgement of a photo, and a small style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from inpaintgui import paths

_DARK = {
    QPalette.ColorRole.Window: "#2b2b2d",
    QPalette.ColorRole.Base: "#232325",
    QPalette.ColorRole.AlternateBase: "#2f2f32",
    QPalette.ColorRole.Button: "#38383b",
    QPalette.ColorRole.Dark: "#1d1d1f",
    QPalette.ColorRole.Mid: "#48484c",
    QPalette.ColorRole.Midlight: "#434347",
    QPalette.ColorRole.Light: "#55555a",
    QPalette.ColorRole.Shadow: "#101011",
    QPalette.ColorRole.WindowText: "#e4e4e6",
    QPalette.ColorRole.Text: "#e4e4e6",
    QPalette.ColorRole.ButtonText: "#e4e4e6",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.PlaceholderText: "#a2a2a8",
    QPalette.ColorRole.Highlight: "#2f6fa8",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#7db7e8",
    QPalette.ColorRole.ToolTipBase: "#3d3d41",
    QPalette.ColorRole.ToolTipText: "#f0f0f2",
}
_LIGHT = {
    QPalette.ColorRole.Window: "#f1f1f2",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#f6f6f7",
    QPalette.ColorRole.Button: "#e6e6e8",
    QPalette.ColorRole.Dark: "#b9b9bc",
    QPalette.ColorRole.Mid: "#c4c4c8",
    QPalette.ColorRole.Midlight: "#dcdce0",
    QPalette.ColorRole.Light: "#ffffff",
    QPalette.ColorRole.Shadow: "#8a8a8e",
    QPalette.ColorRole.WindowText: "#1f1f21",
    QPalette.ColorRole.Text: "#1f1f21",
    QPalette.ColorRole.ButtonText: "#1f1f21",
    QPalette.ColorRole.BrightText: "#000000",
    QPalette.ColorRole.PlaceholderText: "#66666c",
    QPalette.ColorRole.Highlight: "#9cc4e6",
    QPalette.ColorRole.HighlightedText: "#10202e",
    QPalette.ColorRole.Link: "#1a5f9c",
    QPalette.ColorRole.ToolTipBase: "#fdfdfd",
    QPalette.ColorRole.ToolTipText: "#1f1f21",
}
_DIMMED = {"dark": "#77777c", "light": "#a0a0a5"}


def is_dark(theme: str) -> bool:
    """Whether a setting ("system", "light", "dark") means dark now; dark too where the system does not say."""
    if theme == "system":
        return QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
    return theme == "dark"


def palette(theme: str) -> QPalette:
    """The palette for a setting."""
    dark = is_dark(theme)
    result = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        result.setColor(role, QColor(colour))
    dimmed = QColor(_DIMMED["dark" if dark else "light"])
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, dimmed)
    return result


def apply(application: QApplication, theme: str) -> None:
    """Dress the application; icons made afterwards take their colour from the palette."""
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setStyleSheet((paths.resources() / "style.qss").read_text(encoding="utf-8"))

"""What the window says while no photo is open: what to do, and samples to try it on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QImageReader, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inpaintgui import paths
from inpaintgui.ui import icons
from inpaintgui.ui.formats import READ_SUFFIXES
from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

_THUMBNAIL = QSize(150, 110)
_MOST = 5
TITLES = (
    QT_TRANSLATE_NOOP("Samples", "Astronaut"),
    QT_TRANSLATE_NOOP("Samples", "Hilltop"),
    QT_TRANSLATE_NOOP("Samples", "Mountain"),
    QT_TRANSLATE_NOOP("Samples", "Portrait"),
)


def sample_photos() -> list[Path]:
    """The photos that came with the program; beside each lies NAME-mask.png, which is none."""
    folder = paths.resources() / "samples"
    if not folder.is_dir():
        return []
    photos = (path for path in folder.iterdir() if path.suffix.lower() in READ_SUFFIXES)
    return sorted(path for path in photos if not path.stem.endswith("-mask"))


def sample_title(path: Path) -> str:
    """A file name as words, in the user's language where it is known."""
    return QCoreApplication.translate("Samples", path.stem.replace("-", " ").replace("_", " ").capitalize())


class Welcome(QWidget):
    """The empty state."""

    sample_chosen = Signal(object)
    """Path."""

    def __init__(self, open_action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Dark)
        picture = QLabel()
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        picture.setPixmap(icons.pixmap("photo", 72, colour))
        title = QLabel(self.tr("Drop a photo here"))
        title.setObjectName("welcome_title")
        # Qt would pick this colour to suit the darker background, as if it were light.
        title.setForegroundRole(QPalette.ColorRole.WindowText)
        text = QLabel(self.tr("Paint over what should go or what is missing, then press Fill."))
        text.setObjectName("dim")
        button = QPushButton(open_action.icon(), self.tr("Open photo…"))
        button.setToolTip(open_action.toolTip())
        button.clicked.connect(lambda _checked=False: open_action.trigger())
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for widget in (picture, title, text, button):
            layout.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        samples = sample_photos()[:_MOST]
        if samples:
            layout.addSpacing(18)
            hint = QLabel(self.tr("or try a sample"))
            hint.setObjectName("dim")
            layout.addWidget(hint, alignment=Qt.AlignmentFlag.AlignHCenter)
            layout.addLayout(self._sample_row(samples))
        layout.addStretch(1)

    def _sample_row(self, samples: list[Path]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        for path in samples:
            button = QToolButton()
            button.setObjectName("sample")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setText(sample_title(path))
            button.setIcon(QIcon(_thumbnail(path)))
            button.setIconSize(_THUMBNAIL)
            button.clicked.connect(lambda _checked=False, chosen=path: self.sample_chosen.emit(chosen))
            row.addWidget(button)
        row.addStretch(1)
        return row


def _thumbnail(path: Path) -> QPixmap:
    """A small picture in the middle of _THUMBNAIL, so that titles line up; empty if Qt cannot read the file."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        # JPEG is decoded at the reduced size right away.
        reader.setScaledSize(size.scaled(_THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    framed = QPixmap(_THUMBNAIL)
    framed.fill(Qt.GlobalColor.transparent)
    painter = QPainter(framed)
    painter.drawImage((framed.width() - image.width()) // 2, (framed.height() - image.height()) // 2, image)
    painter.end()
    return framed

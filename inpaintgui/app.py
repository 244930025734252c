"""Starts the window. The only module that sees both the user interface and the engine."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtWidgets import QApplication

from inpaintgui import paths, settings
from inpaintgui.contracts import (
    BatchJob,
    BatchOrder,
    FillJob,
    FillRequest,
    FinderInfo,
    Glimpse,
    Photo,
    PriorInfo,
    RegionContext,
    Services,
)
from inpaintgui.log_file import start_log
from inpaintgui.qt_environment import forget_opencv_qt
from inpaintgui.selecting import Selector
from inpaintgui.sentences import Sentence
from inpaintgui.staged_file import replace_file
from inpaintgui.ui import icons, theme
from inpaintgui.ui.heartbeat import Heartbeat
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.texts import in_users_language

if TYPE_CHECKING:
    from inpaintgui.engine.priors import PriorLibrary

log = logging.getLogger(__name__)


class EngineServices:
    """The engine behind the window's :class:`Services`.

    Nothing heavy is imported before a method is called. The window asks for priors and devices in its engine thread
    right after it is shown, and allows no fill before the answer: that imports torch, which holds the interpreter's
    lock for tenths of a second at a time, and loads the compiled kernels, which on the very first start means
    compiling them. So the window appears at once, the stutter falls into the first moments when there is nothing to do
    but open a photo and paint, and no fill ever pays for it while the user watches.
    """

    def open_photo(self, path: Path, show: Callable[[Glimpse], None]) -> Photo:
        from inpaintgui.engine.image_io import load_photo

        return load_photo(path, show)

    def glimpse(self, path: Path) -> Glimpse | None:
        from inpaintgui.engine.glimpse import glimpse

        return glimpse(path)

    def decode_photo(self, data: bytes, name: str) -> Photo:
        from inpaintgui.engine.image_io import photo_from_bytes

        return photo_from_bytes(data, Path(name))

    def save_recipe(self, path: Path, source: str, opened: Photo, exported: Photo, records: Sequence[Any]) -> None:
        from inpaintgui.engine.recipe_file import make_recipe, to_json

        replace_file(path, to_json(make_recipe(source, opened, exported, records)).encode())

    def save_photo(self, path: Path, photo: Photo) -> tuple[Sentence, ...]:
        from inpaintgui.engine.image_io import save_photo

        return save_photo(path, photo)

    def batch(self, order: BatchOrder, stopped: Callable[[], bool]) -> BatchJob:
        from inpaintgui.batch.begin import batch

        return batch(order, stopped)

    def fill(self, request: FillRequest) -> FillJob:
        from inpaintgui.engine.estimate import learn
        from inpaintgui.engine.fill import fill

        result = yield from fill(request, library=self._library)
        learn(request, result.report, self._library)
        return result

    def estimate(self, request: FillRequest) -> Mapping[str, float]:
        from inpaintgui.engine.estimate import estimate

        return estimate(request, self._library)

    def contexts(self, request: FillRequest) -> Sequence[RegionContext]:
        from inpaintgui.engine.choice import contexts

        return contexts(request, self._library)

    @cached_property
    def _library(self) -> PriorLibrary:
        """Kept, and with it the priors that were loaded: no fill but the first waits for them."""
        from inpaintgui.engine.priors import PriorLibrary

        return PriorLibrary.shipped()

    def priors(self) -> tuple[PriorInfo, ...]:
        import inpaintgui.engine.fill  # noqa: F401  loads torch and OpenCV, see above
        from inpaintgui.engine import png_bands
        from inpaintgui.engine.detail.warm import warm_up

        png_bands.warm_up()
        for _ in warm_up():
            pass
        return self._library.infos()

    def finders(self) -> tuple[FinderInfo, ...]:
        from inpaintgui.engine.people.finder import installed_finders

        return tuple(row.info() for _, row in installed_finders().values())

    def devices(self) -> tuple[str, ...]:
        from inpaintgui.engine.devices import available_devices

        return available_devices()

    @cached_property
    def selector(self) -> Selector:
        """Kept, and with it the network that finds people."""
        from inpaintgui.engine.selection.selector import EngineSelector

        return EngineSelector()


class _Faults(QObject):
    """Brings exceptions that nobody caught, from any thread, to the window."""

    raised = Signal(object)

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """As sys.excepthook."""
        if issubclass(kind, KeyboardInterrupt):
            QTimer.singleShot(0, QApplication.quit)
            return
        log.critical("not caught", exc_info=(kind, error, trace))
        self.raised.emit(error)


class _Orders(QObject):
    """Ends the window in good order when the system asks (SIGTERM) or Ctrl+C is pressed in its terminal.

    Python runs a signal's handler only between two of its own instructions, and an idle window has none: the signal's
    number comes through a socket that Qt listens to.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ours, self._systems = socket.socketpair()
        self._systems.setblocking(False)
        self._before = signal.set_wakeup_fd(self._systems.fileno())
        self._handlers = {number: signal.signal(number, _leave_it) for number in (signal.SIGTERM, signal.SIGINT)}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._obey)

    def _obey(self) -> None:
        self._ours.recv(64)
        log.info("asked to end by the system")
        self._window.end_session()

    def close(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._systems.close()


def _leave_it(_number: int, _frame: FrameType | None) -> None:
    """The socket says it."""


def make_application(user_settings: settings.Settings | None = None) -> QApplication:
    """The QApplication, named and translated into the language of the settings."""
    # Another module may have imported OpenCV before, for example to check files given on the command line.
    forget_opencv_qt()
    application = QApplication(sys.argv[:1])
    # A stroke goes through every point that the mouse passed, also while the window is busy. The X11 platform turns
    # this on when the application is made, so it is turned off afterwards.
    application.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application.setApplicationName("inpaintgui")
    application.setDesktopFileName("inpaintgui")
    language = (user_settings or settings.Settings()).language
    _translate(application, QLocale() if language == "system" else QLocale(language))
    return application


def _translate(application: QApplication, locale: QLocale) -> None:
    """Install what there is for a language: the program's texts, and those of Qt's own dialogs."""
    QLocale.setDefault(locale)
    folders = {
        "qtbase": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
        "inpaintgui": str(paths.resources() / "translations"),
    }
    for name, folder in folders.items():
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)


def run_app(files: Sequence[Path], *, services: Services | None = None) -> int:
    """Show the window, open ``files``, and return the exit code when it is closed.

    services: what the window works with; the engine unless a test says otherwise.
    """
    start_log()
    user_settings, warnings = settings.load()
    application = make_application(user_settings)
    theme.apply(application, user_settings.theme)
    application.setWindowIcon(icons.app_icon())
    window = MainWindow(services or EngineServices(), user_settings)
    faults = _Faults()
    faults.raised.connect(
        lambda error: window.dialogs.show_error(
            QCoreApplication.translate("App", "Something unexpected happened."), error
        )
    )
    sys.excepthook = faults.hook
    if log.isEnabledFor(logging.DEBUG):
        Heartbeat(window.controller.fills)
    window.show()
    log.info("started on %s", application.platformName())
    for warning in warnings:
        log.warning("%s", warning)
        window.controller.message.emit(in_users_language(warning))
    orders = _Orders(window)
    window.recovery.offer()
    for file in files:
        window.files.open_path(file)
    code = application.exec()
    orders.close()
    if not window.all_joined:
        # A thread is still in foreign code. Qt would abort when its QThread object dies; leave without that.
        logging.shutdown()
        os._exit(code or 1)
    return code


def run_canvas_bench(megapixels: float, *, as_json: bool) -> int:
    """Print the figures of :mod:`inpaintgui.ui.canvas_bench`; returns the exit code."""
    from inpaintgui.ui.canvas_bench import measure_canvas, report
    from inpaintgui.ui.opening_bench import measure_opening

    user_settings, _ = settings.load()
    make_application(user_settings)
    services = EngineServices()
    opening = measure_opening(services, user_settings, megapixels=megapixels)
    print(report(measure_canvas(services, megapixels=megapixels), opening, as_json=as_json))
    return 0

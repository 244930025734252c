"""What each action does."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inpaintgui.selecting import Refine
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs
from inpaintgui.ui.files import Files
from inpaintgui.ui.help import HelpDialog, show_about
from inpaintgui.ui.mask_files import MaskFiles
from inpaintgui.ui.toolbox import BRUSH, ELLIPSE, ERASER, LASSO, POLYGON, RECTANGLE, SMART, SQUARE, WAND

_ZOOM_KEY_STEP = 1.5
_TOOLS = (BRUSH, ERASER, LASSO, POLYGON, RECTANGLE, ELLIPSE, WAND, SMART, SQUARE)
_AMOUNTS = {Refine.GROW: 8, Refine.SHRINK: 4, Refine.FEATHER: 6, Refine.SMOOTH: 6}
"""Image pixels that are proposed at first."""


class Commands(QObject):
    """The actions' slots. Everything they need is handed in; they keep only the amounts asked for last."""

    def __init__(
        self,
        window: QWidget,
        *,
        controller: Controller,
        files: Files,
        masks: MaskFiles,
        canvas: Canvas,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller, self._files, self._masks = controller, files, masks
        self._canvas, self._dialogs = canvas, dialogs
        self._amounts = dict(_AMOUNTS)

    def slots(self) -> dict[str, Callable[..., object]]:
        """One per action, by id."""
        return {**self._file_slots(), **self._mask_slots(), **self._tool_slots(), **self._view_slots()}

    def _file_slots(self) -> dict[str, Callable[..., object]]:
        controller, files, window = self._controller, self._files, self._window
        return {
            "open": files.open,
            "export": files.export,
            "export_as": files.export_as,
            "quit": window.close,
            "undo": lambda: controller.edit("undo"),
            "redo": lambda: controller.edit("redo"),
            "fill": controller.fill,
            "cancel": controller.fills.cancel,
            "new_seed": lambda: controller.set_setting("seed", random.randrange(2**31)),
            "help": lambda: HelpDialog(window).open(),
            "about": lambda: show_about(window),
        }

    def _mask_slots(self) -> dict[str, Callable[..., object]]:
        controller = self._controller
        return {
            "clear_mask": lambda: controller.edit("clear_mask"),
            "invert_mask": lambda: controller.edit("invert_mask"),
            "find_faces": controller.selecting.find_faces,
            "grow": partial(self._refine, Refine.GROW),
            "shrink": partial(self._refine, Refine.SHRINK),
            "feather": partial(self._refine, Refine.FEATHER),
            "smooth": partial(self._refine, Refine.SMOOTH),
            "fill_holes": lambda: controller.selecting.refine(Refine.FILL_HOLES, 1),
            "save_mask": self._masks.keep,
            "import_mask": self._masks.import_mask,
            "export_mask": self._masks.export_mask,
        }

    def _tool_slots(self) -> dict[str, Callable[..., object]]:
        controller = self._controller
        return {
            **{name: self._choose(name) for name in _TOOLS},
            "swap": controller.swap,
            "clear_square": controller.clear_square,
            "smaller": lambda: controller.step_brush(up=False),
            "larger": lambda: controller.step_brush(up=True),
        }

    def _view_slots(self) -> dict[str, Callable[..., object]]:
        canvas = self._canvas
        return {
            "zoom_in": lambda: canvas.zoom_by(_ZOOM_KEY_STEP),
            "zoom_out": lambda: canvas.zoom_by(1 / _ZOOM_KEY_STEP),
            "actual_size": lambda: canvas.zoom_to(1.0),
            "fit": canvas.fit,
            "show_mask": self._controller.show_mask,
            "compare": canvas.set_compare,
        }

    def _choose(self, name: str) -> Callable[[bool], None]:
        return lambda _on: self._controller.choose_tool(name)

    def _refine(self, how: Refine) -> None:
        amount = self._dialogs.ask_amount(how, self._amounts[how])
        if amount is not None:
            self._amounts[how] = amount
            self._controller.selecting.refine(how, amount)

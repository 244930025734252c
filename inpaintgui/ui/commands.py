"""What each action does."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inpaintgui.errors import SaveError
from inpaintgui.selecting import Refine
from inpaintgui.ui import shortcuts
from inpaintgui.ui.about import AboutDialog
from inpaintgui.ui.actions import ACTIONS, translated, without_mnemonic
from inpaintgui.ui.batch_dialog import BatchDialog
from inpaintgui.ui.batch_run import BatchRun
from inpaintgui.ui.canvas import Canvas
from inpaintgui.ui.clipboard import copy_changes, copy_picture, pasted_photo
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs
from inpaintgui.ui.files import Files
from inpaintgui.ui.help import HelpDialog
from inpaintgui.ui.mask_files import MaskFiles
from inpaintgui.ui.original_view import OriginalView
from inpaintgui.ui.palette import CommandPalette, Entry
from inpaintgui.ui.settings_dialog import SettingsDialog
from inpaintgui.ui.shortcuts_dialog import ShortcutsDialog
from inpaintgui.ui.toolbox import BRUSH, ELLIPSE, ERASER, EXCLUDE, LASSO, POLYGON, RECTANGLE, SMART, SQUARE, WAND

_ZOOM_KEY_STEP = 1.5
_TOOLS = (BRUSH, ERASER, EXCLUDE, LASSO, POLYGON, RECTANGLE, ELLIPSE, WAND, SMART, SQUARE)
_AMOUNTS = {Refine.GROW: 8, Refine.SHRINK: 4, Refine.FEATHER: 6, Refine.SMOOTH: 6}
"""Image pixels that are proposed at first."""


class Commands(QObject):
    """The actions' slots. Everything they need is handed in; they keep only the amounts asked for last and the keys."""

    hints_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        *,
        controller: Controller,
        files: Files,
        masks: MaskFiles,
        canvas: Canvas,
        original: OriginalView,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller, self._files, self._masks = controller, files, masks
        self._canvas, self._original, self._dialogs = canvas, original, dialogs
        self.batch = BatchRun(controller.services, self)
        self._batch: BatchDialog | None = None
        self._amounts = dict(_AMOUNTS)
        self.shortcuts = shortcuts.load()
        self._actions: Mapping[str, QAction] = {}
        self._more: Callable[[], Sequence[Entry]] = list

    def slots(self) -> dict[str, Callable[..., object]]:
        """One per action, by id."""
        return {
            **self._file_slots(),
            **self._mask_slots(),
            **self._tool_slots(),
            **self._view_slots(),
            **self._search_slots(),
        }

    def _file_slots(self) -> dict[str, Callable[..., object]]:
        controller, files, window = self._controller, self._files, self._window
        return {
            "open": files.open,
            "export": files.export,
            "export_as": files.export_as,
            "save_project": files.save_project,
            "recipe_sidecar": lambda on: controller.set_setting("recipe_sidecar", on),
            "export_changes": self._masks.export_changes,
            "close_photo": files.close_photo,
            "batch": self._show_batch,
            "quit": window.close,
            "undo": lambda: controller.edit("undo"),
            "redo": lambda: controller.edit("redo"),
            "fill": controller.fill,
            "cancel": self._cancel,
            "new_seed": lambda: controller.set_setting("seed", random.randrange(2**31)),
            "copy": self._copy,
            "copy_changes": self._copy_changes,
            "paste": self._paste,
            "settings": lambda: SettingsDialog(controller, window).open(),
            "shortcuts": self.customise,
            "palette": self.show_palette,
            "hints": self.hints_wanted.emit,
            "help": lambda: HelpDialog(self.shortcuts, window).open(),
            "about": lambda: AboutDialog(controller, window).open(),
        }

    def _show_batch(self) -> None:
        if self._batch is None:
            self._batch = BatchDialog(self._controller, self.batch, dialogs=self._dialogs, parent=self._window)
        self._batch.show()
        self._batch.activateWindow()

    def _cancel(self) -> None:
        self._controller.fills.cancel()
        self._controller.selecting.cancel_search()

    def take(self, made: Mapping[str, QAction], more: Callable[[], Sequence[Entry]]) -> None:
        """Begin to look after the actions' shortcuts. more: what the palette offers beside the actions."""
        self._actions, self._more = made, more
        shortcuts.apply(self.shortcuts, made)

    def customise(self) -> None:
        """Show the dialog of the shortcuts; what is set there holds at once and is kept."""
        dialog = ShortcutsDialog(self.shortcuts, self._window)
        dialog.changed.connect(self._take_shortcuts)
        dialog.open()

    def _take_shortcuts(self, changed: dict[str, tuple[str, ...]]) -> None:
        self.shortcuts = changed
        shortcuts.apply(changed, self._actions)
        try:
            shortcuts.save(changed)
        except SaveError as error:
            self._controller.failed.emit(self.tr("The shortcuts cannot be kept."), error)

    def show_palette(self) -> None:
        """Show the command palette."""
        entries = [
            Entry(self._actions[spec.id], without_mnemonic(translated(spec.menu)))
            for spec in ACTIONS
            if spec.id != "palette"
        ]
        CommandPalette([*entries, *self._more()], self._window).open()

    def _mask_slots(self) -> dict[str, Callable[..., object]]:
        controller = self._controller
        return {
            "clear_mask": lambda: controller.edit("clear_mask"),
            "clear_exclusion": lambda: controller.edit("clear_exclusion"),
            "invert_mask": lambda: controller.edit("invert_mask"),
            "find_faces": controller.selecting.find_faces,
            "find_people": controller.selecting.find_people,
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
            "next_photo": lambda: self._controller.photos.cycle(1),
            "previous_photo": lambda: self._controller.photos.cycle(-1),
            "show_squares": self._controller.contexts.show,
            "compare": canvas.set_compare,
            "side_by_side": self._show_original,
        }

    def _copy(self) -> None:
        document = self._controller.document
        if document is not None:
            copy_picture(document.pixels)
            self._controller.message.emit(self.tr("The picture is on the clipboard."))

    def _copy_changes(self) -> None:
        document = self._controller.document
        if document is None:
            return
        if copy_changes(document.original, document.pixels):
            self._controller.message.emit(self.tr("What changed is on the clipboard, the rest is transparent."))
        else:
            self._controller.message.emit(self.tr("Nothing has changed since the photo was opened."))

    def _paste(self) -> None:
        photo = pasted_photo()
        if photo is None:
            self._controller.message.emit(self.tr("There is no picture on the clipboard."))
        else:
            self._files.open_pasted(photo)

    def _show_original(self, on: bool) -> None:
        self._original.setVisible(on)

    def _search_slots(self) -> dict[str, Callable[..., object]]:
        explorer = self._controller.explorer
        return {
            "search_panel": explorer.attention.emit,
            "next_variation": lambda: explorer.flip(1),
            "previous_variation": lambda: explorer.flip(-1),
            "forget_search": explorer.forget,
            "uncertainty": explorer.show_uncertainty,
        }

    def _choose(self, name: str) -> Callable[[bool], None]:
        return lambda _on: self._controller.choose_tool(name)

    def _refine(self, how: Refine) -> None:
        amount = self._dialogs.ask_amount(how, self._amounts[how])
        if amount is not None:
            self._amounts[how] = amount
            self._controller.selecting.refine(how, amount)

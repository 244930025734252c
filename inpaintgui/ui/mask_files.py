"""Masks kept under names, and masks from and to files."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal

from inpaintgui.contracts import Mask
from inpaintgui.session.changed_pixels import changed_pixels
from inpaintgui.session.combining import Combine
from inpaintgui.ui.controller import Controller
from inpaintgui.ui.dialogs import Dialogs

RECALL_STEP = "Recall mask"


class MaskFiles(QObject):
    """The window's mask actions that ask something first."""

    kept_changed = Signal()

    def __init__(self, controller: Controller, dialogs: Dialogs) -> None:
        super().__init__(controller)
        self._controller, self._dialogs = controller, dialogs

    def keep(self) -> None:
        """Ask for a name and keep the mask under it."""
        document = self._controller.document
        if document is None or not document.has_mask:
            return
        name = self._dialogs.ask_mask_name(self.tr("Mask {}").format(len(document.saved_masks) + 1))
        if name:
            document.saved_masks.keep(name, document.mask, document.mask_box)
            self.kept_changed.emit()

    def recall(self, name: str) -> None:
        """Make a kept mask the mask again."""
        document = self._controller.document
        if document is not None:
            self._controller.edit("set_mask", document.saved_masks.mask(name), RECALL_STEP)

    def import_mask(self) -> None:
        """Ask for an image, show what of it would be masked, and take it."""
        document = self._controller.document
        if document is None or not self._controller.can_edit:
            return
        path = self._dialogs.ask_mask_file(self._folder())
        if path is None:
            return
        selector = self._controller.services.selector
        self._controller.selecting.in_thread(
            lambda: selector.read_mask(path),
            lambda grey: self._take(path, cast("Mask", grey)),
            self.tr("The mask cannot be opened."),
        )

    def _take(self, path: Path, grey: Mask) -> None:
        document = self._controller.document
        if document is None:
            return
        chosen = self._dialogs.ask_threshold(path.name, grey, (document.width, document.height))
        if chosen is not None:
            threshold, invert = chosen
            self._controller.selecting.fit_imported(grey, threshold=threshold, invert=invert, how=Combine.REPLACE)

    def export_mask(self) -> None:
        """Ask for a file and write the mask."""
        document = self._controller.document
        if document is None or not document.has_mask:
            return
        stem = document.path.stem if document.path is not None else self.tr("photo")
        path = self._dialogs.ask_mask_export(self._folder() / f"{stem}-mask.png")
        if path is None:
            return
        mask, selector = document.mask.copy(), self._controller.services.selector
        self._controller.selecting.in_thread(
            lambda: selector.write_mask(path, mask),
            lambda _nothing: self._controller.message.emit(self.tr("Mask exported to {}.").format(path)),
            self.tr("The mask cannot be exported."),
        )

    def export_changes(self) -> None:
        """Ask for a file and write which pixels differ from the photo as it was opened: white where they do."""
        document = self._controller.document
        if document is None:
            return
        stem = document.path.stem if document.path is not None else self.tr("photo")
        path = self._dialogs.ask_mask_export(self._folder() / f"{stem}-changes.png")
        if path is None:
            return
        now, before, selector = document.export().pixels, document.original, self._controller.services.selector
        self._controller.selecting.in_thread(
            lambda: selector.write_mask(path, changed_pixels(before, now)),
            lambda _nothing: self._controller.message.emit(self.tr("Map of changes exported to {}.").format(path)),
            self.tr("The map of changes cannot be exported."),
        )

    def _folder(self) -> Path:
        document = self._controller.document
        return document.path.parent if document is not None and document.path is not None else Path.home()

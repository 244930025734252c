"""At the start: offers back what a crash left."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from inpaintgui.session.recovery import LostSession, find_lost
from inpaintgui.ui.autosave import Autosave
from inpaintgui.ui.dialogs import Dialogs, Lost
from inpaintgui.ui.files import Files

log = logging.getLogger(__name__)


class Recovery(QObject):
    """Asks once per start, about the last session that was lost."""

    restored = Signal()

    def __init__(self, files: Files, autosave: Autosave, dialogs: Dialogs) -> None:
        super().__init__(files)
        self._files, self._autosave, self._dialogs = files, autosave, dialogs

    def offer(self) -> bool:
        """Ask, if there is anything; True if a session is being restored."""
        lost = find_lost()
        if not lost:
            return False
        last, others = lost[0], lost[1:]
        for session in others:
            session.recovery.release()
        answer = self._dialogs.ask_lost(last.name, last.saved, len(others))
        log.info("lost session %s: %s", last.folder, answer.name)
        if answer is Lost.RESTORE:
            self._restore(last)
            return True
        if answer is Lost.DISCARD:
            last.recovery.discard()
        else:
            last.recovery.release()
        return False

    def _restore(self, lost: LostSession) -> None:
        def shown() -> None:
            self._autosave.adopt(lost.recovery)
            self.restored.emit()

        self._files.restore(lost.folder, shown, lost.recovery.release)

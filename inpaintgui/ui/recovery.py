"""At the start: offers back what a crash left."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from inpaintgui.session.recovery import LostSession, find_lost
from inpaintgui.ui.dialogs import Dialogs, Lost
from inpaintgui.ui.files import Files
from inpaintgui.ui.photos import OpenPhoto

log = logging.getLogger(__name__)


class Recovery(QObject):
    """Asks once per start, about all photos that were lost."""

    restored = Signal()
    """One of the photos is open again."""

    def __init__(self, files: Files, dialogs: Dialogs) -> None:
        super().__init__(files)
        self._files, self._dialogs = files, dialogs

    def offer(self) -> bool:
        """Ask, if there is anything; True if photos are being restored."""
        lost = find_lost()
        if not lost:
            return False
        answer = self._dialogs.ask_lost(lost[0].name, lost[0].saved, len(lost) - 1)
        log.info("%d lost photos, the last in %s: %s", len(lost), lost[0].folder, answer.name)
        for session in reversed(lost):  # so that the last one comes to the front
            if answer is Lost.RESTORE:
                self._restore(session)
            elif answer is Lost.DISCARD:
                session.recovery.discard()
            else:
                session.recovery.release()
        return answer is Lost.RESTORE

    def _restore(self, lost: LostSession) -> None:
        def shown(photo: OpenPhoto) -> None:
            photo.recovery = lost.recovery
            self.restored.emit()

        self._files.restore(lost.folder, shown, lost.recovery.release)

"""The program's own error family.

Every expected failure is an :class:`InpaintguiError` whose text is one sentence that a user can act on; where the
window may show it, it is a :class:`~inpaintgui.sentences.Sentence`. Anything else that is raised is a bug.
"""

from __future__ import annotations


class InpaintguiError(Exception):
    """Base of all expected failures. ``str(error)`` is the sentence; ``exit_code`` is the command line's."""

    exit_code = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BadInputError(InpaintguiError):
    """The user gave something that cannot be used: a broken file, a mask of another size, an unknown name."""

    exit_code = 2


class ImageFileError(BadInputError):
    """A photo or mask cannot be read."""


class SaveError(InpaintguiError):
    """A file cannot be written. What was there before is still there."""


class PriorError(InpaintguiError):
    """A prior's weights are missing, damaged or of another format."""


class DeviceError(InpaintguiError):
    """The requested compute device is not available or failed."""


class TrainingError(InpaintguiError):
    """Training cannot start or go on."""

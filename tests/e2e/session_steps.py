"""What a user does in one sitting: every tool and every dialog once, each followed by a look at what came of it."""

from __future__ import annotations

import shutil

from e2e.filling_steps import Filling
from e2e.keeping_steps import Keeping
from e2e.language_steps import Language
from e2e.marking_steps import Marking
from e2e.selecting_steps import Selecting

from inpaintgui import paths


class Sitting(Marking, Selecting, Filling, Keeping, Language):
    """All that there is to do."""


ALL = (
    Marking.open_a_photo,
    Marking.zoom_and_pan,
    Marking.pinch,
    Marking.brush,
    Marking.escape_takes_a_stroke_back,
    Marking.eraser_and_swap,
    Marking.pen,
    Marking.excluded_sources,
    Selecting.lasso_and_polygon,
    Selecting.boxes_meet_the_mask,
    Selecting.wand,
    Selecting.smart_select,
    Selecting.find_faces,
    Selecting.find_people,
    Selecting.change_the_mask,
    Selecting.fill_holes,
    Selecting.keep_and_recall_a_mask,
    Selecting.mask_files,
    Filling.context_square,
    Filling.escape_ends_a_search,
    Filling.fill,
    Filling.variations,
    Filling.undo_and_redo,
    Filling.compare,
    Filling.refine_without_a_restart,
    Filling.queue,
    Keeping.tabs_and_clipboard,
    Keeping.dialogs,
    Keeping.customise_a_shortcut,
    Keeping.drop_a_file,
    Keeping.drag_the_result_out,
    Keeping.hints,
    Keeping.theme,
    Keeping.export,
    Keeping.project,
    Keeping.recent,
    Language.choose_chinese,
    Keeping.leave,
)
CHINESE = (
    Language.all_is_chinese,
    Language.a_bad_file_is_told_in_chinese,
    Language.choose_english,
    Keeping.leave,
)
ENGLISH = (
    Language.all_is_english,
    Keeping.leave,
)
SITTINGS = (ALL, CHINESE, ENGLISH)
"""One after the other, each a new start of the program."""


def prepare(folder):
    """The photos that are opened."""
    shutil.copy(paths.resources() / "samples" / "portrait.jpg", folder / "portrait.jpg")

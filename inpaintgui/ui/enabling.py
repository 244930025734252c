"""Which actions make sense now."""

from __future__ import annotations

from inpaintgui.ui.controller import Controller
from inpaintgui.ui.files import Files

_ON_MASK = ("clear_mask", "grow", "shrink", "feather", "smooth", "fill_holes")
_ON_PHOTO = ("zoom_in", "zoom_out", "actual_size", "fit", "show_mask")


def enabled_actions(controller: Controller, files: Files) -> dict[str, bool]:
    """By id; actions that are not named can always be used."""
    document = controller.document
    is_open, can_edit = document is not None, controller.can_edit
    has_mask = document is not None and document.has_mask
    fills_on = controller.fills.busy and not controller.fills.is_cancelling
    explorer = controller.explorer
    variations = explorer.search.variations if explorer.can_choose and explorer.search is not None else ()
    return {
        "export": is_open and not files.busy,
        "export_as": is_open and not files.busy,
        "copy": is_open,
        "copy_changes": is_open and document is not None and document.is_modified_from_original,
        "save_project": is_open and not files.busy,
        "undo": can_edit and document is not None and document.can_undo,
        "redo": can_edit and document is not None and document.can_redo,
        **dict.fromkeys(_ON_MASK, can_edit and has_mask),
        "clear_exclusion": can_edit and document is not None and not document.exclusion_box.is_empty,
        **dict.fromkeys(("save_mask", "export_mask"), has_mask),
        **dict.fromkeys(("invert_mask", "import_mask", "find_faces", "find_people"), can_edit),
        "clear_square": can_edit and bool(controller.square.squares),
        "fill": controller.can_fill,
        "cancel": fills_on or controller.selecting.search.is_running,
        "close_photo": is_open,
        **dict.fromkeys(("next_photo", "previous_photo"), len(controller.photos) > 1),
        **dict.fromkeys(_ON_PHOTO, is_open),
        "compare": can_edit,
        "side_by_side": is_open,
        "export_changes": is_open and document is not None and document.is_modified_from_original,
        **dict.fromkeys(("next_variation", "previous_variation"), len(variations) > 1),
        "forget_search": explorer.outcome is not None and not controller.fills.busy,
        "uncertainty": explorer.outcome is not None,
    }

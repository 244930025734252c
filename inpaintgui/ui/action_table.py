"""Every action, declared once: menus, tool bar, shortcuts, help page and command palette derive from this table."""

from __future__ import annotations

from dataclasses import dataclass

from inpaintgui.ui.texts import QT_TRANSLATE_NOOP

FILE, EDIT, SELECT, TOOLS, VIEW, FILL, HELP = MENUS = (
    QT_TRANSLATE_NOOP("Actions", "&File"),
    QT_TRANSLATE_NOOP("Actions", "&Edit"),
    QT_TRANSLATE_NOOP("Actions", "&Select"),
    QT_TRANSLATE_NOOP("Actions", "&Tools"),
    QT_TRANSLATE_NOOP("Actions", "&View"),
    QT_TRANSLATE_NOOP("Actions", "F&ill"),
    QT_TRANSLATE_NOOP("Actions", "&Help"),
)


@dataclass(frozen=True)
class ActionSpec:
    """One thing the user can do.

    id: the name in code. menu: one of MENUS. text: with its mnemonic. shortcuts: the first one is shown. icon: file in
    resources/icons. group: actions of the same group exclude each other. separated: a line before it in the menu.
    """

    id: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    separated: bool = False


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", FILE, QT_TRANSLATE_NOOP("Actions", "&Open…"), ("Ctrl+O",), "open"),
    ActionSpec("export", FILE, QT_TRANSLATE_NOOP("Actions", "&Export"), ("Ctrl+S",), "export", separated=True),
    ActionSpec("export_as", FILE, QT_TRANSLATE_NOOP("Actions", "Export &as…"), ("Ctrl+Shift+S",)),
    ActionSpec("save_project", FILE, QT_TRANSLATE_NOOP("Actions", "Save &project…"), ("Ctrl+Alt+S",)),
    ActionSpec("recipe_sidecar", FILE, QT_TRANSLATE_NOOP("Actions", "Write &recipes beside exports"), checkable=True),
    ActionSpec("export_changes", FILE, QT_TRANSLATE_NOOP("Actions", "Export map of &changes…")),
    ActionSpec("batch", FILE, QT_TRANSLATE_NOOP("Actions", "Fill &many photos…"), ("Ctrl+Shift+M",), separated=True),
    ActionSpec("close_photo", FILE, QT_TRANSLATE_NOOP("Actions", "C&lose the photo"), ("Ctrl+W",), separated=True),
    ActionSpec("quit", FILE, QT_TRANSLATE_NOOP("Actions", "&Quit"), ("Ctrl+Q",)),
    ActionSpec("undo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Undo"), ("Ctrl+Z",), "undo"),
    ActionSpec("redo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec("copy", EDIT, QT_TRANSLATE_NOOP("Actions", "&Copy the picture"), ("Ctrl+C",), separated=True),
    ActionSpec("copy_changes", EDIT, QT_TRANSLATE_NOOP("Actions", "C&opy what changed"), ("Ctrl+Shift+C",)),
    ActionSpec("paste", EDIT, QT_TRANSLATE_NOOP("Actions", "&Paste as a photo"), ("Ctrl+V",)),
    ActionSpec("settings", EDIT, QT_TRANSLATE_NOOP("Actions", "&Settings…"), ("Ctrl+,",), separated=True),
    ActionSpec("shortcuts", EDIT, QT_TRANSLATE_NOOP("Actions", "Customise s&hortcuts…")),
    ActionSpec("clear_mask", SELECT, QT_TRANSLATE_NOOP("Actions", "&Clear mask"), ("Ctrl+D",), "clear-mask"),
    ActionSpec("clear_exclusion", SELECT, QT_TRANSLATE_NOOP("Actions", "Clear e&xcluded sources")),
    ActionSpec("invert_mask", SELECT, QT_TRANSLATE_NOOP("Actions", "&Invert mask"), ("Ctrl+I",)),
    ActionSpec("find_faces", SELECT, QT_TRANSLATE_NOOP("Actions", "Find &faces"), (), "faces", separated=True),
    ActionSpec("find_people", SELECT, QT_TRANSLATE_NOOP("Actions", "Find pe&ople"), (), "people"),
    ActionSpec("grow", SELECT, QT_TRANSLATE_NOOP("Actions", "&Grow…"), ("G",), separated=True),
    ActionSpec("shrink", SELECT, QT_TRANSLATE_NOOP("Actions", "&Shrink…"), ("Shift+G",)),
    ActionSpec("feather", SELECT, QT_TRANSLATE_NOOP("Actions", "Fea&ther…")),
    ActionSpec("smooth", SELECT, QT_TRANSLATE_NOOP("Actions", "S&mooth…")),
    ActionSpec("fill_holes", SELECT, QT_TRANSLATE_NOOP("Actions", "Fill &holes")),
    ActionSpec("save_mask", SELECT, QT_TRANSLATE_NOOP("Actions", "&Keep mask as…"), separated=True),
    ActionSpec("import_mask", SELECT, QT_TRANSLATE_NOOP("Actions", "Im&port mask…"), separated=True),
    ActionSpec("export_mask", SELECT, QT_TRANSLATE_NOOP("Actions", "&Export mask…")),
    ActionSpec("brush", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Brush"), ("B",), "brush", checkable=True, group="tool"),
    ActionSpec(
        "eraser", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Eraser"), ("E",), "eraser", checkable=True, group="tool"
    ),
    ActionSpec(
        "exclude",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "E&xclude sources"),
        ("Shift+B",),
        "exclude",
        checkable=True,
        group="tool",
    ),
    ActionSpec(
        "lasso",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "&Lasso"),
        ("L",),
        "lasso",
        checkable=True,
        group="tool",
        separated=True,
    ),
    ActionSpec(
        "polygon",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "&Polygon"),
        ("Shift+L",),
        "polygon",
        checkable=True,
        group="tool",
    ),
    ActionSpec(
        "rectangle",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "&Rectangle"),
        ("M",),
        "rectangle",
        checkable=True,
        group="tool",
    ),
    ActionSpec(
        "ellipse",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Ell&ipse"),
        ("Shift+M",),
        "ellipse",
        checkable=True,
        group="tool",
    ),
    ActionSpec(
        "wand",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Magic &wand"),
        ("W",),
        "wand",
        checkable=True,
        group="tool",
        separated=True,
    ),
    ActionSpec(
        "smart",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "S&mart select"),
        ("Shift+W",),
        "smart",
        checkable=True,
        group="tool",
    ),
    ActionSpec(
        "square",
        TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Context &squares"),
        ("S",),
        "square",
        checkable=True,
        group="tool",
        separated=True,
    ),
    ActionSpec("swap", TOOLS, QT_TRANSLATE_NOOP("Actions", "Swap &adding and taking away"), ("X",), separated=True),
    ActionSpec("clear_square", TOOLS, QT_TRANSLATE_NOOP("Actions", "&Clear context squares")),
    ActionSpec("smaller", TOOLS, QT_TRANSLATE_NOOP("Actions", "Smaller brus&h"), ("[",), separated=True),
    ActionSpec("larger", TOOLS, QT_TRANSLATE_NOOP("Actions", "Lar&ger brush"), ("]",)),
    ActionSpec("zoom_in", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &in"), ("Ctrl++", "Ctrl+=")),
    ActionSpec("zoom_out", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &out"), ("Ctrl+-",)),
    ActionSpec("actual_size", VIEW, QT_TRANSLATE_NOOP("Actions", "&100 %"), ("Ctrl+0",), "actual-size"),
    ActionSpec("fit", VIEW, QT_TRANSLATE_NOOP("Actions", "&Fit the window"), ("Ctrl+F",), "fit"),
    ActionSpec(
        "show_mask", VIEW, QT_TRANSLATE_NOOP("Actions", "Show &mask"), ("Q",), "mask", checkable=True, separated=True
    ),
    ActionSpec("compare", VIEW, QT_TRANSLATE_NOOP("Actions", "&Before and after"), ("C",), "compare", checkable=True),
    ActionSpec(
        "side_by_side",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Side by side"),
        ("Shift+C",),
        "side-by-side",
        checkable=True,
    ),
    ActionSpec(
        "uncertainty",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Show &uncertainty"),
        ("U",),
        "uncertainty",
        checkable=True,
    ),
    ActionSpec(
        "show_squares",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Show context s&quares"),
        ("Shift+S",),
        checkable=True,
    ),
    ActionSpec(
        "next_photo", VIEW, QT_TRANSLATE_NOOP("Actions", "Ne&xt photo"), ("Ctrl+Tab", "Ctrl+PgDown"), separated=True
    ),
    ActionSpec(
        "previous_photo",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Previous p&hoto"),
        ("Ctrl+Shift+Tab", "Ctrl+PgUp"),
    ),
    ActionSpec("fill", FILL, QT_TRANSLATE_NOOP("Actions", "&Fill"), ("Return", "Enter"), "fill"),
    ActionSpec("cancel", FILL, QT_TRANSLATE_NOOP("Actions", "&Cancel"), ("Esc",), "cancel"),
    ActionSpec("next_variation", FILL, QT_TRANSLATE_NOOP("Actions", "Next &variation"), ("N",), "next", separated=True),
    ActionSpec(
        "previous_variation", FILL, QT_TRANSLATE_NOOP("Actions", "&Previous variation"), ("Shift+N",), "previous"
    ),
    ActionSpec("search_panel", FILL, QT_TRANSLATE_NOOP("Actions", "&Go to the search"), ("F6",)),
    ActionSpec("forget_search", FILL, QT_TRANSLATE_NOOP("Actions", "F&orget the last search"), (), "forget"),
    ActionSpec("new_seed", FILL, QT_TRANSLATE_NOOP("Actions", "&New seed"), (), "dice", separated=True),
    ActionSpec("palette", HELP, QT_TRANSLATE_NOOP("Actions", "&Find a command…"), ("Ctrl+Shift+P",)),
    ActionSpec("help", HELP, QT_TRANSLATE_NOOP("Actions", "&Shortcuts"), ("F1",), "help"),
    ActionSpec("hints", HELP, QT_TRANSLATE_NOOP("Actions", "First s&teps")),
    ActionSpec("about", HELP, QT_TRANSLATE_NOOP("Actions", "&About")),
)

GESTURES: tuple[tuple[str, str], ...] = (
    (QT_TRANSLATE_NOOP("Actions", "Drag"), QT_TRANSLATE_NOOP("Actions", "Paint what should be filled")),
    (
        QT_TRANSLATE_NOOP("Actions", "Alt+drag"),
        QT_TRANSLATE_NOOP("Actions", "Erase with the brush, paint with the eraser"),
    ),
    (
        QT_TRANSLATE_NOOP("Actions", "Exclude sources: drag, Alt+drag"),
        QT_TRANSLATE_NOOP("Actions", "Mark what must not be copied into the hole, allow it again"),
    ),
    (QT_TRANSLATE_NOOP("Actions", "Shift+click"), QT_TRANSLATE_NOOP("Actions", "Straight line from the last stroke")),
    (
        QT_TRANSLATE_NOOP("Actions", "Alt, Alt+Shift while selecting"),
        QT_TRANSLATE_NOOP("Actions", "Take away from the mask, keep only what both have"),
    ),
    (QT_TRANSLATE_NOOP("Actions", "Shift while dragging"), QT_TRANSLATE_NOOP("Actions", "Equal sides, circle")),
    (
        QT_TRANSLATE_NOOP("Actions", "Polygon: click, double click"),
        QT_TRANSLATE_NOOP("Actions", "Set a corner, close (also Enter); Backspace takes a corner back"),
    ),
    (
        QT_TRANSLATE_NOOP("Actions", "Smart select: scribble, Alt+scribble"),
        QT_TRANSLATE_NOOP("Actions", "Mark the object, mark what is not the object; Esc begins anew"),
    ),
    (
        QT_TRANSLATE_NOOP("Actions", "Context square: corner, inside, handle"),
        QT_TRANSLATE_NOOP("Actions", "Resize, move, turn (Shift: in steps of 15°)"),
    ),
    (QT_TRANSLATE_NOOP("Actions", "Wheel, Ctrl+wheel"), QT_TRANSLATE_NOOP("Actions", "Zoom at the pointer")),
    (QT_TRANSLATE_NOOP("Actions", "Space+drag, middle drag"), QT_TRANSLATE_NOOP("Actions", "Move the photo")),
    (QT_TRANSLATE_NOOP("Actions", "Tab held"), QT_TRANSLATE_NOOP("Actions", "Show the original")),
    (QT_TRANSLATE_NOOP("Actions", "Esc while painting"), QT_TRANSLATE_NOOP("Actions", "Take the stroke back")),
    (
        QT_TRANSLATE_NOOP("Actions", "Space, Delete in the search"),
        QT_TRANSLATE_NOOP("Actions", "Pin or choose, drop; arrows move on"),
    ),
    (
        QT_TRANSLATE_NOOP("Actions", "Drag the handle in the bar"),
        QT_TRANSLATE_NOOP("Actions", "Take the result to another program"),
    ),
    (QT_TRANSLATE_NOOP("Actions", "Drop files"), QT_TRANSLATE_NOOP("Actions", "Open them")),
)

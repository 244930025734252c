"""The table of actions and all that derives from it."""

from collections import Counter
from html import unescape

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTextBrowser, QWidget

import inpaintgui
from inpaintgui import paths
from inpaintgui.ui import actions
from inpaintgui.ui.about import AboutDialog
from inpaintgui.ui.actions import ACTIONS, GESTURES, MENUS
from inpaintgui.ui.help import HelpDialog, help_html


def test_every_action_has_a_text_and_a_menu_and_its_icon_exists():
    for spec in ACTIONS:
        assert spec.text.strip("&… "), spec.id
        assert spec.menu in MENUS
        assert not spec.icon or (paths.resources() / "icons" / f"{spec.icon}.svg").is_file()


def test_ids_and_shortcuts_are_unique_and_valid():
    assert max(Counter(spec.id for spec in ACTIONS).values()) == 1
    keys = [QKeySequence(key) for spec in ACTIONS for key in spec.shortcuts]
    assert all(not key.isEmpty() for key in keys)
    # "Return" and "Enter" are the two Enter keys; no other pair may mean the same.
    assert max(Counter(key.toString() for key in keys).values()) == 1


def test_mnemonics_are_unique_within_a_menu():
    for menu in MENUS:
        letters = Counter(
            spec.text[spec.text.index("&") + 1].lower() for spec in ACTIONS if spec.menu == menu and "&" in spec.text
        )
        assert max(letters.values()) == 1, (menu, letters)


@pytest.mark.parametrize(
    "keys",
    ["Ctrl+O", "Ctrl+S", "Ctrl+Shift+S", "Ctrl+Q", "Ctrl+Z", "Ctrl+Shift+Z", "B", "E", "[", "]", "Q", "Esc", "F1"],
)
def test_the_keys_people_know_are_there(keys):
    assert any(keys in spec.shortcuts for spec in ACTIONS)


def test_the_help_lists_every_shortcut_and_gesture():
    page = unescape(help_html())
    for spec in ACTIONS:
        if spec.shortcuts:
            assert spec.text.replace("&", "").rstrip("…") in page
        for keys in spec.shortcuts:
            assert QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) in page
    for gesture, meaning in GESTURES:
        assert gesture in page
        assert meaning in page


def test_the_window_s_menus_hold_every_action(window):
    listed = {
        action.objectName()
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()
        if action.objectName()
    }
    assert listed == {spec.id for spec in ACTIONS}


def test_a_missing_or_unknown_slot_is_a_bug_that_shows_at_once(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    with pytest.raises(ValueError, match="telepathy"):
        actions.build(parent, {**{spec.id: print for spec in ACTIONS}, "telepathy": print})


def test_what_needs_a_photo_is_disabled_without_one(window, open_photo):
    photo_actions = ("export", "export_as", "undo", "redo", "clear_mask", "invert_mask", "fill", "cancel", "fit")
    assert not any(window.actions_by_id[name].isEnabled() for name in photo_actions)
    assert window.actions_by_id["open"].isEnabled()
    open_photo()
    enabled = {name for name in photo_actions if window.actions_by_id[name].isEnabled()}
    assert enabled == {"export", "export_as", "invert_mask", "fit"}


def test_mask_actions(window, open_photo):
    document = open_photo()
    window.actions_by_id["invert_mask"].trigger()
    assert (document.mask == 255).all()
    window.actions_by_id["clear_mask"].trigger()
    assert not document.has_mask
    window.actions_by_id["undo"].trigger()
    assert (document.mask == 255).all()
    window.actions_by_id["redo"].trigger()
    assert not document.has_mask


def test_zoom_actions(window, open_photo):
    open_photo()
    before = window.canvas.view.zoom
    window.actions_by_id["zoom_in"].trigger()
    assert window.canvas.view.zoom > before
    window.actions_by_id["zoom_out"].trigger()
    assert window.canvas.view.zoom == pytest.approx(before)


def test_f1_shows_the_help(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(HelpDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_about_says_name_and_version(window):
    window.actions_by_id["about"].trigger()
    box = window.findChild(AboutDialog)
    assert box.title.text().startswith("inpaintgui ")
    box.copy.click()
    copied = QApplication.clipboard().text()
    for part in (inpaintgui.__version__, "Python", "Qt", "torch", "faces", "people.safetensors", "cpu"):
        assert part in copied
    assert "photos of people" in box.findChild(QTextBrowser).toPlainText()
    box.done(QDialog.DialogCode.Accepted)


def test_a_new_seed_is_another_one(window):
    seeds = set()
    for _ in range(3):
        window.actions_by_id["new_seed"].trigger()
        seeds.add(window.controller.settings.seed)
    assert len(seeds) > 1

"""Settings dialog, command palette, own shortcuts, themes, first cards."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialogButtonBox

from inpaintgui.settings import Settings, declarations
from inpaintgui.ui import shortcuts, theme
from inpaintgui.ui.diagnostics import diagnostics
from inpaintgui.ui.help import HelpDialog, help_html
from inpaintgui.ui.hints import Hints
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.palette import CommandPalette, score
from inpaintgui.ui.setting_names import LABELS, SECTIONS, section_of
from inpaintgui.ui.settings_dialog import SettingsDialog
from inpaintgui.ui.shortcuts_dialog import ShortcutsDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window):
    window.actions_by_id["settings"].trigger()
    return window.findChild(SettingsDialog)


# Settings


def test_every_setting_has_a_name_a_heading_and_an_editor(dialog):
    names = {declared.name for declared in declarations()}
    assert names <= LABELS.keys()
    assert all(section_of(declared) in SECTIONS for declared in declarations())
    assert dialog.editors.keys() == names
    assert all(editor.accessibleName() and editor.toolTip() for editor in dialog.editors.values())


def test_a_change_counts_at_once_in_both_directions(window, dialog):
    settings = window.controller.settings
    for name, editor in dialog.editors.items():
        before = getattr(settings, name)
        if isinstance(editor, QCheckBox):
            editor.click()
            assert getattr(window.controller.settings, name) is not before
        elif isinstance(editor, QComboBox):
            assert editor.itemData(editor.currentIndex()) == before
    dialog.editors["wand_tolerance"].setValue(77)
    assert window.controller.tools.wand.tolerance == 77
    dialog.editors["candidates"].setValue(dialog.editors["candidates"].minimum())
    assert window.controller.settings.candidates is None
    window.controller.set_setting("brush_hardness", 0.25)
    assert dialog.editors["brush_hardness"].value() == 0.25


def test_defaults_can_be_restored(window, dialog):
    window.controller.set_setting("mask_colour", "blue")
    window.controller.set_setting("seed", 99)
    buttons = dialog.findChild(QDialogButtonBox)
    buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert window.controller.settings == Settings()


def test_another_theme_is_worn_at_once(window):
    def brightness():
        return QApplication.palette().window().color().lightness()

    window.controller.set_setting("theme", "dark")
    dark, icon = brightness(), window.actions_by_id["open"].icon().pixmap(24).toImage()
    window.controller.set_setting("theme", "light")
    assert brightness() > dark + 100
    assert window.actions_by_id["open"].icon().pixmap(24).toImage() != icon
    theme.apply(QApplication.instance(), "dark")


@pytest.mark.parametrize("name", ["dark", "light"])
def test_texts_have_contrast(qapp, name):
    """WCAG 2.1: at least 4.5 to 1."""

    def luminance(colour):
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    palette = theme.palette(name)
    pairs = [
        (palette.windowText(), palette.window()),
        (palette.text(), palette.base()),
        (palette.buttonText(), palette.button()),
        (palette.placeholderText(), palette.window()),
        (palette.placeholderText(), palette.base()),
        (palette.highlightedText(), palette.highlight()),
        (palette.link(), palette.base()),
        (palette.toolTipText(), palette.toolTipBase()),
    ]
    for front, back in pairs:
        light, dark = sorted((luminance(front.color()), luminance(back.color())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (front.color().name(), back.color().name())


# Palette


def test_letters_in_order_fit_and_whole_words_fit_best():
    assert score("", "anything") == 0
    assert score("zz", "Grow mask") is None
    assert score("mask", "Grow mask") < score("ask", "Grow mask") < score("gm", "Grow mask")


@pytest.fixture
def palette(window):
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    return window.findChild(CommandPalette)


def test_the_palette_finds_and_does(window, open_photo):
    document = open_photo()
    window.actions_by_id["palette"].trigger()
    palette = window.findChild(CommandPalette)
    everything = palette.list.count()
    assert everything >= len(window.actions_by_id) - 1
    QTest.keyClicks(palette.line, "invert")
    assert palette.list.count() < everything
    assert "Invert mask" in palette.list.currentItem().text()
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert (document.mask == 255).all()


def test_arrows_move_and_nothing_found_does_nothing(palette):
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentRow() == 0
    QTest.keyClicks(palette.line, "qqqqq")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_what_cannot_be_done_now_comes_last_and_does_nothing(window, palette):
    QTest.keyClicks(palette.line, "clear mask")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()


# Shortcuts


@pytest.fixture
def keys(window):
    window.actions_by_id["shortcuts"].trigger()
    made = window.findChild(ShortcutsDialog)

    def choose(text):
        (item,) = made.tree.findItems(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        made.tree.setCurrentItem(item)
        return item

    made.choose = choose
    return made


def test_own_keys_hold_at_once_and_at_the_next_start(qtbot, services, answers, window, keys):
    item = keys.choose("Invert mask")
    keys.keys.setKeySequence(QKeySequence("F9"))
    keys.assign.click()
    assert item.text(1) == "F9"
    assert window.actions_by_id["invert_mask"].shortcut() == QKeySequence("F9")
    assert "F9" in window.actions_by_id["invert_mask"].toolTip()
    assert "F9" in help_html(window.commands.shortcuts)
    assert json.loads(shortcuts.shortcuts_file().read_text()) == {"invert_mask": ["F9"]}
    other = MainWindow(services, Settings(), dialogs=answers)
    qtbot.addWidget(other)
    assert other.actions_by_id["invert_mask"].shortcut() == QKeySequence("F9")
    assert other.close()
    keys.reset.click()
    assert window.actions_by_id["invert_mask"].shortcut() == QKeySequence("Ctrl+I")
    keys.clear.click()
    assert window.actions_by_id["invert_mask"].shortcut().isEmpty()


def test_keys_that_are_taken_are_refused_by_name(window, keys):
    keys.choose("Invert mask")
    keys.keys.setKeySequence(QKeySequence("B"))
    keys.assign.click()
    assert "Brush" in keys.told.text()
    assert window.actions_by_id["invert_mask"].shortcut() == QKeySequence("Ctrl+I")


@pytest.mark.parametrize("content", ["{", "[1]", '{"invert_mask": 3, "telepathy": ["F9"]}'])
def test_a_broken_file_gives_the_declared_keys(content):
    shortcuts.shortcuts_file().parent.mkdir(parents=True, exist_ok=True)
    shortcuts.shortcuts_file().write_text(content)
    assert shortcuts.load() == shortcuts.defaults()


# Help


def test_the_help_shows_the_keys_in_force(window):
    window.actions_by_id["help"].trigger()
    window.findChild(HelpDialog).reject()


def test_diagnostics_say_nothing_about_the_photo(window, open_photo):
    open_photo("secret.jpg")
    assert "secret" not in diagnostics(window.controller)


def test_the_cards_come_once(qtbot, services, answers, tmp_path, monkeypatch, open_photo, window):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path / "fresh"))
    open_photo()
    hints = window.findChild(Hints)
    assert hints.isVisible()
    for _ in range(3):
        hints.next.click()
    assert not hints.isVisible()
    open_photo("other.jpg")
    assert not hints.isVisible()
    window.actions_by_id["hints"].trigger()
    assert hints.isVisible()
    hints.close_button.click()
    assert not hints.isVisible()

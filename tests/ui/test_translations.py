"""Every text of the window is translated, the translations fit their places, and Qt's tools can compile them."""

import ast
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtWidgets import QLabel

import inpaintgui
from inpaintgui.settings import Settings, declarations
from inpaintgui.ui.action_table import ACTIONS, MENUS
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.settings_dialog import SettingsDialog
from inpaintgui.ui.shortcuts_dialog import ShortcutsDialog

from .conftest import file_of, tool
from .test_window import faults, overlaps

PACKAGE = Path(inpaintgui.__file__).parent
LANGUAGES = ("zh_CN",)
MARKING = {"say", "tr", "translate", "translated", "_translated", "QT_TRANSLATE_NOOP"}


def sources():
    return sorted(PACKAGE.rglob("*.py"))


def messages(file):
    """(context, source) to the translation, None if it is not finished."""
    found = {}
    for context in ET.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            done = translation.get("type") is None and translation.text
            found[context.findtext("name"), message.findtext("source")] = translation.text if done else None
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language, tmp_path):
    """What lupdate finds in the sources is exactly what the file has, and all of it is finished."""
    updated = tmp_path / "updated.ts"
    shutil.copy(file_of(language), updated)
    options = ["-no-obsolete", "-locations", "none", "-tr-function-alias", "tr+=say"]
    command = [tool("pyside6-lupdate"), *options, *map(str, sources()), "-ts", str(updated)]
    subprocess.run(command, check=True, capture_output=True)
    found, kept = messages(updated), messages(file_of(language))
    assert found.keys() == kept.keys(), "run pyside6-lupdate: see README"
    assert [key for key, translation in found.items() if translation is None] == []


def test_lupdate_sees_every_text():
    """It passes over what stands inside of formatted strings, for example."""
    known = {text for _, text in messages(file_of("zh_CN"))}
    unseen = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            needed = 2 if name in {"translate", "QT_TRANSLATE_NOOP"} else 1
            if name in MARKING and len(texts) >= needed and texts[-1] not in known:
                unseen.append((path.name, node.lineno, texts[-1]))
    assert unseen == []


ERRORS = {"InpaintguiError", "BadInputError", "ImageFileError", "SaveError", "PriorError", "DeviceError", "HeaderError"}
COMMAND_LINE_ONLY = (
    *(
        "__main__.py",
        "cli.py",
        "fill_command.py",
        "models_command.py",
        "replay_command.py",
        "training",
        "benchmarks",
        "batch/command.py",
    ),
    *("engine/import_own.py", "engine/import_prior.py", "engine/import_tutorial.py", "engine/untrusted_weights.py"),
    *("engine/latent_play.py", "engine/replay.py"),
)
"""What the window never calls: its sentences are said in English alone."""


def test_whatever_the_window_may_show_is_a_sentence_that_can_be_translated():
    """A text that is put together where an error is raised would stay English."""
    english = []
    for path in sources():
        within = path.relative_to(PACKAGE).as_posix()
        if within.startswith(COMMAND_LINE_ONLY):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
                (text,) = node.args
                if isinstance(text, ast.Constant | ast.JoinedStr | ast.BinOp):
                    english.append((within, node.lineno))
    assert english == []


def test_templates_are_literals():
    """Anything else would not be collected."""
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                (template,) = node.args
                names = [keyword.arg or "" for keyword in node.keywords]
                if not isinstance(template, ast.Constant) or any(len(name) < 2 for name in names):
                    wrong.append((path.name, node.lineno))
    assert wrong == []


def test_every_setting_explains_itself_in_every_language():
    known = {text for context, text in messages(file_of("zh_CN")) if context == "Settings"}
    assert {declared.help for declared in declarations()} <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_for_values_are_kept(language):
    wrong = {
        source: translation
        for (_, source), translation in messages(file_of(language)).items()
        if Counter(re.findall(r"{.*?}|<a .*?>", source)) != Counter(re.findall(r"{.*?}|<a .*?>", translation or ""))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_mnemonics_are_unique_within_a_menu(language):
    translated = messages(file_of(language))
    for menu in MENUS:
        texts = [translated["Actions", spec.text] for spec in ACTIONS if spec.menu == menu]
        letters = Counter(text[text.index("&") + 1].lower() for text in texts if "&" in text)
        assert max(letters.values()) == 1, (menu, letters)


@pytest.mark.usefixtures("chinese")
def test_the_window_speaks_chinese_and_nothing_is_cut_off(qtbot, services, answers):
    window = MainWindow(services, Settings(), dialogs=answers)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    with qtbot.waitSignal(window.controller.engine_ready):
        window.show()
    assert window.menuBar().actions()[0].text() == "文件(&F)"
    assert window.actions_by_id["brush"].toolTip() == "画笔 (B)"
    with qtbot.waitSignal(window.controller.document_replaced):
        window.files.open_path(Path("beach.jpg").absolute())
    for name in ("brush", "wand", "smart", "square"):
        window.actions_by_id[name].trigger()
        qtbot.waitUntil(lambda: faults(window) == [])
        assert overlaps(window) == []
    for action, kind in (("settings", SettingsDialog), ("shortcuts", ShortcutsDialog)):
        window.actions_by_id[action].trigger()
        dialog = window.findChild(kind)
        english = [label.text() for label in dialog.findChildren(QLabel) if re.search("[a-z]{4}", label.text())]
        assert english == []
        dialog.reject()
    assert window.close()

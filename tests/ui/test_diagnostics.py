"""The bundle that goes along with a bug report."""

import zipfile

import pytest
from PySide6.QtWidgets import QFileDialog

from inpaintgui import settings
from inpaintgui.log_file import start_log
from inpaintgui.ui.about import AboutDialog
from inpaintgui.ui.diagnostics import diagnostics


@pytest.mark.parametrize("can_write", [True, False])
def test_a_bundle_for_a_bug_report(fresh_log, window, answers, tmp_path, monkeypatch, can_write):
    start_log()
    settings.save(window.controller.settings)
    target = tmp_path / "bundle.zip" if can_write else tmp_path / "nowhere" / "bundle.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.actions_by_id["about"].trigger()
    about = window.findChild(AboutDialog)
    about.save.click()
    about.reject()
    if not can_write:
        ((summary, error),) = answers.errors
        assert summary == "The diagnostics cannot be saved."
        assert "does not exist" in str(error)
        return
    with zipfile.ZipFile(target) as bundle:
        assert bundle.namelist() == ["diagnostics.txt", "settings.json", "inpaintgui.log"]
        assert bundle.read("diagnostics.txt").decode() == diagnostics(window.controller)
    assert window.statusBar().currentMessage() == f"Saved to {target}."

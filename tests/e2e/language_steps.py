"""Another language, which the window takes at its next start, as it says."""

from __future__ import annotations

from e2e.steps import Steps
from PySide6.QtWidgets import QApplication, QLabel

HINTS = {
    "en": "Language of the window; another one is used from the next start on.",
    "zh_CN": "窗口语言；更改后从下次启动起生效。",
}


class Language(Steps):
    """Nothing of a photo is needed."""

    def choose_chinese(self):
        assert self.hand.ask(self._menus)[0] == "&File"
        self._choose("zh_CN", "Settings", now="en")
        assert self.hand.ask(self._menus)[0] == "&File"  # as the hint says

    def all_is_chinese(self):
        """In the next sitting."""
        self.hand.back()
        menus = self.hand.ask(self._menus)
        assert menus[0] == "文件(&F)"
        assert all(any("一" <= letter <= "鿿" for letter in menu) for menu in menus), menus
        assert self.hand.ask(self.actions["fill"].text) == "填充(&F)"

    def a_bad_file_is_told_in_chinese(self):
        bad = self.folder / "bad.png"
        bad.write_bytes((self.folder / "result.png").read_bytes()[:3000])
        self.hand.key("ctrl+o")
        self.hand.answer("打开照片", bad)
        self.hand.focus("出错了")
        texts = self.hand.ask(lambda: [label.text() for label in QApplication.activeWindow().findChildren(QLabel)])
        assert texts == ["无法打开照片。", f"“{bad}”不完整：文件已损坏，或没有复制完。"]
        self.hand.key("Escape")
        self.hand.back()

    def choose_english(self):
        self._choose("en", "设置", now="zh_CN")

    def all_is_english(self):
        """In the sitting after that."""
        self.hand.back()
        assert self.hand.ask(self._menus)[0] == "&File"

    def _menus(self):
        return [action.text() for action in self.window.menuBar().actions()]

    def _choose(self, language, title, *, now):
        """In the settings, by mouse and keys."""
        self.hand.key("ctrl+comma")
        self.hand.focus(title)
        dialog = self.hand.ask(QApplication.activeModalWidget)
        assert HINTS[now] in self.hand.ask(lambda: [label.text() for label in dialog.findChildren(QLabel)])
        box = dialog.editors["language"]
        self.hand.press(box)
        self.hand.until(lambda: box.view().isVisible(), "the languages")
        self.hand.key("Home", *["Down"] * self.hand.ask(lambda: box.findData(language)), "Return")
        self.hand.until(lambda: self.controller.settings.language == language, "the language chosen")
        self.hand.key("Escape")
        self.hand.back()

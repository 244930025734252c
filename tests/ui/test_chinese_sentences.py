"""What the engine says reaches a Chinese window in Chinese."""

import re
from pathlib import Path

import pytest
from fakes import make_photo, report_on
from PySide6.QtWidgets import QLabel

from inpaintgui.contracts import Box, FillReport, Outcome, Photo, PhotoMetadata
from inpaintgui.engine.image_io import load_photo, save_photo
from inpaintgui.errors import ImageFileError
from inpaintgui.sentences import clauses, in_a_row, say
from inpaintgui.settings import parse
from inpaintgui.ui.batch_dialog import BatchDialog
from inpaintgui.ui.dialogs import Dialogs, ErrorDialog
from inpaintgui.ui.panels.report import report_html
from inpaintgui.ui.texts import error_text, in_users_language

pytestmark = pytest.mark.usefixtures("chinese")


def english_in(text):
    return re.findall("[a-z]{3,}", text)


def test_clause_by_clause():
    why = say(
        "“{varied}” for the sake of variations: those of “{usual}” are nearly alike", varied="dcgan", usual="faces"
    )
    assert in_users_language(clauses(say("the region lies in a face"), why)) == (
        "该区域位于人脸中；为得到不同的变体改用“dcgan”：“faces”的变体几乎相同"
    )
    verdict = say("texture of the photo only")
    misfit = "it fits badly (error {error:.3f}, usually below {typical:.3f}): {verdict}"
    assert in_users_language(say(misfit, error=0.31, typical=0.12, verdict=verdict)) == (
        "适合程度差（误差 0.310，通常低于 0.120）：只用照片自身的纹理"
    )


def test_what_nobody_can_translate_stays():
    assert in_users_language("plain") == "plain"
    assert in_users_language(say("never said before: {name}", name="x")) == "never said before: x"
    assert error_text(OSError("of the system")) == "of the system"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "无法打开“{}”：文件是空的。"),
        (b"GIF89a and so on", "“{}”是 GIF 图像，无法打开；请先转换为 PNG、JPEG、TIFF 或 WebP。"),
        (b"\xff\xd8\xff\xc0\0", "“{}”不完整：文件已损坏，或没有复制完。"),
    ],
)
def test_a_bad_file(qtbot, window, tmp_path, content, expected):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(content)
    with pytest.raises(ImageFileError) as failure:
        load_photo(bad)
    Dialogs(window).show_error("无法打开照片。", failure.value)
    (dialog,) = window.findChildren(ErrorDialog)
    assert [label.text() for label in dialog.findChildren(QLabel)] == ["无法打开照片。", expected.format(bad)]
    assert str(failure.value) in dialog.details  # in English, for those who can help
    dialog.reject()


def test_a_report():
    report = FillReport((report_on(Box(0, 0, 9, 9)),), device="cpu", seed=1, preset="normal", seconds=1.5)
    assert "该区域位于人脸中；已对齐到人脸" in report_html(report)


def test_what_a_format_could_not_keep(tmp_path):
    photo = make_photo(dtype="uint16")
    notes = save_photo(tmp_path / "x.bmp", Photo(photo.pixels, PhotoMetadata(xmp=b"<x/>")))
    assert in_users_language(in_a_row(notes)) == (
        "照片每通道 16 位；BMP 只能存 8 位。BMP 不能保存元数据和颜色配置文件。"
    )


def test_a_setting_that_is_not_allowed():
    _, (warning,) = parse({"seed": -1})
    assert in_users_language(warning) == "设置“seed”必须在 0 到 2147483647 之间，而不是 -1。已改用默认值。"


def test_a_photo_of_a_batch(qtbot, window, services, tmp_path):
    failed = say("There is no mask for “{photo}”.", photo="b.png")
    services.outcomes = {"b.png": (Outcome.FAILED, failed)}
    window.actions_by_id["batch"].trigger()
    (dialog,) = window.findChildren(BatchDialog)
    dialog.form.add([Path("a.png").absolute(), Path("b.png").absolute()])
    dialog.form.holes.setCurrentIndex(dialog.form.holes.findData("faces"))
    dialog.form.out.line.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(window.commands.batch.finished):
        dialog.start.click()
    assert [dialog.table.item(row, 2).text() for row in range(2)] == ["", "“b.png”没有对应的蒙版。"]
    dialog.reject()


def test_a_fill_and_its_warning(qtbot, window, services, document):
    """In the panel and in the status bar."""
    said = []
    window.controller.message.connect(said.append)
    warning = say("The device “{device}” failed ({problem}); the CPU took over.", device="cuda:0", problem="lost")
    services.warnings = (warning,)
    window.controller.apply(document.invert_mask())
    with qtbot.waitSignal(window.controller.report_changed):
        window.actions_by_id["fill"].trigger()
    told = "设备“cuda:0”出错（lost），已改用处理器（CPU）。"
    assert window.fill_panel.warnings.text() == told
    assert said[-1].endswith(told)
    assert english_in(window.fill_panel.report.toPlainText()) == ["cpu", "faces"]

"""Pictures to and from the clipboard."""

import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import make_photo
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inpaintgui.ui.clipboard import pasted_photo


@pytest.mark.parametrize("channels", [3, 4])
def test_what_is_copied_can_be_pasted_as_a_photo(qtbot, services, window, open_photo, channels):
    photo = make_photo(40, 30, channels)
    if channels == 4:
        photo.pixels[..., 3] = 255
    services.photo = photo
    open_photo()
    window.actions_by_id["copy"].trigger()
    with qtbot.waitSignal(window.controller.document_replaced):
        window.actions_by_id["paste"].trigger()
    document = window.controller.document
    assert document.path is None
    np.testing.assert_array_equal(document.pixels[..., :3], photo.pixels[..., :3])


def test_without_a_picture_nothing_is_pasted(qtbot, window, open_photo):
    document = open_photo()
    QApplication.clipboard().setText("words")
    with qtbot.waitSignal(window.controller.message, check_params_cb=lambda text: "no picture" in text):
        window.actions_by_id["paste"].trigger()
    assert window.controller.document is document


def test_what_changed_is_copied_with_the_rest_transparent(qtbot, window, open_photo):
    document = open_photo()
    mask = np.zeros((document.height, document.width), np.uint8)
    mask[10:20, 30:50] = 255
    mask[12, 32] = 0
    window.controller.apply(document.set_mask(mask, "Brush"))
    assert not window.actions_by_id["copy_changes"].isEnabled()
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    window.actions_by_id["copy_changes"].trigger()
    copied = pasted_photo()
    assert copied.pixels.shape == (10, 20, 4)
    np.testing.assert_array_equal(copied.pixels[..., 3], mask[10:20, 30:50])
    np.testing.assert_array_equal(copied.pixels[..., 0], np.where(mask[10:20, 30:50], 7, 0))


def test_the_result_is_dragged_out_as_file_and_picture(qtbot, services, window, open_photo, monkeypatch):
    open_photo()
    handle, dragged = window.result_handle, []
    monkeypatch.setattr(handle, "drag", dragged.append)
    middle = handle.rect().center()
    gate = threading.Event()
    save = services.save_photo
    services.save_photo = lambda path, photo: gate.wait(5) and save(path, photo)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(handle, middle + QPoint(60, 40))
    assert dragged == []  # not written yet
    gate.set()
    qtbot.waitUntil(lambda: bool(dragged))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    (data,) = dragged
    (url,) = data.urls()
    path = Path(url.toLocalFile())
    assert path.name == "beach-filled.jpg"
    np.testing.assert_array_equal(services.saved[path].pixels, services.photo.pixels)
    assert data.imageData().width() == services.photo.width
    assert path.parent.is_dir()
    window.close()
    assert not path.parent.exists()


def test_a_click_on_the_handle_says_what_it_is_for(qtbot, window, open_photo):
    assert not window.result_handle.isEnabled()
    open_photo()
    with qtbot.waitSignal(window.controller.message, check_params_cb=lambda text: "Drag this handle" in text):
        QTest.mouseClick(window.result_handle, Qt.MouseButton.LeftButton)

"""Pictures to and from the clipboard."""

import numpy as np
import pytest
from fakes import make_photo
from PySide6.QtWidgets import QApplication


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

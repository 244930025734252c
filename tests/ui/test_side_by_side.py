"""Before beside after, the map of what changed, and the canvas's benchmark."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui.pointer import drag

from inpaintgui.session.changed_pixels import changed_pixels
from inpaintgui.ui.pyramid import halve


def test_the_original_stands_beside_the_canvas(qtbot, window, canvas, document):
    drag(canvas, (20, 20), (40, 20))
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    window.actions_by_id["side_by_side"].trigger()
    qtbot.waitUntil(lambda: window.original.isVisible() and abs(window.original.width() - canvas.width()) <= 2)
    before, after = (widget.grab().toImage() for widget in (window.original, canvas))
    x, y = (round(value) for value in canvas.view.to_widget(30.5, 20.5))
    assert after.pixelColor(x, y).red() == 7
    red, green, blue = (int(value) for value in document.original[20, 30])
    assert before.pixelColor(x, y).getRgb()[:3] == (red, green, blue)
    view = canvas.view
    window.actions_by_id["zoom_in"].trigger()
    assert canvas.view != view
    window.actions_by_id["side_by_side"].trigger()
    assert not window.original.isVisible()


def test_the_map_of_changes_can_be_exported(qtbot, services, window, canvas, document, answers):
    action = window.actions_by_id["export_changes"]
    assert not action.isEnabled()
    drag(canvas, (20, 20), (40, 20))
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    assert action.isEnabled()
    with qtbot.waitSignal(window.controller.message):
        action.trigger()
    written = services.selector.written[answers.mask_export_path]
    np.testing.assert_array_equal(written > 0, (document.pixels != document.original).any(axis=2))


def test_states_of_different_photos_have_no_map():
    with pytest.raises(ValueError, match="not two states"):
        changed_pixels(np.zeros((3, 3, 3), np.uint8), np.zeros((3, 4, 3), np.uint8))


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1))
def test_halving_packed_pixels_is_exact(height, width, seed):
    image = np.random.default_rng(seed).integers(0, 256, (2 * height, 2 * width, 4), np.uint8)
    blocks = image.reshape(height, 2, width, 2, 4).astype(int).sum(axis=(1, 3))
    np.testing.assert_array_equal(halve(image), (blocks + 2) // 4)

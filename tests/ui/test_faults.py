"""Whatever the engine raises in the window's worker, at whatever step: one message, nothing changed, the next works."""

import numpy as np
import pytest

from inpaintgui.contracts import Phase
from inpaintgui.errors import DeviceError


class PanicError(BaseException):
    """As a Rust library raises it: no Exception, so that nobody mistakes it for one."""


ERRORS = [
    DeviceError("The device is gone."),
    RuntimeError("shapes differ"),
    MemoryError(),
    KeyboardInterrupt(),
    PanicError("index out of bounds"),
]


def name_of(error):
    return type(error).__name__


@pytest.fixture
def document(window, open_photo):
    """With a hole in it."""
    made = open_photo()
    mask = np.zeros((made.height, made.width), np.uint8)
    mask[10:30, 20:50] = 255
    window.controller.apply(made.set_mask(mask, "Brush"))
    return made


def state(document):
    history = document.history
    return document.pixels.tobytes(), document.mask.tobytes(), document.is_modified, history.position, history.entries


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_an_engine_that_raises(qtbot, services, window, document, answers, caplog, error, phase):
    controller = window.controller
    services.error, services.error_at = error, phase
    before = state(document)
    with qtbot.waitSignal(controller.fills.failed):
        window.actions_by_id["fill"].trigger()
    assert answers.errors == [("The fill did not succeed.", error)]
    assert state(document) == before
    assert services.closed.is_set()
    (record,) = (one for one in caplog.records if one.levelname == "ERROR")
    assert record.exc_info[1] is error
    assert "Traceback" in caplog.text
    services.error_at = services.error = None
    with qtbot.waitSignal(controller.fills.finished):
        window.actions_by_id["fill"].trigger()
    assert document.pixels.tobytes() != before[0]


@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_a_result_that_cannot_be_packed(qtbot, window, document, answers, monkeypatch, error):
    """Of the same worker: the undo step of the result."""

    def failing(*_arguments, **_named):
        raise error

    before = state(document)
    with monkeypatch.context() as patch:
        patch.setattr("inpaintgui.ui.worker.prepare_fill", failing)
        with qtbot.waitSignal(window.controller.fills.failed):
            window.actions_by_id["fill"].trigger()
    assert answers.errors == [("The fill did not succeed.", error)]
    assert state(document) == before
    with qtbot.waitSignal(window.controller.fills.finished):
        window.actions_by_id["fill"].trigger()


@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_a_file_that_cannot_be_written_for_whatever_reason(qtbot, services, window, document, answers, error):
    with qtbot.waitSignal(window.controller.fills.finished):
        window.actions_by_id["fill"].trigger()
    services.save_error = error
    with qtbot.waitSignal(window.controller.failed):
        window.actions_by_id["export"].trigger()
    assert [shown for _, shown in answers.errors] == [error]
    assert document.is_modified
    services.save_error = None
    with qtbot.waitSignal(window.files.exported):
        window.actions_by_id["export"].trigger()
    assert services.saved.keys() == {answers.export_path}

"""The panels: what can be chosen reaches the fill, and what the fill did can be read."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from fakes import make_prior, report_on
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from inpaintgui.contracts import Box, FillReport, Phase
from inpaintgui.settings import PRESETS, Settings
from inpaintgui.ui.dialogs import Unsaved
from inpaintgui.ui.main_window import MainWindow
from inpaintgui.ui.panels.loss_plot import LossPlot
from inpaintgui.ui.panels.report import duration_text, fit_words, report_html
from inpaintgui.ui.panels.settings_form import describe

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def form(window):
    return window.fill_panel.form


@pytest.fixture
def document(window, open_photo):
    made = open_photo()
    mask = np.zeros((48, 64), np.uint8)
    mask[10:30, 20:50] = 255
    window.controller.apply(made.set_mask(mask, "Brush"))
    return made


def fill(qtbot, window):
    with qtbot.waitSignal(window.controller.fills.finished):
        QTest.mouseClick(window.fill_panel.fill_button, LEFT)


def choose(box, name):
    """With the keyboard, as a user does."""
    box.setFocus()
    steps = box.findData(name) - box.currentIndex()
    assert box.findData(name) >= 0
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def data_of(box):
    return [box.itemData(index) for index in range(box.count())]


# Settings


def test_the_choices_are_what_the_engine_offers(form, services):
    assert data_of(form.prior) == ["auto", *(prior.name for prior in services.priors())]
    assert data_of(form.device) == ["auto", *services.devices()]
    assert data_of(form.preset) == list(PRESETS)
    tip = form.prior.itemData(1, Qt.ItemDataRole.ToolTipRole)
    assert "CC0-1.0" in tip
    assert tip == describe(make_prior("faces"))


def test_what_is_chosen_reaches_the_fill(qtbot, services, window, form, document):
    choose(form.prior, "scenes")
    choose(form.preset, "published-yeh")
    choose(form.device, "cpu")
    form.candidates.setValue(24)
    form.seed.setValue(1234)
    window.controller.choose_tool("square")
    view = window.canvas.view
    QTest.mousePress(window.canvas, LEFT, NONE, _point(view, 10, 8))
    QTest.mouseMove(window.canvas, _point(view, 40, 38))
    QTest.mouseRelease(window.canvas, LEFT, NONE, _point(view, 40, 38))
    fill(qtbot, window)
    (request,) = services.requests
    chosen = request.settings
    assert (chosen.prior, chosen.preset, chosen.device) == ("scenes", "published-yeh", "cpu")
    assert (chosen.candidates, chosen.seed) == (24, 1234)
    (square,) = chosen.squares
    assert (square.x, square.y, square.side) == pytest.approx((10, 8, 30), abs=0.2)
    assert request.previews


def _point(view, x, y):
    return QPointF(*view.to_widget(x, y)).toPoint()


def test_the_defaults_leave_the_choice_to_the_program(qtbot, services, window, document):
    fill(qtbot, window)
    chosen = services.requests[0].settings
    assert (chosen.prior, chosen.preset, chosen.candidates) == ("auto", "normal", None)
    assert (chosen.seed, chosen.device, chosen.squares) == (0, "auto", ())


def test_the_candidates_can_be_left_to_the_preset_again(window, form):
    form.candidates.setValue(24)
    form.candidates.setValue(form.candidates.minimum())
    assert window.controller.settings.candidates is None
    assert form.candidates.text() == "As budgeted"


def test_a_new_seed_is_shown(window, form):
    window.actions_by_id["new_seed"].trigger()
    assert form.seed.value() == window.controller.settings.seed


def test_a_prior_that_is_gone_is_shown_as_missing_not_replaced(qtbot, services, answers):
    made = MainWindow(services, Settings(prior="cats", device="cuda:3"), dialogs=answers)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.controller.engine_ready):
        made.show()
    form = made.fill_panel.form
    assert form.prior.currentData() == "cats"
    assert "missing" in form.prior.currentText()
    assert form.device.currentData() == "cuda:3"
    assert made.controller.settings.prior == "cats"
    assert made.close()


def test_no_fill_before_the_engine_is_loaded(qtbot, services, answers):
    gate = threading.Event()
    priors = services.priors
    services.priors = lambda: gate.wait(5) and priors()
    made = MainWindow(services, Settings(), dialogs=answers)
    qtbot.addWidget(made)
    made.show()
    assert made.statusBar().engine.text() == "Loading the engine…"
    assert not made.controller.can_fill
    with qtbot.waitSignal(made.controller.engine_ready):
        gate.set()
    assert "automatic" in made.statusBar().engine.text()
    assert made.close()


def test_an_engine_that_cannot_be_loaded_is_told(qtbot, services, answers):
    def broken():
        raise ImportError("libcudart is missing")

    services.priors = broken
    made = MainWindow(services, Settings(), dialogs=answers)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.controller.failed):
        made.show()
    assert answers.errors[0][0] == "The fill engine cannot be loaded."
    assert not made.controller.can_fill
    assert made.close()


def test_the_square_can_be_cleared_from_the_panel(window, document):
    panel, controller = window.fill_panel, window.controller
    assert not panel.square.isVisible()
    controller.choose_tool("square")
    view = window.canvas.view
    QTest.mousePress(window.canvas, LEFT, NONE, _point(view, 10, 8))
    QTest.mouseRelease(window.canvas, LEFT, NONE, _point(view, 40, 38))
    assert panel.square.isVisible()
    panel.square.linkActivated.emit("clear")
    assert controller.square.squares == ()
    assert not panel.square.isVisible()


# Progress


def test_while_it_runs_the_panel_says_where_it_is(qtbot, services, window, document):
    panel = window.fill_panel
    assert panel.fill_button.isVisible()
    assert not panel.cancel_button.isVisible()
    gate = services.gates[Phase.DETAIL] = threading.Event()
    with qtbot.waitSignal(window.controller.fills.progress, check_params_cb=lambda step: step.phase is Phase.DETAIL):
        QTest.mouseClick(panel.fill_button, LEFT)
    assert panel.form.isEnabled()  # for the next fill
    assert not panel.fill_button.isVisible()
    assert panel.cancel_button.isVisible()
    assert panel.progress.value() == 500
    assert panel.where.text() == "Adding detail · 0 %"
    assert panel.losses.text().startswith("Loss ")
    assert len(panel.plot.values) >= 1
    with qtbot.waitSignal(window.controller.fills.cancelled):
        QTest.mouseClick(panel.cancel_button, LEFT)
        gate.set()
    assert panel.form.isEnabled()
    assert panel.fill_button.isVisible()
    assert not panel.progress.isVisible()


def test_the_loss_plot_keeps_the_current_region_and_thins_out(qtbot):
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.add(0, 3.0)
    plot.add(0, 2.0)
    assert plot.values == (3.0, 2.0)
    plot.add(1, 5.0)
    assert plot.values == (5.0,)
    for number in range(10_000):
        plot.add(1, 5.0 - number / 10_000)
    assert len(plot.values) < 10_000
    plot.resize(200, 60)
    assert not plot.grab().isNull()
    plot.clear()
    assert plot.values == ()


# The report


def test_after_a_fill_the_report_is_readable(qtbot, window, document):
    panel = window.fill_panel
    assert not panel.report.isVisible()
    fill(qtbot, window)
    assert panel.report.isVisible()
    text = panel.report.toPlainText()
    assert text.startswith("1.5 s on cpu · budget: Normal · seed 0")
    for part in ("faces", "aligned to the face", "8 candidates, 12 steps", "Loss 0.75", "searching 1.2 s"):
        assert part in text
    assert "automatic (faces)" in window.statusBar().engine.text()


def test_warnings_are_shown_and_names_cannot_inject_markup(qtbot, services, window, document):
    fill(qtbot, window)
    report = window.controller.report
    region = replace(report.regions[0], reason="<b>x</b> & y")
    told = replace(report, regions=(region, region), warnings=("The device ran out of memory.",))
    window.controller.photos.current.report = told
    window.controller.report_changed.emit()
    assert window.fill_panel.warnings.isVisible()
    assert window.fill_panel.warnings.text() == "The device ran out of memory."
    text = window.fill_panel.report.toPlainText()
    assert "<b>x</b> & y" in text
    assert "Region 2, 30 × 20: faces" in text
    assert "&lt;b&gt;" in report_html(window.controller.report)


def test_what_the_device_could_not_do_is_said_in_the_panel_and_the_status_bar(qtbot, services, window, document):
    services.warnings = ("The memory of cuda:0 did not suffice; the CPU took over.",)
    with qtbot.waitSignal(window.controller.message) as said:
        fill(qtbot, window)
    assert said.args[0] == "Filled in 1.5 s. The memory of cuda:0 did not suffice; the CPU took over."
    assert window.fill_panel.warnings.isVisible()
    assert window.fill_panel.warnings.text() == services.warnings[0]


def test_the_report_says_how_well_the_prior_fits():
    box = Box(0, 0, 30, 20)
    report = FillReport((report_on(box),), device="cpu", seed=0, preset="normal", seconds=1.5)
    assert "fits well: on 60 % of the images of its own kind it errs more" in report_html(report)
    for fit, words in ((0.25, "fits well (25 %)"), (0.05, "fits fairly (5 %)"), (0.0, "hardly fits (0 %)")):
        assert fit_words(fit) == words
    unfit = replace(report.regions[0], prior_used=False)
    assert "No prior fits this region; texture only" in report_html(replace(report, regions=(unfit,)))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.02, "0.1 s"), (3.4, "3 s"), (9.6, "10 s"), (99.4, "99 s"), (150, "2 min"), (3000, "50 min")],
)
def test_rough_times(seconds, text):
    assert duration_text(seconds) == text


def test_another_photo_forgets_the_report(qtbot, window, document, open_photo, answers):
    fill(qtbot, window)
    answers.unsaved = Unsaved.DISCARD
    open_photo("other.png")
    assert not window.fill_panel.report.isVisible()


# History


def rows(panel):
    return [panel.item(row).text() for row in range(panel.count())]


def test_the_history_lists_every_step_and_where_we_are(qtbot, window, document):
    panel = window.history_panel
    assert rows(panel) == ["Opened", "Brush"]
    fill(qtbot, window)
    window.controller.edit("clear_mask")
    assert rows(panel) == ["Opened", "Brush", "Fill", "Clear mask"]
    assert panel.currentRow() == 3
    window.actions_by_id["undo"].trigger()
    assert panel.currentRow() == 2
    assert panel.item(3).font().italic()
    assert not panel.item(2).font().italic()


def test_a_click_goes_to_that_state(qtbot, window, document):
    panel = window.history_panel
    fill(qtbot, window)
    result = document.pixels.copy()
    for row, pixels in ((0, document.original), (2, result), (1, document.original)):
        rectangle = panel.visualItemRect(panel.item(row))
        QTest.mouseClick(panel.viewport(), LEFT, NONE, rectangle.center())
        assert document.history.position == row
        assert panel.currentRow() == row
        np.testing.assert_array_equal(document.pixels, pixels)
    assert document.has_mask


def test_the_history_never_takes_the_keyboard(window, document):
    window.canvas.setFocus()
    QTest.mouseClick(window.history_panel.viewport(), LEFT)
    assert window.canvas.hasFocus()


def test_a_number_that_is_being_typed_counts_already(qtbot, services, window, form, document):
    """The fill button takes no focus, so that nothing else would end the typing."""
    form.seed.setFocus()
    form.seed.selectAll()
    QTest.keyClicks(form.seed, "55")
    fill(qtbot, window)
    assert services.requests[0].settings.seed == 55


def test_enter_in_a_number_fills_with_that_number(qtbot, services, window, form, document):
    form.candidates.setFocus()
    form.candidates.selectAll()
    QTest.keyClicks(form.candidates, "16")
    with qtbot.waitSignal(window.controller.fills.finished):
        QTest.keyClick(form.candidates, Qt.Key.Key_Return)
    assert services.requests[0].settings.candidates == 16


def test_while_a_fill_runs_a_click_into_the_history_moves_the_mask(qtbot, services, window, document):
    panel = window.history_panel
    services.endless = Phase.SEARCH
    with qtbot.waitSignal(window.controller.fills.progress):
        window.controller.fill()
    QTest.mouseClick(panel.viewport(), LEFT, NONE, panel.visualItemRect(panel.item(0)).center())
    assert panel.currentRow() == document.history.position == 0
    assert window.controller.fills.busy
    with qtbot.waitSignal(window.controller.fills.cancelled):
        window.controller.fills.cancel()


def test_every_step_that_is_done_has_a_picture(qtbot, window, document):
    panel = window.history_panel
    fill(qtbot, window)
    window.controller.edit("clear_mask")
    assert all(not panel.item(row).icon().isNull() for row in range(1, panel.count()))
    window.actions_by_id["undo"].trigger()
    window.controller.edit("invert_mask")
    assert len(panel._of_photo.steps) == len(document.history.steps)

"""The search dock: the race can be watched and steered, and its outcome be chosen from."""

import threading

import numpy as np
import pytest
from fakes import make_photo, value_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget

from inpaintgui.contracts import Box, ContextSquare, Phase, RegionSearch
from inpaintgui.ui.panels.blend_row import PERCENT
from inpaintgui.ui.uncertainty import UncertaintyMap, colours

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FIRST, SECOND = Box(100, 100, 200, 200), Box(400, 150, 550, 300)


@pytest.fixture
def controller(window):
    window.controller.set_setting("variations", 3)
    return window.controller


@pytest.fixture
def explorer(controller):
    return controller.explorer


@pytest.fixture
def document(services, controller, open_photo):
    """A photo with two holes."""
    services.photo = make_photo(640, 400)
    made = open_photo()
    mask = np.zeros((400, 640), np.uint8)
    mask[FIRST.slices] = mask[SECOND.slices] = 255
    controller.apply(made.set_mask(mask, "Brush"))
    return made


@pytest.fixture
def page(window):
    return window.search_panel.outcome


def fill(qtbot, window):
    with qtbot.waitSignal(window.controller.explorer.outcome_changed):
        window.actions_by_id["fill"].trigger()


@pytest.fixture
def filled(qtbot, window, document):
    fill(qtbot, window)
    return document


def value(document, box=FIRST):
    values = np.unique(document.pixels[box.slices])
    assert len(values) == 1
    return int(values[0])


def click(tile, at=None):
    QTest.mouseClick(tile, LEFT, NONE, at or tile.rect().center())


def cross(tile):
    return QPoint(tile.width() - 10, 10)


# The race


@pytest.fixture
def racing(qtbot, services, window, document):
    """A search that goes on and on, once its race is seen."""
    services.endless = Phase.SEARCH
    with qtbot.waitSignal(window.controller.fills.race):
        window.controller.fill()
    yield window.search_panel.race
    with qtbot.waitSignal(window.controller.fills.cancelled):
        window.controller.fills.cancel()


def texts(race):
    return [tile.text() for tile in race.grid.tiles if tile.isVisible()]


def test_the_candidates_are_shown_best_first_with_their_losses(qtbot, racing):
    assert racing.isVisible()
    qtbot.waitUntil(lambda: texts(racing) == ["1", "2"])
    assert racing.grid.tiles[0].leads
    assert not racing.grid.tiles[1].leads
    assert "contextual 0.9" in racing.grid.tiles[0].toolTip()


def test_a_pinned_candidate_stays_in_the_race(qtbot, services, controller, racing):
    click(racing.grid.tiles[1])
    assert racing.grid.tiles[1].isChecked()
    assert controller.explorer.race.pinned(0) == {1}
    assert services.requests[-1].race is controller.explorer.race
    click(racing.grid.tiles[1])
    assert not racing.grid.tiles[1].isChecked()
    assert controller.explorer.race.pinned(0) == set()


def test_a_dropped_candidate_is_gone_at_once_and_for_good(qtbot, controller, racing):
    qtbot.waitUntil(lambda: texts(racing) == ["1", "2"])
    click(racing.grid.tiles[0], cross(racing.grid.tiles[0]))
    assert controller.explorer.race.dropped(0) == {0}
    assert controller.explorer.race.pinned(0) == set()
    assert texts(racing) == ["2"]
    with qtbot.waitSignal(controller.fills.race):
        pass
    assert texts(racing) == ["2"]


def test_the_last_candidate_cannot_be_dropped(qtbot, controller, racing):
    qtbot.waitUntil(lambda: texts(racing) == ["1", "2"])
    for _ in range(2):
        click(racing.grid.tiles[0], cross(racing.grid.tiles[0]))
    assert controller.explorer.race.dropped(0) == {0}
    assert texts(racing) == ["2"]


def test_the_race_can_be_steered_by_keys(qtbot, window, controller, racing):
    qtbot.waitUntil(lambda: texts(racing) == ["1", "2"])
    QTest.keyClick(window.canvas, Qt.Key.Key_F6)
    first, second = racing.grid.tiles[:2]
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert controller.explorer.race.pinned(0) == {1}
    QTest.keyClick(second, Qt.Key.Key_Delete)
    assert controller.explorer.race.dropped(0) == {1}
    assert second.accessibleName()


def test_nothing_is_sent_to_a_dock_that_nobody_sees(qtbot, services, window, controller, document):
    window.findChild(QDockWidget, "history_dock").raise_()
    worker = controller.fills.worker
    qtbot.waitUntil(lambda: not worker._watched)
    races = []
    controller.fills.race.connect(races.append)
    controller.fills.started.disconnect(window.search_panel.bring_up)
    with qtbot.waitSignal(controller.fills.finished):
        controller.fill()
    assert races == []


def test_the_race_is_shown_at_least_ten_times_a_second(qtbot, services, controller, document):
    """By the clock that the worker goes by, so that the machine's load does not matter."""
    services.endless = Phase.SEARCH
    now = [0.0]

    def clock():
        now[0] += 0.01
        return now[0]

    controller.fills.worker._clock = clock
    times = []
    controller.fills.worker.race.connect(lambda *_: times.append(now[0]), Qt.ConnectionType.DirectConnection)
    controller.fill()
    qtbot.waitUntil(lambda: len(times) > 30)
    with qtbot.waitSignal(controller.fills.cancelled):
        controller.fills.cancel()
    assert np.diff(times).max() <= 0.1


# Variations


def test_after_the_fill_the_variations_stand_with_fit_and_losses(filled, page, explorer):
    assert page.isVisible()
    tiles = [tile for tile in page.grid.tiles if tile.isVisible()]
    assert [tile.text() for tile in tiles] == ["60 % · 0.75", "30 % · 1.75", "20 % · 2.75"]
    assert [tile.isChecked() for tile in tiles] == [True, False, False]
    assert "fits well (60 %)" in page.answer.text()
    assert "contextual 0.25" in page.answer.toolTip()
    assert page.regions.count() == 2


def test_another_variation_takes_the_place_of_the_first_in_the_same_step(qtbot, window, filled, page, explorer):
    before = filled.history.position
    with qtbot.waitSignal(explorer.answer_changed):
        click(page.grid.tiles[1])
    assert (value(filled), value(filled, SECOND)) == (17, 7)
    assert page.grid.tiles[1].isChecked()
    assert not page.grid.tiles[0].isChecked()
    assert filled.history.position == before
    window.actions_by_id["undo"].trigger()
    np.testing.assert_array_equal(filled.pixels, filled.original)
    assert not any(tile.isChecked() for tile in page.grid.tiles)
    assert "undone" in page.answer.toolTip()
    window.actions_by_id["redo"].trigger()
    assert value(filled) == 17
    assert page.grid.tiles[1].isChecked()


def test_flipping_by_keys_goes_round(qtbot, window, filled, explorer):
    values = []
    for keys in ((Qt.Key.Key_N, NONE),) * 3 + ((Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier),):
        with qtbot.waitSignal(explorer.answer_changed):
            QTest.keyClick(window.canvas, *keys)
        values.append(value(filled))
    assert values == [17, 27, 7, 27]


def test_the_second_region_is_chosen_from_on_its_own(qtbot, filled, page, explorer):
    explorer.look_at(1)
    assert page.regions.currentIndex() == 1
    with qtbot.waitSignal(explorer.answer_changed):
        click(page.grid.tiles[2])
    assert (value(filled), value(filled, SECOND)) == (7, 27)


def test_after_another_edit_the_choice_is_a_step_of_its_own(qtbot, window, filled, explorer):
    window.actions_by_id["clear_mask"].trigger()
    with qtbot.waitSignal(explorer.answer_changed):
        explorer.choose(1)
    assert [entry.name for entry in filled.history.entries] == ["Brush", "Fill", "Clear mask", "Variation"]
    assert window.history_panel.item(4).text() == "Variation"


def test_while_a_fill_runs_nothing_can_be_chosen(qtbot, services, window, filled, page, explorer):
    services.endless = Phase.SEARCH
    with qtbot.waitSignal(window.controller.fills.progress):
        window.controller.fill()
    assert not page.isVisible()
    assert not window.actions_by_id["next_variation"].isEnabled()
    explorer.choose(1)
    with qtbot.waitSignal(window.controller.fills.cancelled):
        window.controller.fills.cancel()
    assert page.isVisible()
    assert value(filled) == 7


def test_thumbnails_are_of_the_variations(qtbot, filled, page):
    qtbot.waitUntil(lambda: not page.grid.tiles[2]._image.isNull())
    assert [tile._image.pixelColor(3, 3).red() for tile in page.grid.tiles] == [7, 17, 27]


# Painting latents


def test_the_steps_of_the_winner_can_be_gone_back_to(qtbot, services, window, filled, page, explorer):
    assert page.steps.maximum() == page.steps.value() == 12
    trail = explorer.search.trail
    with qtbot.waitSignals([window.canvas._controller.explorer.preview, explorer.answer_changed]):
        page.steps.setValue(6)
    request = services.requests[-1]
    assert request.starts[0].exact
    np.testing.assert_array_equal(request.starts[0].latent, trail[6])
    assert request.mask[SECOND.slices].max() == 0
    assert (value(filled), value(filled, SECOND)) == (value_of(trail[6]), 7)
    assert page.step.text() == "Step 6 of 12"
    assert "Step 6" in page.answer.text()
    assert not any(tile.isChecked() for tile in page.grid.tiles)
    assert window.canvas.preview is None
    with qtbot.waitSignal(explorer.answer_changed):
        page.steps.setValue(12)
    assert len(services.requests) == 2, "the last step is the first variation, which is there already"
    assert value(filled) == 7
    assert filled.history.position == 2


def test_two_variations_are_blended_in_z(qtbot, services, filled, page, explorer):
    one, other = (explorer.search.variations[number].latent for number in (0, 2))
    page.blend.second.setCurrentIndex(2)
    with qtbot.waitSignal(explorer.answer_changed):
        page.blend.slider.setValue(25)
    latent = services.requests[-1].starts[0].latent
    np.testing.assert_allclose(latent, 0.75 * one + 0.25 * other, rtol=1e-6)
    assert value(filled) == 12
    with qtbot.waitSignal(explorer.answer_changed):
        page.blend.slider.setValue(PERCENT)
    assert value(filled) == 27
    assert page.grid.tiles[2].isChecked()


def test_while_the_slider_moves_there_is_a_quick_look_and_the_newest_wish_wins(
    qtbot, services, window, filled, page, explorer
):
    gate = services.gates[Phase.DETAIL] = threading.Event()
    answers = []
    explorer.answer_changed.connect(lambda: answers.append(value(filled)))
    with qtbot.waitSignal(explorer.preview, check_params_cb=lambda preview: preview is not None):
        page.steps.setValue(3)
    assert window.canvas.preview is not None
    assert "painting" in page.answer.text()
    for step in (4, 5, 8):
        page.steps.setValue(step)
    assert answers == []
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [value_of(explorer.search.trail[8])]
    painted = [request.starts[0].latent[0] for request in services.requests[1:]]
    assert painted == [explorer.search.trail[step][0] for step in (3, 8)]


def test_an_edit_drops_what_is_being_painted(qtbot, services, window, filled, page, explorer):
    gate = services.gates[Phase.DETAIL] = threading.Event()
    with qtbot.waitSignal(explorer.preview, check_params_cb=lambda preview: preview is not None):
        page.steps.setValue(3)
    window.actions_by_id["clear_mask"].trigger()
    assert window.canvas.preview is None
    assert not explorer.busy
    with qtbot.waitSignal(explorer.busy_changed):
        gate.set()
    assert value(filled) == 7


def test_a_latent_that_cannot_be_painted_is_told_and_changes_nothing(qtbot, services, filled, page, explorer, answers):
    services.error = RuntimeError("no memory")
    with qtbot.waitSignal(explorer.answer_changed):
        page.steps.setValue(3)
    assert answers.errors == [("This answer cannot be shown.", services.error)]
    assert value(filled) == 7


def test_closing_while_a_latent_is_painted(qtbot, services, window, filled, page, explorer):
    services.endless = Phase.DETAIL
    with qtbot.waitSignal(explorer.preview, check_params_cb=lambda preview: preview is not None):
        page.steps.setValue(3)
    assert window.controller.fills.close()
    assert services.closed.is_set()


# Going on and forgetting


def paint_more(window, document):
    window.controller.show_mask(True)
    window.controller.apply(document.begin_stroke("Brush"))
    window.controller.apply(document.paint((190, 150), (230, 150), radius=10))
    window.controller.apply(document.end_stroke())


def test_an_edited_mask_goes_on_from_the_last_search(qtbot, services, window, filled, explorer):
    paint_more(window, filled)
    fill(qtbot, window)
    starts = services.requests[-1].starts
    assert [start.box for start in starts] == [FIRST, SECOND]
    assert not any(start.exact for start in starts)
    np.testing.assert_array_equal(starts[0].latent, starts[1].latent)


def test_the_same_fill_again_starts_afresh(qtbot, services, window, filled):
    fill(qtbot, window)
    assert services.requests[-1].starts == ()


def test_a_forgotten_search_is_not_gone_on_from(qtbot, services, window, filled, page):
    paint_more(window, filled)
    window.actions_by_id["forget_search"].trigger()
    assert not page.isVisible()
    assert not window.actions_by_id["forget_search"].isEnabled()
    assert value(filled) == 7
    fill(qtbot, window)
    assert services.requests[-1].starts == ()


def test_another_photo_forgets_the_search(window, filled, open_photo, explorer, page, answers):
    answers.unsaved = "discard"
    window.controller.apply(filled.undo())
    open_photo("other.png")
    assert explorer.outcome is None
    assert not page.isVisible()


# Uncertainty


def test_the_uncertainty_lies_over_the_filled_places(qtbot, window, filled, explorer):
    canvas, action = window.canvas, window.actions_by_id["uncertainty"]
    plain = canvas.grab().toImage()
    action.trigger()
    qtbot.waitUntil(lambda: explorer.uncertainty is not None)
    shown = canvas.grab().toImage()
    x, y = (round(part) for part in canvas.view.to_widget(FIRST.right - 4, FIRST.top + 20))
    assert shown.pixelColor(x, y).red() > 150, "yellow: the candidates disagree most on the right"
    assert shown.pixelColor(x, y).blue() < 120
    outside = (round(part) for part in canvas.view.to_widget(FIRST.right + 30, FIRST.top + 20))
    outside = QPoint(*outside)
    assert shown.pixelColor(outside) == plain.pixelColor(outside)
    legend = QPoint(30, 25)
    assert shown.pixelColor(legend) != plain.pixelColor(legend)
    assert explorer.uncertainty.scale == 0.3
    action.trigger()
    assert canvas.grab().toImage() == plain


def test_the_scale_of_the_uncertainty_fits_what_there_is():
    def search(uncertainty):
        return RegionSearch(FIRST, "faces", ContextSquare(0, 0, 1), (), np.zeros((1, 3)), uncertainty)

    flat = np.full((100, 100), 0.03, np.float32)
    assert UncertaintyMap.of([search(flat)]).scale == 0.05
    assert UncertaintyMap.of([search(flat), search(9 * flat)]).scale == 0.3
    assert UncertaintyMap.of([search(0 * flat)]).scale == 0.02
    assert (UncertaintyMap.of([search(0 * flat)]).images[0].levels[0] == 0).all()


def test_the_colours_grow_lighter_all_the_way():
    """So that the order is seen by everybody, and in grey too."""
    shades = colours(np.linspace(0, 1, 64, dtype=np.float32)[None])[0].astype(float)
    assert (np.diff(shades @ [0.2126, 0.7152, 0.0722]) > 0).all()


# Estimates


def test_what_the_fill_will_take_stands_beside_fill_and_budget(qtbot, window, controller, document):
    panel = window.fill_panel
    qtbot.waitUntil(lambda: panel.estimate.text() == "≈ 5 min")
    assert panel.estimate.isVisible()
    preset = panel.form.preset
    names = [preset.itemText(index) for index in range(3)]
    assert names == ["Draft · 81 s", "Normal · 5 min", "Best · 22 min"]
    assert preset.itemText(3) == "Published: Amos 2016"
    controller.set_setting("preset", "draft")
    assert panel.estimate.text() == "≈ 81 s"
    with qtbot.waitSignal(controller.estimates.changed):
        window.actions_by_id["clear_mask"].trigger()
    assert not panel.estimate.isVisible()
    assert preset.itemText(0) == "Draft"


def test_an_estimate_is_asked_once_for_many_changes_and_never_beside_a_fill(
    qtbot, services, window, controller, document
):
    asked = []
    estimate = services.estimate
    services.estimate = lambda request: asked.append(request) or estimate(request)
    for seed in range(5):
        controller.set_setting("seed", seed)
    with qtbot.waitSignal(controller.estimates.changed):
        pass
    assert [request.settings.seed for request in asked] == [4]
    services.endless = Phase.SEARCH
    with qtbot.waitSignal(controller.fills.progress):
        controller.fill()
    assert not window.fill_panel.estimate.isVisible()
    controller.estimates.ask()
    with qtbot.waitSignal(controller.fills.cancelled):
        controller.fills.cancel()
    assert len(asked) == 1


def test_after_a_fill_no_snapshot_stands_in_the_way_of_undo(qtbot, services, window, controller, filled):
    asked = []
    services.estimate = lambda request: asked.append(request) or {}
    controller.estimates.ask()
    controller.estimates.ask()
    assert not filled.mask_visible
    assert asked == []
    report = controller.photos.current.report
    assert controller.estimates.by_preset == {report.preset: report.seconds}  # it would take again what it took
    with qtbot.waitSignal(controller.estimates.changed):
        window.actions_by_id["show_mask"].trigger()
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_an_engine_that_cannot_estimate_says_nothing(qtbot, services, window, controller, document, answers):
    def fail(request):
        raise RuntimeError("no idea")

    services.estimate = fail
    with qtbot.waitSignal(controller.estimates.changed):
        controller.estimates.ask()
    assert window.fill_panel.estimate.text() == ""
    assert answers.errors == []


def test_it_is_said_that_a_fill_would_go_on(qtbot, window, filled, explorer):
    panel = window.fill_panel
    assert not panel.going_on.isVisible()
    paint_more(window, filled)
    qtbot.waitUntil(panel.going_on.isVisible)
    panel.going_on.linkActivated.emit("forget")
    assert explorer.outcome is None
    qtbot.waitUntil(lambda: not panel.going_on.isVisible())

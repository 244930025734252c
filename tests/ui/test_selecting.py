"""Selecting in the window: outlines with the mouse, orders in a thread, proposals, files."""

import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import make_photo
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from ui.pointer import ALT, LEFT, NONE, at, drag

from inpaintgui.contracts import Box
from inpaintgui.errors import PriorError
from inpaintgui.selecting import MaskPart, Proposal, Refine
from inpaintgui.session.combining import Combine
from inpaintgui.ui.proposals import silhouette_image

pytestmark = pytest.mark.usefixtures("canvas")


def steps(document):
    return [entry.name for entry in document.history.entries]


@pytest.fixture
def face(services):
    boxes = (Box(5, 20, 15, 30), Box(40, 20, 50, 30))
    services.selector.faces_found = tuple(
        Proposal("face", box, MaskPart(box, np.full((10, 10), 255, np.uint8))) for box in boxes
    )
    return services.selector.faces_found


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_M, NONE, "Rectangle"),
        (Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier, "Ellipse"),
        (Qt.Key.Key_L, NONE, "Lasso"),
    ],
)
def test_outlines_by_key_and_mouse(window, canvas, document, key, modifier, name):
    QTest.keyClick(canvas, key, modifier)
    drag(canvas, (10, 10), (30, 25))
    if name == "Lasso":  # a straight line encloses nothing
        assert not document.has_mask
    else:
        assert steps(document) == [name]
        assert document.mask[17, 20] == 255


def test_a_polygon_by_clicks_closed_by_enter(window, canvas, document):
    QTest.keyClick(canvas, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    for point in ((10, 10), (40, 10), (40, 40), (30, 45)):
        QTest.mouseClick(canvas, LEFT, NONE, at(canvas, *point))
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    QTest.mouseMove(canvas, at(canvas, 20, 40))
    assert len(window.controller.sketch) == 1
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert steps(document) == ["Polygon"]
    assert not window.controller.fills.busy
    assert document.mask[15, 35] == 255


def test_escape_forgets_a_polygon(window, canvas, document):
    window.actions_by_id["polygon"].trigger()
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 10, 10))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not window.controller.sketch
    assert not document.history.entries


def test_x_swaps_adding_and_taking_away(window, canvas, document):
    window.actions_by_id["rectangle"].trigger()
    drag(canvas, (10, 10), (30, 30))
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert window.controller.tools.combine is Combine.SUBTRACT
    drag(canvas, (20, 5), (40, 40))
    assert document.mask_box == Box(10, 10, 20, 30)
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert window.controller.tools.combine is Combine.ADD
    QTest.keyClick(canvas, Qt.Key.Key_B)
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert window.controller.tool == "eraser"


def test_the_wand_selects_in_a_thread(qtbot, services, window, canvas, document):
    QTest.keyClick(canvas, Qt.Key.Key_W)
    with qtbot.waitSignal(window.controller.changed):
        QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 20.5, 20.5))
    assert steps(document) == ["Magic wand"]
    assert document.mask_box == Box(20, 20, 22, 22)
    assert services.selector.orders[0][0].tolerance == window.controller.settings.wand_tolerance


def test_a_selection_of_pixels_that_changed_is_dropped(qtbot, services, window, canvas, document):
    drag(canvas, (10, 20), (50, 20))
    services.selector.gate = threading.Event()
    window.actions_by_id["wand"].trigger()
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 20, 20))
    with qtbot.waitSignal(window.controller.fills.finished):
        window.controller.fill()
    with qtbot.waitSignal(window.controller.message, check_params_cb=lambda text: "dropped" in text):
        services.selector.gate.set()
    assert steps(document) == ["Brush", "Fill"]


def test_further_scribbles_replace_what_was_selected(qtbot, window, canvas, document):
    QTest.keyClick(canvas, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    for count in (1, 2):
        with qtbot.waitSignal(window.controller.changed, check_params_cb=lambda change: document.has_mask):
            drag(canvas, (10, 10), (20, 20), modifiers=NONE if count == 1 else ALT)
        qtbot.waitUntil(lambda count=count: document.mask_box == Box(0, 0, 4 * count, 4 * count))
        assert steps(document) == ["Smart select"]
    assert len(window.controller.sketch) == 2
    window.actions_by_id["undo"].trigger()
    assert not window.controller.sketch
    assert not document.has_mask


def test_growing_asks_by_how_much(qtbot, services, window, document, answers):
    drag(window.canvas, (20, 20), (30, 20))
    before = document.mask_box
    answers.amount = 5
    with qtbot.waitSignal(window.controller.changed):
        window.actions_by_id["grow"].trigger()
    assert document.mask_box == before.grow(5)
    assert services.selector.orders == [(Refine.GROW, 5)]
    answers.amount = None
    window.actions_by_id["shrink"].trigger()
    assert not window.controller.selecting.busy


def test_faces_are_proposed_accepted_and_rejected(qtbot, window, canvas, document, face):
    with qtbot.waitSignal(window.controller.selecting.proposals_changed):
        window.actions_by_id["find_faces"].trigger()
    chips = window.proposals.chips
    assert len(chips) == 2
    assert all(chip.isVisible() for chip in chips)
    assert "2" in window.proposals.label.text()
    QTest.mouseClick(chips[0].accept, LEFT)
    assert document.mask_box == face[0].box
    (chip,) = window.proposals.chips
    QTest.mouseClick(chip.reject, LEFT)
    assert not window.proposals.bar.isVisible()
    assert steps(document) == ["Face"]


def test_no_face_is_said_plainly(qtbot, window):
    with qtbot.waitSignal(window.controller.message, check_params_cb=lambda text: text.startswith("No face")):
        window.actions_by_id["find_faces"].trigger()


def test_masks_are_kept_and_recalled(window, canvas, document, answers):
    drag(canvas, (20, 20), (30, 20))
    mask = document.mask.copy()
    answers.mask_name = "A & B"
    window.actions_by_id["save_mask"].trigger()
    window.actions_by_id["clear_mask"].trigger()
    (action,) = window.menus._kept.actions()
    assert action.text() == "A && B"
    action.trigger()
    np.testing.assert_array_equal(document.mask, mask)


def test_a_mask_from_a_file(qtbot, services, window, document, answers):
    answers.threshold = (77, True)
    with qtbot.waitSignal(window.controller.changed):
        window.actions_by_id["import_mask"].trigger()
    assert (document.mask == 255).all()
    assert services.selector.orders == [(77, True)]
    answers.mask_path = Path("missing.png")
    with qtbot.waitSignal(window.controller.failed):
        window.actions_by_id["import_mask"].trigger()


def test_a_mask_to_a_file(qtbot, services, window, document, canvas, answers):
    drag(canvas, (20, 20), (30, 20))
    with qtbot.waitSignal(window.controller.message):
        window.actions_by_id["export_mask"].trigger()
    np.testing.assert_array_equal(services.selector.written[answers.mask_export_path], document.mask)


def test_another_photo_forgets_what_was_being_selected(qtbot, services, window, canvas, open_photo, face):
    with qtbot.waitSignal(window.controller.selecting.proposals_changed):
        window.actions_by_id["find_faces"].trigger()
    services.photo = make_photo(30, 20)
    open_photo("other.png")
    assert not window.controller.selecting.proposals
    assert not window.proposals.chips


@pytest.fixture
def person(services):
    box = Box(10, 5, 30, 45)
    services.selector.people_found = (Proposal("person", box, MaskPart(box, np.full((40, 20), 255, np.uint8))),)
    return services.selector.people_found[0]


def test_people_are_proposed_and_accepted(qtbot, services, window, canvas, document, person):
    services.selector.gate = threading.Event()
    window.actions_by_id["find_people"].trigger()
    bar = window.proposals.search_bar
    qtbot.waitUntil(lambda: bar.label.text().endswith("0 %"))
    assert bar.isVisible()
    assert window.actions_by_id["cancel"].isEnabled()
    with qtbot.waitSignal(window.controller.selecting.proposals_changed):
        services.selector.gate.set()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert not window.actions_by_id["cancel"].isEnabled()
    (chip,) = window.proposals.chips
    assert chip.accessibleName() == "Person 1"
    QTest.mouseClick(chip.accept, LEFT)
    assert document.mask_box == person.box
    assert steps(document) == ["Person"]


def test_nobody_is_said_plainly(qtbot, window):
    with qtbot.waitSignal(window.controller.message, check_params_cb=lambda text: text.startswith("Nobody was found")):
        window.actions_by_id["find_people"].trigger()
    assert not window.proposals.chips


@pytest.mark.parametrize("how", ["action", "button", "another photo", "another order"])
def test_a_search_for_people_is_cancelled(qtbot, services, window, canvas, document, open_photo, person, how):
    selecting = window.controller.selecting
    services.selector.gate = threading.Event()
    window.actions_by_id["find_people"].trigger()
    qtbot.waitUntil(lambda: bool(services.selector.orders))
    assert selecting.search.is_running
    if how == "action":
        window.actions_by_id["cancel"].trigger()
    elif how == "button":
        QTest.mouseClick(window.proposals.search_bar.cancel, LEFT)
    elif how == "another photo":
        services.photo = make_photo(30, 20)
        open_photo("other.png")
    else:
        window.actions_by_id["find_faces"].trigger()
    assert not selecting.search.is_running
    assert not window.proposals.search_bar.isVisible()
    assert not window.actions_by_id["cancel"].isEnabled()
    services.selector.gate.set()
    qtbot.waitUntil(lambda: not selecting.busy)
    assert services.selector.people_closed.is_set()
    assert not selecting.proposals
    assert not document.has_mask


def test_a_search_that_fails_is_reported_and_over(qtbot, services, window):
    services.selector.people_error = PriorError("The network that finds people is not installed.")
    with qtbot.waitSignal(window.controller.failed):
        window.actions_by_id["find_people"].trigger()
    assert not window.controller.selecting.search.is_running


def test_closing_the_window_ends_a_search(qtbot, services, window):
    services.selector.people_steps = iter(lambda: 0.5, None)
    window.actions_by_id["find_people"].trigger()
    qtbot.waitUntil(lambda: window.controller.selecting.search.progress > 0)
    assert window.controller.selecting.close()
    assert services.selector.people_closed.is_set()


def test_the_silhouette_of_a_proposal_is_seen(qtbot, services, window, canvas, document):
    values = np.zeros((40, 20), np.uint8)
    values[:20] = 255
    box = Box(10, 5, 30, 45)
    services.selector.people_found = (Proposal("person", box, MaskPart(box, values)),)
    with qtbot.waitSignal(window.controller.selecting.proposals_changed):
        window.actions_by_id["find_people"].trigger()
    image = silhouette_image(services.selector.people_found[0].part)
    assert (image.pixelColor(10, 5).alpha() > 0, image.pixelColor(10, 30).alpha()) == (True, 0)
    frames = window.proposals._frames
    seen = QImage(frames.size(), QImage.Format.Format_ARGB32_Premultiplied)
    seen.fill(0)
    frames.render(seen, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    covered, free = (at(canvas, 20, y) for y in (15, 35))
    assert seen.pixelColor(covered).alpha() > 0
    assert seen.pixelColor(free).alpha() == 0


def test_large_silhouettes_are_shown_reduced():
    part = MaskPart(Box(0, 0, 3000, 10), np.full((10, 3000), 255, np.uint8))
    assert silhouette_image(part).width() == 1000

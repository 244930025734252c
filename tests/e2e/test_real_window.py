"""The real program with the real engine on a real X server, used like a person uses it.

With INPAINTGUI_SCREENSHOTS naming a folder, pictures of the window are left there; the README shows one of them.
"""

from __future__ import annotations

import os
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from e2e.x_server import Program, XServer, wait_until

from inpaintgui import paths, settings
from inpaintgui.engine.image_io import load_photo

SAMPLES = paths.resources() / "samples"
BRUSH = 60.0
"""Diameter that a new home folder begins with."""

pytestmark = [
    pytest.mark.xcb,
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs Xvfb and xdotool"
    ),
]


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "screen"
    folder.mkdir()
    made = XServer(folder)
    yield made
    made.stop()


LONG_SEARCH = {"settings": {"preset": "published-bamos"}}
"""For tests that do something while a search runs: 1,000 steps leave the time for it."""


@pytest.fixture
def program(server, tmp_path, request):
    """The program with a copy of a sample open and its engine loaded.

    A test may say which "photo" (else the portrait) and which "settings".
    """
    wishes = getattr(request, "param", {})
    photo = tmp_path / wishes.get("photo", "portrait.jpg")
    shutil.copy(SAMPLES / photo.name, photo)
    home = tmp_path / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INPAINTGUI_HOME", str(home))
        settings.save(settings.Settings(**wishes.get("settings", {})))
    made = Program(server, home, photo)
    made.photo = photo
    made.wait_for("opened ")
    made.wait_for("engine ready")
    made.focus(photo.name)
    yield made
    made.stop()


def stroke(photo):
    """Image points of a stroke in the middle of a photo: the sample's mouth."""
    height, width = photo.pixels.shape[:2]
    return [(width * (0.44 + 0.02 * k), height * (0.46 + 0.01 * k)) for k in range(5)]


def distance_to(points, shape):
    """Of each pixel's centre to a chain of points, float (H, W)."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    best = np.full(shape[:2], np.inf)
    for (x0, y0), (x1, y1) in pairwise(points):
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1)
        best = np.minimum(best, np.hypot(x - x0 - along * dx, y - y0 - along * dy))
    return best


def canvas_of(program, photo):
    """Rows and columns of the screen that show the photo."""
    place = program.view()
    (left, top), (right, bottom) = place(0, 0), place(photo.width, photo.height)
    return slice(top, bottom), slice(left, right)


def hole_of(program, points):
    """Rows and columns of the screen well inside the hole."""
    x, y = program.view()(*points[len(points) // 2])
    return slice(y - 12, y + 12), slice(x - 12, x + 12)


def away(program):
    """Put the pointer where it draws nothing on the photo."""
    program.server.tool("mousemove", "--sync", 1270, 710)


def keep_screenshot(program, name):
    """Write what is on the screen to the folder that INPAINTGUI_SCREENSHOTS names, if it does."""
    folder = os.environ.get("INPAINTGUI_SCREENSHOTS")
    if folder:
        from inpaintgui.engine.opencv import cv2

        cv2.imwrite(str(Path(folder) / f"{name}.png"), program.server.screen()[..., ::-1])


@pytest.mark.parametrize("program", [LONG_SEARCH], indirect=True)
def test_from_opening_to_export(program):
    photo = load_photo(program.photo)
    points = stroke(photo)
    assert "started on xcb" in program.log()
    assert "cv2" in Path(f"/proc/{program.process.pid}/maps").read_text()
    away(program)
    canvas = canvas_of(program, photo)
    wait_until(lambda: shows(program, canvas, photo), "the photo")
    before = program.server.screen()

    program.drag(points)
    away(program)
    hole = hole_of(program, points)
    painted = wait_until(lambda: differs(program, hole, before[hole]), "the mask's tint")
    keep_screenshot(program, "painted")

    program.key("Return")
    program.wait_for("fill started")
    program.wait_for("preview shown")
    wait_until(lambda: differs(program, hole, painted), "a preview in the hole")
    assert "fill finished" not in program.log()
    program.wait_for("preview shown", count=10)
    keep_screenshot(program, "searching")

    program.wait_for("fill finished")
    program.key("ctrl+z")
    program.wait_for("undo: revision")
    program.key("q")
    wait_until(lambda: shows(program, canvas, photo), "the original after undo")

    program.key("ctrl+shift+z")
    program.wait_for("redo: revision")
    wait_until(lambda: not shows(program, canvas, photo), "something else after redo")
    keep_screenshot(program, "filled")
    export(program, program.photo.with_name("result.png"))
    result = load_photo(program.photo.with_name("result.png"))
    check_export(result, photo, points)
    wait_until(lambda: shows(program, canvas, result), "the fill after redo")

    program.focus("result.png")  # the title follows the file; the dialog took the keyboard with it
    program.key("ctrl+q")
    assert program.process.wait(30) == 0


@pytest.mark.parametrize("program", [{"photo": "hilltop.jpg"}], indirect=True)
def test_a_stroke_goes_through_every_point_of_a_quick_hand(program):
    """A viewing table, circled in one go, and its foot: also what the README's pictures show."""
    around = [(1060, 760), (1120, 720), (1250, 715), (1400, 735), (1450, 775), (1380, 810), (1250, 820), (1120, 800)]
    program.key(*["bracketright"] * 9)
    away(program)
    place = program.view()
    before = program.server.screen()
    program.drag([*around, around[0]])
    program.drag([(1180, 860), (1180, 960), (1180, 1060)])
    program.drag([(1270, 860), (1275, 960), (1270, 1060)])
    away(program)
    for point in around:
        x, y = place(*point)
        spot = (slice(y - 2, y + 3), slice(x - 2, x + 3))
        wait_until(lambda spot=spot: differs(program, spot, before[spot]), f"the mask's tint at {point}")
    program.key("Return")
    program.wait_for("preview shown", count=4)
    keep_screenshot(program, "table-searching")
    program.wait_for("fill finished")
    x, y = place(1250, 770)
    table = (slice(y - 20, y + 20), slice(x - 20, x + 20))
    wait_until(lambda: differs(program, table, before[table]), "something else in the table's place")
    keep_screenshot(program, "table-filled")


def shows(program, canvas, photo):
    """Whether the screen shows exactly the photo's pixels, each enlarged to the same square."""
    seen = program.server.screen()[canvas]
    factor = seen.shape[0] // photo.height
    return np.array_equal(seen, photo.pixels.repeat(factor, axis=0).repeat(factor, axis=1))


def differs(program, area, known):
    """The screen there if it differs from a known picture, else None."""
    now = program.server.screen()[area]
    return None if np.array_equal(now, known) else now


def export(program, path):
    """Type a name into the export dialog."""
    program.key("ctrl+s")
    program.focus("Export photo")
    program.key("ctrl+a")
    program.server.tool("type", path)
    program.key("Return")
    program.wait_for("exported ")
    wait_until(path.exists, "the exported file")


def check_export(result, photo, points):
    """Outside the stroke nothing changed, inside something did."""
    distance = distance_to(points, photo.pixels.shape)
    outside = distance > BRUSH / 2 + 2
    assert result.pixels.shape == photo.pixels.shape
    assert result.pixels.dtype == photo.pixels.dtype
    np.testing.assert_array_equal(result.pixels[outside], photo.pixels[outside])
    inside = distance < BRUSH / 2 - 2
    changed = (result.pixels[inside] != photo.pixels[inside]).any(axis=-1)
    assert changed.mean() > 0.5


@pytest.mark.parametrize("program", [LONG_SEARCH], indirect=True)
def test_escape_during_the_search_changes_nothing(program):
    photo = load_photo(program.photo)
    away(program)
    canvas = canvas_of(program, photo)
    wait_until(lambda: shows(program, canvas, photo), "the photo")
    program.drag(stroke(photo))
    away(program)
    program.key("Return")
    program.wait_for("preview shown")

    program.key("Escape")
    program.wait_for("fill cancelled")
    assert program.time_of("fill cancelled") - program.time_of("fill cancelling") < 0.5
    assert "fill finished" not in program.log()

    program.key("q")
    wait_until(lambda: shows(program, canvas, photo), "the photo as it was")
    program.key("ctrl+q")  # would ask if there was anything to save
    assert program.process.wait(30) == 0


@pytest.mark.parametrize("program", [LONG_SEARCH], indirect=True)
def test_closing_during_the_search_ends_the_program(program):
    program.drag(stroke(load_photo(program.photo)))
    program.key("Return")
    program.wait_for("preview shown")

    program.key("ctrl+q")
    assert program.process.wait(30) == 0
    assert "fill finished" not in program.log()


def test_the_window_answers_while_the_engine_works(program):
    program.drag(stroke(load_photo(program.photo)))
    program.key("Return")
    longest = program.wait_for(r"longest gap (\d+) ms")
    assert "fill finished" in program.log()
    assert int(longest[1]) < 100

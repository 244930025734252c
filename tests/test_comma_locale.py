"""Where the decimal point is a comma, the window and the command line write the same numbers and read them back.

The locale is made for the purpose, so that the test needs no more than the C library's own compiler of locales: its
numbers are German, all else is plain.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.engine.conftest import write_small_mask, write_tiny_home

NAME = "de_DE"
NUMBERS = 'comment_char %\nescape_char /\nLC_NUMERIC\ndecimal_point "<U002C>"\nthousands_sep "<U002E>"\ngrouping 3;3\n'
CHARACTERS = "<code_set_name> ANSI_X3.4-1968\n<comment_char> %\n<escape_char> /\nCHARMAP\n{}\nEND CHARMAP\n"
ROOT = Path(__file__).parents[1]

IN_COMMAS = """
import ctypes, locale, sys
assert locale.setlocale(locale.LC_ALL, "")
assert locale.str(1.5) == "1,5"
libc = ctypes.CDLL(None)
libc.atof.restype = ctypes.c_double
assert libc.atof(b"1,5") == 1.5
"""

ON_THE_COMMAND_LINE = """
from inpaintgui.cli import run
photo, mask, out, recipe = sys.argv[1:]
fill = ["fill", photo, "--mask", mask, "-o", out, "--preset", "draft", "--device", "cpu", "--prior", "scenes-tiny"]
assert run([*fill, "--square", "1.5,2.5,40.5", "--recipe", recipe]) == 0
assert run(["replay", recipe, photo, "-o", out + ".again.png"]) == 0
"""

IN_THE_WINDOW = """
from pathlib import Path
from PySide6.QtCore import QLocale
from inpaintgui import app
from inpaintgui.contracts import ContextSquare
photo, mask, out, recipe = sys.argv[1:]

class Driven(app.MainWindow):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        controller = self.controller
        self.dialogs.ask_export = lambda proposal: Path(out)
        self.dialogs.show_error = lambda summary, error: print(summary, repr(error), file=sys.stderr) or self.close()
        controller.engine_ready.connect(lambda: self.files.open_path(Path(photo)))
        self.files.opened.connect(self.paint)
        controller.fills.finished.connect(self.export)
        self.files.exported.connect(lambda _: self.close())

    def paint(self, _path):
        assert QLocale().toString(1.5) == "1,5", QLocale()
        controller = self.controller
        for name, value in (("prior", "scenes-tiny"), ("preset", "draft"), ("brush_size", 10.5), ("device", "cpu")):
            controller.set_setting(name, value)
        self.actions_by_id["recipe_sidecar"].trigger()
        controller.apply(controller.document.begin_stroke("Brush"))
        controller.apply(controller.document.paint((15.5, 12.5), (22.5, 18.5), radius=4.25))
        controller.apply(controller.document.end_stroke())
        controller.square.squares = (ContextSquare(1.5, 2.5, 40.5),)
        controller.fill()

    def export(self, _ready):
        self.files.export_as()

app.MainWindow = Driven
assert app.run_app([]) == 0
"""


@pytest.fixture(scope="module")
def commas(tmp_path_factory):
    """Environment variables of a process whose numbers have commas."""
    folder = tmp_path_factory.mktemp("locales")
    codes = "\n".join(f"<U{code:04X}> /x{code:02x} c" for code in range(128))
    (folder / "characters").write_text(CHARACTERS.format(codes))
    (folder / "numbers").write_text(NUMBERS + "END LC_NUMERIC\n")
    compiler = shutil.which("localedef")
    if compiler is None:
        pytest.skip("the C library here has no compiler of locales")
    command = [compiler, "-c", "-f", folder / "characters", "-i", folder / "numbers", folder / NAME]
    subprocess.run(command, capture_output=True, check=False)  # its code speaks of categories that are left out
    return {"LOCPATH": f"{folder}:/usr/lib/locale", "LC_NUMERIC": NAME, "LC_ALL": "", "LANG": "C.UTF-8"}


@pytest.mark.parametrize("code", [ON_THE_COMMAND_LINE, IN_THE_WINDOW], ids=["command line", "window"])
def test_numbers_are_written_and_read_with_points(commas, tmp_path, code):
    home = write_tiny_home(tmp_path / "home")
    pixels = np.random.default_rng(1).integers(0, 256, (40, 48, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    write_small_mask(tmp_path / "mask.png")
    out = tmp_path / "out.png"
    recipe = tmp_path / "out.png.recipe.json"
    environment = {**os.environ, **commas, "INPAINTGUI_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", IN_COMMAS + code, *map(str, (tmp_path / "a.png", tmp_path / "mask.png", out, recipe))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (fill,) = json.loads(recipe.read_text("utf-8"))["fills"]
    assert '"side": 40.5' in json.dumps(fill)
    with Image.open(out) as image:
        assert (np.asarray(image) != pixels).any()
    settings = home / "config" / "settings.json"
    assert code is ON_THE_COMMAND_LINE or json.loads(settings.read_text("utf-8"))["brush_size"] == 10.5

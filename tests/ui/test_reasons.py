"""The engine's reasons in the user's language."""

import inspect

import pytest

from inpaintgui.engine import choice, region_fill
from inpaintgui.ui.panels import reasons
from inpaintgui.ui.panels.reasons import reason_text


@pytest.fixture(autouse=True)
def _shouted(monkeypatch):
    """A language in which everything is said aloud."""
    monkeypatch.setattr(reasons.QCoreApplication, "translate", lambda _context, text: text.upper())


@pytest.mark.parametrize("part", reasons._PARTS)
def test_the_engine_says_every_part_that_is_known(part):
    sources = inspect.getsource(choice) + inspect.getsource(region_fill)
    assert max(part.split("{}"), key=len).rpartition("): ")[2] in sources


def test_reasons_of_parts_keep_their_values():
    text = "the region lies in a face; “dcgan” for the sake of variations: those of “faces” are nearly alike"
    assert reason_text(text) == (
        "THE REGION LIES IN A FACE; “dcgan” FOR THE SAKE OF VARIATIONS: THOSE OF “faces” ARE NEARLY ALIKE"
    )
    text = "chosen by the user; it fits badly (error 0.310, usually below 0.120): used all the same"
    assert (
        reason_text(text) == "CHOSEN BY THE USER; IT FITS BADLY (ERROR 0.310, USUALLY BELOW 0.120): USED ALL THE SAME"
    )


def test_what_is_not_known_stays():
    assert reason_text("of a later version; aligned to the face") == "of a later version; ALIGNED TO THE FACE"

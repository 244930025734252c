"""Sentences are plain English text for whoever asks for text, and keep what they were made of."""

import copy
import errno
import json
import os
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from inpaintgui.errors import ImageFileError
from inpaintgui.sentences import Sentence, clauses, in_a_row, os_reason, say

OPENED = say('Cannot open "{path}": {reason}.', path=Path("{a}/b.png"), reason=say("it is a folder"))


@dataclass
class Report:
    reason: Sentence


def test_it_is_the_english_text():
    assert OPENED == 'Cannot open "{a}/b.png": it is a folder.'
    assert f"{OPENED}" == str(OPENED) == OPENED
    assert json.dumps([OPENED]) == json.dumps([str(OPENED)])
    assert type(str(OPENED)) is str


def test_values_keep_what_a_template_needs():
    said = say("{error:.3f} of {count} in “{path}”", error=0.12345, count=3, path=Path("x"))
    assert said == "0.123 of 3 in “x”"
    assert said.values == {"error": 0.12345, "count": 3, "path": "x"}


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_it_survives_the_way_between_processes(protocol):
    for kept in (pickle.loads(pickle.dumps(OPENED, protocol)), copy.deepcopy(OPENED)):
        assert kept == OPENED
        assert (kept.template, dict(kept.values)) == (OPENED.template, dict(OPENED.values))
        assert kept.values["reason"].template == "it is a folder"
    error = pickle.loads(pickle.dumps(ImageFileError(OPENED), protocol))
    assert error.sentence.template == OPENED.template
    assert asdict(Report(OPENED))["reason"].template == OPENED.template


def test_an_error_is_told_by_what_it_says():
    assert say("Because {error}.", error=ValueError(say("it rains"))).values["error"].template == "it rains"
    assert say("Because {error}.", error=ValueError("it rains")).values["error"] == "it rains"


def test_in_a_row_and_in_clauses():
    first, then, last = say("One."), say("Two."), say("Three.")
    assert in_a_row([first, then, last]) == "One. Two. Three."
    assert in_a_row([]) == ""
    assert in_a_row([first]) is first
    assert clauses(say("it rains"), say("it pours")) == "it rains; it pours"


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EIO, errno.ENOENT, errno.EROFS, errno.EXDEV])
def test_what_the_system_says_stays_as_it_is(number):
    assert os_reason(OSError(number, os.strerror(number))) == os.strerror(number)
    assert os_reason(OSError("of its own kind")) == "of its own kind"

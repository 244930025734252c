from __future__ import annotations

import math

import pytest

from inpaintgui.training.alarms import WINDOW, Alarms

FINE = {"errD_real": 0.7, "errD_fake": 0.7, "errG": 0.8, "diversity": 0.9}


def said(alarms: Alarms, losses: dict[str, float], steps: int) -> list[str]:
    return [sentence for _ in range(steps) for sentence in alarms.look_at(losses)]


@pytest.mark.parametrize(
    ("losses", "sentence"),
    [
        ({**FINE, "errD_real": 0.01, "errD_fake": 0.01}, "discriminator has won"),
        ({**FINE, "diversity": 0.1}, "collapsed"),
    ],
)
def test_what_goes_wrong_is_said_once_and_again_only_after_it_was_better(
    losses: dict[str, float], sentence: str
) -> None:
    alarms = Alarms()
    assert said(alarms, FINE, 2 * WINDOW) == []
    (first,) = said(alarms, losses, 3 * WINDOW)
    assert sentence in first
    assert said(alarms, FINE, 2 * WINDOW) == []
    assert said(alarms, losses, 3 * WINDOW) == [first]


def test_nothing_is_said_before_there_is_a_full_window() -> None:
    bad = {**FINE, "errD_real": 0.0, "errD_fake": 0.0, "diversity": 0.0}
    assert said(Alarms(), bad, WINDOW - 1) == []


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_losses_that_are_no_numbers(value: float) -> None:
    (sentence,) = said(Alarms(), {**FINE, "errD_real": value}, 5)
    assert "no number" in sentence


def test_losses_that_do_not_occur_are_no_reason_to_worry() -> None:
    absent = dict.fromkeys(("spread", "errD_real", "errD_fake"), math.nan)
    assert said(Alarms(), {"reconstruction": 0.1, **absent}, 2 * WINDOW) == []

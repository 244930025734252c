"""How far a prior's samples are apart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from inpaintgui.training.fit import third_in_the_centre, variety

SIDE = 12


def test_variety_compares_samples_in_the_hole_with_images() -> None:
    hole = third_in_the_centre(SIDE)
    squares = [np.full((SIDE, SIDE, 3), value, np.uint8) for value in (0, 102, 0)]
    samples = np.zeros((3, SIDE, SIDE, 3), np.float32)
    samples[2][hole] = 0.1
    samples[2][~hole] = 0.9  # what differs outside does not count
    outcomes: list[Any] = [SimpleNamespace(pool_answers=samples)] * 3
    assert variety(outcomes, squares, hole) == pytest.approx(0.1 / 0.4, rel=1e-4)
    alike: list[Any] = [SimpleNamespace(pool_answers=np.zeros_like(samples))] * 3
    assert variety(alike, squares, hole) == 0

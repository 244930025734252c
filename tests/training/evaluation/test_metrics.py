from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import ndimage

from inpaintgui.training.evaluation.metrics import mean_interval, psnr, share_interval, ssim
from tests.training.evaluation.conftest import pictures

TRUTH, OTHER = pictures(2, 32)
HOLE = np.zeros((32, 32), np.bool_)
HOLE[4:20, 10:31] = True


def test_ssim_against_its_definition() -> None:
    x, y = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(float) for image in (TRUTH, OTHER))

    def mean(values: np.ndarray) -> np.ndarray:
        return ndimage.gaussian_filter(values, 1.5, radius=5, mode="mirror")

    c1, c2 = 6.5025, 58.5225
    spread_x, spread_y, both = mean(x * x) - mean(x) ** 2, mean(y * y) - mean(y) ** 2, mean(x * y) - mean(x) * mean(y)
    values = (2 * mean(x) * mean(y) + c1) * (2 * both + c2)
    values /= (mean(x) ** 2 + mean(y) ** 2 + c1) * (spread_x + spread_y + c2)
    assert ssim(TRUTH, OTHER, HOLE) == pytest.approx(values[HOLE].mean())
    assert ssim(TRUTH, TRUTH, HOLE) == pytest.approx(1)
    assert ssim(TRUTH, 255 - TRUTH, HOLE) < 0


@given(value=st.integers(0, 255))
def test_only_the_hole_counts_for_psnr(value: int) -> None:
    elsewhere = TRUTH.copy()
    elsewhere[~HOLE] = value
    assert psnr(TRUTH, elsewhere, HOLE) == 99


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_an_interval_lies_within_the_figures_and_repeats(figures: list[float]) -> None:
    low, high = mean_interval(np.array(figures))
    assert min(figures) - 1e-9 <= low <= high <= max(figures) + 1e-9
    assert mean_interval(np.array(figures)) == (low, high)


def test_an_interval_holds_the_mean_and_is_as_wide_as_theory_says() -> None:
    figures = np.random.default_rng(1).normal(20, 3, 400)
    low, high = mean_interval(figures)
    assert low < figures.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * figures.std() / 20, rel=0.05)


@given(hits=st.integers(0, 40), misses=st.integers(0, 40))
def test_the_interval_of_a_share_lies_around_it_and_never_shrinks_to_a_point(hits: int, misses: int) -> None:
    assume(hits + misses > 0)
    low, high = share_interval(np.arange(hits + misses) < hits)
    assert 0 <= low <= hits / (hits + misses) + 1e-9
    assert hits / (hits + misses) - 1e-9 <= high <= 1
    assert high - low > 0.05


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = share_interval(np.arange(10) < 8)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))

"""The membrane and seamless cloning."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.blend import enlarged, from_gradients, membrane, poisson_blend, shrunk, soft_membrane
from inpaintgui.engine.opencv import cv2

HALF_A_STEP = 0.5 / 255


def finished(work: Generator[Any, None, NDArray[np.float32]]) -> NDArray[np.float32]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def exact(difference, hole):
    """The same equation, assembled cell by cell and factorised."""
    number = np.full(hole.shape, -1)
    number[hole] = np.arange(hole.sum())
    rows, columns, entries = [], [], []
    right = np.zeros((int(hole.sum()), difference.shape[2]))
    for y, x in np.argwhere(hole):
        k, neighbours = number[y, x], 0
        for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if not (0 <= ny < hole.shape[0] and 0 <= nx < hole.shape[1]):
                continue
            neighbours += 1
            if hole[ny, nx]:
                rows.append(k), columns.append(number[ny, nx]), entries.append(-1.0)
            else:
                right[k] += difference[ny, nx]
        rows.append(k), columns.append(k), entries.append(float(neighbours))
    matrix = scipy.sparse.csc_matrix((entries, (rows, columns)))
    result = difference.astype(np.float64)
    result[hole] = scipy.sparse.linalg.splu(matrix).solve(right)
    return result


@st.composite
def problems(draw):
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    hole = draw(arrays(np.bool_, (height, width)))
    seed = draw(st.integers(0, 2**32 - 1))
    difference = np.random.default_rng(seed).uniform(-1, 1, (height, width, 2)).astype(np.float32)
    return difference, hole


@settings(max_examples=60, deadline=None)
@given(problems())
def test_membrane_equals_the_direct_solution(problem):
    difference, hole = problem
    result = finished(membrane(difference, hole))
    if hole.all():
        assert not result.any()
    elif not hole.any():
        assert np.array_equal(result, difference)
    else:
        assert np.abs(result - exact(difference, hole)).max() <= HALF_A_STEP


@settings(max_examples=60, deadline=None)
@given(problems())
def test_membrane_keeps_known_pixels_and_stays_between_them(problem):
    difference, hole = problem
    result = finished(membrane(difference, hole))
    assert np.array_equal(result[~hole], difference[~hole])
    if hole.any() and not hole.all():
        for channel in range(difference.shape[2]):
            known = difference[~hole][:, channel]
            assert result[hole][:, channel].min() >= known.min() - HALF_A_STEP
            assert result[hole][:, channel].max() <= known.max() + HALF_A_STEP


@settings(max_examples=30, deadline=None)
@given(problems(), st.floats(-1, 1, width=32))
def test_membrane_of_a_constant_is_the_constant(problem, value):
    difference, hole = problem
    if hole.all():
        hole[0, 0] = False
    result = finished(membrane(np.full_like(difference, value), hole))
    assert np.abs(result - np.float32(value)).max() <= HALF_A_STEP


def test_membrane_of_a_ramp_is_the_ramp_across_a_large_hole():
    y, x = np.mgrid[:300, :400].astype(np.float32) / 400
    ramp = np.dstack([x, y, x - y])
    hole = (x - 0.5) ** 2 + (y - 0.4) ** 2 < 0.3**2
    result = finished(membrane(np.where(hole[..., None], np.float32(9), ramp), hole))
    assert np.abs(result - ramp).max() <= HALF_A_STEP


def test_membrane_is_flat_across_the_photo_border():
    # Neumann: a hole along the border takes the value of its only neighbours.
    difference = np.zeros((20, 30, 1), np.float32)
    difference[8:] = 0.25
    hole = np.zeros((20, 30), np.bool_)
    hole[:8] = True
    assert np.abs(finished(membrane(difference, hole)) - 0.25).max() <= HALF_A_STEP


def test_membrane_ignores_what_stands_in_the_hole():
    rng = np.random.default_rng(0)
    difference = rng.random((30, 40, 3)).astype(np.float32)
    hole = rng.random((30, 40)) < 0.5
    dirty = difference.copy()
    dirty[hole] = np.nan
    assert np.array_equal(finished(membrane(dirty, hole)), finished(membrane(difference, hole)))


def test_blend_moves_the_source_to_the_level_of_the_target():
    rng = np.random.default_rng(1)
    texture = rng.random((40, 40, 3)).astype(np.float32)
    hole = np.zeros((40, 40), np.bool_)
    hole[10:30, 12:28] = True
    result = finished(poisson_blend(texture, texture - np.float32(0.3), hole))
    assert np.abs(result - texture).max() <= HALF_A_STEP
    assert np.array_equal(result[~hole], texture[~hole])


def test_blend_keeps_the_gradients_of_the_source():
    rng = np.random.default_rng(2)
    target, source = rng.random((2, 40, 40, 1)).astype(np.float32)
    hole = np.zeros((40, 40), np.bool_)
    hole[8:32, 8:32] = True
    result = finished(poisson_blend(target, source, hole))

    def laplacian(image):
        return (4 * image[1:-1, 1:-1] - image[:-2, 1:-1] - image[2:, 1:-1] - image[1:-1, :-2] - image[1:-1, 2:])[..., 0]

    inside = hole[:-2, 1:-1] & hole[2:, 1:-1] & hole[1:-1, :-2] & hole[1:-1, 2:]
    assert np.abs(laplacian(result) - laplacian(source))[inside].max() <= 8 * HALF_A_STEP


def test_blend_returns_the_source_where_nothing_is_known():
    source = np.random.default_rng(3).random((9, 7, 3)).astype(np.float32)
    result = finished(poisson_blend(np.zeros_like(source), source, np.ones((9, 7), np.bool_)))
    assert np.array_equal(result, source)


def test_blend_of_an_empty_hole_is_the_target():
    target, source = np.random.default_rng(4).random((2, 9, 7, 3)).astype(np.float32)
    assert np.array_equal(finished(poisson_blend(target, source, np.zeros((9, 7), np.bool_))), target)


def test_membrane_can_be_given_up_at_every_yield():
    difference = np.random.default_rng(5).random((200, 200, 3)).astype(np.float32)
    hole = np.zeros((200, 200), np.bool_)
    hole[20:180, 20:180] = True
    pauses = sum(1 for _ in membrane(difference, hole))
    assert pauses > 3
    for stop in range(pauses):
        work = membrane(difference, hole)
        for _ in range(stop + 1):
            next(work)
        work.close()
        with pytest.raises(StopIteration):
            next(work)


@pytest.mark.parametrize(
    ("difference", "hole"),
    [
        (np.zeros((4, 4, 3)), np.zeros((4, 4), np.bool_)),
        (np.zeros((4, 4), np.float32), np.zeros((4, 4), np.bool_)),
        (np.zeros((4, 4, 3), np.float32), np.zeros((4, 5), np.bool_)),
        (np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8)),
    ],
)
def test_membrane_refuses_what_does_not_fit(difference, hole):
    with pytest.raises(ValueError, match="must be"):
        finished(membrane(difference, hole))


def test_blend_refuses_a_source_of_another_shape():
    with pytest.raises(ValueError, match="source must be"):
        finished(
            poisson_blend(np.zeros((4, 4, 3), np.float32), np.zeros((4, 5, 3), np.float32), np.zeros((4, 4), np.bool_))
        )


def test_true_differences_give_the_image_back():
    rng = np.random.default_rng(0)
    image = rng.random((40, 50, 3)).astype(np.float32)
    hole = np.zeros((40, 50), np.bool_)
    hole[8:30, 10:50] = True
    right, down = np.zeros_like(image), np.zeros_like(image)
    right[:, :-1], down[:-1] = np.diff(image, axis=1), np.diff(image, axis=0)
    begun = np.where(hole[..., None], np.float32(0.5), image)
    result = run_to_end(from_gradients(begun, hole, right=right, down=down, pull=1e-5))
    assert np.abs(result - image).max() < 0.02
    assert np.array_equal(result[~hole], image[~hole])


def test_a_strong_pull_keeps_what_was_there():
    image = np.random.default_rng(1).random((20, 20, 1)).astype(np.float32)
    hole = np.zeros((20, 20), np.bool_)
    hole[5:15, 5:15] = True
    flat = np.zeros_like(image)
    result = run_to_end(from_gradients(image, hole, right=flat, down=flat, pull=1000.0))
    assert np.abs(result - image).max() < 0.02


def test_a_soft_membrane_is_close_to_the_exact_one():
    rng = np.random.default_rng(5)
    image = cv2.GaussianBlur(rng.random((90, 110, 3)).astype(np.float32), (0, 0), 12)
    hole = np.zeros((90, 110), np.bool_)
    hole[21:70, 33:80] = True
    soft = run_to_end(soft_membrane(image, hole, 4))
    exact = run_to_end(membrane(image, hole))
    assert np.abs(soft - exact).max() < 0.1 * np.ptp(image)
    np.testing.assert_array_equal(soft[~hole], image[~hole])


def test_cells_have_the_mean_of_their_pixels_and_become_pixels_again():
    image = np.arange(7 * 5 * 2, dtype=np.float32).reshape(7, 5, 2)
    small = shrunk(image, 2)
    assert small.shape == (4, 3, 2)
    np.testing.assert_allclose(small[1, 1], image[2:4, 2:4].mean(axis=(0, 1)))
    np.testing.assert_allclose(small[3, 2], image[6, 4])
    assert enlarged(small, 2, image.shape).shape == image.shape
    np.testing.assert_allclose(enlarged(np.ones((4, 3, 1), np.float32), 2, (7, 5)), 1)


def test_nothing_is_solved_where_the_rim_lacks_nothing():
    hole = np.zeros((40, 40), np.bool_)
    hole[10:30, 12:25] = True
    rng = np.random.default_rng(6)
    target = rng.random((40, 40, 3)).astype(np.float32)
    source = np.where(hole[..., None], rng.random((40, 40, 3)).astype(np.float32), target)
    np.testing.assert_array_equal(run_to_end(poisson_blend(target, source, hole)), source)

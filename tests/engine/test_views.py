"""A prior that looks at a region through several squares."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch

from inpaintgui.contracts import Box, ContextSquare, FillRequest, run_to_end
from inpaintgui.engine.prior import Context, Prior
from inpaintgui.engine.views import VIEWS, enlarge, mean_over_views, views_of

SIDE, RESOLUTION = 120, 32
SQUARE = ContextSquare(10, 12, 100)


class PlanePrior:
    """Continues the known pixels by the plane that fits them best: right wherever the photo is a plane."""

    resolution = RESOLUTION

    def __init__(self) -> None:
        self.asked: list[int] = []

    def look_at(self, pixels: torch.Tensor, known: torch.Tensor) -> Context:
        return Context(pixels, known)

    def sample(self, count: int, random: torch.Generator, context: Context) -> torch.Tensor:
        self.asked.append(count)
        assert count == len(context.pixels)
        rows, columns = np.mgrid[:RESOLUTION, :RESOLUTION].reshape(2, -1)
        terms = np.stack([rows, columns, np.ones_like(rows)], axis=1).astype(np.float64)
        images = []
        for pixels, flags in zip(context.pixels.numpy(), context.known.numpy(), strict=True):
            known = flags.ravel() > 0
            plane, *_ = np.linalg.lstsq(terms[known], pixels.reshape(3, -1).T[known], rcond=None)
            images.append((terms @ plane).T.reshape(3, RESOLUTION, RESOLUTION))
        return torch.from_numpy(np.stack(images)).float()


@pytest.fixture
def request_() -> FillRequest:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    photo = np.stack([columns * 2, rows, columns + rows], axis=2).astype(np.uint8)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[45:75, 40:80] = 255
    return FillRequest(photo, mask)


@pytest.mark.parametrize("most", [2, 6])
@pytest.mark.parametrize("angle", [0.0, 20.0])
def test_all_views_agree_on_a_plane(request_: FillRequest, angle: float, most: int) -> None:
    own, square = Box(40, 45, 80, 75), ContextSquare(SQUARE.x, SQUARE.y, SQUARE.side, angle)
    prior = PlanePrior()
    first = np.full((RESOLUTION, RESOLUTION, 3), 0.5, np.float32)
    job = mean_over_views(
        first, square, request_, cast("Prior", prior), own=own, box=own, most=most, draws=3 * most, seed=0
    )
    mean = run_to_end(job)
    assert len(views_of(square, own)) >= 4
    views = views_of(square, own)[:most]
    assert prior.asked == [len(views)] * 3
    others = mean * (len(views) + 1) - enlarge(first, square, own)
    truth = request_.pixels[own.slices] / 255
    # Mirrored or moved the wrong way, a view would be off by a tenth and more.
    np.testing.assert_allclose(others / len(views), truth, atol=0.02)


def test_views_hold_the_region() -> None:
    small, large = Box(55, 55, 65, 65), Box(15, 15, 105, 105)
    assert len(views_of(SQUARE, small)) == len(VIEWS)
    assert 0 < len(views_of(SQUARE, Box(20, 20, 96, 100))) < len(VIEWS)
    assert views_of(SQUARE, large) == []
    assert all(square.holds(small) for square, _ in views_of(SQUARE, small))


def test_without_another_view_the_first_counts_alone(request_: FillRequest) -> None:
    own = Box(12, 14, 108, 110)
    random = np.random.default_rng(0)
    first = random.random((RESOLUTION, RESOLUTION, 3)).astype(np.float32)
    prior: Any = PlanePrior()
    mean = run_to_end(mean_over_views(first, SQUARE, request_, prior, own=own, box=own, most=6, draws=1, seed=0))
    np.testing.assert_array_equal(mean, enlarge(first, SQUARE, own))
    assert prior.asked == []


@pytest.mark.parametrize("angle", [0.0, 20.0])
def test_a_large_photo_is_reduced_and_nothing_painted_over_is_seen(angle: float) -> None:
    rows, columns = np.mgrid[:1003, :1203] / 1203
    photo = (np.stack([columns * 200, rows * 200, (columns + rows) * 100], axis=2)).astype(np.uint8)
    truth = photo / 255
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[451:753, 401:803] = 255
    mask[440, 390] = 255
    photo[mask > 0] = 255
    own, square = Box(401, 451, 803, 753), ContextSquare(101, 3, 995, angle)
    prior = PlanePrior()
    first = np.zeros((RESOLUTION, RESOLUTION, 3), np.float32)
    job = mean_over_views(
        first, square, FillRequest(photo, mask), cast("Prior", prior), own=own, box=own, step=4, most=6, draws=1, seed=0
    )
    mean = run_to_end(job)
    assert mean.shape == (76, 101, 3)
    views = prior.asked[0]
    cells = truth[453:753:4, 403:803:4]
    np.testing.assert_allclose(mean[:75, :100] * (views + 1) / views, cells, atol=0.01)

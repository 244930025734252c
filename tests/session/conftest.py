"""Photos and fills for the session's tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from inpaintgui.contracts import FilledPatch, FillReport, FillRequest, FillResult, Photo, bounding_box
from inpaintgui.session.document import Document

MakePhoto = Callable[..., Photo]
MakeFill = Callable[..., FillResult]


def _photo(width: int = 60, height: int = 40, channels: int = 3, dtype: type = np.uint8, seed: int = 0) -> Photo:
    rng = np.random.default_rng(seed)
    return Photo(rng.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True))


def _fill(request: FillRequest, seed: int = 1, margin: int = 3) -> FillResult:
    """New random pixels wherever the mask is not 0, in one patch with some context around it."""
    height, width = request.mask.shape
    box = bounding_box(request.mask).grow(margin)
    box = box.intersect(type(box)(0, 0, width, height))
    pixels = request.pixels[box.slices].copy()
    noise = np.random.default_rng(seed).integers(0, np.iinfo(pixels.dtype).max, pixels.shape, pixels.dtype)
    np.copyto(pixels, noise, where=(request.mask[box.slices] > 0)[:, :, None])
    return FillResult((FilledPatch(box, pixels),), REPORT)


REPORT = FillReport(regions=(), device="cpu", seed=0, preset="normal", seconds=0.0)


@pytest.fixture(scope="session")
def make_photo() -> MakePhoto:
    """A photo of noise: (width, height, channels, dtype, seed)."""
    return _photo


@pytest.fixture(scope="session")
def make_fill() -> MakeFill:
    """A valid answer to a request: (request, seed, margin)."""
    return _fill


@pytest.fixture
def document() -> Document:
    """A document with a small photo."""
    return Document(_photo(200, 100))

"""Compiling ahead of the first fill."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inpaintgui.engine.detail.settings import DetailSettings
from inpaintgui.engine.detail.synthesis import synthesise_detail


def warm_up() -> Iterator[None]:
    """Compile, or load from the cache, everything that a fill needs, by filling a tiny image twice.

    Takes some tens of seconds the first time and a fraction of one later; meant for a background thread while the
    user looks at the photo. Yields now and then so that it can be given up.
    """
    image = np.random.default_rng(0).random((64, 64, 3)).astype(np.float32)
    hole = np.zeros((64, 64), np.bool_)
    hole[24:40, 24:40] = True  # two scales
    settings = DetailSettings(coarse_rounds=1, fine_rounds=1, last_rounds=1)
    for guide in (None, image):
        for _ in synthesise_detail(image, hole, guide=guide, guide_cutoff=8.0, settings=settings):
            yield

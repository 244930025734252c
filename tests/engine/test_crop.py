"""The part of the photo that a region is filled in."""

import numpy as np

from inpaintgui.contracts import FillRequest
from inpaintgui.engine.crop import NEIGHBOUR_REACH, Crop
from inpaintgui.engine.regions import find_regions


def crops(*squares):
    """The crops of 20-pixel square holes in a grey photo with noise in its holes."""
    mask = np.zeros((120, 300), np.uint8)
    for left in squares:
        mask[50:70, left : left + 20] = 255
    noise = np.random.default_rng(0).integers(0, 256, (120, 300, 3), np.uint8)
    photo = np.where(mask[..., None] > 0, noise, np.uint8(100))
    request = FillRequest(photo, mask)
    return [Crop.around(region, request) for region in find_regions(mask)]


def test_a_hole_far_away_is_not_solved_along():
    for crop in crops(20, 40 + 2 * NEIGHBOUR_REACH):
        assert crop.hole.sum() == 400
        # It is no source, and nothing of what lies under the paint is seen of it.
        assert (~crop.source).sum() == 800
        elsewhere = crop.image[~crop.hole]
        assert np.abs(elsewhere - 100 / 255).max() < 0.01


def test_a_hole_nearby_is_solved_along():
    crop = crops(20, 40 + NEIGHBOUR_REACH // 2)[0]
    assert 400 < crop.hole.sum() < 800

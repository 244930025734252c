"""A long session on a large photo: memory within its bound, and the way back and forth to the last pixel."""

import resource
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import finish

from inpaintgui.contracts import Box, FilledPatch, FillReport, FillResult, FillSettings, Photo
from inpaintgui.session.document import Document
from inpaintgui.session.fills import prepare_fill
from inpaintgui.session.recipe import pixel_hash

WIDTH, HEIGHT = 6000, 4000
STROKES, FILLS = 200, 20
BUDGET = 64 << 20
"""Small, so that the session reaches it and older steps go to disk."""
SLACK = 160 << 20
"""Two copies of the photo that the allocator of a long-lived process may keep.

A leak of one per fill would be ten times as much.
"""
REPORT = FillReport(regions=(), device="cpu", seed=0, preset="normal", seconds=0.0)


def resident():
    """Bytes of memory that the process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def a_photo():
    noise = np.random.default_rng(0).integers(0, 60, (500, 500, 3), np.uint8)
    return Photo(
        np.tile(noise, (HEIGHT // 500, WIDTH // 500, 1)) + np.arange(HEIGHT, dtype=np.uint8)[:, None, None] // 4
    )


def stroke(document, random):
    document.begin_stroke("Brush")
    points = random.uniform((0, 0), (WIDTH, HEIGHT), (2, 2))
    end = points[0] + (points[1] - points[0]) * min(1, 600 / np.linalg.norm(points[1] - points[0]))
    document.paint(tuple(points[0]), tuple(end), radius=40)
    document.end_stroke()


def fill(document, random):
    """As a fill would end: new noise in the mask's box around the last stroke."""
    request = document.request(FillSettings())
    box = document.mask_box
    pixels = request.pixels[box.slices].copy()
    hole = request.mask[box.slices] > 0
    pixels[hole] = random.integers(0, 256, (np.count_nonzero(hole), 3), np.uint8)
    result = FillResult((FilledPatch(Box(box.left, box.top, box.right, box.bottom), pixels),), REPORT)
    assert document.apply_fill(finish(prepare_fill(request, result))) is not None


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_200_strokes_and_20_fills_on_24_megapixels(capsys):
    photo, random = a_photo(), np.random.default_rng(1)
    before = pixel_hash(photo.pixels)
    document = Document(photo, history_budget=BUDGET, history_disk_budget=2 << 30)
    sizes = []
    for number in range(FILLS):
        for _ in range(STROKES // FILLS):
            stroke(document, random)
        fill(document, random)
        sizes.append(resident())
        assert document.history.nbytes <= BUDGET, number
    assert document.history.dropped == 0
    assert len(document.history.entries) == STROKES + FILLS
    end = pixel_hash(document.pixels)
    document.go_to(0)
    assert pixel_hash(document.pixels) == before
    assert not document.has_mask
    document.go_to(STROKES + FILLS)
    assert pixel_hash(document.pixels) == end
    with capsys.disabled():
        told = ", ".join(f"{size / 2**20:.0f}" for size in sizes)
        print(f"\nresident MiB after each fill: {told}; on disk {document.history.disk_nbytes / 2**20:.0f} MiB")
    # From the second fill on only the history may grow, and that no further than its budget.
    assert max(sizes) - sizes[1] < BUDGET + SLACK

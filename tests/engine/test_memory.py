"""Memory stays flat over many fills in one process."""

import gc
import os
from pathlib import Path

import numpy as np
import pytest

from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine.fill import fill
from inpaintgui.session.fills import prepare_fill

STATM = Path("/proc/self/statm")


def resident_bytes():
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
@pytest.mark.skipif(not STATM.exists(), reason="reads /proc")
def test_memory_after_a_hundred_fills_is_that_after_ten(library):
    random = np.random.default_rng(0)
    sizes = {}
    for number in range(1, 101):
        pixels = random.integers(0, 255, (96, 128, 3)).astype(np.uint8)
        mask = np.zeros((96, 128), np.uint8)
        mask[30:60, 40 : 60 + number % 20] = 255
        request = FillRequest(pixels, mask, FillSettings(preset="draft", seed=number, device="cpu"))
        run_to_end(prepare_fill(request, run_to_end(fill(request, library=library))))
        if number in (10, 100):
            sizes[number] = resident_bytes()
    print(f"{sizes[10] / 2**20:.1f} MiB after 10 fills, {sizes[100] / 2**20:.1f} MiB after 100")
    assert sizes[100] <= 1.05 * sizes[10]

"""The quality setting that a JPEG was saved with, from its quantisation tables.

The Independent JPEG Group's encoder scales the example tables of ITU-T T.81, annex K, by its quality setting; most
encoders use the same scale. A camera's own tables get the setting whose table is nearest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.image_header import JpegTables

_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
"""Table K.1, in natural order."""


def _zigzag() -> list[tuple[int, int]]:
    """Rows and columns of the 8 × 8 block in the order of the file: along anti-diagonals, turning at each end."""
    cells = [(row, column) for row in range(8) for column in range(8)]
    return sorted(cells, key=lambda cell: (sum(cell), cell[0] if sum(cell) % 2 else cell[1]))


def _scaled_tables() -> NDArray[np.float64]:
    """The luminance table of every quality 1 to 100: (100, 64) in zigzag order."""
    base = np.array([_LUMINANCE[row][column] for row, column in _zigzag()])
    quality = np.arange(1, 101)[:, None]
    percent = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    tables: NDArray[np.float64] = np.clip((base * percent + 50) // 100, 1, 255).astype(np.float64)
    return tables


def estimate_quality(tables: JpegTables) -> int | None:
    """The quality, 1 to 100, whose luminance table is nearest; None if the file has no such table."""
    if 0 not in tables.quantisation:
        return None
    distances = np.abs(_scaled_tables() - np.array(tables.quantisation[0])).sum(axis=1)
    return int(np.argmin(distances)) + 1

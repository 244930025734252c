"""A picture whose turns can be told apart, and how cameras store it turned."""

from __future__ import annotations

import numpy as np

CORNERS = np.zeros((48, 64, 3), np.uint8)
"""An upright picture that no turn or mirror maps to itself: red, green, blue and white corners on 64 × 48."""
CORNERS[:24, :32] = 255, 0, 0
CORNERS[:24, 32:] = 0, 255, 0
CORNERS[24:, :32] = 0, 0, 255
CORNERS[24:, 32:] = 255, 255, 255

STORED_AS = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).swapaxes(0, 1),
    8: lambda upright: np.rot90(upright, -1),
}
"""How a camera that writes the orientation stores an upright scene."""

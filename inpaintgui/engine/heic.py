"""Decodes HEIC with pillow-heif, an optional dependency: pip install 'inpaintgui[heif]'."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Pixels
from inpaintgui.engine.heif_boxes import HeifError


def decode_heic(data: bytes) -> Pixels:
    """The primary picture, upright: uint8, or uint16 over its full range where more bits are stored, (H, W, C).

    Raises HeifError if it cannot be decoded, and ImportError without pillow-heif.
    """
    import pillow_heif

    try:
        opened = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False)
        picture = opened[opened.primary_index]
        if picture.info.get("premultiplied_alpha"):
            raise HeifError("its alpha is multiplied into its colours")
        pixels: NDArray[Any] = np.asarray(picture)
    except (ValueError, LookupError, OSError, RuntimeError, SyntaxError, EOFError) as error:
        raise HeifError(str(error)) from error
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    if pixels.dtype == np.uint16:  # pillow-heif moves the stored bits to the upper end
        bits = int(str(picture.info["bit_depth"]))
        return full_range(pixels >> np.uint16(16 - bits), bits)
    return np.ascontiguousarray(pixels)


def full_range(pixels: NDArray[Any], bits: int) -> NDArray[np.uint16]:
    """uint16 values of ``bits`` bits, 9 to 16, spread over all 16, rounded: the largest becomes 65535."""
    top = (1 << bits) - 1
    spread = (np.minimum(pixels, top).astype(np.uint32) * 65535 + top // 2) // top
    return np.asarray(spread, np.uint16)

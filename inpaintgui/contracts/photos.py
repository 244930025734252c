"""Decoded photos and masks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class PhotoMetadata:
    """What a file says beside its pixels, as raw blocks to be written back. The orientation is already applied.

    density: pixels per inch across and down, where the format itself tells (JFIF, PNG); EXIF has its own.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    icc: bytes | None = None
    density: tuple[float, float] | None = None


@dataclass(frozen=True)
class Photo:
    """A decoded photo.

    pixels: uint8 or uint16, (H, W, C); C is 1 (grey), 2 (grey + alpha), 3 (RGB) or 4 (RGBA, not premultiplied).
    jpeg_quality, jpeg_sampling ("4:4:4", "4:2:0" …): estimated from the source's tables where it was a JPEG.
    jpeg_file: the JPEG that it was read from: saved as a JPEG again, what did not change stays as it was coded.
    file_hash: SHA-256 of the file that it was read from.
    """

    pixels: Pixels
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    jpeg_quality: int | None = None
    jpeg_sampling: str | None = None
    jpeg_file: bytes | None = field(default=None, repr=False)
    file_hash: str | None = None

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


@dataclass(frozen=True)
class Glimpse:
    """A small picture of a photo that is not decoded yet.

    pixels: uint8 RGB (h, w, 3). width, height: of the photo, in its own pixels. share: of its height, counted from
    above, that is there already, above 0 and up to 1.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    share: float = 1.0

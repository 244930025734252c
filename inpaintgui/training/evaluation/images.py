"""The images that a prior is measured on: centred squares at its resolution."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError, TrainingError
from inpaintgui.training.datasets import encoded_images, is_held_out

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Squares:
    """Images of one size.

    pixels: uint8 RGB (n, R, R, 3). names: as in the source. source: where they are from, in words.
    skipped: names of chosen images that did not decode.
    """

    pixels: Rgb
    names: tuple[str, ...]
    source: str
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


def load_squares(source: Path, resolution: int, *, limit: int | None, held_out: bool | None = None) -> Squares:
    """The largest centred square of up to ``limit`` images of a zip or folder, evenly spread over the sorted names.

    held_out: True: only the images that a training leaves out by the hash of their names; False: only the others.
    Raises BadInputError if there is no such image.
    """
    if not source.exists():
        raise BadInputError(f"The images “{source}” do not exist.")
    try:
        names = [name for name, _ in encoded_images(source) if held_out is None or is_held_out(name) == held_out]
        chosen = set(_spread(names, limit))
        squares = {name: _square(content, resolution) for name, content in encoded_images(source) if name in chosen}
    except (TrainingError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInputError(f"The images “{source}” cannot be read: {error}") from error
    usable = {name: pixels for name, pixels in squares.items() if pixels is not None}
    if not usable:
        kind = {None: "image", True: "held-out image", False: "training image"}[held_out]
        raise BadInputError(f"“{source}” holds no {kind} that can be read.")
    return Squares(
        pixels=np.stack(list(usable.values())),
        names=tuple(usable),
        source=source.name + {None: "", True: ", held out", False: ", not held out"}[held_out],
        skipped=tuple(name for name, pixels in squares.items() if pixels is None),
    )


def _spread(names: list[str], limit: int | None) -> list[str]:
    if limit is None or limit >= len(names):
        return names
    return [names[k * len(names) // limit] for k in range(limit)]


def _square(content: bytes, resolution: int) -> Rgb | None:
    """uint8 RGB (resolution, resolution, 3), or None if the bytes are no image."""
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB) if content else None
    return None if image is None else resized_square(np.asarray(image, np.uint8), resolution)


def resized_square(image: NDArray[np.uint8], resolution: int) -> NDArray[np.uint8]:
    """The largest centred square of ``image`` (H, W) or (H, W, C) with ``resolution`` pixels a side."""
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    crop = image[top : top + side, left : left + side]
    method = cv2.INTER_AREA if side >= resolution else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (resolution, resolution), interpolation=method), np.uint8)

"""Pairs of photos and masks of people, and the people cut out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import TrainingError
from inpaintgui.training.datasets import ImageSet, is_held_out, load_images

Rgb = NDArray[np.uint8]
Alpha = NDArray[np.uint8]

SHORT_SIDE = 256
_SMALLEST_SHARE = 0.02
"""Masks that cover less of their photo are taken for mistakes."""
_PLACES_AT_BORDER = 2
"""Pixels within which a mask reaches the border."""


@dataclass(frozen=True)
class Cutout:
    """People cut out: pixels uint8 RGB (H, W, 3), alpha uint8 (H, W), whether the photo's lower border cuts them."""

    pixels: Rgb
    alpha: Alpha
    cut_below: bool


@dataclass(frozen=True)
class Pairs:
    """Photos with the masks of the people in them: file ``X.jpg`` with ``X.png``, white = person.

    members: (photo, mask) as indices into the images. boxes: (top, left, bottom, right) around the people.
    """

    images: ImageSet
    names: tuple[str, ...]
    members: tuple[tuple[int, int], ...]
    boxes: tuple[tuple[int, int, int, int], ...]

    def __len__(self) -> int:
        return len(self.members)

    def split(self, *, held_out: bool) -> NDArray[np.int64]:
        """Numbers of the held-out pairs, or of all others: by a hash of the photo's name."""
        return np.array([k for k, name in enumerate(self.names) if is_held_out(name) == held_out], np.int64)

    def photo(self, number: int) -> Rgb:
        """The photo, uint8 RGB (H, W, 3), a view of the cache."""
        return self.images.image(self.members[number][0])

    def mask(self, number: int) -> Alpha:
        """Its mask, uint8 (H, W), 255 = person."""
        return np.ascontiguousarray(self.images.image(self.members[number][1])[..., 0])

    def cutout(self, number: int) -> Cutout:
        """The people of a pair, in the box around them."""
        top, left, bottom, right = self.boxes[number]
        photo, mask = (self.images.image(member)[top:bottom, left:right] for member in self.members[number])
        height = self.photo(number).shape[0]
        return Cutout(photo, np.ascontiguousarray(mask[..., 0]), bottom >= height - _PLACES_AT_BORDER)


def load_pairs(sources: Sequence[Path], cache_dir: Path) -> Pairs:
    """The pairs of zips or folders; decoded at the first call. Raises TrainingError if there are none."""
    images = load_images(sources, cache_dir, short_side=SHORT_SIDE)
    names = images.names
    masks = {PurePosixPath(name).with_suffix(""): k for k, name in enumerate(names) if name.endswith(".png")}
    kept, members, boxes = [], [], []
    for k, name in enumerate(names):
        mask = masks.get(PurePosixPath(name).with_suffix(""))
        if name.endswith(".png") or mask is None:
            continue
        if images.image(k).shape != images.image(mask).shape:
            raise TrainingError(f"The mask of “{name}” has another size than the photo.")
        marked = images.image(mask)[..., 0] > 127
        if np.count_nonzero(marked) >= _SMALLEST_SHARE * marked.size:
            kept.append(name)
            members.append((k, mask))
            boxes.append(_box(marked))
    if not members:
        raise TrainingError("The data holds no pair of a photo X.jpg and a mask X.png.")
    return Pairs(images, tuple(kept), tuple(members), tuple(boxes))


def _box(marked: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = (np.flatnonzero(marked.any(axis=axis)) for axis in (1, 0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def resized(cutout: Cutout, width: int, height: int) -> tuple[Rgb, Alpha]:
    """The pixels and the alpha at another size."""
    method = cv2.INTER_AREA if height < cutout.alpha.shape[0] else cv2.INTER_LINEAR
    size = (max(1, width), max(1, height))
    pixels = cv2.resize(cutout.pixels, size, interpolation=method)
    alpha = cv2.resize(cutout.alpha, size, interpolation=method)
    return np.asarray(pixels, np.uint8), np.asarray(alpha, np.uint8)

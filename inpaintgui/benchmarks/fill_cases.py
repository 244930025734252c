"""The holes that ``inpaintgui bench fill`` fills: drawn into photos, from files, or of pasted people."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError, TrainingError
from inpaintgui.training.datasets import encoded_images
from inpaintgui.training.evaluation.drawn_holes import make_hole

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]

IRREGULAR = "irregular"
_STRIDE = 67
"""Between the mask files of neighbouring photos: such files come sorted by how much they cover."""


@dataclass(frozen=True)
class Case:
    """A photo, uint8 RGB (H, W, 3), and a hole in it, bool (H, W), of some kind.

    pasted: the photo with something in the hole that has to go, uint8 RGB (H, W, 3); None: there is none, and noise
    stands in the hole when a method sees the photo, so that none learns what was there.
    """

    name: str
    kind: str
    truth: Rgb = field(repr=False)
    hole: Hole = field(repr=False)
    pasted: Rgb | None = field(default=None, repr=False)

    def posed(self) -> Rgb:
        """What a method sees, uint8 RGB (H, W, 3)."""
        if self.pasted is not None:
            return self.pasted
        seed = zlib.crc32(f"{self.name} {self.kind}".encode())
        noise = np.random.default_rng(seed).integers(0, 256, self.truth.shape, dtype=np.uint8)
        return np.where(self.hole[..., None], noise, self.truth)


def named_contents(source: Path, chosen: Callable[[str], bool] = lambda _: True) -> list[tuple[str, bytes]]:
    """Names and contents of the image files of a folder or zip, sorted by name; raises BadInputError if unusable."""
    try:
        return [(name, content) for name, content in encoded_images(source) if chosen(name)]
    except (TrainingError, OSError) as error:
        raise BadInputError(f"“{source}” is neither a folder of photos nor a zip file.") from error


def decoded(name: str, content: bytes) -> Rgb:
    """RGB pixels, uint8 (H, W, 3); raises BadInputError if they cannot be read."""
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB) if content else None
    if pixels is None:
        raise BadInputError(f"“{name}” is not a photo that can be read.")
    return np.asarray(pixels, np.uint8)


def photos(source: Path, limit: int) -> Iterator[tuple[str, Rgb]]:
    """Names and RGB pixels of up to ``limit`` photos, evenly spread over the sorted names."""
    contents = named_contents(source)
    for name, content in contents[:: max(1, len(contents) // max(1, limit))][:limit]:
        yield name, decoded(name, content)


def drawn_cases(source: Path, limit: int, kinds: Sequence[str], masks: Path | None) -> list[Case]:
    """One hole of every kind in every photo. masks: files, white = hole, that stand in for drawn irregular holes."""
    files = [] if masks is None else named_contents(masks)
    if masks is not None and not files:
        raise BadInputError(f"“{masks}” holds no mask.")
    cases = []
    for index, (name, photo) in enumerate(photos(source, limit)):
        for kind in kinds:
            if kind == IRREGULAR and files:
                hole = _hole_from(*files[index * _STRIDE % len(files)], photo.shape[:2])
            else:
                hole = make_hole(kind, *photo.shape[:2], index=index)
            cases.append(Case(name, kind, photo, hole))
    return cases


def _hole_from(name: str, content: bytes, shape: tuple[int, ...]) -> Hole:
    """A mask file as a hole, bool ``shape``, stretched to the photo."""
    mask = decoded(name, content)[..., 0]
    hole = cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR) > 127
    if not hole.any() or hole.all():
        raise BadInputError(f"The mask “{name}” has not both black and white in it.")
    return np.asarray(hole, np.bool_)

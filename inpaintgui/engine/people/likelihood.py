"""How likely each pixel of a photo shows a person: the network at several scales, over tiles."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.contracts import Box, Pixels
from inpaintgui.engine.devices import computes_bfloat16, to_host
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.network import STRIDE, PeopleNet
from inpaintgui.engine.regions import as_rgb_float

LONG_SIDES = (256, 512, 1024, 2048)
"""The photo's long side as the network sees it, one after the other, as far as the photo has the pixels."""

TILE = 1536
REACH = 256
"""How far around a pixel the network looks at most, in its own pixels, rounded up to a multiple of STRIDE."""


@dataclass(frozen=True)
class Level:
    """What the network says at one scale.

    scale: its pixels per pixel of the photo. logits: float32, half as large as the network's image.
    """

    scale: float
    logits: NDArray[np.float32]


def look(network: PeopleNet, pixels: Pixels) -> Generator[float, None, tuple[Level, ...]]:
    """Let the network look at every scale, coarse to fine; yields the share of the work that is done.

    pixels: (H, W, C), uint8 or uint16.
    """
    sizes = list(_sizes(pixels.shape[1], pixels.shape[0]))
    total = sum(width * height for width, height in sizes)
    done, levels = 0, []
    for small in _reductions(pixels, sizes):
        height, width = small.shape[:2]
        image = _network_input(small)
        logits = np.empty((image.shape[0] // 2, image.shape[1] // 2), np.float32)
        tiles = list(_tiles(Box(0, 0, image.shape[1], image.shape[0])))
        for number, (inner, outer) in enumerate(tiles, 1):
            share = (done + width * height * (number - 1) / len(tiles)) / total
            logits[_halved(inner).slices] = yield from _logits(network, image, inner, outer, share)
            yield (done + width * height * number / len(tiles)) / total
        done += width * height
        levels.append(Level(width / pixels.shape[1], logits[: -(-height // 2), : -(-width // 2)]))
    return tuple(levels)


def _sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    longest = max(width, height)
    for side in LONG_SIDES:
        scale = min(1.0, side / longest)
        yield max(1, round(width * scale)), max(1, round(height * scale))
        if side >= longest:
            return


def _reductions(pixels: Pixels, sizes: Sequence[tuple[int, int]]) -> list[NDArray[Any]]:
    """The photo at every size (width, height), coarse to fine as they are; each made from the next finer one."""
    reductions: list[NDArray[Any]] = []
    finer: NDArray[Any] = pixels
    for width, height in reversed(sizes):
        finer = np.asarray(cv2.resize(finer, (width, height), interpolation=cv2.INTER_AREA)).reshape(height, width, -1)
        reductions.append(finer)
    return reductions[::-1]


def _network_input(pixels: Pixels) -> NDArray[np.float32]:
    """Colours in [-1, 1], their edges repeated up to a multiple of the network's stride."""
    image = as_rgb_float(pixels) * 2 - 1
    below, beside = -image.shape[0] % STRIDE, -image.shape[1] % STRIDE
    return np.asarray(cv2.copyMakeBorder(image, 0, below, 0, beside, cv2.BORDER_REPLICATE), np.float32)


def _tiles(whole: Box) -> Iterator[tuple[Box, Box]]:
    """Tiles and what the network has to see for them."""
    for top in range(0, whole.bottom, TILE):
        for left in range(0, whole.right, TILE):
            inner = Box(left, top, left + TILE, top + TILE).intersect(whole)
            yield inner, inner.grow(REACH).intersect(whole)


def _halved(box: Box) -> Box:
    return Box(box.left // 2, box.top // 2, box.right // 2, box.bottom // 2)


def _logits(
    network: PeopleNet, image: NDArray[np.float32], inner: Box, outer: Box, share: float
) -> Generator[float, None, NDArray[np.float32]]:
    """What the network says about a tile; yields between its layers ``share``, what was done before them."""
    seen = torch.from_numpy(np.ascontiguousarray(image[outer.slices])).permute(2, 0, 1)[None]
    parts = network.parts(seen.contiguous(memory_format=torch.channels_last))
    is_narrow = computes_bfloat16(torch.device("cpu"))
    while True:
        # Entered anew for each layer: between them other code runs, in this thread too.
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=is_narrow):
            try:
                next(parts)
            except StopIteration as end:
                answer: Tensor = end.value[0, 0]
                break
        yield share
    own = inner.seen_from(outer)
    return to_host(answer[_halved(own).slices])

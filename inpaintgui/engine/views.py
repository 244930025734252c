"""A prior's answer at full resolution, and its mean over several views of a region: other squares, also mirrored.

Where a conditional generator is unsure it errs a little differently in every view, so that their mean is closer to the
truth than any one of them (the "self-ensemble" of Lim, Son, Kim, Nah & Lee, EDSR, CVPR workshops 2017).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inpaintgui.contracts import Box, ContextSquare, FillRequest, Mask, Pixels
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.regions import colours_of, search_problem
from inpaintgui.engine.search_outcome import as_images


@dataclass(frozen=True)
class View:
    """How a square is looked at beside itself. scale: of its side. across, down: moved by, in its own sides."""

    scale: float
    across: float
    down: float
    mirrored: bool

    def of(self, square: ContextSquare) -> ContextSquare:
        """The square that is looked at in place of ``square``, turned like it."""
        x, y = square.point((0.5 + self.across) * square.side, (0.5 + self.down) * square.side)
        side = self.scale * square.side
        return ContextSquare(x - side / 2, y - side / 2, side, square.angle)


_SHIFT = (0.08, 0.05)
VIEWS = tuple(
    View(scale, sign * _SHIFT[0], sign * _SHIFT[1], mirrored)
    for scale in (1.0, 0.8, 0.65)
    for sign, mirrored in ((1, False), (-1, True))
)
"""Chosen on eighty holes in forty photos: the error of the mean's colours fell by 5 % against the first square alone.

Smaller squares show more of what is near, larger ones more of what is around.
"""


_FINEST = 8
"""Pixels that a photo keeps to each of the prior's, at least."""
_COARSEST = 16
"""Largest side of a cell: the mean of more bytes could hide a single pixel of a hole."""


def views_of(square: ContextSquare, box: Box) -> list[tuple[ContextSquare, bool]]:
    """The views of ``square`` that hold all of ``box``, each with whether it is mirrored."""
    found = [(view.of(square), view.mirrored) for view in VIEWS]
    return [(seen, mirrored) for seen, mirrored in found if seen.holds(box)]


@dataclass(frozen=True)
class _Shrunk:
    """The part of a photo that several squares see, reduced ``step`` times: from 24 megapixels each would take long.

    pixels: (H, W, C), colours only. mask: uint8 (H, W), hole where any pixel of the cell is. left, top: in the photo.
    """

    pixels: Pixels
    mask: Mask
    left: int
    top: int
    step: int

    @classmethod
    def of(cls, request: FillRequest, squares: Sequence[ContextSquare], resolution: int) -> _Shrunk:
        step = min(int(min((square.side for square in squares), default=0) // (_FINEST * resolution)), _COARSEST)
        if step < 2:
            return cls(request.pixels, request.mask, 0, 0, 1)
        corners = np.array([square.corners for square in squares]).reshape(-1, 2)
        (left, top), (right, bottom) = corners.min(axis=0) // step, -(-corners.max(axis=0) // step)
        cells = Box(0, 0, request.mask.shape[1] // step, request.mask.shape[0] // step)
        cells = Box(int(left), int(top), int(right), int(bottom)).intersect(cells)
        seen = Box(cells.left * step, cells.top * step, cells.right * step, cells.bottom * step)
        holes = np.where(request.mask[seen.slices] > 0, np.uint8(255), np.uint8(0))
        pixels = _means(colours_of(request.pixels)[seen.slices], cells)
        mask = np.where(_means(holes, cells) > 0, np.uint8(255), np.uint8(0))
        return cls(pixels.reshape(*mask.shape, -1), mask, seen.left, seen.top, step)

    def snapped(self, square: ContextSquare) -> ContextSquare:
        """The square with its corner and side on the grid of cells, in pixels of the photo."""
        if self.step == 1:
            return square
        x, y, side = (float(self.step * round(value / self.step)) for value in (square.x, square.y, square.side))
        return replace(square, x=x, y=y, side=side)

    def local(self, square: ContextSquare) -> ContextSquare:
        """The square in cells of this part."""
        x, y = (square.x - self.left) / self.step, (square.y - self.top) / self.step
        return replace(square, x=x, y=y, side=square.side / self.step)


def _means(pixels: NDArray[Any], cells: Box) -> NDArray[Any]:
    """Means over cells of several pixels."""
    return np.asarray(cv2.resize(pixels, (cells.width, cells.height), interpolation=cv2.INTER_AREA))


def mean_over_views(
    first: NDArray[np.float32],
    square: ContextSquare,
    request: FillRequest,
    prior: Prior,
    *,
    own: Box,
    box: Box,
    step: int = 1,
    most: int,
    draws: int,
    seed: int,
) -> Generator[None, None, NDArray[np.float32]]:
    """The mean of what a conditional prior says in ``first``, its picture of ``square``, and in the other views.

    first: float32 (R, R, 3) in [0, 1]. own: the region, which every view has to hold. box, step: what is returned, as
    for :func:`enlarge`. most: how many other views. draws: latents whose answers make up what all of them say, at least
    one for each. Yields where it can be cancelled.
    """
    views = views_of(square, own)[:most]
    photo = _Shrunk.of(request, [seen for seen, _ in views], prior.resolution)
    views = [(photo.snapped(seen), mirrored) for seen, mirrored in views]
    total = enlarge(first, square, box, step=step)
    problems = []
    for seen, mirrored in views:
        yield
        problem = search_problem(photo.pixels, photo.mask, photo.local(seen), prior.resolution)
        problems.append(problem.mirrored() if mirrored else problem)
    answers = (yield from _answers(problems, prior, max(1, draws // most), seed)) if problems else ()
    for answer, (seen, mirrored) in zip(answers, views, strict=True):
        yield
        total += enlarge(np.ascontiguousarray(answer[:, ::-1]) if mirrored else answer, seen, box, step=step)
    return total / np.float32(1 + len(views))


def _answers(
    problems: Sequence[SearchProblem], prior: Prior, draws: int, seed: int
) -> Generator[None, None, NDArray[np.float32]]:
    """The completed squares (P, R, R, 3): known pixels as they are, the rest the mean over ``draws`` latents each."""
    target = np.stack([problem.target for problem in problems])
    known = np.stack([problem.known for problem in problems])
    pixels = torch.from_numpy(target.transpose(0, 3, 1, 2) * 2 - 1)
    context = prior.look_at(pixels, torch.from_numpy(known[:, None].astype(np.float32)))
    random = torch.Generator(device="cpu").manual_seed(seed)
    mean = np.zeros_like(target)
    for _ in range(draws):
        yield
        mean += as_images(prior.sample(len(problems), random, context)) / np.float32(draws)
    return np.where(known[..., None], target, mean)


def enlarge(answer: NDArray[np.float32], square: ContextSquare, box: Box, *, step: int = 1) -> NDArray[np.float32]:
    """The prior's picture of ``square``, (R, R, 3), at full resolution over ``box``: (box.height, box.width, 3).

    Cubic; beyond the square its border is repeated. step: side in pixels of the cells of ``box`` of which each gets one
    value; the last row and column of cells may reach beyond it.
    """
    scale = step * answer.shape[0] / square.side
    # Pixel centres lie at +0.5 in both grids. A step right or down in the photo is a step along the square's sides.
    cos, sin = math.cos(math.radians(square.angle)), math.sin(math.radians(square.angle))
    u, v = (place * scale / step - 0.5 for place in square.local(box.left + step / 2, box.top + step / 2))
    matrix = np.array([[scale * cos, scale * sin, u], [-scale * sin, scale * cos, v]])
    enlarged = cv2.warpAffine(
        answer,
        matrix,
        (-(-box.width // step), -(-box.height // step)),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(enlarged.clip(0, 1), np.float32)

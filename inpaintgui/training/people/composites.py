"""Training images for finding people: composites of cut-out people and scenes, original photos, and scenes without.

A network that sees pasted people alone learns to see that something was pasted. Therefore pieces of other scenes are
pasted in the same way, in the shape of blobs and of turned silhouettes, and are nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.training.datasets import ImageSet
from inpaintgui.training.people import light
from inpaintgui.training.people.cutouts import Alpha, Cutout, Pairs, Rgb, resized

COMPOSITE, ORIGINAL = 0.6, 0.25
"""Shares of the kinds of images; the rest shows nobody."""
_SURE = 0.3
"""Weight of what is far from the masked people of an original: unmarked passers-by are common there."""


@dataclass(frozen=True)
class Sample:
    """One training image: pixels uint8 RGB (R, R, 3), people uint8 (R, R) 0 to 255, weights float32 (R, R)."""

    pixels: Rgb
    people: Alpha
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class PeopleSampler:
    """Samples as a pure function of (seed, position in the run): resuming needs no state.

    pairs, chosen: the people and which of them. scenes, places: the scenes and which of them. heights: of pasted
    people as shares of the image's height, drawn evenly on a logarithmic scale. decoys: whether pieces of scenes are
    pasted, too.
    """

    pairs: Pairs
    chosen: NDArray[np.int64]
    scenes: ImageSet
    places: NDArray[np.int64]
    resolution: int
    seed: int
    heights: tuple[float, float] = (0.07, 1.1)
    decoys: bool = True
    composites: float = COMPOSITE
    originals: float = ORIGINAL

    def sample(self, position: int) -> Sample:
        """Training image number ``position``."""
        rng = np.random.default_rng([self.seed, 2, position])
        kind = rng.random()
        if kind < self.composites:
            sample = self._composite(rng)
        elif kind < self.composites + self.originals:
            sample = self._original(rng)
        else:
            sample = self._nobody(rng)
        pixels = light.photographed(light.jittered(sample.pixels, rng, 0.7), rng)
        if rng.random() < 0.5:
            return Sample(pixels[:, ::-1], sample.people[:, ::-1], sample.weights[:, ::-1])
        return replace(sample, pixels=pixels)

    def _composite(self, rng: np.random.Generator) -> Sample:
        canvas = self._scene(rng, self.resolution, self.resolution)
        for _ in range(int(rng.choice((0, 1, 3), p=(0.5, 0.3, 0.2))) if self.decoys else 0):
            self._paste_decoy(canvas, rng)
        people = np.zeros(canvas.shape[:2], np.uint8)
        count = int(rng.choice((1, 2, 3, 6), p=(0.5, 0.2, 0.15, 0.15)))
        low, high = self.heights
        height = self.resolution * math.exp(rng.uniform(math.log(low), math.log(high if count < 6 else high / 2)))
        across, feet = rng.uniform(0, self.resolution), rng.uniform(0.35, 1.1) * self.resolution
        for _ in range(count):
            self._paste_people(canvas, people, rng, height * rng.uniform(0.8, 1.2), (across, feet))
            # The next one stands beside, sometimes partly in front.
            across = (across + rng.uniform(0.2, 1.5) * height * rng.choice((-1, 1))) % self.resolution
            feet += rng.normal(0, 0.06) * height
        return Sample(canvas, people, _everywhere(people))

    def _original(self, rng: np.random.Generator) -> Sample:
        number = int(rng.choice(self.chosen))
        photo, mask = self.pairs.photo(number), self.pairs.mask(number)
        size = max(photo.shape[:2])
        side = round(size * math.exp(rng.uniform(math.log(0.35), math.log(1.05))))
        height, width = photo.shape[:2]
        top, left = (_place(rng, extent, side) for extent in (height, width))
        people = _window(mask, top, left, side, self.resolution)
        # How far from a marked person a pixel lies decides how sure it is that it shows nobody.
        near = cv2.dilate((people > 63).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
        weights = np.where(near, np.float32(1), np.float32(_SURE))
        return Sample(_window(photo, top, left, side, self.resolution), people, weights)

    def _nobody(self, rng: np.random.Generator) -> Sample:
        canvas = self._scene(rng, self.resolution, self.resolution)
        for _ in range(int(rng.choice((0, 2, 5), p=(0.5, 0.3, 0.2)))):
            self._paste_decoy(canvas, rng)
        people = np.zeros(canvas.shape[:2], np.uint8)
        return Sample(canvas, people, _everywhere(people))

    def _scene(self, rng: np.random.Generator, height: int, width: int) -> Rgb:
        """A piece of a random scene, of the size asked for."""
        image = self.scenes.image(int(rng.choice(self.places)))
        # The larger of the wanted shape that fits, then a share of it.
        scale = min(image.shape[0] / height, image.shape[1] / width) * rng.uniform(0.4, 1.0) ** 0.7
        down, across = max(2, int(height * scale)), max(2, int(width * scale))
        top = int(rng.integers(0, image.shape[0] - down + 1))
        left = int(rng.integers(0, image.shape[1] - across + 1))
        piece = image[top : top + down, left : left + across]
        method = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
        return np.array(cv2.resize(piece, (max(1, width), max(1, height)), interpolation=method), np.uint8)

    def _paste_people(
        self, canvas: Rgb, people: Alpha, rng: np.random.Generator, height: float, place: tuple[float, float]
    ) -> None:
        cutout = self.pairs.cutout(int(rng.choice(self.chosen)))
        if not cutout.cut_below and rng.random() < 0.12:  # somebody is half behind something, or sits
            keep = round(cutout.alpha.shape[0] * rng.uniform(0.4, 0.8))
            cutout = Cutout(cutout.pixels[:keep], cutout.alpha[:keep], cut_below=rng.random() < 0.6)
        across, feet = place
        if cutout.cut_below:
            feet = canvas.shape[0] + rng.uniform(0, 0.3) * height
        pixels, alpha = _posed(cutout, rng, height)
        if rng.random() < 0.35:
            pixels = light.recoloured(pixels, rng)
        top, left = round(feet - alpha.shape[0]), round(across - alpha.shape[1] / 2)
        inside = alpha > 127
        if not inside.any():
            return
        pixels = light.jittered(light.matched(pixels, inside, canvas, rng), rng, 0.5)
        if rng.random() < 0.3:
            _shade_ground(canvas, rng, round(feet), round(across), alpha.shape[1])
        _blend(canvas, people, pixels, _softened(alpha, rng), (top, left))

    def _paste_decoy(self, canvas: Rgb, rng: np.random.Generator) -> None:
        """A piece of another scene, in some shape; it is nobody."""
        side = self.resolution * math.exp(rng.uniform(math.log(0.06), math.log(0.8)))
        if rng.random() < 0.5:
            alpha = _blob(rng, max(4, round(side)), max(4, round(side * rng.uniform(0.3, 1.5))))
        else:
            cutout = self.pairs.cutout(int(rng.choice(self.chosen)))
            alpha = resized(cutout, round(side * rng.uniform(0.3, 1.2)), round(side))[1]
            alpha = np.ascontiguousarray(np.rot90(alpha, int(rng.integers(4))))
        pixels = light.jittered(self._scene(rng, *alpha.shape), rng, 1.0)
        if rng.random() < 0.3:  # of one colour, with the texture hardly seen
            shade = rng.uniform(0, 255, 3).astype(np.float32)
            pixels = (pixels * 0.25 + shade * 0.75).astype(np.uint8)
        top = round(rng.uniform(-0.3 * alpha.shape[0], canvas.shape[0]))
        left = round(rng.uniform(-0.3 * alpha.shape[1], canvas.shape[1]))
        _blend(canvas, None, pixels, _softened(alpha, rng), (top, left))


def _everywhere(people: Alpha) -> NDArray[np.float32]:
    return np.ones(people.shape, np.float32)


def _place(rng: np.random.Generator, extent: int, side: int) -> int:
    """Where a window of ``side`` begins: within the photo if it is smaller, around it if it is larger."""
    low, high = sorted((0, extent - side))
    return int(rng.integers(low, high + 1))


def _window(image: NDArray[np.uint8], top: int, left: int, side: int, resolution: int) -> NDArray[np.uint8]:
    """A square window, mirrored at the photo's borders, at the size asked for."""
    height, width = image.shape[:2]
    before = max(0, -top), max(0, -left)
    after = max(0, top + side - height), max(0, left + side - width)
    inner = image[max(0, top) : top + side, max(0, left) : left + side]
    if any((*before, *after)):
        inner = np.asarray(
            cv2.copyMakeBorder(inner, before[0], after[0], before[1], after[1], cv2.BORDER_REFLECT_101), np.uint8
        )
    method = cv2.INTER_AREA if side > resolution else cv2.INTER_LINEAR
    return np.array(cv2.resize(inner, (resolution, resolution), interpolation=method), np.uint8)


def _posed(cutout: Cutout, rng: np.random.Generator, height: float) -> tuple[Rgb, Alpha]:
    """At the height asked for, a little wider or narrower, leaning a little."""
    width = cutout.alpha.shape[1] / cutout.alpha.shape[0] * height * rng.uniform(0.85, 1.25)
    pixels, alpha = resized(cutout, round(width), max(3, round(height)))
    if rng.random() < 0.25 and not cutout.cut_below:
        centre = (alpha.shape[1] / 2, alpha.shape[0] / 2)
        turn = cv2.getRotationMatrix2D(centre, rng.normal(0, 9), 1.0)
        size = (alpha.shape[1], alpha.shape[0])
        pixels = np.asarray(cv2.warpAffine(pixels, turn, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)
        alpha = np.asarray(cv2.warpAffine(alpha, turn, size), np.uint8)
    if rng.random() < 0.5:
        return np.ascontiguousarray(pixels[:, ::-1]), np.ascontiguousarray(alpha[:, ::-1])
    return pixels, alpha


def _softened(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    """A soft edge a little inside the outline, where no rim of the old background is left."""
    if min(alpha.shape) > 40:
        alpha = np.asarray(cv2.erode(alpha, np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 1.0)), np.uint8)


def _blob(rng: np.random.Generator, height: int, width: int) -> Alpha:
    """A closed curve with random bumps."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    waves = sum(rng.normal(0, 0.3 / k) * np.cos(k * angles + rng.uniform(0, 2 * np.pi)) for k in range(1, 5))
    radii = np.clip(0.7 + waves, 0.15, 1.0)
    points = np.stack((width / 2 * (1 + radii * np.cos(angles)), height / 2 * (1 + radii * np.sin(angles))), axis=1)
    alpha = np.zeros((height, width), np.uint8)
    cv2.fillPoly(alpha, [np.rint(points).astype(np.int32)], 255)
    return alpha


def _shade_ground(canvas: Rgb, rng: np.random.Generator, feet: int, across: int, width: int) -> None:
    """A soft dark ellipse under the feet."""
    shadow: Alpha = np.zeros(canvas.shape[:2], np.uint8)
    axes = (max(1, round(width * rng.uniform(0.4, 1.0))), max(1, round(width * rng.uniform(0.08, 0.2))))
    cv2.ellipse(shadow, (across, feet), axes, 0, 0, 360, int(rng.uniform(40, 150)), -1)
    shadow = np.asarray(cv2.GaussianBlur(shadow, (0, 0), 1 + axes[1] / 3), np.uint8)
    canvas[:] = (canvas * (1 - shadow[..., None].astype(np.float32) / 255)).astype(np.uint8)


def _blend(canvas: Rgb, people: Alpha | None, pixels: Rgb, alpha: Alpha, place: tuple[int, int]) -> None:
    """Lay pixels over the canvas at ``place`` (row, column), what lies outside left away; mark them as people."""
    top, left = place
    bottom = min(canvas.shape[0], top + alpha.shape[0])
    right = min(canvas.shape[1], left + alpha.shape[1])
    above, beside = max(0, -top), max(0, -left)
    top, left = max(0, top), max(0, left)
    if top >= bottom or left >= right:
        return
    own = slice(above, above + bottom - top), slice(beside, beside + right - left)
    there = slice(top, bottom), slice(left, right)
    share = alpha[own].astype(np.float32)[..., None] / 255
    canvas[there] = (canvas[there] * (1 - share) + pixels[own] * share + 0.5).astype(np.uint8)
    if people is not None:
        people[there] = np.maximum(people[there], alpha[own])

"""Removals whose background is known: people, cut out with their masks, are pasted onto scenes without people.

Both come from what a training leaves out by the hash of the name, so no prior has seen scene or silhouette.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from inpaintgui.benchmarks.fill_cases import Case, Hole, Rgb, decoded, named_contents
from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError
from inpaintgui.training.datasets import is_held_out

COMPOSITE = "composite"

GROWTH = 4
"""Pixels by which the silhouette is grown: nobody paints along the very edge."""

LEAST_HEIGHT, MOST_HEIGHT = 0.35, 0.8
"""Heights of a person as a share of the scene's."""

_LEAST_SHARE, _MOST_SHARE = 0.01, 0.35
_CUT_OFF = 0.985
"""A silhouette that reaches so far down its photo is cut off there; masks stop a few pixels short of the border."""

_FOOT = (0.75, 0.97)
"""Where the feet stand, as a share of the scene's height; people whose photo cuts them off reach its lower border."""


def composite_cases(scenes: Path, people: Path, count: int, *, folder: str, seed: int) -> list[Case]:
    """``count`` people on as many scenes; the same for the same seed.

    scenes: folder or zip of photos without people. folder: which of its names count, by how they begin. people:
    folder or zip of pairs NAME.jpg and NAME.png, white = person. Raises BadInputError if there are too few.
    """
    backgrounds = named_contents(scenes, lambda name: name.startswith(folder) and is_held_out(name))
    files = dict(named_contents(people))
    names = [name for name in files if _is_photo(name) and is_held_out(name) and _mask_name(name) in files]
    if not names or len(backgrounds) < count:
        raise BadInputError(
            f"For {count} composites there are {len(backgrounds)} held-out scenes and {len(names)} held-out people."
        )
    random = np.random.default_rng(seed)
    places, order = random.permutation(len(backgrounds)), random.permutation(len(names))
    cases: list[Case] = []
    for number in range(count):
        scene_name, content = backgrounds[places[number]]
        person_name = names[order[number % len(names)]]
        photo = decoded(person_name, files[person_name])
        shape = decoded(_mask_name(person_name), files[_mask_name(person_name)])[..., 0]
        scene = decoded(scene_name, content)
        pasted, hole = pasted_person(scene, photo, shape, np.random.default_rng([seed, number]))
        cases.append(Case(f"{scene_name} + {person_name}", COMPOSITE, scene, hole, pasted))
    return cases


def pasted_person(scene: Rgb, photo: Rgb, shape: NDArray[np.uint8], random: np.random.Generator) -> tuple[Rgb, Hole]:
    """A person somewhere in a scene, uint8 RGB like ``scene`` (H, W, 3), and the hole to paint, bool (H, W).

    photo: uint8 RGB (h, w, 3). shape: uint8 (h, w), white = person. The person is standing between the scene's sides,
    LEAST_HEIGHT to MOST_HEIGHT as tall as the scene. Raises BadInputError if the silhouette is empty.
    """
    rows, columns = np.nonzero(shape > 127)
    if not len(rows):
        raise BadInputError("A silhouette is empty.")
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    cut_off = rows.max() >= _CUT_OFF * (shape.shape[0] - 1)
    height, width = scene.shape[:2]
    tall = random.uniform(LEAST_HEIGHT, MOST_HEIGHT) * height
    figure, cover = photo[box], shape[box]
    share = float((cover > 127).mean()) * cover.shape[1] / cover.shape[0] * tall**2 / (height * width)
    tall *= float(np.sqrt(np.clip(share, _LEAST_SHARE, _MOST_SHARE) / share))
    scale = min(tall / figure.shape[0], 0.9 * width / figure.shape[1])
    size = max(2, round(figure.shape[1] * scale)), max(2, round(figure.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    figure = np.asarray(cv2.resize(figure, size, interpolation=way), np.uint8)
    opacity = np.asarray(cv2.resize(cover, size, interpolation=way), np.uint8)
    foot = height if cut_off else round(max(size[1], random.uniform(*_FOOT) * height))
    top, left = max(0, min(foot, height) - size[1]), int(random.integers(0, width - size[0] + 1))
    place = np.s_[top : top + size[1], left : left + size[0]]
    alpha = np.zeros((height, width), np.float32)
    alpha[place] = opacity[: height - top] / np.float32(255)
    layer = scene.copy()
    layer[place] = figure[: height - top]
    pasted = np.rint(scene + (layer.astype(np.float32) - scene) * alpha[..., None]).astype(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * GROWTH + 1, 2 * GROWTH + 1))
    return pasted, cv2.dilate((alpha > 0).astype(np.uint8), disc) > 0


def _is_photo(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in {".jpg", ".jpeg"}


def _mask_name(name: str) -> str:
    return PurePosixPath(name).with_suffix(".png").as_posix()

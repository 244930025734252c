"""How well people are found: overlap with masks that are known, and photos with a point on everybody in them."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.people.finder import silhouettes_of
from inpaintgui.engine.people.groups import LIKELY, likely_map
from inpaintgui.engine.people.likelihood import look
from inpaintgui.engine.people.network import PeopleNet
from inpaintgui.errors import BadInputError
from inpaintgui.selecting import Proposal
from inpaintgui.training.people.composites import PeopleSampler
from inpaintgui.training.people.cutouts import Alpha, Pairs, Rgb

Point = tuple[float, float]


@dataclass
class Overlaps:
    """Figures of photos whose people are marked, one entry per photo.

    iou: intersection over union of the network's mask. covered: share of the people's pixels that the proposals'
    silhouettes cover. spilled: pixels that they cover beyond, as a share of the people's. seconds: of finding.
    """

    iou: list[float] = field(default_factory=list)
    covered: list[float] = field(default_factory=list)
    spilled: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Means (of ``spilled`` the median: one false group in an image of tiny people is a large share)."""
        means = {name: round(float(np.mean(getattr(self, name))), 4) for name in ("iou", "covered", "seconds")}
        spilled = round(float(np.median(self.spilled)), 4)
        return {"n": len(self.iou), **means, "iou_median": round(float(np.median(self.iou)), 4), "spilled": spilled}


@dataclass
class Finds:
    """Figures of photos with a point on everybody. alarms: proposals on nobody, by photo. missed: points, by photo."""

    photos: int = 0
    people: int = 0
    found: int = 0
    seconds: list[float] = field(default_factory=list)
    alarms: dict[str, int] = field(default_factory=dict)
    missed: dict[str, list[Point]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For output."""
        return {
            "n": self.photos,
            "people": self.people,
            "recall": round(self.found / self.people, 4) if self.people else None,
            "false_alarms": sum(self.alarms.values()),
            "false_alarms_in": self.alarms,
            "missed_in": self.missed,
            "seconds": round(float(np.mean(self.seconds)), 4),
        }


def measure_pairs(network: PeopleNet, pairs: Pairs, numbers: Iterable[int]) -> Generator[int, None, Overlaps]:
    """Overlap on photos with masks; yields how many are done."""
    overlaps = Overlaps()
    for done, number in enumerate(numbers, 1):
        _add_overlap(overlaps, network, pairs.photo(int(number)), pairs.mask(int(number)))
        yield done
    return overlaps


def measure_composites(network: PeopleNet, sampler: PeopleSampler, count: int) -> Generator[int, None, Overlaps]:
    """Overlap on ``count`` images of a sampler that show somebody; yields how many are done."""
    overlaps, position = Overlaps(), 0
    while len(overlaps.iou) < count:
        sample = sampler.sample(position)
        position += 1
        if (sample.people >= 128).any():
            _add_overlap(overlaps, network, np.ascontiguousarray(sample.pixels), np.ascontiguousarray(sample.people))
            yield len(overlaps.iou)
    return overlaps


def measure_points(
    network: PeopleNet, photos: Iterable[tuple[str, Rgb]], points: Mapping[str, Sequence[Point]]
) -> Generator[int, None, Finds]:
    """Who was found, on photos with a point (x, y) on everybody. Photos without a row in ``points`` show nobody."""
    finds = Finds()
    for name, photo in photos:
        started = time.perf_counter()
        proposals = silhouettes_of(_likely(network, photo), photo)
        finds.seconds.append(time.perf_counter() - started)
        here = points.get(name, ())
        hit = [point for point in here if any(_lies_in(point, proposal) for proposal in proposals)]
        alarms = sum(not any(_lies_in(point, proposal) for point in here) for proposal in proposals)
        finds.photos, finds.people, finds.found = finds.photos + 1, finds.people + len(here), finds.found + len(hit)
        if alarms:
            finds.alarms[name] = alarms
        if len(hit) < len(here):
            finds.missed[name] = [point for point in here if point not in hit]
        yield finds.photos
    return finds


def read_points(path: Path) -> dict[str, list[Point]]:
    """Lines ``NAME X,Y X,Y …``: a photo and a point on everybody in it. Raises BadInputError."""
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines()]
        return {words[0]: [_point(word) for word in words[1:]] for words in lines if words}
    except (OSError, ValueError) as error:
        raise BadInputError(f"“{path}” has to hold lines NAME X,Y X,Y …: {error}") from error


def _point(word: str) -> Point:
    x, y = word.split(",")
    return float(x), float(y)


def _add_overlap(overlaps: Overlaps, network: PeopleNet, photo: Rgb, mask: Alpha) -> None:
    started = time.perf_counter()
    likely = _likely(network, photo)
    proposals = silhouettes_of(likely, photo)
    overlaps.seconds.append(time.perf_counter() - started)
    people = mask >= 128
    found = cv2.resize(likely, (photo.shape[1], photo.shape[0]), interpolation=cv2.INTER_LINEAR) >= LIKELY
    selected = np.zeros(people.shape, np.bool_)
    for proposal in proposals:
        selected[proposal.part.box.slices] |= proposal.part.values > 0
    area = np.count_nonzero(people)
    overlaps.iou.append(np.count_nonzero(found & people) / np.count_nonzero(found | people))
    overlaps.covered.append(np.count_nonzero(selected & people) / area)
    overlaps.spilled.append(np.count_nonzero(selected & ~people) / area)


def _likely(network: PeopleNet, photo: Rgb) -> NDArray[np.float32]:
    return likely_map(run_to_end(look(network, photo)))


def _lies_in(point: Point, proposal: Proposal) -> bool:
    box = proposal.part.box
    x, y = int(point[0]) - box.left, int(point[1]) - box.top
    return 0 <= x < box.width and 0 <= y < box.height and bool(proposal.part.values[y, x])

"""Training images: decoded once into a memory-mapped file, split by a hash of their names, cropped on the fly."""

from __future__ import annotations

import bisect
import functools
import hashlib
import itertools
import json
import logging
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import TrainingError

log = logging.getLogger(__name__)

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
HELD_OUT_SHARE = 0.05


def is_held_out(name: str) -> bool:
    """Whether the image called ``name`` belongs to the held-out twentieth. Depends on nothing but the name."""
    digest = hashlib.sha256(Path(name).as_posix().encode()).digest()
    return int.from_bytes(digest[:8], "big") < HELD_OUT_SHARE * 2**64


def encoded_images(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names (with forward slashes) and file contents of the images of a zip file or a folder, sorted by name."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in IMAGE_SUFFIXES:
                yield file.relative_to(path).as_posix(), file.read_bytes()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if Path(name).suffix.lower() in IMAGE_SUFFIXES:
                    yield name, archive.read(name)
    else:
        raise TrainingError(f"“{path}” is neither a folder of images nor a zip file.")


@dataclass(frozen=True)
class ImageCache:
    """Decoded images of different sizes in one memory-mapped array.

    pixels: uint8, flat; image k is ``pixels[offsets[k]:][: h*w*3].reshape(h, w, 3)``, RGB.
    sizes: int64 (n, 2), height and width. names: as in the source. skipped: names of images that did not decode.
    """

    pixels: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]
    names: tuple[str, ...]
    skipped: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def image(self, index: int) -> NDArray[np.uint8]:
        """Image ``index`` as uint8 RGB (H, W, 3), a view of the map."""
        height, width = (int(v) for v in self.sizes[index])
        start = int(self.offsets[index])
        return self.pixels[start : start + height * width * 3].reshape(height, width, 3)


@dataclass(frozen=True)
class ImageSet:
    """The images of several sources, numbered through."""

    caches: tuple[ImageCache, ...]

    @functools.cached_property
    def _starts(self) -> list[int]:
        return list(itertools.accumulate((len(cache) for cache in self.caches), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """Names as in the sources."""
        return tuple(name for cache in self.caches for name in cache.names)

    @property
    def skipped(self) -> tuple[str, ...]:
        """Names of files that are no images."""
        return tuple(name for cache in self.caches for name in cache.skipped)

    def image(self, index: int) -> NDArray[np.uint8]:
        """Image ``index`` as uint8 RGB (H, W, 3), a view of its cache."""
        part = bisect.bisect_right(self._starts, index) - 1
        return self.caches[part].image(index - self._starts[part])

    def split(self, *, held_out: bool) -> NDArray[np.int64]:
        """Indices of the held-out images, or of all others."""
        return np.array([k for k, name in enumerate(self.names) if is_held_out(name) == held_out], np.int64)


def load_images(sources: Sequence[Path], cache_dir: Path, *, short_side: int) -> ImageSet:
    """The images of all ``sources`` (zips or folders), decoded at the first call; see :func:`build_cache`."""
    return ImageSet(tuple(build_cache(source, cache_dir, short_side=short_side) for source in sources))


def centred_square(image: NDArray[np.uint8], resolution: int) -> NDArray[np.uint8]:
    """The largest centred square of ``image`` (H, W, 3), reduced to uint8 (resolution, resolution, 3)."""
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    crop = image[top : top + side, left : left + side]
    return np.asarray(cv2.resize(crop, (resolution, resolution), interpolation=cv2.INTER_AREA), np.uint8)


def mean_square(images: ImageSet, indices: NDArray[np.int64], resolution: int) -> NDArray[np.float32]:
    """Mean of the centred squares of the images ``indices``: float32 (resolution, resolution, 3) in [0, 255]."""
    total = np.zeros((resolution, resolution, 3), np.float64)
    for index in indices:
        total += centred_square(images.image(int(index)), resolution)
    return np.asarray(total / len(indices), np.float32)


def _decode(content: bytes, short_side: int) -> NDArray[np.uint8] | None:
    """RGB uint8 (H, W, 3) reduced to the short side if it is larger, or None if the bytes are no image."""
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB) if content else None
    if decoded is None or min(decoded.shape[:2]) < 8:
        return None
    scale = short_side / min(decoded.shape[:2])
    if scale < 1:
        size = (max(short_side, round(decoded.shape[1] * scale)), max(short_side, round(decoded.shape[0] * scale)))
        decoded = cv2.resize(decoded, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(decoded, np.uint8)


def build_cache(source: Path, cache_dir: Path, *, short_side: int) -> ImageCache:
    """Decode every image of ``source`` (zip or folder), or map the cache that an earlier call left.

    Raises TrainingError if the source holds no usable image.
    """
    if not source.exists():
        raise TrainingError(f"The training data “{source}” does not exist.")
    stat = source.stat()
    key = f"{source.resolve()}|{stat.st_size}|{stat.st_mtime_ns}|{short_side}"
    stem = cache_dir / f"{source.stem}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    index_file, pixel_file = stem.with_suffix(".json"), stem.with_suffix(".bin")
    if not index_file.exists():
        _write_cache(source, index_file, pixel_file, short_side)
    index = json.loads(index_file.read_text())
    sizes = np.array(index["sizes"], np.int64).reshape(-1, 2)
    lengths = sizes.prod(axis=1) * 3
    return ImageCache(
        pixels=np.memmap(pixel_file, np.uint8, mode="r"),
        offsets=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
        sizes=sizes,
        names=tuple(index["names"]),
        skipped=tuple(index["skipped"]),
    )


def _write_cache(source: Path, index_file: Path, pixel_file: Path, short_side: int) -> None:
    index_file.parent.mkdir(parents=True, exist_ok=True)
    partial = pixel_file.with_suffix(f".{os.getpid()}.partial")
    try:
        index = _write_pixels(source, partial, short_side)
        partial.replace(pixel_file)
    finally:
        partial.unlink(missing_ok=True)
    # The index is written last: its presence says that the pixels are complete.
    staged = index_file.with_suffix(f".{os.getpid()}.partial")
    staged.write_text(json.dumps(index))
    staged.replace(index_file)


def _write_pixels(source: Path, file: Path, short_side: int) -> dict[str, list[Any]]:
    """Write the pixels of all usable images one after the other; returns the index."""
    index: dict[str, list[Any]] = {"names": [], "sizes": [], "skipped": []}
    with file.open("wb") as out:
        for name, content in encoded_images(source):
            image = _decode(content, short_side)
            if image is None:
                index["skipped"].append(name)
                log.warning("skipped %s: not a usable image", name)
                continue
            out.write(image.tobytes())
            index["names"].append(name)
            index["sizes"].append(image.shape[:2])
    if not index["names"]:
        raise TrainingError(f"“{source}” holds no image that can be read.")
    return index


@functools.lru_cache(maxsize=2)
def _permutation(seed: int, epoch: int, length: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, 0, epoch]).permutation(length)


@dataclass(frozen=True)
class CropSampler:
    """Random square crops, as a pure function of (seed, position in the run): resuming needs no state.

    images, indices: which images. resolution: side of the result. smallest_scale: the crop's side as a share of
    the image's short side is uniform in [smallest_scale, 1]; 1 means the largest centred square. flip: mirror
    half of the crops.
    """

    images: ImageSet
    indices: NDArray[np.int64]
    resolution: int
    batch: int
    seed: int
    smallest_scale: float = 1.0
    flip: bool = True

    def images_at(self, step: int, *, worker: int = 0, workers: int = 1) -> NDArray[np.uint8]:
        """The batch of step ``step``: uint8 RGB (batch, resolution, resolution, 3).

        Walks through one permutation of the images after the other, so that every image is seen equally often.
        Of several workers, each gets its part of a batch that is as many times larger.
        """
        return np.stack([self._crop(position) for position in self.positions(step, worker, workers)])

    def positions(self, step: int, worker: int = 0, workers: int = 1) -> range:
        """Where the images of a worker's batch lie in the sequence of all images of the run."""
        first = (step * workers + worker) * self.batch
        return range(first, first + self.batch)

    def _index(self, position: int) -> int:
        epoch, place = divmod(position, len(self.indices))
        return int(self.indices[_permutation(self.seed, epoch, len(self.indices))[place]])

    def _crop(self, position: int) -> NDArray[np.uint8]:
        image = self.images.image(self._index(position))
        rng = np.random.default_rng([self.seed, 1, position])
        height, width = image.shape[:2]
        scale, across, down, mirrored = rng.random(4)
        side = round(min(height, width) * (self.smallest_scale + (1 - self.smallest_scale) * scale))
        if self.smallest_scale == 1.0:
            across = down = 0.5
        top, left = round((height - side) * down), round((width - side) * across)
        crop = image[top : top + side, left : left + side]
        method = cv2.INTER_AREA if side >= self.resolution else cv2.INTER_CUBIC
        result = cv2.resize(crop, (self.resolution, self.resolution), interpolation=method)
        if self.flip and mirrored < 0.5:
            result = result[:, ::-1]
        return np.asarray(result, np.uint8)

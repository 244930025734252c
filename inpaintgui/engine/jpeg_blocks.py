"""Puts changed pixels into a JPEG without coding the rest again.

A JPEG keeps the cosine coefficients of 8 × 8 blocks (ITU-T T.81, annex A). Here the blocks in which nothing changed
keep theirs to the bit; the others are transformed again, from the stored samples where nothing changed and from the new
pixels elsewhere, and rounded with the file's own tables. The conversion of colours is JFIF's (ITU-T T.871, section 7),
chroma is averaged. jpeglib, which reads and writes the coefficients, works on files only.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Pixels
from inpaintgui.engine.image_blocks import without_metadata
from inpaintgui.sentences import say

_LIBRARY = "turbo210"
_BLOCK = 8
_TO_YCBCR = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
_LEVEL_SHIFT = 128.0
_LOWEST, _HIGHEST = -1023, 1023


class BlocksError(ValueError):
    """The blocks of this file cannot be kept. The text ends the sentence ``"… because …"``."""


def _cosines() -> NDArray[np.float32]:
    """The orthonormal type-II cosine transform of 8 samples; rows are frequencies."""
    frequency, sample = np.ogrid[:_BLOCK, :_BLOCK]
    basis = np.sqrt(2 / _BLOCK) * np.cos((2 * sample + 1) * frequency * np.pi / (2 * _BLOCK))
    basis[0] /= np.sqrt(2)
    return np.asarray(basis, np.float32)


_COSINES = _cosines()


@dataclass(frozen=True)
class _Component:
    """blocks: int16 (rows, columns, 8, 8). steps: of quantisation, (8, 8). A sample is ``high`` × ``wide`` pixels."""

    blocks: NDArray[np.int16]
    steps: NDArray[np.float32]
    high: int
    wide: int


def with_changes(file: bytes, before: Pixels, after: Pixels) -> bytes:
    """The JPEG ``file`` with the pixels changed in which ``after`` differs from ``before``; without metadata blocks.

    before: what the file decodes to, uint8 (H, W, C), C 1 or 3 (RGB), as stored: no orientation applied. after: like
    it. Raises BlocksError if the file is of a kind whose blocks cannot be kept, and OSError if the temporary folder
    cannot be written.
    """
    jpeglib = _library()
    with tempfile.TemporaryDirectory(prefix="inpaintgui-") as folder:
        source, target = Path(folder) / "source.jpg", Path(folder) / "target.jpg"
        source.write_bytes(without_metadata(file))
        try:
            jpeg = jpeglib.read_dct(str(source))
            _code_changes(_components(jpeg), before, after)
            jpeg.markers = []
            jpeg.write_dct(str(target), flags=["+OPTIMIZE_CODING"])
        except OSError as error:
            if error.errno is None:  # jpeglib's own: it could not make sense of the file
                raise BlocksError(say("its blocks cannot be read")) from error
            raise
        return target.read_bytes()


def _library() -> Any:
    try:
        import jpeglib
    except ImportError as error:  # it has no wheel for every system
        raise BlocksError(say("the library jpeglib is not installed")) from error
    jpeglib.version.set(_LIBRARY)
    return jpeglib


def _components(jpeg: Any) -> list[_Component]:
    kind = str(jpeg.jpeg_color_space)
    if kind not in ("JCS_YCbCr", "JCS_GRAYSCALE"):
        raise BlocksError(say("its colours are not stored as brightness and chroma"))
    jpeg.load()
    blocks = [jpeg.Y] if kind == "JCS_GRAYSCALE" else [jpeg.Y, jpeg.Cb, jpeg.Cr]
    factors = np.array(jpeg.samp_factor).reshape(-1, 2)[: len(blocks)] if len(blocks) > 1 else np.ones((1, 2), int)
    largest = factors.max(axis=0)
    if (largest % factors).any():
        raise BlocksError(say("its chroma is sampled in an unusual way"))
    steps = [jpeg.qt[number].astype(np.float32) for number in jpeg.quant_tbl_no]
    return [
        _Component(part, step, int(high), int(wide))
        for part, step, (high, wide) in zip(blocks, steps, largest // factors, strict=True)
    ]


def _code_changes(components: list[_Component], before: Pixels, after: Pixels) -> None:
    """Replace the coefficients of the changed blocks, one row of largest blocks after the other."""
    high = _BLOCK * max(part.high for part in components)
    wide = _BLOCK * max(part.wide for part in components)
    for top in range(0, before.shape[0], high):
        rows = np.s_[top : top + high]
        changed = (before[rows] != after[rows]).any(axis=2)
        columns = np.flatnonzero(changed.any(axis=0))
        if not columns.size:
            continue
        left, right = columns[0] // wide * wide, (columns[-1] // wide + 1) * wide
        planes = _planes(after[rows, left:right])
        short = ((0, high - planes.shape[1]), (0, right - left - planes.shape[2]))
        planes = np.pad(planes, ((0, 0), *short), mode="edge")
        flags = np.pad(changed[:, left:right], short, mode="edge")
        for part, plane in zip(components, planes, strict=True):
            _code_row(part, plane, flags, top // (_BLOCK * part.high), left // (_BLOCK * part.wide))


def _planes(pixels: Pixels) -> NDArray[np.float32]:
    """Level-shifted brightness and chroma, (C, H, W), of uint8 (H, W, C)."""
    values = pixels.astype(np.float32)
    planes = np.moveaxis(values if pixels.shape[2] == 1 else values @ _TO_YCBCR.T, 2, 0).copy()
    planes[0] -= _LEVEL_SHIFT
    return planes


def _code_row(part: _Component, plane: NDArray[np.float32], flags: NDArray[np.bool_], top: int, left: int) -> None:
    """Code what of a component lies under ``plane``, whose first block is at row ``top`` and column ``left``."""
    values = _in_blocks(plane, part).mean(axis=(-2, -1))
    changed: NDArray[np.bool_] = np.asarray(_in_blocks(flags, part).any(axis=(-2, -1)))
    there = part.blocks[top : top + values.shape[0], left : left + values.shape[1]]
    values, changed = values[: there.shape[0], : there.shape[1]], changed[: there.shape[0], : there.shape[1]]
    touched: NDArray[np.bool_] = np.asarray(changed.any(axis=(-2, -1)))
    stored = _COSINES.T @ (there[touched] * part.steps) @ _COSINES
    samples = np.where(changed[touched], values[touched], stored)
    coefficients = np.rint(_COSINES @ samples @ _COSINES.T / part.steps)
    there[touched] = np.clip(coefficients, _LOWEST, _HIGHEST).astype(np.int16)


def _in_blocks(plane: NDArray[Any], part: _Component) -> NDArray[Any]:
    """(rows, columns, 8, 8, high, wide) of a plane whose sides are whole blocks: the pixels of each sample last."""
    rows = (plane.shape[0] // (_BLOCK * part.high), _BLOCK, part.high)
    columns = (plane.shape[1] // (_BLOCK * part.wide), _BLOCK, part.wide)
    return plane.reshape(*rows, *columns).transpose(0, 3, 1, 4, 2, 5)

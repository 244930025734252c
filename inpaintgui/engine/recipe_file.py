"""Recipes as JSON files. A mask is a PNG in base64 of the box around the hole, so that other programs can read it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inpaintgui import limits
from inpaintgui.contracts import Box, Mask, Photo, PhotoMetadata
from inpaintgui.engine.image_codec import CodecError, decode, encode
from inpaintgui.engine.image_header import HeaderError, ImageFormat, read_header
from inpaintgui.engine.versions import versions
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import os_reason, say
from inpaintgui.session.recipe import FillRecord, PackedMask, Recipe, pixel_hash
from inpaintgui.session.record_json import (
    JsonError,
    box_as_json,
    box_inside,
    items,
    photo_shape,
    record_as_json,
    record_from_json,
    sha256,
    table,
    texts,
    unpacked,
)

FORMAT = "inpaintgui-recipe/1"


def make_recipe(source: str, opened: Photo, exported: Photo, records: Sequence[FillRecord | None]) -> Recipe:
    """The recipe that leads from one photo to the other. source: the file name of the first.

    Raises BadInputError if some step has no record.
    """
    fills = tuple(record for record in records if record is not None)
    if len(fills) < len(records):
        raise BadInputError(say("This photo has a change that a recipe cannot repeat."))
    height, width, channels = opened.pixels.shape
    device = fills[-1].device if fills else "cpu"
    return Recipe(
        versions(device),
        source,
        (height, width, channels),
        pixel_hash(opened.pixels),
        pixel_hash(exported.pixels),
        fills,
    )


def to_json(recipe: Recipe) -> str:
    """The text of the recipe's file."""
    content = {
        "format": FORMAT,
        "versions": dict(recipe.versions),
        "source": recipe.source,
        "shape": list(recipe.shape),
        "before": recipe.before,
        "fills": [record_as_json(record, _mask_as_json) for record in recipe.fills],
        "after": recipe.after,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _mask_as_json(mask: PackedMask) -> dict[str, Any]:
    inside = np.ascontiguousarray(mask.unpack()[mask.box.slices])[..., None]
    png = b"" if mask.box.is_empty else encode(inside, ImageFormat.PNG, PhotoMetadata(), ())
    return {"box": box_as_json(mask.box), "png": base64.b64encode(png).decode()}


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises BadInputError if it is none, is damaged, or asks for the impossible."""
    try:
        if path.stat().st_size > limits.RECIPE_FILE:
            raise BadInputError(say("“{path}” is larger than any recipe may be.", path=path))
        return parse_recipe(path.read_bytes())
    except OSError as error:
        raise BadInputError(
            say("The recipe “{path}” cannot be read: {reason}.", path=path, reason=os_reason(error))
        ) from error
    except JsonError as error:
        raise BadInputError(
            say("“{path}” is not a recipe that can be followed: {error}.", path=path, error=error)
        ) from error


def parse_recipe(data: bytes) -> Recipe:
    """The recipe in the bytes of a file. Raises JsonError."""
    try:
        content = table(json.loads(data), "it")
    except (ValueError, RecursionError) as error:
        raise JsonError("it is not a JSON object") from error
    if content.get("format") != FORMAT:
        raise JsonError(f"its format is not {FORMAT}")
    shape = photo_shape(content.get("shape"))

    def mask(value: Mapping[str, Any]) -> PackedMask:
        return _mask_from_json(value, (shape[0], shape[1]))

    return Recipe(
        versions=texts(content.get("versions"), "versions"),
        source=str(content.get("source", "")),
        shape=shape,
        before=sha256(content.get("before"), "before"),
        after=sha256(content.get("after"), "after"),
        fills=tuple(record_from_json(fill, mask) for fill in items(content.get("fills"), "fills")),
    )


def _mask_from_json(content: Mapping[str, Any], shape: tuple[int, int]) -> PackedMask:
    box = box_inside(content.get("box"), shape, "a mask's box")
    inside = _decoded_mask(unpacked(content.get("png", ""), "a mask"), box)
    return PackedMask(shape, box, zlib.compress(inside.tobytes(), 1))


def _decoded_mask(data: bytes, box: Box) -> Mask:
    """uint8 (H, W) out of a PNG of exactly the box's size."""
    try:
        header = read_header(data)
        if header.format is not ImageFormat.PNG or (header.width, header.height) != (box.width, box.height):
            raise JsonError("a mask is not a PNG of its box")
        pixels = decode(data, header).pixels
    except (HeaderError, CodecError) as error:
        raise JsonError("a mask is not a PNG") from error
    if pixels.dtype != np.uint8 or pixels.shape[2] != 1:
        raise JsonError("a mask is not an 8-bit grey PNG")
    return np.ascontiguousarray(pixels[..., 0])

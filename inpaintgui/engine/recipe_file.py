"""Recipes as JSON files. A mask is a PNG in base64 of the box around the hole, so that other programs can read it."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from inpaintgui import limits
from inpaintgui.contracts import Box, ContextSquare, FillSettings, Mask, Photo, PhotoMetadata, Start
from inpaintgui.engine.image_codec import CodecError, decode, encode
from inpaintgui.engine.image_header import HeaderError, ImageFormat, read_header
from inpaintgui.engine.versions import versions
from inpaintgui.errors import BadInputError
from inpaintgui.session.recipe import FillRecord, PackedMask, Recipe, pixel_hash
from inpaintgui.settings import declarations

FORMAT = "inpaintgui-recipe/1"
_HASH = re.compile(r"[0-9a-f]{64}")


def make_recipe(source: str, opened: Photo, exported: Photo, records: Sequence[FillRecord | None]) -> Recipe:
    """The recipe that leads from one photo to the other. source: the file name of the first.

    Raises BadInputError if some step has no record.
    """
    fills = tuple(record for record in records if record is not None)
    if len(fills) < len(records):
        raise BadInputError("This photo has a change that a recipe cannot repeat.")
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
        "fills": [_fill_as_json(record) for record in recipe.fills],
        "after": recipe.after,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _fill_as_json(record: FillRecord) -> dict[str, Any]:
    box = record.mask.box
    inside = np.ascontiguousarray(record.mask.unpack()[box.slices])[..., None]
    png = encode(inside, ImageFormat.PNG, PhotoMetadata(), ()) if not box.is_empty else b""
    return {
        "mask": {"box": list(asdict(box).values()), "png": base64.b64encode(png).decode()},
        "settings": asdict(record.settings),
        "starts": [_start_as_json(start) for start in record.starts],
        "device": record.device,
        "priors": dict(record.priors),
        "result": record.result,
    }


def _start_as_json(start: Start) -> dict[str, Any]:
    latent = np.ascontiguousarray(start.latent, "<f4")
    return {
        "box": list(asdict(start.box).values()),
        "prior": start.prior,
        "square": asdict(start.square),
        "latent": base64.b64encode(latent.tobytes()).decode(),
        "exact": start.exact,
    }


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises BadInputError if it is none, is damaged, or asks for the impossible."""
    try:
        if path.stat().st_size > limits.RECIPE_FILE:
            raise BadInputError(f"“{path}” is larger than any recipe may be.")
        return parse_recipe(path.read_bytes())
    except OSError as error:
        raise BadInputError(f"The recipe “{path}” cannot be read: {error.strerror or error}.") from error
    except RecipeError as error:
        raise BadInputError(f"“{path}” is not a recipe that can be followed: {error}.") from error


class RecipeError(ValueError):
    """Text that is no recipe. The text of the error says where it fails."""


def parse_recipe(data: bytes) -> Recipe:
    """The recipe in the bytes of a file. Raises RecipeError."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecipeError("it is not JSON") from error
    table = _table(content, "it")
    if table.get("format") != FORMAT:
        raise RecipeError(f"its format is not {FORMAT}")
    shape = _whole_numbers(table.get("shape"), 3, "shape")
    if min(shape) < 1 or shape[2] > 4 or shape[0] * shape[1] > limits.MEGAPIXELS * 1_000_000:
        raise RecipeError("its shape is impossible")
    fills = _list(table.get("fills"), "fills")
    return Recipe(
        versions=_texts(table.get("versions"), "versions"),
        source=str(table.get("source", "")),
        shape=(shape[0], shape[1], shape[2]),
        before=_hash(table.get("before"), "before"),
        after=_hash(table.get("after"), "after"),
        fills=tuple(_fill_from_json(_table(fill, "a fill"), (shape[0], shape[1])) for fill in fills),
    )


def _fill_from_json(table: Mapping[str, Any], shape: tuple[int, int]) -> FillRecord:
    priors = _texts(table.get("priors"), "priors")
    return FillRecord(
        mask=_mask_from_json(_table(table.get("mask"), "a mask"), shape),
        settings=_settings_from_json(_table(table.get("settings"), "settings")),
        device=str(table.get("device", "")),
        priors={name: _hash(value, "a prior's hash") for name, value in priors.items()},
        result=_hash(table.get("result"), "a result"),
        starts=tuple(_start_from_json(_table(start, "a start")) for start in _list(table.get("starts", []), "starts")),
    )


def _start_from_json(table: Mapping[str, Any]) -> Start:
    square = _square_from_json(table.get("square"))
    if square is None:
        raise RecipeError("a start has no context square")
    try:
        latent = np.frombuffer(base64.b64decode(str(table.get("latent", "")), validate=True), "<f4")
    except (binascii.Error, ValueError) as error:
        raise RecipeError("a start's latent is not 32-bit numbers in base64") from error
    if not 1 <= latent.size <= limits.LATENT or not np.isfinite(latent).all():
        raise RecipeError("a start's latent has an impossible length or value")
    box = Box(*_whole_numbers(table.get("box"), 4, "a start's box"))
    return Start(box, str(table.get("prior", "")), square, latent.astype(np.float32), table.get("exact") is True)


def _mask_from_json(table: Mapping[str, Any], shape: tuple[int, int]) -> PackedMask:
    box = Box(*_whole_numbers(table.get("box"), 4, "a mask's box"))
    if box.is_empty or box.intersect(Box(0, 0, shape[1], shape[0])) != box:
        raise RecipeError("a mask's box is empty or lies outside the photo")
    try:
        data = base64.b64decode(str(table.get("png", "")), validate=True)
        inside = _decoded_mask(data, box)
    except (binascii.Error, ValueError) as error:
        raise RecipeError("a mask is not a PNG of its box in base64") from error
    return PackedMask(shape, box, zlib.compress(inside.tobytes(), 1))


def _decoded_mask(data: bytes, box: Box) -> Mask:
    """uint8 (H, W) out of a PNG of exactly the box's size. Raises ValueError."""
    try:
        header = read_header(data)
        if header.format is not ImageFormat.PNG or (header.width, header.height) != (box.width, box.height):
            raise ValueError("another format or size")
        pixels = decode(data, header).pixels
    except (HeaderError, CodecError) as error:
        raise ValueError("not a PNG") from error
    if pixels.dtype != np.uint8 or pixels.shape[2] != 1:
        raise ValueError("not an 8-bit grey image")
    return np.ascontiguousarray(pixels[..., 0])


def _settings_from_json(table: Mapping[str, Any]) -> FillSettings:
    declared = {item.name: item for item in declarations() if item.fill}
    unknown = table.keys() - {*declared, "square"}
    if unknown:
        raise RecipeError(f"it has settings that this version does not know ({', '.join(sorted(unknown))})")
    try:
        values = {name: declared[name].check(value) for name, value in table.items() if name != "square"}
    except BadInputError as error:
        raise RecipeError(str(error).removesuffix(".")) from error
    return FillSettings(**values, square=_square_from_json(table.get("square")))


def _square_from_json(content: Any) -> ContextSquare | None:
    if content is None:
        return None
    table = _table(content, "the context square")
    sides = [table.get(name) for name in ("x", "y", "side")]
    numbers = [float(side) for side in sides if isinstance(side, int | float) and abs(side) < 1e9]
    if len(numbers) < 3:
        raise RecipeError("the context square is not three numbers")
    return ContextSquare(*numbers)


def _table(content: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise RecipeError(f"{what} is not a JSON object")
    return content


def _list(content: Any, what: str) -> list[Any]:
    if not isinstance(content, list) or len(content) > limits.RECIPE_LIST:
        raise RecipeError(f"its list of {what} is missing or too long")
    return content


def _texts(content: Any, what: str) -> dict[str, str]:
    return {str(name): str(value) for name, value in _table(content, what).items()}


def _whole_numbers(content: Any, count: int, what: str) -> list[int]:
    if not isinstance(content, list) or len(content) != count or any(type(number) is not int for number in content):
        raise RecipeError(f"{what} is not {count} whole numbers")
    return content


def _hash(content: Any, what: str) -> str:
    if not isinstance(content, str) or not _HASH.fullmatch(content):
        raise RecipeError(f"{what} is not a SHA-256")
    return content

"""Fill records as JSON values and back, for recipes and projects. How a mask is written is the file's affair."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from inpaintgui import limits
from inpaintgui.contracts import Box, ContextSquare, FillSettings, Start
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say
from inpaintgui.session.recipe import FillRecord, PackedMask
from inpaintgui.settings import declarations

_HASH = re.compile(r"[0-9a-f]{64}")


class JsonError(ValueError):
    """A value is not what it should be. The text, which follows a colon and has no full stop, says which."""


def record_as_json(record: FillRecord, mask: Callable[[PackedMask], Any]) -> dict[str, Any]:
    """A record as JSON takes it. mask: makes it of a mask."""
    excluded = {} if record.exclusion is None else {"exclusion": mask(record.exclusion)}
    return {
        "mask": mask(record.mask),
        **excluded,
        "settings": asdict(record.settings),
        "starts": [_start_as_json(start) for start in record.starts],
        "device": record.device,
        "priors": dict(record.priors),
        "result": record.result,
    }


def record_from_json(content: Any, mask: Callable[[Mapping[str, Any]], PackedMask]) -> FillRecord:
    """The record again. mask: reads a mask's value. Raises JsonError."""
    fill = table(content, "a fill")
    excluded = fill.get("exclusion")
    return FillRecord(
        mask=mask(table(fill.get("mask"), "a mask")),
        settings=_settings(table(fill.get("settings"), "settings")),
        device=str(fill.get("device", "")),
        priors={name: sha256(value, "a prior's hash") for name, value in texts(fill.get("priors"), "priors").items()},
        result=sha256(fill.get("result"), "a result"),
        starts=tuple(_start(table(start, "a start")) for start in items(fill.get("starts", []), "starts")),
        exclusion=None if excluded is None else mask(table(excluded, "an exclusion")),
    )


def box_as_json(box: Box) -> list[int]:
    """Left, top, right, bottom."""
    return [box.left, box.top, box.right, box.bottom]


def box_inside(content: Any, shape: tuple[int, int], what: str) -> Box:
    """A box that is not empty and lies in a picture of ``shape`` (H, W). Raises JsonError."""
    box = Box(*whole_numbers(content, 4, what))
    if box.is_empty or box.intersect(Box(0, 0, shape[1], shape[0])) != box:
        raise JsonError(f"{what} is empty or lies outside the photo")
    return box


def photo_shape(content: Any) -> tuple[int, int, int]:
    """Height, width and channels of a photo that may be opened. Raises JsonError."""
    height, width, channels = whole_numbers(content, 3, "the photo's shape")
    if min(height, width, channels) < 1 or channels > 4 or height * width > limits.MEGAPIXELS * 1_000_000:
        raise JsonError("the photo's shape is impossible")
    return height, width, channels


def table(content: Any, what: str) -> Mapping[str, Any]:
    """A JSON object. Raises JsonError."""
    if not isinstance(content, dict):
        raise JsonError(f"{what} is not a JSON object")
    return content


def items(content: Any, what: str, most: int = limits.RECIPE_LIST) -> list[Any]:
    """A JSON array of bounded length. Raises JsonError."""
    if not isinstance(content, list) or len(content) > most:
        raise JsonError(f"the list of {what} is missing or too long")
    return content


def texts(content: Any, what: str) -> dict[str, str]:
    """A JSON object, all its values as texts. Raises JsonError."""
    return {str(name): str(value) for name, value in table(content, what).items()}


def whole_numbers(content: Any, count: int, what: str) -> list[int]:
    """``count`` integers of at most 63 bits. Raises JsonError."""
    if (
        not isinstance(content, list)
        or len(content) != count
        or any(type(number) is not int or abs(number) >= 1 << 63 for number in content)
    ):
        raise JsonError(f"{what} is not {count} whole numbers")
    return content


def sha256(content: Any, what: str) -> str:
    """A SHA-256 in hexadecimal digits. Raises JsonError."""
    if not isinstance(content, str) or not _HASH.fullmatch(content):
        raise JsonError(f"{what} is not a SHA-256")
    return content


def unpacked(text: Any, what: str) -> bytes:
    """Bytes out of base64. Raises JsonError."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise JsonError(f"{what} is not in base64") from error


def _start_as_json(start: Start) -> dict[str, Any]:
    latent = np.ascontiguousarray(start.latent, "<f4")
    return {
        "box": box_as_json(start.box),
        "prior": start.prior,
        "square": asdict(start.square),
        "latent": base64.b64encode(latent.tobytes()).decode(),
        "exact": start.exact,
        "texture": start.texture,
    }


def _start(content: Mapping[str, Any]) -> Start:
    square = _square(content.get("square"))
    if square is None:
        raise JsonError("a start has no context square")
    values = unpacked(content.get("latent", ""), "a start's latent")
    if not 4 <= len(values) <= 4 * limits.LATENT or len(values) % 4:
        raise JsonError("a start's latent has an impossible length")
    latent = np.frombuffer(values, "<f4").astype(np.float32)
    if not np.isfinite(latent).all():
        raise JsonError("a start's latent has an impossible value")
    box = Box(*whole_numbers(content.get("box"), 4, "a start's box"))
    texture = content.get("texture", 0)
    if type(texture) is not int or not 0 <= texture <= limits.VARIATIONS:
        raise JsonError("a start's texture has an impossible number")
    return Start(box, str(content.get("prior", "")), square, latent, content.get("exact") is True, texture)


def _settings(content: Mapping[str, Any]) -> FillSettings:
    declared = {item.name: item for item in declarations() if item.fill}
    unknown = content.keys() - {*declared, "square", "squares"}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise JsonError(say("it has settings that this version does not know ({names})", names=names))
    try:
        values = {name: declared[name].check(value) for name, value in content.items() if name in declared}
    except BadInputError as error:
        raise JsonError(str(error).removesuffix(".")) from error
    squares = [_square(one) for one in items(content.get("squares", []), "context squares")]
    squares.append(_square(content.get("square")))  # the only one, as earlier versions wrote it
    return FillSettings(**values, squares=tuple(one for one in squares if one is not None))


def _square(content: Any) -> ContextSquare | None:
    if content is None:
        return None
    square = table(content, "the context square")
    sides: list[Any] = [square.get("x"), square.get("y"), square.get("side"), square.get("angle", 0.0)]
    # Written so that not-a-number is left out too.
    numbers = [float(side) for side in sides if type(side) in (int, float) and abs(side) < 1e9]
    if len(numbers) < 4:
        raise JsonError("the context square is not made of numbers")
    return ContextSquare(*numbers)

"""The undo history as JSON and parts, for projects: one part per step, the boxes' values one behind the other."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import numpy as np

from inpaintgui import limits
from inpaintgui.session.blobs import BlobReader
from inpaintgui.session.history import BoxEdit, HistoryState, HistoryStep, Layer, StepKind, inflate
from inpaintgui.session.recipe import FillRecord, PackedMask
from inpaintgui.session.record_json import (
    JsonError,
    box_as_json,
    box_inside,
    items,
    record_as_json,
    record_from_json,
    sha256,
    table,
    unpacked,
    whole_numbers,
)

Add = Callable[[bytes], str]
"""Keeps a part and returns its name."""


def edits_as_json(edits: Sequence[BoxEdit], add: Add) -> dict[str, Any]:
    """Edits in order. "lengths": of the bytes before and after, of each edit, in the part."""
    if not edits:
        return {"boxes": []}
    return {
        "boxes": [[str(edit.layer), *box_as_json(edit.box)] for edit in edits],
        "lengths": [[len(edit.before), len(edit.after)] for edit in edits],
        "part": add(b"".join(edit.before + edit.after for edit in edits)),
    }


def edits_from_json(
    content: Any, reader: BlobReader, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> tuple[BoxEdit, ...]:
    """The edits again, of a photo of this shape (H, W, C) and type. Raises JsonError or ValueError."""
    described = table(content, "a step's edits")
    boxes = items(described.get("boxes"), "boxes", limits.PROJECT_BOXES)
    if not boxes:
        return ()
    lengths = items(described.get("lengths"), "lengths", limits.PROJECT_BOXES)
    if len(lengths) != len(boxes):
        raise JsonError("a step has other boxes than values")
    data = reader.blob(sha256(described.get("part"), "a part's name"), limits.PROJECT_BLOB)
    edits = []
    position = 0
    for box, pair in zip(boxes, lengths, strict=True):
        before, after = whole_numbers(pair, 2, "the lengths of values")
        if min(before, after) < 0 or position + before + after > len(data):
            raise JsonError("values lie outside their part")
        middle = position + before
        edit = _edit(box, shape, dtype, data[position:middle], data[middle : middle + after])
        edit.check()
        edits.append(edit)
        position = middle + after
    return tuple(edits)


def _edit(content: Any, shape: tuple[int, ...], dtype: np.dtype[Any], before: bytes, after: bytes) -> BoxEdit:
    if not isinstance(content, list) or not content or content[0] not in list(Layer):
        raise JsonError("a box is of no known layer")
    layer = Layer(content[0])
    box = box_inside(content[1:], (shape[0], shape[1]), "a box")
    if layer is not Layer.PIXELS:
        return BoxEdit(layer, box, (box.height, box.width), np.dtype(np.uint8), before, after)
    return BoxEdit(layer, box, (box.height, box.width, shape[2]), dtype, before, after)


def history_as_json(history: HistoryState, add: Add) -> dict[str, Any]:
    """The whole history."""
    return {
        "steps": [_step_as_json(step, add) for step in history.steps],
        "position": history.position,
        "states": list(history.states),
        "clean_state": history.clean_state,
        "dropped": history.dropped,
        "dropped_records": [_record_as_json(record) for record in history.dropped_records],
    }


def history_from_json(content: Any, reader: BlobReader, shape: tuple[int, ...], dtype: np.dtype[Any]) -> HistoryState:
    """The history again. Raises JsonError or ValueError."""
    told = table(content, "the history")
    steps = items(told.get("steps"), "steps", limits.PROJECT_STEPS)
    states = whole_numbers(told.get("states"), len(steps) + 1, "the list of states")
    position, clean, dropped = whole_numbers(
        [told.get(name) for name in ("position", "clean_state", "dropped")], 3, "the history's position"
    )
    if not 0 <= position <= len(steps) or dropped < 0:
        raise JsonError("the history's position is impossible")
    records = items(told.get("dropped_records"), "records", limits.PROJECT_STEPS)
    return HistoryState(
        steps=tuple(_step_from_json(step, reader, shape, dtype) for step in steps),
        position=position,
        states=tuple(states),
        clean_state=clean,
        dropped=dropped,
        dropped_records=tuple(_record_from_json(record, shape) for record in records),
    )


def _step_as_json(step: HistoryStep, add: Add) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": step.kind,
        "edits": edits_as_json(step.edits, add),
        "shows": [step.shows_before, step.shows_after],
        "record": _record_as_json(step.record),
    }


def _step_from_json(content: Any, reader: BlobReader, shape: tuple[int, ...], dtype: np.dtype[Any]) -> HistoryStep:
    step = table(content, "a step")
    shows = step.get("shows")
    kind: Any = step.get("kind")
    if kind not in get_args(StepKind):
        raise JsonError("a step is of no known kind")
    if not isinstance(shows, list) or len(shows) != 2 or any(type(flag) is not bool for flag in shows):
        raise JsonError("a step does not say whether the mask shows")
    edits = edits_from_json(step.get("edits"), reader, shape, dtype)
    record = _record_from_json(step.get("record"), shape)
    return HistoryStep(str(step.get("name", "")), kind, edits, shows[0], shows[1], record)


def _record_as_json(record: FillRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return record_as_json(record, _mask_as_json)


def _mask_as_json(mask: PackedMask) -> dict[str, Any]:
    return {"box": box_as_json(mask.box), "deflated": base64.b64encode(mask.deflated).decode()}


def _record_from_json(content: Any, shape: tuple[int, ...]) -> FillRecord | None:
    return None if content is None else record_from_json(content, lambda mask: _mask(mask, (shape[0], shape[1])))


def _mask(content: Mapping[str, Any], shape: tuple[int, int]) -> PackedMask:
    box = box_inside(content.get("box"), shape, "a mask's box")
    deflated = unpacked(content.get("deflated", ""), "a mask")
    inflate(deflated, box.width * box.height)
    return PackedMask(shape, box, deflated)

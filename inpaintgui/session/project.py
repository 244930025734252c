"""Projects: a photo with everything that was done to it, saved and opened with its whole history.

The description is JSON (``inpaintgui-project/1``); it names parts (see :mod:`inpaintgui.session.blobs`): the original,
as the bytes of its file or, where that file has changed meanwhile, as pixels; the mask; what must not be copied from,
if there is anything; where the pixels now differ from the original; and the boxes before and after each undo step.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import inpaintgui
from inpaintgui import limits
from inpaintgui.contracts import Box, Mask, Photo, PhotoMetadata, Pixels
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say
from inpaintgui.session.blobs import (
    BlobReader,
    BlobWriter,
    FolderReader,
    MeteredReader,
    ZipReader,
    ZipWriter,
    blob_name,
)
from inpaintgui.session.document import DocumentState
from inpaintgui.session.history import Layer, diff, inflate
from inpaintgui.session.layers import read_only
from inpaintgui.session.project_history import edits_as_json, edits_from_json, history_as_json, history_from_json
from inpaintgui.session.record_json import JsonError, photo_shape, sha256, table
from inpaintgui.staged_file import write_file

FORMAT = "inpaintgui-project/1"
SUFFIX = ".inpaint"
_DTYPES = ("uint8", "uint16")

Decode = Callable[[bytes, str], Photo]
"""A photo out of the bytes of a file and its name; raises ImageFileError."""


@dataclass(frozen=True)
class Project:
    """photo: as opened. state: what has become of it. path: where it was opened from; None if nobody knows."""

    photo: Photo
    state: DocumentState
    path: Path | None = None


def save_project(path: Path, project: Project) -> None:
    """Write a project file, staged and atomic. Raises SaveError."""

    def fill(file: Any) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            write_project(ZipWriter(archive), project)

    write_file(path, fill)


def write_project(writer: BlobWriter, project: Project) -> None:
    """Write a project's parts and its description. Raises SaveError."""
    photo, state = project.photo, project.state
    used: list[str] = []

    def add(data: bytes) -> str:
        used.append(writer.add(data))
        return used[-1]

    whole = Box(0, 0, photo.width, photo.height)
    content = {
        "format": FORMAT,
        "program": inpaintgui.__version__,
        "original": _original_as_json(project, add),
        "mask": {"part": add(zlib.compress(state.mask.tobytes(), 1)), "visible": state.mask_visible},
        "exclusion": None if state.exclusion is None else add(zlib.compress(state.exclusion.tobytes(), 1)),
        "pixels": edits_as_json(tuple(diff(Layer.PIXELS, whole, photo.pixels, state.pixels)), add),
        "history": history_as_json(state.history, add),
    }
    writer.finish(json.dumps(content, ensure_ascii=False).encode(), used)


def open_project(path: Path, decode: Decode) -> Project:
    """The project in a file, or laid out in a folder. Raises BadInputError."""
    if path.is_dir():
        return read_project(FolderReader(path), decode, str(path))
    reader = ZipReader(path)
    try:
        return read_project(reader, decode, str(path))
    finally:
        reader.close()


def read_project(reader: BlobReader, decode: Decode, name: str) -> Project:
    """A project from its parts. name: for messages. Raises BadInputError, ImageFileError among them."""
    try:
        return _parse(MeteredReader(reader), decode)
    except (JsonError, ValueError) as error:
        raise BadInputError(
            say("“{name}” is not a project that can be opened: {error}.", name=name, error=error)
        ) from error
    except MemoryError as error:
        raise BadInputError(say("“{name}” cannot be opened: there is not enough memory.", name=name)) from error


def _parse(reader: BlobReader, decode: Decode) -> Project:
    try:
        content = table(json.loads(reader.manifest()), "it")
    except (ValueError, RecursionError) as error:
        raise JsonError("its description is not JSON") from error
    if content.get("format") != FORMAT:
        raise JsonError(
            say("its format is not {expected}; perhaps a newer version of the program wrote it", expected=FORMAT)
        )
    original = table(content.get("original"), "the original")
    photo = _original_from_json(original, reader, decode)
    shape, dtype = photo.pixels.shape, photo.pixels.dtype
    size = (photo.height, photo.width)
    mask = table(content.get("mask"), "the mask")
    excluded = content.get("exclusion")
    pixels: Pixels = photo.pixels.copy()
    for edit in edits_from_json(content.get("pixels"), reader, shape, dtype):
        if edit.layer is not Layer.PIXELS:
            raise JsonError("a change of the pixels is one of another layer")
        edit.put_after(pixels)
    state = DocumentState(
        pixels=read_only(pixels),
        mask=_mask_from_part(mask.get("part"), reader, size),
        mask_visible=mask.get("visible") is True,
        history=history_from_json(content.get("history"), reader, shape, dtype),
        exclusion=None if excluded is None else _mask_from_part(excluded, reader, size),
    )
    path = original.get("path")
    return Project(photo, state, Path(path) if isinstance(path, str) and path and "\0" not in path else None)


def _mask_from_part(name: Any, reader: BlobReader, size: tuple[int, int]) -> Mask:
    values = inflate(_blob(reader, name), size[0] * size[1])
    return read_only(np.frombuffer(values, np.uint8).reshape(size))


def _blob(reader: BlobReader, name: Any) -> bytes:
    return reader.blob(sha256(name, "a part's name"), limits.PROJECT_BLOB)


def _original_as_json(project: Project, add: Callable[[bytes], str]) -> dict[str, Any]:
    photo = project.photo
    content: dict[str, Any] = {
        "path": str(project.path) if project.path is not None else None,
        "name": project.path.name if project.path is not None else "",
        "shape": list(photo.pixels.shape),
        "type": photo.pixels.dtype.name,
    }
    data = _file_as_opened(project)
    if data is not None:
        return content | {"file": add(data)}
    metadata = photo.metadata
    blocks = {"exif": metadata.exif, "xmp": metadata.xmp, "icc": metadata.icc}
    return content | {
        "pixels": add(_packed(photo.pixels)),
        "blocks": {name: add(block) for name, block in blocks.items() if block is not None},
        "jpeg_quality": photo.jpeg_quality,
        "jpeg_sampling": photo.jpeg_sampling,
    }


def _file_as_opened(project: Project) -> bytes | None:
    """The original's file: kept with the photo, or read again if it is still the one that was opened."""
    if project.photo.jpeg_file is not None:
        return project.photo.jpeg_file
    if project.path is None or project.photo.file_hash is None:
        return None
    try:
        data = project.path.read_bytes()
    except OSError:
        return None
    return data if blob_name(data) == project.photo.file_hash else None


def _packed(pixels: Pixels) -> bytes:
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)
    return packer.compress(np.ascontiguousarray(pixels).data) + packer.flush()


def _original_from_json(content: Any, reader: BlobReader, decode: Decode) -> Photo:
    shape = photo_shape(content.get("shape"))
    kind = content.get("type")
    if kind not in _DTYPES:
        raise JsonError("the photo's type is unknown")
    if "file" in content:
        photo = decode(_blob(reader, content["file"]), str(content.get("name", "")))
        if photo.pixels.shape != shape or photo.pixels.dtype != np.dtype(kind):
            raise JsonError("the original has another size or type than the project says")
        return photo
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    values = inflate(_blob(reader, content.get("pixels")), size)
    blocks = table(content.get("blocks", {}), "the blocks")
    known = {name: _blob(reader, blocks[name]) for name in ("exif", "xmp", "icc") if name in blocks}
    return Photo(
        pixels=np.frombuffer(values, kind).reshape(shape),
        metadata=PhotoMetadata(known.get("exif"), known.get("xmp"), known.get("icc")),
        jpeg_quality=_quality(content.get("jpeg_quality")),
        jpeg_sampling=_sampling(content.get("jpeg_sampling")),
    )


def _quality(value: Any) -> int | None:
    return value if type(value) is int and 1 <= value <= 100 else None


def _sampling(value: Any) -> str | None:
    return value if value in ("4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1") else None

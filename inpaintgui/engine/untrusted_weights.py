"""Tensors from files that came from anywhere: read without running code, within limits, refused in one sentence."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from torch import Tensor, nn

from inpaintgui.engine.known_weights import LARGEST_FILE, file_hash
from inpaintgui.errors import BadInputError

MOST_ENTRIES = 20_000
"""Entries of all tables of a file together."""

DEEPEST_TABLE = 6
"""Tables within tables."""

LARGEST_RESOLUTION, LARGEST_WIDTH, LARGEST_LATENT = 512, 512, 4096
"""Side of the images in pixels, base width in channels, entries of a latent code."""

MOST_NUMBERS = 1 << 27
"""Numbers of the tensors that are checked together; as many as a file of the largest size holds in single precision."""

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
COUNTS = (torch.int64, torch.int32)
COUNTER = "num_batches_tracked"
"""The one tensor of a batch norm that is not made of floats. It says nothing in eval mode."""


@dataclass(frozen=True)
class WeightsFile:
    """What was read.

    tensors: by dotted name, unchecked. metadata: of a safetensors file. sha256: of the whole file.
    """

    path: Path
    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]
    sha256: str


def read_weights(path: Path) -> WeightsFile:
    """Read a safetensors file, or what torch.save wrote (nested tables get dotted names).

    Raises BadInputError if it is neither, is damaged, is too large, or holds pickled code, which is never run.
    """
    start = _first_bytes(path)
    metadata: dict[str, str] = {}
    try:
        if start[8:9] == b"{":
            tensors, metadata = _read_safetensors(path)
        else:
            tensors = dict(_flattened(_read_pickled(path)))
        return WeightsFile(path, tensors, metadata, file_hash(path))
    except BadInputError:
        raise
    except Exception as error:  # what the readers raise on a damaged file is no closed family
        code = re.search(r"GLOBAL ([\w.]+)", str(error))
        if code is not None:
            raise BadInputError(
                f"“{path}” holds pickled code ({code[1][:80]}), which is not run: save the state_dict alone."
            ) from error
        raise BadInputError(f"“{path}” is damaged, or neither a safetensors nor a PyTorch file.") from error


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            reason = "it is no file" if path.exists() else "there is no such file"
            raise BadInputError(f"Cannot read “{path}”: {reason}.")
        if path.stat().st_size > LARGEST_FILE:
            raise BadInputError(f"“{path}” is larger than {LARGEST_FILE >> 20} MiB, the most that a prior may have.")
        with path.open("rb") as file:
            return file.read(9)
    except OSError as error:
        raise BadInputError(f"Cannot read “{path}”: {error.strerror or error}.") from error


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safetensors.safe_open(path, framework="pt", device="cpu") as file:
        names = list(file.keys())
        if len(names) > MOST_ENTRIES:
            raise BadInputError(f"The file has more than {MOST_ENTRIES:,} entries: it is no prior.")
        return {name: file.get_tensor(name) for name in names}, dict(file.metadata() or {})


def _read_pickled(path: Path) -> object:
    """What torch.save wrote: a zip archive since PyTorch 1.6, before that pickles and bytes one after the other."""
    content = path.read_bytes()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist())
        if packed:
            raise BadInputError(f"“{path}” is compressed, as no file of PyTorch is: it could unpack to any size.")
    if b"bytearray" in content:
        # The only name that torch takes without question and that allocates what it is told to.
        raise BadInputError(f"“{path}” holds a bytearray, which is no part of a network.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the file's origin; whatever it is, the tensors are checked
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)


def _flattened(content: object) -> Iterator[tuple[str, Tensor]]:
    """All tensors in tables within tables. Raises BadInputError if there is no table, or too much of it."""
    if not isinstance(content, Mapping):
        raise BadInputError("The file holds no table of tensors: save a network's state_dict.")
    entries = 0
    pending: list[tuple[str, int, Mapping[Any, Any]]] = [("", 1, content)]
    while pending:
        prefix, depth, table = pending.pop()
        for key, value in table.items():
            entries += 1
            if entries > MOST_ENTRIES or depth > DEEPEST_TABLE:
                raise BadInputError(
                    f"The file has more than {MOST_ENTRIES:,} entries, or more than {DEEPEST_TABLE} tables within "
                    "tables: it is no prior."
                )
            if isinstance(value, Tensor):
                if type(value) not in (Tensor, nn.Parameter) or value.is_nested:
                    raise BadInputError(f"“{printable(f'{prefix}{key}')}” is not a plain tensor.")
                # Not value.detach(): a pickled tensor can carry attributes that hide its methods.
                yield f"{prefix}{key}", Tensor.detach(value)
            elif isinstance(value, Mapping):
                pending.append((f"{prefix}{key}.", depth + 1, value))


def printable(name: str) -> str:
    """A name out of an untrusted file, short and without control characters."""
    shown = "".join(c if c.isprintable() else "?" for c in name)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def check_tensors(tensors: Mapping[str, Tensor]) -> None:
    """Refuse what cannot be a network's weights, before anything is computed with it.

    Raises BadInputError for tensors that are not plain numbers in memory, of a wrong type, too large (a view can
    claim any size), or with values that are not finite.
    """
    total = 0
    for name, value in tensors.items():
        if value.layout != torch.strided or value.device.type != "cpu" or value.is_quantized:
            raise BadInputError(f"The tensor “{printable(name)}” is sparse, quantised or without values.")
        total += value.numel()
        if total > MOST_NUMBERS:
            raise BadInputError("The file's tensors are larger than a prior may be.")
        if value.dtype not in (COUNTS if name.endswith(COUNTER) else FLOATS):
            kind = str(value.dtype).removeprefix("torch.")
            raise BadInputError(f"The tensor “{printable(name)}” is of the type {kind}: weights are floats.")
        if not bool(torch.isfinite(value.half() if value.is_floating_point() else value).all()):
            raise BadInputError(
                f"The tensor “{printable(name)}” holds values that are not numbers, or too large for half precision."
            )


def check_sizes(*, resolution: int, base_width: int, latent_size: int) -> None:
    """Refuse networks beyond the limits. Raises BadInputError."""
    for what, value, largest in (
        ("images of {} pixels", resolution, LARGEST_RESOLUTION),
        ("a base width of {} channels", base_width, LARGEST_WIDTH),
        ("a latent code of {} entries", latent_size, LARGEST_LATENT),
    ):
        if not 1 <= value <= largest:
            raise BadInputError(f"The network has {what.format(f'{value:,}')}; it may be 1 to {largest:,}.")

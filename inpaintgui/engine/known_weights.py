"""Weights files that a manifest names: read without running code, and only if they are what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from inpaintgui import limits
from inpaintgui.errors import PriorError
from inpaintgui.sentences import os_reason, say

LARGEST_FILE = limits.PRIOR_FILE


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_known(path: Path, sha256: str, *, what: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file, those of floats in single precision.

    what: whose weights they are, for the sentence of an error. Raises PriorError if the file cannot be read, is too
    large, has another hash or holds values that are not numbers; safetensors' own errors for a damaged file.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PriorError(say("The weights of {what} ({path}) are larger than any may be.", what=what, path=path))
        changed = file_hash(path) != sha256
    except OSError as error:
        raise PriorError(
            say(
                "The weights of {what} ({path}) cannot be read: {reason}.",
                what=what,
                path=path,
                reason=os_reason(error),
            )
        ) from error
    if changed:
        raise PriorError(
            say("The weights of {what} ({path}) are not the file that its manifest names.", what=what, path=path)
        )
    return {name: _checked(value, what) for name, value in safetensors.torch.load_file(path, device="cpu").items()}


def _checked(value: Tensor, what: str) -> Tensor:
    if value.is_floating_point():
        value = value.float()
        if not bool(torch.isfinite(value).all()):
            raise PriorError(say("The weights of {what} contain values that are not numbers.", what=what))
    return value

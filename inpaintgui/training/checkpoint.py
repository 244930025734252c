"""Training checkpoints: written aside and moved into place, read without running code."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import torch

from inpaintgui.errors import TrainingError


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` (nested dicts of tensors and plain values) so that a crash never leaves half a file."""
    staged = path.with_name(f"{path.name}.{os.getpid()}.partial")
    torch.save(state, staged)
    staged.replace(path)


def load_checkpoint(path: Path, *, device: torch.device) -> dict[str, Any]:
    """Read what :func:`save_checkpoint` wrote. Raises TrainingError if the file is missing or not such a file."""
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        raise TrainingError(f"The checkpoint “{path}” does not exist.") from None
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(f"“{path}” is not a checkpoint of this program: {error}") from error
    if not isinstance(state, dict) or "step" not in state:
        raise TrainingError(f"“{path}” is not a checkpoint of this program.")
    return state

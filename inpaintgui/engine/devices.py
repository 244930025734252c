"""Compute devices: which exist, what “auto” means, and the one door from device tensors to numpy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.errors import BadInputError, DeviceError
from inpaintgui.sentences import say


def available_devices() -> tuple[str, ...]:
    """Names that :func:`resolve_device` takes, fastest first; "cpu" is always the last."""
    names: list[str] = []
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        names += ["cuda"] if count == 1 else [f"cuda:{k}" for k in range(count)]
    if torch.backends.mps.is_available():
        names.append("mps")
    return (*names, "cpu")


def resolve_device(name: str) -> torch.device:
    """The device called ``name``; "auto" is the fastest that exists.

    Raises BadInputError for a name that means nothing and DeviceError for a device that is not here.
    """
    if name == "auto":
        name = available_devices()[0]
    kind, _, index = name.partition(":")
    if kind not in {"cpu", "cuda", "mps"} or (index and not index.isdecimal()):
        raise BadInputError(say("“{name}” is not a device; use auto, cpu, cuda, cuda:1 or mps.", name=name))
    no_cuda = kind == "cuda" and (not torch.cuda.is_available() or int(index or 0) >= torch.cuda.device_count())
    if no_cuda or (kind == "mps" and not torch.backends.mps.is_available()):
        devices = ", ".join(available_devices())
        raise DeviceError(
            say("There is no device “{name}” on this machine; it has: {devices}.", name=name, devices=devices)
        )
    return torch.device(name)


@contextmanager
def one_sentence_when_memory_is_full() -> Iterator[None]:
    """Within it, the ways in which numpy and torch say that there is no memory become one DeviceError."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceError(
            say("The device has not enough memory for this fill; close what else uses it, or choose the device “cpu”.")
        ) from error
    except (MemoryError, RuntimeError) as error:
        # Torch's allocator on the CPU has no class of its own for this.
        if isinstance(error, RuntimeError) and "DefaultCPUAllocator" not in str(error):
            raise
        raise DeviceError(
            say("There is not enough memory for this fill; close other programs, or paint a smaller area.")
        ) from error


def computes_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 in hardware; elsewhere it would be slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def to_host(tensor: Tensor) -> NDArray[Any]:
    """Copy a tensor into a numpy array; waits for the device. Everything that leaves a device comes through here."""
    return np.asarray(tensor.detach().to("cpu", torch.float32).numpy())

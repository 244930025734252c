"""What the result of a computation depends on besides its input: versions of what computes, and the machine."""

from __future__ import annotations

import platform
from importlib import metadata

import torch

import inpaintgui

_LIBRARIES = ("torch", "numpy", "opencv-python", "numba")


def versions(device: str) -> dict[str, str]:
    """Names and versions of the program, its libraries and the machine. device: the one that computes, "cpu" or so.

    The number of threads belongs to them: sums that are split differently round differently.
    """
    known = {"inpaintgui": inpaintgui.__version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            known[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            known[library] = "unknown"
    known["machine"] = f"{platform.system()} {platform.machine()}"
    known["processor"] = torch.backends.cpu.get_cpu_capability()
    known["threads"] = str(torch.get_num_threads())
    if device.startswith("cuda"):
        known["graphics"] = torch.cuda.get_device_name(torch.device(device))
    return known

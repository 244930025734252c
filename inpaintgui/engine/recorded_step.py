"""A step that is recorded once and replayed: a CUDA graph.

A step of the search is some two hundred small kernels. On a GPU their launching, one by one from Python, takes longer
than their work; a graph launches all of them at once. It always reads and writes the same memory, so that what goes in
is copied there and what comes out is copied away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import torch
from torch import Tensor

log = logging.getLogger(__name__)

Step = Callable[..., tuple[Tensor, ...]]

WORTH_WHILE = 100
"""Fewer steps than this are not recorded: before a recording torch collects garbage and waits for the device, which
takes as long as some dozens of steps. An estimate, not yet measured on a GPU.
"""

WARM_UPS = 3
"""Runs before the recording, in which libraries choose their kernels and allocate their workspaces."""


class RecordedStep:
    """Calls ``compute``, tensors → tuple of tensors, until the same shapes come again, then replays what it did.

    compute: depends on nothing but its arguments and on tensors that never change; makes no copy to the host; what it
    returns needs no gradient. device: where it computes; only CUDA can record. steps: how many are expected.
    """

    def __init__(self, compute: Step, *, device: torch.device, steps: int) -> None:
        self._compute = compute
        self._records = can_record(device) and steps >= WORTH_WHILE
        self._shapes: tuple[torch.Size, ...] = ()
        self._replay: Step | None = None

    def __call__(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """What ``compute`` returns, in memory of its own."""
        if not self._records:
            return self._compute(*inputs)
        shapes = tuple(tensor.shape for tensor in inputs)
        if shapes != self._shapes:
            # The last shapes' memory is free from here on.
            self._shapes, self._replay = shapes, None
            return self._compute(*inputs)
        if self._replay is None:
            self._replay = self._recorded(inputs)
        return self._replay(*inputs)

    def _recorded(self, inputs: tuple[Tensor, ...]) -> Step:
        """A replay for inputs of these shapes; where nothing can be recorded the computation itself, from now on."""
        try:
            return recorded(self._compute, inputs)
        except torch.OutOfMemoryError:
            raise  # a smaller batch may fit
        except RuntimeError as error:
            log.warning("the search's steps cannot be recorded, they are launched one by one: %s", error)
            self._records = False
            return self._compute


def can_record(device: torch.device) -> bool:
    """Whether the device has graphs."""
    return device.type == "cuda"


def recorded(compute: Step, inputs: tuple[Tensor, ...]) -> Step:
    """A function that does to its arguments what ``compute`` did to ``inputs``, which have the same shapes.

    Raises RuntimeError if the device cannot record it, torch.OutOfMemoryError if its memory is full.
    """
    places = tuple(tensor.clone() for tensor in inputs)
    results, replay = capture(lambda: compute(*places), inputs[0].device)

    def again(*others: Tensor) -> tuple[Tensor, ...]:
        for place, other in zip(places, others, strict=True):
            place.copy_(other)
        replay()
        return tuple(result.clone() for result in results)

    return again


def capture(
    compute: Callable[[], tuple[Tensor, ...]], device: torch.device
) -> tuple[tuple[Tensor, ...], Callable[[], object]]:
    """Record ``compute``: where its results lie, and a function that computes them anew."""
    with torch.cuda.device(device):
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UPS):
                compute()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Other threads of the program may use the device meanwhile.
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            results = compute()
    return results, graph.replay

"""Several processes, on one machine or many, that train one network: torchrun and DistributedDataParallel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Workers:
    """This process' place among those that train together."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    def share(self, network: Network, *, in_part: bool = False) -> Network | DistributedDataParallel:
        """The network to call in a forward pass that is followed by backward: gradients become those of all workers.

        in_part: whether a forward pass may leave some of the parameters out.
        """
        if self.count == 1:
            return network
        # Batch-norm statistics stay each worker's own during a step; the leader's are those that are saved.
        return DistributedDataParallel(network, broadcast_buffers=False, find_unused_parameters=in_part)

    def mean(self, values: dict[str, float]) -> dict[str, float]:
        """The mean of each value over all workers."""
        if self.count == 1:
            return values
        total = torch.tensor(list(values.values()), dtype=torch.float64)
        dist.all_reduce(total)
        return dict(zip(values, (total / self.count).tolist(), strict=True))

    def wait(self) -> None:
        """Until all workers are here."""
        if self.count > 1:
            dist.barrier()

    def agree(self, answer: bool) -> bool:
        """The leader's answer, for everyone: all must end at the same step."""
        if self.count == 1:
            return answer
        said = torch.tensor([answer])
        dist.broadcast(said, src=0)
        return bool(said.item())


ALONE = Workers()


@contextmanager
def workers_from_environment(device: torch.device) -> Iterator[Workers]:
    """The workers that ``torchrun`` has started, or this process alone."""
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield ALONE
        return
    # Gloo carries the few host values; on CUDA the gradients go through NCCL.
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield Workers(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()

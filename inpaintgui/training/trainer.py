"""What all trainings have in common: steps over batches, the state that a checkpoint holds, resuming from it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inpaintgui.engine.devices import computes_bfloat16
from inpaintgui.errors import TrainingError
from inpaintgui.training.checkpoint import load_checkpoint, save_checkpoint
from inpaintgui.training.datasets import CropSampler
from inpaintgui.training.holes import HoleSampler
from inpaintgui.training.workers import ALONE, Workers

Data = TypeVar("Data")
"""Where a training takes its batches from."""


@dataclass(frozen=True)
class TrainingData:
    """Where batches come from. holes: None for trainings that look at whole images."""

    crops: CropSampler
    holes: HoleSampler | None = None

    def images(self, step: int, *, device: torch.device, workers: Workers) -> Tensor:
        """This worker's images of step ``step``: float32 (N, 3, R, R) in [-1, 1]."""
        batch = torch.from_numpy(self.crops.images_at(step, worker=workers.rank, workers=workers.count)).to(device)
        return (batch.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)

    def known(self, step: int, *, device: torch.device, workers: Workers) -> Tensor:
        """The known pixels that go with them: float32 (N, 1, R, R), 0 in the hole."""
        if self.holes is None:
            raise TrainingError("This training needs holes.")
        positions = self.crops.positions(step, workers.rank, workers.count)
        holes = np.stack([self.holes.hole_at(position) for position in positions])
        return torch.from_numpy(~holes)[:, None].to(device, torch.float32)


class TrainingConfig(Protocol):
    """What every configuration says; each training adds its own. Implementations are frozen dataclasses."""

    @property
    def resolution(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def bf16(self) -> bool: ...
    @property
    def seed(self) -> int: ...


class Trainer(ABC, Generic[Data]):
    """Networks, optimisers and random state of one run, possibly one of several workers.

    commands: (step, command line) of every start that differed from the one before.
    PARTS: names of the attributes, modules or optimisers, that a checkpoint holds.
    CONFIG: the dataclass of the configuration.
    """

    PARTS: ClassVar[tuple[str, ...]]
    CONFIG: ClassVar[Callable[..., Any]]

    def __init__(self, config: Any, *, device: torch.device, workers: Workers = ALONE) -> None:
        self.device = device
        self.workers = workers
        self.step = 0
        self.seconds = 0.0
        self.images_seen = 0
        self.frozen: list[nn.Parameter] = []
        self.commands: list[tuple[int, str]] = []
        torch.manual_seed(config.seed)
        self.random = torch.Generator(device=device).manual_seed(config.seed)

    @abstractmethod
    def train_step(self, data: Data) -> Mapping[str, float]:
        """One batch; returns the mean losses by name, always the same names in the same order."""

    @abstractmethod
    def sheet(self) -> NDArray[np.uint8]:
        """A picture, uint8 RGB (H, W, 3), that shows how far the training is."""

    @property
    @abstractmethod
    def settings(self) -> TrainingConfig:
        """The configuration of this run."""

    def precision(self) -> torch.autocast:
        """Of a forward pass: bfloat16 if wanted and the device multiplies it; emulated, it is forty times as slow."""
        wanted = self.settings.bf16 and computes_bfloat16(self.device)
        return torch.autocast(self.device.type, torch.bfloat16, enabled=wanted)

    def done(self, images: int) -> None:
        """Count a step in which each worker saw ``images``."""
        self.step += 1
        self.images_seen += images * self.workers.count

    @property
    def images_per_second(self) -> float:
        """Mean throughput over the whole run."""
        return self.images_seen / max(self.seconds, 1e-9)

    def note_command(self, command: str) -> None:
        """Remember what started the run or went on with it, with the step at which it did."""
        if not self.commands or self.commands[-1][1] != command:
            self.commands.append((self.step, command))

    def save(self, path: Path) -> None:
        """Write a checkpoint from which :meth:`resume` goes on as if nothing had happened."""
        state: dict[str, Any] = {
            "step": self.step,
            "seconds": self.seconds,
            "config": asdict(self.settings),  # type: ignore[call-overload]
            "random": self.random.get_state(),
            "images_seen": self.images_seen,
            "commands": self.commands,
        }
        save_checkpoint(path, state | {part: getattr(self, part).state_dict() for part in self.PARTS})

    @classmethod
    def resume(cls, path: Path, *, device: torch.device, workers: Workers = ALONE, **changes: Any) -> Self:
        """Go on from a checkpoint, with the configuration that it was written with, apart from ``changes``."""
        state = load_checkpoint(path, device=device)
        try:
            trainer = cls(replace(cls.CONFIG(**state["config"]), **changes), device=device, workers=workers)
            for part in cls.PARTS:
                _restore(getattr(trainer, part), state[part])
            trainer.random.set_state(state["random"].cpu())
        except (KeyError, TypeError, RuntimeError, ValueError) as error:
            raise TrainingError(f"“{path}” does not fit this version of the program: {error}") from error
        trainer.step = state["step"]
        trainer.seconds = state["seconds"]
        trainer.images_seen = state["images_seen"]
        trainer.commands = [(int(step), str(command)) for step, command in state.get("commands", ())]
        return trainer

    def draw_latents(self, count: int, size: int, distribution: str = "uniform") -> Tensor:
        """Latents, float32 (count, size); every worker gets its own part of one draw."""
        drawn = draw(count * self.workers.count, size, distribution, self.random)
        return drawn[self.workers.rank * count : (self.workers.rank + 1) * count]

    def leave_frozen(self) -> None:
        """Drop the gradients of frozen parameters, so that the optimiser passes them over."""
        for parameter in self.frozen:
            parameter.grad = None


def draw(count: int, size: int, distribution: str, random: torch.Generator) -> Tensor:
    """Z ~ U(-1, 1) or, if the distribution is "normal", N(0, 1): float32 (count, size), on the generator's device."""
    if distribution == "normal":
        return torch.randn(count, size, device=random.device, generator=random)
    return torch.rand(count, size, device=random.device, generator=random) * 2 - 1


def _restore(part: nn.Module | torch.optim.Optimizer, state: Any) -> None:
    """Load a state; an optimiser keeps the rates of its configuration, which may have changed."""
    if isinstance(part, nn.Module):
        part.load_state_dict(state)
        return
    rates = [group["lr"] for group in part.param_groups]
    part.load_state_dict(state)
    for group, rate in zip(part.param_groups, rates, strict=True):
        group["lr"] = rate


def adam(network: nn.Module, *, rate: float, betas: tuple[float, float]) -> torch.optim.Adam:
    """Adam with the fused kernel."""
    return torch.optim.Adam(network.parameters(), lr=rate, betas=betas, fused=True)


def to_channels_last(network: nn.Module, device: torch.device) -> None:
    """Move a network to its device, in the memory order that convolutions are fastest in."""
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


@torch.no_grad()
def average_into(averaged: nn.Module, current: nn.Module, *, decay: float, step: int, statistics: bool = False) -> None:
    """Exponential moving average of weights, and of batch norm's statistics if they are wanted.

    Its memory is short at the start, so that the average does not carry the random initial weights along.
    """
    share = 1 - min(decay, step / (step + 10))
    torch._foreach_lerp_(list(averaged.parameters()), list(current.parameters()), share)
    if statistics:
        pairs = zip(averaged.buffers(), current.buffers(), strict=True)
        own, new = zip(*(pair for pair in pairs if pair[0].is_floating_point()), strict=True)
        torch._foreach_lerp_(list(own), list(new), share)


def grid(images: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Pictures (N, H, W, 3) side by side, ``columns`` in a row; N must be a multiple of it."""
    n, height, width, channels = images.shape
    rows = math.ceil(n / columns)
    table = images.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return np.ascontiguousarray(table.reshape(rows * height, columns * width, channels))


def to_uint8(images: Tensor) -> NDArray[np.uint8]:
    """(N, 3, H, W) float in [-1, 1] → uint8 RGB (N, H, W, 3)."""
    scaled = (images.detach().float().clamp(-1, 1) + 1) * 127.5
    return scaled.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()

"""What is known about a prior's making and its figures, as a JSON file beside the weights; the model card shows it."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import torch

from inpaintgui.errors import TrainingError
from inpaintgui.staged_file import replace_file


@dataclass(frozen=True)
class TrainingRecord:
    """One training.

    part: what was trained: "generator and discriminator", "encoder", … commands: as typed, each with the step from
    which on it ruled. images: how many different ones. images_seen: with repetitions. losses: names of the columns of
    ``tenths`` after the first, which is the last step of each tenth of the run; a loss that did not occur is None.
    """

    part: str
    commands: tuple[tuple[int, str], ...]
    images: int
    steps: int
    images_seen: int
    minutes: float
    machine: str
    losses: tuple[str, ...]
    tenths: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class CardRecord:
    """Everything that a model card says beyond the manifest's row.

    evaluations, samples, first_guesses: what ``inpaintgui evaluate`` printed.
    """

    limits: str = ""
    trainings: tuple[TrainingRecord, ...] = ()
    evaluations: tuple[Mapping[str, Any], ...] = ()
    samples: Mapping[str, Any] | None = None
    first_guesses: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """The record of the weights file ``path``; an empty one if there is none. Raises TrainingError if damaged."""
        file = path.with_suffix(".json")
        if not file.exists():
            return cls()
        try:
            fields = json.loads(file.read_text("utf-8"))
            trainings = tuple(
                TrainingRecord(
                    **{**t, **{name: tuple(map(_tupled, t[name])) for name in ("commands", "losses", "tenths")}}
                )
                for t in fields.pop("trainings")
            )
            lists = {name: tuple(fields[name]) for name in ("evaluations", "first_guesses")}
            return cls(**{**fields, **lists, "trainings": trainings})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TrainingError(f"The card record “{file}” cannot be read: {error}") from error

    def write(self, path: Path) -> None:
        """Write the record beside the weights file ``path``."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        replace_file(path.with_suffix(".json"), (text + "\n").encode())

    def with_training(self, training: TrainingRecord) -> CardRecord:
        """With the training in place of an earlier one of the same part."""
        others = tuple(t for t in self.trainings if t.part != training.part)
        return replace(self, trainings=(*others, training))

    def with_evaluation(self, evaluation: Mapping[str, Any]) -> CardRecord:
        """With the evaluation in place of an earlier one of the same kind."""
        return replace(self, evaluations=_renewed(self.evaluations, evaluation))

    def with_first_guess(self, figures: Mapping[str, Any]) -> CardRecord:
        """With the comparison in place of an earlier one of the same kind."""
        return replace(self, first_guesses=_renewed(self.first_guesses, figures))


def _tupled(value: Any) -> Any:
    """JSON's lists as tuples."""
    return tuple(value) if isinstance(value, list) else value


def _renewed(earlier: Sequence[Mapping[str, Any]], new: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """``earlier`` with ``new`` in the place of what measured the same, or at the end."""

    def kind(figures: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(figures.get(name) for name in ("mask", "images", "preset", "ablation"))

    by_kind = {kind(figures): figures for figures in (*earlier, new)}
    return tuple(by_kind.values())


def this_machine(device: torch.device) -> str:
    """The machine in words, for a card."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} thread(s) of a {platform.machine()} CPU"

"""One training run from data to a finished checkpoint: loop, checkpoints, loss log, pictures, warnings."""

from __future__ import annotations

import time
from collections.abc import Generator as Iteration
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import TrainingError
from inpaintgui.staged_file import replace_file
from inpaintgui.training.loss_log import LossLog
from inpaintgui.training.trainer import Data, Trainer


@dataclass(frozen=True)
class RunOptions:
    """Where a run writes, and when it ends.

    out: the weights file to be made at the end. work: folder of the checkpoint, the loss log and the latest
    picture. minutes, steps: the run ends when either is reached, counted over all of its resumed parts.
    label: tells the files of one training from those of another for the same ``out``.
    checkpoint_every: seconds. tensorboard: folder of TensorBoard logs, if they are wanted.
    """

    out: Path
    work: Path
    minutes: float | None = None
    steps: int | None = None
    checkpoint_every: float = 240.0
    tensorboard: Path | None = None
    label: str = ""

    @property
    def _stem(self) -> str:
        return f"{self.out.stem}-{self.label}" if self.label else self.out.stem

    @property
    def checkpoint(self) -> Path:
        return self.work / f"{self._stem}.ckpt"

    @property
    def losses(self) -> Path:
        return self.work / f"{self._stem}.losses.csv"

    @property
    def skipped(self) -> Path:
        return self.work / f"{self._stem}.skipped.txt"

    @property
    def sheet(self) -> Path:
        return self.work / f"{self._stem}.jpg"


def write_sheet(path: Path, sheet: NDArray[np.uint8]) -> None:
    """Write a picture, uint8 RGB (H, W, 3), as JPEG."""
    encoded, content = cv2.imencode(".jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    if not encoded:
        raise TrainingError(f"The picture “{path}” cannot be written.")
    replace_file(path, content.tobytes())


def train(trainer: Trainer[Data], data: Data, options: RunOptions) -> Iteration[Mapping[str, float], None, None]:
    """Train; yields the losses after every batch.

    Checkpoint, loss log and picture are refreshed every ``checkpoint_every`` seconds and at the end. Closing the
    iterator early writes them too, so that Ctrl+C loses nothing. Of several workers only the leader writes.
    """
    options.work.mkdir(parents=True, exist_ok=True)
    log = LossLog(options.losses, from_step=trainer.step, tensorboard=options.tensorboard)
    started, before = time.monotonic(), trainer.seconds
    saved = started
    try:
        while not trainer.workers.agree(_finished(trainer, options)):
            losses = trainer.train_step(data)
            log.add(trainer.step, losses)
            now = time.monotonic()
            trainer.seconds = before + now - started
            if now - saved >= options.checkpoint_every:
                _write_state(trainer, options, log)
                saved = now
            yield losses
    finally:
        _write_state(trainer, options, log)
        log.close()


def _finished(trainer: Trainer[Any], options: RunOptions) -> bool:
    out_of_steps = options.steps is not None and trainer.step >= options.steps
    out_of_time = options.minutes is not None and trainer.seconds >= options.minutes * 60
    return out_of_steps or out_of_time


def _write_state(trainer: Trainer[Any], options: RunOptions, log: LossLog) -> None:
    if trainer.workers.leads:
        trainer.save(options.checkpoint)
        log.flush()
        write_sheet(options.sheet, trainer.sheet())

"""One training run from data to shipped files: loop, checkpoints, loss log, sample sheets."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Generator as Iteration
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inpaintgui.engine.networks import Generator
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.staged_file import replace_file
from inpaintgui.errors import TrainingError
from inpaintgui.training.datasets import CropSampler, ImageCache, build_cache
from inpaintgui.training.dcgan import DcganConfig, DcganTrainer, TrainingStep


@dataclass(frozen=True)
class RunOptions:
    """Where a run reads and writes, and when it ends.

    out: the weights file to be made at the end. work: folder of the checkpoint, the loss log and the latest sample
    sheet. minutes, steps: the run ends when either is reached, counted over all of its resumed parts.
    smallest_scale: see :class:`CropSampler`. checkpoint_every: seconds.
    """

    data: Path
    out: Path
    work: Path
    cache_dir: Path
    minutes: float | None = None
    steps: int | None = None
    smallest_scale: float = 1.0
    checkpoint_every: float = 240.0
    resume: bool = False

    @property
    def checkpoint(self) -> Path:
        return self.work / f"{self.out.stem}.ckpt"

    @property
    def losses(self) -> Path:
        return self.work / f"{self.out.stem}.losses.csv"

    @property
    def sheet(self) -> Path:
        return self.work / f"{self.out.stem}.jpg"


def to_uint8(images: Tensor) -> NDArray[np.uint8]:
    """(N, 3, H, W) float in [-1, 1] → uint8 RGB (N, H, W, 3)."""
    scaled = (images.detach().float().clamp(-1, 1) + 1) * 127.5
    return scaled.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


@torch.no_grad()
def sample_sheet(generator: Generator, *, rows: int = 6, columns: int = 12, seed: int = 0) -> NDArray[np.uint8]:
    """A grid of unpicked samples G(z), z ~ U(-1, 1), as one uint8 RGB picture."""
    device = next(generator.parameters()).device
    random = torch.Generator(device=device).manual_seed(seed)
    latents = torch.rand(rows * columns, generator.latent_size, device=device, generator=random) * 2 - 1
    images = to_uint8(generator(latents))
    side = images.shape[1]
    return images.reshape(rows, columns, side, side, 3).swapaxes(1, 2).reshape(rows * side, columns * side, 3)


def write_sheet(path: Path, sheet: NDArray[np.uint8]) -> None:
    """Write a sample sheet as JPEG."""
    encoded, content = cv2.imencode(".jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    if not encoded:
        raise TrainingError(f"The sample sheet “{path}” cannot be written.")
    replace_file(path, content.tobytes())


@dataclass(frozen=True)
class PreparedRun:
    """Data, networks and log of a run that is ready to go (on)."""

    options: RunOptions
    cache: ImageCache
    sampler: CropSampler
    trainer: DcganTrainer
    log: LossLog


def prepare_run(config: DcganConfig, options: RunOptions, *, device: torch.device) -> PreparedRun:
    """Decode the data and build the networks, or take them from the checkpoint if the run is to be resumed.

    A resumed run keeps the configuration that it began with. Raises TrainingError.
    """
    cache = build_cache(options.data, options.cache_dir, short_side=2 * config.resolution)
    resumed = options.resume and options.checkpoint.exists()
    trainer = DcganTrainer.resume(options.checkpoint, device=device) if resumed else DcganTrainer(config, device=device)
    sampler = CropSampler(
        cache=cache,
        indices=cache.split(held_out=False),
        resolution=trainer.config.resolution,
        batch=trainer.config.batch,
        seed=trainer.config.seed,
        smallest_scale=options.smallest_scale,
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.work.mkdir(parents=True, exist_ok=True)
    return PreparedRun(options, cache, sampler, trainer, LossLog(options.losses, from_step=trainer.step))


def train_dcgan(run: PreparedRun) -> Iteration[TrainingStep, None, None]:
    """Train; yields the losses after every batch.

    Checkpoint, loss log and sample sheet are refreshed every ``checkpoint_every`` seconds and at the end. Closing
    the iterator early writes them too, so that Ctrl+C loses nothing.
    """
    trainer, options = run.trainer, run.options
    started, before = time.monotonic(), trainer.seconds
    saved = started
    batches = trainer.run(run.sampler)
    try:
        while not _finished(trainer, options):
            losses = next(batches)
            run.log.add(losses)
            now = time.monotonic()
            trainer.seconds = before + now - started
            if now - saved >= options.checkpoint_every:
                _write_state(run)
                saved = now
            yield losses
    finally:
        _write_state(run)


def _finished(trainer: DcganTrainer, options: RunOptions) -> bool:
    out_of_steps = options.steps is not None and trainer.step >= options.steps
    out_of_time = options.minutes is not None and trainer.seconds >= options.minutes * 60
    return out_of_steps or out_of_time


def _write_state(run: PreparedRun) -> None:
    run.trainer.save(run.options.checkpoint)
    run.log.flush()
    write_sheet(run.options.sheet, sample_sheet(run.trainer.shippable_generator()))


class LossLog:
    """``errD_real``, ``errD_fake`` and ``errG`` per step as CSV, means over windows of ``window`` steps."""

    def __init__(self, path: Path, *, from_step: int, window: int = 10) -> None:
        self.path = path
        self.window = window
        self.rows: list[tuple[int, float, float, float]] = read_losses(path, from_step)
        self._pending: list[TrainingStep] = []

    def add(self, step: TrainingStep) -> None:
        """Take in one step."""
        self._pending.append(step)
        if len(self._pending) == self.window:
            losses = np.mean([(s.err_d_real, s.err_d_fake, s.err_g) for s in self._pending], axis=0)
            real, fake, generated = (round(float(v), 5) for v in losses)
            self.rows.append((step.step, real, fake, generated))
            self._pending.clear()

    @property
    def latest(self) -> tuple[int, float, float, float] | None:
        """The last full window: step, errD_real, errD_fake, errG."""
        return self.rows[-1] if self.rows else None

    def flush(self) -> None:
        """Write the whole log anew."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(("step", "errD_real", "errD_fake", "errG"))
        writer.writerows(self.rows)
        replace_file(self.path, text.getvalue().encode())


def read_losses(path: Path, until_step: int | None = None) -> list[tuple[int, float, float, float]]:
    """Rows of a loss log (step, errD_real, errD_fake, errG), up to a step if one is given; none without a log."""
    if until_step == 0 or not path.exists():
        return []
    with path.open(newline="") as file:
        rows = [(int(s), float(r), float(f), float(g)) for s, r, f, g in list(csv.reader(file))[1:]]
    return [row for row in rows if until_step is None or row[0] <= until_step]

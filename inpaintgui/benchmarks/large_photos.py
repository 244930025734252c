"""Large photos: seconds and peak memory of each method, each fill in a process of its own."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from inpaintgui.benchmarks.fill_cases import Hole, Rgb
from inpaintgui.benchmarks.fill_methods import OURS
from inpaintgui.benchmarks.peers import all_peers
from inpaintgui.engine.opencv import cv2
from inpaintgui.training.evaluation.drawn_holes import figure_hole

GRAIN = np.float32(4)
"""Standard deviation of the noise that an enlarged photo gets, in 8-bit steps: enlarging left it none of its own."""


@dataclass(frozen=True)
class LargeFill:
    """One fill.

    doubled: in a photo of twice the size with the same hole. seconds, memory (bytes): None if the fill failed or took
    longer than allowed, which ``failure`` says.
    """

    method: str
    megapixels: float
    doubled: bool
    seconds: float | None
    memory: int | None
    failure: str | None = None


def large_photo(photo: Rgb, megapixels: float) -> Rgb:
    """``photo`` enlarged to so many million pixels, with grain."""
    height, width = photo.shape[:2]
    scale = math.sqrt(megapixels * 1e6 / (height * width))
    size = round(width * scale), round(height * scale)
    enlarged = cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC)
    random = np.random.default_rng(0)
    for row in enlarged:
        row[:] = np.rint(row + random.standard_normal(row.shape, np.float32) * GRAIN).clip(0, 255)
    return np.asarray(enlarged, np.uint8)


def doubled(photo: Rgb, hole: Hole) -> tuple[Rgb, Hole]:
    """Twice the photo, its mirror image to the right, and the same hole at the same place."""
    return np.concatenate((photo, photo[:, ::-1]), axis=1), np.pad(hole, ((0, 0), (0, hole.shape[1])))


def measure_large(
    photo: Rgb, sizes: Sequence[float], share: float, methods: Sequence[str], *, preset: str, limit: float
) -> list[LargeFill]:
    """Every method at every size of ``photo`` (megapixels) with a hole of ``share``; ours on twice the photo, too.

    limit: seconds after which a process is ended.
    """
    told = []
    for size in sizes:
        large = large_photo(photo, size)
        hole = figure_hole(*large.shape[:2], share=share)
        for method in methods:
            told.append(_one(method, large, hole, size, preset=preset, limit=limit))
            if method == OURS:
                twice, same = doubled(large, hole)
                told.append(_one(method, twice, same, size, preset=preset, limit=limit, is_doubled=True))
    return told


def _one(
    method: str, photo: Rgb, hole: Hole, size: float, *, preset: str, limit: float, is_doubled: bool = False
) -> LargeFill:
    with tempfile.TemporaryDirectory() as folder:
        files = str(Path(folder, "photo.npy")), str(Path(folder, "hole.npy"))
        np.save(files[0], photo)
        np.save(files[1], hole)
        line = [sys.executable, "-m", "inpaintgui.benchmarks.one_fill", method, *files, preset]
        done = run_within(line, limit)
    if done is None:
        return LargeFill(method, size, is_doubled, None, None, f"longer than {limit:.0f} s")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return LargeFill(method, size, is_doubled, None, None, reason)
    figures = json.loads(done.stdout.splitlines()[-1])
    return LargeFill(method, size, is_doubled, figures["seconds"], figures["memory"])


def run_within(line: Sequence[str], limit: float) -> subprocess.CompletedProcess[str] | None:
    """Run a program; None if it took longer than ``limit`` seconds: then it is ended with all that it started."""
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:  # noqa: S603
        try:
            told, complaints = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None
    return subprocess.CompletedProcess(line, process.returncode, told, complaints)


def as_rows(fills: Sequence[LargeFill]) -> list[dict[str, object]]:
    """For JSON."""
    return [asdict(fill) for fill in fills]


def print_large(fills: Sequence[LargeFill]) -> None:
    """The figures, for people, with how much faster ours is than the fastest peer that copies patches."""
    print(f"\n{'megapixels':>10}  {'method':19}{'s':>8}{'MB':>8}")
    for fill in fills:
        label = f"{fill.megapixels:g}{' ×2' if fill.doubled else ''}"
        if fill.seconds is None:
            print(f"{label:>10}  {fill.method:19}{fill.failure}")
            continue
        memory = "–" if fill.memory is None else f"{fill.memory / 2**20:.0f}"
        print(f"{label:>10}  {fill.method:19}{fill.seconds:8.2f}{memory:>8}")
    for size in dict.fromkeys(fill.megapixels for fill in fills):
        for sentence in verdicts([fill for fill in fills if fill.megapixels == size]):
            print(f"{size:g} megapixels: {sentence}")


def verdicts(fills: Sequence[LargeFill]) -> list[str]:
    """Sentences about the fills of one size: against the fastest patch peer, and what doubling the photo costs."""
    ours = next((f for f in fills if f.method == OURS and not f.doubled), None)
    if ours is None or ours.seconds is None:
        return []
    by_patches = {name for name, peer in all_peers().items() if peer.by_patches}
    told = []
    peers = [f for f in fills if f.method in by_patches]
    timed = [(f.seconds, f.method) for f in peers if f.seconds is not None]
    if timed:
        seconds, method = min(timed)
        told.append(f"ours is {seconds / ours.seconds:.1f} times as fast as {method}, the fastest by patches.")
    twice = next((f for f in fills if f.method == OURS and f.doubled), None)
    if twice is not None and twice.seconds is not None:
        memory = f", memory × {twice.memory / ours.memory:.2f}" if twice.memory and ours.memory else ""
        told.append(f"twice the photo with the same hole: time × {twice.seconds / ours.seconds:.2f}{memory}.")
    return told

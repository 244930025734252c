"""Priors: generators with their discriminators, as shipped or trained, loaded without running code.

A prior is a row of a ``manifest.toml`` and a safetensors file beside it. The file holds the weights of G under
``generator.`` and of D under ``discriminator.``, usually in half precision; the row holds everything else.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import tomli_w
import torch
from torch import Tensor

from inpaintgui import paths
from inpaintgui.contracts import PriorInfo
from inpaintgui.engine.networks import Discriminator, Generator
from inpaintgui.engine.staged_file import replace_file
from inpaintgui.errors import BadInputError, PriorError

MANIFEST = "manifest.toml"
FORMAT = "inpaintgui-prior/1"
LARGEST_FILE = 512 << 20


@dataclass(frozen=True)
class PriorRow:
    """One row of a manifest.

    subject: what the images show: "faces" or "scenes". latent_distribution: "uniform" on [-1, 1] or "normal".
    guide_resolution: pixels across the square at which the prior's answer steers full-resolution detail; finer
    parts of the answer are left to the photo's own texture. At most ``resolution``.
    metrics: measured figures; see the model card for what they mean.
    """

    name: str
    title: str
    subject: str
    architecture: str
    resolution: int
    guide_resolution: int
    base_width: int
    latent_size: int
    latent_distribution: str
    file: str
    sha256: str
    licence: str
    data: str
    metrics: Mapping[str, float | int | str]

    def info(self) -> PriorInfo:
        """The row as the user interface shows it."""
        return PriorInfo(
            name=self.name,
            title=self.title,
            subject=self.subject,
            architecture=self.architecture,
            resolution=self.resolution,
            latent_size=self.latent_size,
            latent_distribution=self.latent_distribution,
            licence=self.licence,
            data=self.data,
            file=self.file,
            metrics=dict(self.metrics),
        )

    def as_table(self) -> dict[str, Any]:
        """The row as TOML takes it."""
        return {**{name: getattr(self, name) for name in PriorRow.__dataclass_fields__}, "metrics": dict(self.metrics)}


@dataclass(frozen=True)
class Prior:
    """A generator and a discriminator on one device, in eval mode, their weights frozen."""

    row: PriorRow
    generator: Generator
    discriminator: Discriminator
    device: torch.device

    @property
    def resolution(self) -> int:
        """Side of the images that G makes, in pixels."""
        return self.row.resolution

    def draw(self, count: int, random: torch.Generator) -> Tensor:
        """Latents from the prior's own distribution: float32 (count, latent_size) on its device.

        ``random`` is a CPU generator, so that one seed means one set of candidates on every device.
        """
        if self.row.latent_distribution == "normal":
            latents = torch.randn(count, self.row.latent_size, generator=random, device="cpu")
        else:
            latents = torch.rand(count, self.row.latent_size, generator=random, device="cpu") * 2 - 1
        return latents.to(self.device)

    @torch.no_grad()
    def confine_(self, latents: Tensor) -> None:
        """Move latents back into the support of their distribution, in place."""
        if self.row.latent_distribution == "uniform":
            latents.clamp_(-1, 1)

    def generate(self, latents: Tensor) -> Tensor:
        """G(z): (N, latent_size) → (N, 3, R, R) in [-1, 1]."""
        image: Tensor = self.generator(latents)
        return image

    def score(self, images: Tensor) -> Tensor:
        """D's logits: (N, 3, R, R) in [-1, 1] → (N,); higher looks more real."""
        logits: Tensor = self.discriminator(images)
        return logits


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_prior(path: Path, row: PriorRow, generator: Generator, discriminator: Discriminator) -> PriorRow:
    """Write the weights in half precision; returns the row with the new file's name and hash."""
    tensors = {
        f"{part}.{name}": (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for part, network in (("generator", generator), ("discriminator", discriminator))
        for name, value in network.state_dict().items()
    }
    metadata = {"format": FORMAT, "architecture": row.architecture}
    replace_file(path, safetensors.torch.save(tensors, metadata=metadata))
    return PriorRow(**{**row.as_table(), "file": path.name, "sha256": file_hash(path)})


def load_prior(path: Path, row: PriorRow, *, device: torch.device) -> Prior:
    """Read the weights of ``row`` from ``path``. Raises PriorError if they are missing, changed or do not fit."""
    _check_file(path, row)
    if row.architecture != "dcgan":
        raise PriorError(f"The prior “{row.name}” has the unknown architecture “{row.architecture}”.")
    size = {"resolution": row.resolution, "base_width": row.base_width}
    try:
        tensors = safetensors.torch.load_file(path, device="cpu")
        generator = Generator(latent_size=row.latent_size, **size)
        discriminator = Discriminator(**size)
        for part, network in (("generator.", generator), ("discriminator.", discriminator)):
            state = {k.removeprefix(part): _checked(v, row) for k, v in tensors.items() if k.startswith(part)}
            network.load_state_dict(state)
            network.requires_grad_(False).eval()
            network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    except (safetensors.SafetensorError, RuntimeError, ValueError, OSError) as error:
        raise PriorError(f"The weights of the prior “{row.name}” ({path}) cannot be used: {error}") from error
    return Prior(row, generator, discriminator, device)


def _check_file(path: Path, row: PriorRow) -> None:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise PriorError(f"The weights of the prior “{row.name}” ({path}) are larger than any prior may be.")
        changed = file_hash(path) != row.sha256
    except OSError as error:
        raise PriorError(f"The weights of the prior “{row.name}” ({path}) cannot be read: {error.strerror}.") from error
    if changed:
        raise PriorError(f"The weights of the prior “{row.name}” ({path}) are not the file that its manifest names.")


def _checked(value: Tensor, row: PriorRow) -> Tensor:
    if value.is_floating_point():
        value = value.float()
        if not bool(torch.isfinite(value).all()):
            raise PriorError(f"The weights of the prior “{row.name}” contain values that are not numbers.")
    return value


def read_manifest(folder: Path) -> tuple[PriorRow, ...]:
    """The rows of ``folder/manifest.toml``, none if there is no such file. Raises PriorError if it is damaged."""
    path = folder / MANIFEST
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("prior", [])
        rows = tuple(PriorRow(**table) for table in tables)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise PriorError(f"The list of priors “{path}” cannot be read: {error}") from error
    for row in rows:
        if Path(row.file).name != row.file:
            raise PriorError(f"The list of priors “{path}” names a file outside its folder: “{row.file}”.")
    return rows


def write_manifest_row(folder: Path, row: PriorRow) -> None:
    """Add ``row`` to ``folder/manifest.toml``, or put it in the place of the row of the same name."""
    rows = {old.name: old for old in read_manifest(folder)} | {row.name: row}
    text = tomli_w.dumps({"prior": [r.as_table() for r in rows.values()]})
    replace_file(folder / MANIFEST, text.encode())


class PriorLibrary:
    """The priors of several folders; later folders win where names collide. Loaded priors are kept."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._rows: dict[str, tuple[Path, PriorRow]] = {}
        for folder in folders:
            for row in read_manifest(folder):
                self._rows[row.name] = (folder, row)
        self._loaded: dict[tuple[str, torch.device], Prior] = {}

    @classmethod
    def shipped(cls) -> PriorLibrary:
        """What came with the program and what the user added."""
        return cls((paths.weights(), paths.user_weights()))

    def rows(self) -> tuple[PriorRow, ...]:
        """All rows."""
        return tuple(row for _, row in self._rows.values())

    def infos(self) -> tuple[PriorInfo, ...]:
        """All rows as the user interface shows them."""
        return tuple(row.info() for row in self.rows())

    def row(self, name: str) -> PriorRow:
        """The row called ``name``. Raises BadInputError if there is none."""
        if name not in self._rows:
            known = ", ".join(self._rows) or "none is installed"
            raise BadInputError(f"There is no prior called “{name}”; known priors: {known}.")
        return self._rows[name][1]

    def load(self, name: str, *, device: torch.device) -> Prior:
        """The prior called ``name`` on ``device``."""
        row = self.row(name)
        key = (name, device)
        if key not in self._loaded:
            self._loaded[key] = load_prior(self._rows[name][0] / row.file, row, device=device)
        return self._loaded[key]

"""Priors as files: weights that load without running code, and the library of all that are installed.

A prior is a row of a ``manifest.toml`` and a safetensors file beside it. The file holds the weights of G under
``generator.``, of D under ``discriminator.`` and of E under ``encoder.``, usually in half precision, the mean of
the training images under ``statistics.mean_image`` and the error model under ``errors.``; all but G may be missing.
The row holds everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from inpaintgui import paths
from inpaintgui.contracts import PriorInfo
from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.inference import ready
from inpaintgui.engine.known_weights import file_hash, read_known
from inpaintgui.engine.networks import Discriminator, Encoder, Generator
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import PriorRow, read_manifest, row_of
from inpaintgui.errors import BadInputError, PriorError
from inpaintgui.sentences import say
from inpaintgui.staged_file import replace_file

FORMAT = "inpaintgui-prior/1"
MEAN_IMAGE = "statistics.mean_image"

Network = TypeVar("Network", bound=nn.Module)


def save_prior(
    path: Path,
    row: PriorRow,
    generator: Generator | CompletionGenerator,
    discriminator: Discriminator | None,
    *,
    encoder: Encoder | None = None,
    mean_image: Tensor | None = None,
    errors: ErrorModel | None = None,
) -> PriorRow:
    """Write the weights in half precision; returns the row with the new file's name and hash.

    mean_image: of the training data, (3, R, R) in [-1, 1].
    """
    networks: dict[str, nn.Module | None] = {
        "generator": generator,
        "discriminator": discriminator,
        "encoder": encoder,
    }
    tensors = {
        f"{part}.{name}": (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for part, network in networks.items()
        if network is not None
        for name, value in network.state_dict().items()
    }
    if mean_image is not None:
        tensors[MEAN_IMAGE] = mean_image.half().cpu().contiguous()
    if errors is not None:
        tensors |= {f"errors.{name}": value.half().cpu().contiguous() for name, value in errors.as_tensors().items()}
    metadata = {"format": FORMAT, "architecture": row.architecture}
    replace_file(path, safetensors.torch.save(tensors, metadata=metadata))
    return PriorRow(**{**row.as_table(), "file": path.name, "sha256": file_hash(path)})


def load_prior(path: Path, row: PriorRow, *, device: torch.device) -> Prior:
    """Read the weights of ``row`` from ``path``. Raises PriorError if they are missing, changed or do not fit.

    Torch's own errors come out where the device fails or is full.
    """
    try:
        tensors = read_known(path, row.sha256, what=say("the prior “{name}”", name=row.name))
        generator = _filled(_generator(row), "generator", tensors, device)
        return Prior(
            row=row,
            generator=generator,
            discriminator=_optional(_discriminator, row, "discriminator", tensors, device),
            device=device,
            encoder=_optional(_encoder, row, "encoder", tensors, device),
            mean_image=tensors.get(MEAN_IMAGE),
            errors=_errors(tensors, row, device),
        )
    except (torch.OutOfMemoryError, torch.AcceleratorError):
        raise  # the device's fault
    except (safetensors.SafetensorError, RuntimeError, ValueError, OSError) as error:
        raise PriorError(
            say(
                "The weights of the prior “{name}” ({path}) cannot be used: {error}",
                name=row.name,
                path=path,
                error=error,
            )
        ) from error


def _generator(row: PriorRow) -> Generator | CompletionGenerator:
    size = {"latent_size": row.latent_size, "resolution": row.resolution, "base_width": row.base_width}
    if row.architecture == "dcgan":
        return Generator(**size)
    if row.architecture == "completion":
        return CompletionGenerator(**size)
    raise PriorError(
        say(
            "The prior “{name}” has the unknown architecture “{architecture}”.",
            name=row.name,
            architecture=row.architecture,
        )
    )


def _discriminator(row: PriorRow) -> Discriminator:
    return Discriminator(resolution=row.resolution, base_width=row.judge_width or row.base_width)


def _encoder(row: PriorRow) -> Encoder:
    return Encoder(
        latent_size=row.latent_size,
        resolution=row.resolution,
        base_width=row.judge_width or row.base_width,
        bounded=row.latent_distribution == "uniform",
    )


def _optional(
    make: Callable[[PriorRow], Network], row: PriorRow, part: str, tensors: dict[str, Tensor], device: torch.device
) -> Network | None:
    if not any(name.startswith(f"{part}.") for name in tensors):
        return None
    return _filled(make(row), part, tensors, device)


def _errors(tensors: dict[str, Tensor], row: PriorRow, device: torch.device) -> ErrorModel | None:
    own = {name.removeprefix("errors."): value for name, value in tensors.items() if name.startswith("errors.")}
    if not own:
        return None
    model = ErrorModel.from_tensors(own).to(device)
    if model.mean.shape != (3, row.resolution, row.resolution):
        raise ValueError("its error model has another resolution")
    return model


def _filled(network: Network, part: str, tensors: dict[str, Tensor], device: torch.device) -> Network:
    """The network with its weights, frozen, in eval mode, on the device."""
    network.load_state_dict({k.removeprefix(f"{part}."): v for k, v in tensors.items() if k.startswith(f"{part}.")})
    network.requires_grad_(False).eval()
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def find_prior(name: str) -> tuple[Path, PriorRow]:
    """File and row of an installed prior, or of a ``.safetensors`` file with its manifest beside it.

    Raises BadInputError if there is no such prior.
    """
    path = Path(name)
    if path.suffix == ".safetensors":
        return path, row_of(path)
    library = PriorLibrary.shipped()
    row = library.row(name)
    return library.file(name), row


def open_prior(name: str, *, device: torch.device, as_trained: bool = False) -> Prior:
    """An installed prior by its name, or a ``.safetensors`` file with its manifest beside it.

    as_trained: for training and saving it again; otherwise it is made ready for the search. Raises BadInputError if
    there is no such prior, PriorError if it cannot be used.
    """
    path, row = find_prior(name)
    prior = load_prior(path, row, device=device)
    return prior if as_trained else ready(prior)


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
            known = ", ".join(self._rows) or say("none is installed")
            raise BadInputError(
                say("There is no prior called “{name}”; known priors: {known}.", name=name, known=known)
            )
        return self._rows[name][1]

    def file(self, name: str) -> Path:
        """The weights file of the prior called ``name``. Raises BadInputError if there is none."""
        row = self.row(name)
        return self._rows[name][0] / row.file

    def load(self, name: str, *, device: torch.device) -> Prior:
        """The prior called ``name`` on ``device``, ready for the search."""
        row = self.row(name)
        key = (name, device)
        if key not in self._loaded:
            self._loaded[key] = ready(load_prior(self._rows[name][0] / row.file, row, device=device))
        return self._loaded[key]

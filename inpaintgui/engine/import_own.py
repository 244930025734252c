"""Our own weight files from elsewhere: their sizes are read off the tensors' shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from inpaintgui.engine.completion import STYLE_SIZE, WIDEST_MAP, CompletionGenerator
from inpaintgui.engine.networks import SMALLEST_MAP, Discriminator, Encoder, Generator
from inpaintgui.engine.prior_rows import PriorRow, read_manifest
from inpaintgui.engine.priors import FORMAT, MEAN_IMAGE
from inpaintgui.engine.untrusted_weights import WeightsFile, check_sizes, check_tensors, printable
from inpaintgui.errors import BadInputError


def is_own(file: WeightsFile) -> bool:
    """Whether the file says that this program wrote it."""
    return file.metadata.get("format") == FORMAT


def own_row(file: WeightsFile, row: PriorRow) -> PriorRow:
    """``row`` with the architecture and the sizes of the file's networks, every tensor of which has been checked.

    Where a manifest beside the file names it, with the same hash, its texts, figures and distribution are taken.
    Raises BadInputError if the file does not fit any of our networks; PriorError if that manifest is damaged.
    """
    row = _described(file, _sized(file, row))
    check_sizes(resolution=row.resolution, base_width=row.base_width, latent_size=row.latent_size)
    if row.judge_width:
        check_sizes(resolution=row.resolution, base_width=row.judge_width, latent_size=row.latent_size)
    _check_shapes(file.tensors, row)
    check_tensors(file.tensors)
    return row


def _sized(file: WeightsFile, row: PriorRow) -> PriorRow:
    """The row with the architecture that the file names and the sizes that its shapes tell, unchecked."""
    architecture = file.metadata.get("architecture", "")
    shapes = {name: tuple(value.shape) for name, value in file.tensors.items()}
    try:
        if architecture == "dcgan":
            kernels = [(int(name.split(".")[2]), s) for name, s in shapes.items() if _is_stage(name, s)]
            base_width = max(kernels)[1][0]
            latent_size = shapes["generator.project.weight"][1]
            resolution = SMALLEST_MAP << min(len(kernels), 30)
        elif architecture == "completion":
            base_width, folded = shapes["generator.stem.weight"][:2]
            latent_size = shapes["generator.style.0.weight"][1] - STYLE_SIZE
            resolution = WIDEST_MAP * math.isqrt(folded // 4)
        else:
            raise BadInputError(f"The file's networks have the unknown architecture “{printable(architecture)}”.")
    except (KeyError, ValueError, IndexError) as error:
        raise BadInputError(
            f"The file says that it holds a {architecture} prior, but it has no such generator."
        ) from error
    firsts = ("discriminator.stages.0.weight", "encoder.stages.0.weight")
    judge = next((shapes[name] for name in firsts if name in shapes), ())
    return replace(
        row,
        architecture=architecture,
        resolution=resolution,
        guide_resolution=resolution,
        base_width=base_width,
        latent_size=latent_size,
        judge_width=judge[0] if judge and judge[0] != base_width else 0,
    )


def _is_stage(name: str, shape: tuple[int, ...]) -> bool:
    return name.startswith("generator.stages.") and name.endswith(".weight") and len(shape) == 4


def _described(file: WeightsFile, row: PriorRow) -> PriorRow:
    named = next((other for other in read_manifest(file.path.parent) if other.sha256 == file.sha256), None)
    if named is None:
        return row
    guide = named.guide_resolution
    fits = (
        all(isinstance(text, str) for text in (named.name, named.title, named.licence, named.data))
        and named.subject in ("faces", "scenes")
        and named.latent_distribution in ("uniform", "normal")
        and named.answer in ("best", "mean")
        and isinstance(guide, int)
        and 1 <= guide <= row.resolution
        and isinstance(named.metrics, Mapping)
        and all(isinstance(value, float | int | str) for value in named.metrics.values())
    )
    if not fits:
        raise BadInputError(f"The manifest beside “{file.path}” describes it with values that mean nothing here.")
    taken = (
        "name",
        "title",
        "subject",
        "licence",
        "data",
        "latent_distribution",
        "answer",
        "guide_resolution",
        "metrics",
    )
    return replace(row, **{name: getattr(named, name) for name in taken})


def _check_shapes(tensors: Mapping[str, Tensor], row: PriorRow) -> None:
    """Compare with networks that have shapes but no values, so that nothing is allocated for sizes that lie."""
    patterns = tensors["errors.patterns"].shape[0] if "errors.patterns" in tensors else 0
    expected = _expected(row, patterns)
    known = set(expected)
    for part in ("discriminator", "encoder"):
        if not any(name.startswith(f"{part}.") for name in tensors):
            known -= {name for name in expected if name.startswith(f"{part}.")}
    if MEAN_IMAGE not in tensors:
        known -= {MEAN_IMAGE}
    if not any(name.startswith("errors.") for name in tensors):
        known -= {name for name in expected if name.startswith("errors.")}
    for name in sorted(known ^ set(tensors)):
        problem = "lacks" if name in known else "has the unknown tensor"
        raise BadInputError(
            f"The file {problem} “{printable(name)}”: it is no {row.architecture} prior of this version."
        )
    for name in sorted(known):
        if tuple(tensors[name].shape) != expected[name]:
            raise BadInputError(f"The tensor “{name}” has another shape than a {row.architecture} prior's.")


def _expected(row: PriorRow, patterns: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all tensors that a prior with these sizes may have. patterns: of its error model."""
    size = {"latent_size": row.latent_size, "resolution": row.resolution, "base_width": row.base_width}
    judge = {"resolution": row.resolution, "base_width": row.judge_width or row.base_width}
    with torch.device("meta"):
        try:
            networks: dict[str, nn.Module] = {
                "generator": Generator(**size) if row.architecture == "dcgan" else CompletionGenerator(**size),
                "discriminator": Discriminator(**judge),
                "encoder": Encoder(
                    latent_size=row.latent_size, resolution=row.resolution, base_width=judge["base_width"]
                ),
            }
        except ValueError as error:
            raise BadInputError(f"The file's networks cannot be used: {error}.") from error
    shapes = {f"{p}.{name}": tuple(v.shape) for p, net in networks.items() for name, v in net.state_dict().items()}
    image = (3, row.resolution, row.resolution)
    errors = {"errors.mean": image, "errors.patterns": (patterns, *image), "errors.noise": (1,)}
    return shapes | errors | {MEAN_IMAGE: image}

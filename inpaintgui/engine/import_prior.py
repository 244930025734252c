"""Bring a prior from elsewhere into the user's folder: our own files, and the DCGAN tutorial's checkpoints."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from inpaintgui.engine.import_own import is_own, own_row
from inpaintgui.engine.import_tutorial import TutorialNetworks, convert_networks
from inpaintgui.engine.manifest import MANIFEST
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.prior_rows import PriorRow, read_manifest, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary, load_prior, save_prior
from inpaintgui.engine.untrusted_weights import WeightsFile, printable, read_weights
from inpaintgui.errors import BadInputError, SaveError
from inpaintgui.staged_file import check_writable, replace_file

NOT_STATED = "not stated"
LONGEST_TEXT = 500
SAMPLES_TRIED = 4
TAKEN_NAMES = ("auto",)
"""Names that mean something else wherever a prior is named."""

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")


@dataclass(frozen=True)
class ImportWishes:
    """What the user says about the prior; None means what the file, or the manifest beside it, says.

    replace: whether a prior of the same name may give way.
    """

    name: str | None = None
    title: str | None = None
    subject: str | None = None
    licence: str | None = None
    data: str | None = None
    replace: bool = False


def import_prior(source: Path, wishes: ImportWishes, *, folder: Path, library: PriorLibrary) -> PriorRow:
    """Check ``source``, convert it where need be, and add it to ``folder`` with a manifest row and a model card.

    library: all priors that are installed, whose names are taken. Returns the new row. Raises BadInputError for a
    file or a name that cannot be used, PriorError for a damaged manifest, and SaveError if ``folder`` cannot be
    written; then nothing was added.
    """
    file = read_weights(source)
    blank = _blank_row(source)
    if is_own(file):
        row = _as_wished(own_row(file, blank), wishes)
        _check_free(row.name, folder, library, replacing=wishes.replace)
        prior = load_prior(source, replace(row, file=source.name, sha256=file.sha256), device=torch.device("cpu"))
        data = source.read_bytes()  # byte for byte: its hash stays what others know it by
    else:
        networks = convert_networks(file.tensors)
        row = _as_wished(_tutorial_row(blank, networks), wishes)
        _check_free(row.name, folder, library, replacing=wishes.replace)
        prior, data = _through_our_format(networks, row)
    _check_images(prior)
    row = replace(prior.row, file=f"{row.name}.safetensors")
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise BadInputError(f"“{source}” changed while it was read.")
    _add(row, data, _card(prior, file), folder)
    return row


def _blank_row(source: Path) -> PriorRow:
    return PriorRow(
        name=source.stem,
        title="",
        subject="scenes",
        architecture="dcgan",
        resolution=0,
        guide_resolution=0,
        base_width=0,
        latent_size=0,
        latent_distribution="uniform",
        file="",
        sha256="",
        licence=NOT_STATED,
        data=NOT_STATED,
        metrics={},
    )


def _tutorial_row(blank: PriorRow, networks: TutorialNetworks) -> PriorRow:
    return replace(
        blank,
        resolution=networks.generator.resolution,
        guide_resolution=networks.generator.resolution,
        base_width=networks.base_width,
        judge_width=networks.judge_width if networks.judge_width != networks.base_width else 0,
        latent_size=networks.generator.latent_size,
        latent_distribution="normal",
    )


def _as_wished(row: PriorRow, wishes: ImportWishes) -> PriorRow:
    """The row with the user's words in it. Raises BadInputError for words that cannot stand in a list."""
    wished = {
        name: value
        for name in ("name", "title", "subject", "licence", "data")
        if (value := getattr(wishes, name)) is not None
    }
    row = replace(row, **wished)
    row = replace(row, title=row.title or f"{row.name} (imported)")
    if _NAME.fullmatch(row.name) is None or row.name.lower() in TAKEN_NAMES:
        raise BadInputError(
            f"A prior cannot be called “{printable(row.name)}”: say --name with letters, digits, “-”, “_” and "
            "“.”, at most 64 of them, a letter or digit first, and not “auto”."
        )
    for text in (row.title, row.licence, row.data):
        if len(text) > LONGEST_TEXT or not text.isprintable():
            raise BadInputError(f"Title, licence and data are one line each, of at most {LONGEST_TEXT} characters.")
    return row


def _check_free(name: str, folder: Path, library: PriorLibrary, *, replacing: bool) -> None:
    """Raise BadInputError if the name is taken, also where only letters' case differs, unless it may be replaced."""
    taken = [row.name for row in library.rows()] + [row.name for row in read_manifest(folder)]
    taken += [path.stem for path in folder.glob("*.safetensors")]
    same = next((other for other in taken if other.lower() == name.lower()), None)
    if same is not None and not (replacing and same == name):
        raise BadInputError(f"There is a prior called “{same}” already: choose another --name, or say --replace.")


def _through_our_format(networks: TutorialNetworks, row: PriorRow) -> tuple[Prior, bytes]:
    """The prior as it will be loaded, in half precision, and its file."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{row.name}.safetensors"
        saved = save_prior(path, row, networks.generator, networks.discriminator)
        return load_prior(path, saved, device=torch.device("cpu")), path.read_bytes()


def _check_images(prior: Prior) -> None:
    """Raise BadInputError if the generator's images are not numbers: weights in range can still overflow."""
    side = prior.resolution
    context = prior.look_at(torch.zeros(1, 3, side, side), torch.ones(1, 1, side, side))
    images = prior.sample(SAMPLES_TRIED, torch.Generator().manual_seed(0), context)
    if not bool(torch.isfinite(images).all()):
        raise BadInputError("The generator's images hold values that are not numbers: the weights are damaged.")


def _add(row: PriorRow, data: bytes, card: str, folder: Path) -> None:
    """Write weights, card and manifest row, each of them staged; a new prior is there as a whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"Cannot make the folder “{folder}”: {error.strerror or error}.") from error
    check_writable(folder / MANIFEST)
    fresh = [path for name in (row.file, f"{row.name}.md") if not (path := folder / name).exists()]
    try:
        replace_file(folder / row.file, data)
        replace_file(folder / f"{row.name}.md", card.encode())
        write_manifest_row(folder, row)
    except SaveError:
        for path in fresh:
            path.unlink(missing_ok=True)
        raise


def _card(prior: Prior, file: WeightsFile) -> str:
    """The model card: where the prior came from, what is in it, and what is not known about it."""
    row = prior.row
    parts = ["generator"]
    parts += ["discriminator"] if prior.discriminator is not None else []
    parts += ["encoder"] if prior.encoder is not None else []
    latents = "z ~ N(0, 1)" if row.latent_distribution == "normal" else "z ~ U(-1, 1)"
    networks = f"{row.architecture}, {row.resolution}×{row.resolution}×3, {latents} with {row.latent_size} entries"
    source = file.path.name.replace("`", "")
    lines = [
        f"# {row.title} (`{row.name}`)",
        "",
        f"{networks}; {', '.join(parts)}.",
        "",
        f"- **Source:** imported from `{source}`, SHA-256 `{file.sha256}`",
        f"- **Data:** {row.data}",
        f"- **Terms:** {row.licence}",
        "",
        "## Fit",
        "",
    ]
    if row.metrics:
        lines += ["Measured before the import, by whoever trained it:", ""]
        lines += [f"- {printable(name)}: {printable(str(value))}" for name, value in row.metrics.items()]
    else:
        lines.append(
            "Nothing was measured yet, so the program cannot tell a region that this prior knows from one that it "
            f"does not. Measure it with `inpaintgui evaluate --prior {row.name} --images FOLDER_OR_ZIP`."
        )
    return "\n".join([*lines, "", "## Limits", "", *_limits(prior, file), ""])


def _limits(prior: Prior, file: WeightsFile) -> list[str]:
    """What the file does not say, and what it lacks."""
    lines = []
    if not is_own(file):
        lines.append(
            "Converted from the layout of PyTorch's DCGAN tutorial. Activations, strides and the batch norms' epsilon "
            "are not in such a file and were taken to be the tutorial's, and so was the distribution of z."
        )
    if prior.discriminator is None:
        lines.append(
            "There is no discriminator: the search replaces the perceptual loss by the latent prior, "
            "how unlikely a latent code is."
        )
    return lines

"""Files from elsewhere become priors that fills can use, under names and with cards that say what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch

from inpaintgui.contracts import FillRequest, FillSettings, run_to_end
from inpaintgui.engine import import_prior as importing
from inpaintgui.engine import presets, untrusted_weights
from inpaintgui.engine.completion import CompletionGenerator
from inpaintgui.engine.fill import fill
from inpaintgui.engine.import_prior import ImportWishes, import_prior
from inpaintgui.engine.networks import Discriminator, Encoder
from inpaintgui.engine.presets import PRESETS
from inpaintgui.engine.prior_rows import PriorRow, read_manifest, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary, save_prior
from inpaintgui.errors import BadInputError, SaveError
from tests.engine.conftest import tiny_row, write_tiny_prior
from tests.engine.importing import LATENT_SIZE, WIDTHS, refused, take
from tests.engine.tutorial import state_of, tutorial_discriminator, tutorial_generator

CPU = torch.device("cpu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "weights"


@pytest.fixture
def generator() -> torch.nn.Module:
    torch.manual_seed(1)
    return tutorial_generator(LATENT_SIZE, WIDTHS)


@pytest.fixture
def source(tmp_path: Path, generator: torch.nn.Module) -> Path:
    path = tmp_path / "netG_epoch_9.pth"
    torch.save(state_of(generator), path)
    return path


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda g, d: g,
        lambda g, d: {"netG": g, "netD": d, "epoch": 5, "args": {"lr": 2e-4, "names": ["a"]}},
        lambda g, d: {"model": {"generator": {f"module.{k}": v for k, v in g.items()}}, "optimiser": {"state": {}}},
        lambda g, d: {"state_dict": {f"G.{k}": v for k, v in g.items()} | {f"D.{k}": v for k, v in d.items()}},
        lambda g, d: {k: torch.nn.Parameter(v, requires_grad=v.is_floating_point()) for k, v in g.items()},
    ],
)
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("suffix", [".pth", ".tar"])
def test_checkpoints_as_people_write_them(
    tmp_path: Path, folder: Path, generator: torch.nn.Module, wrapped: Callable[..., Any], legacy: bool, suffix: str
) -> None:
    content = wrapped(state_of(generator), state_of(tutorial_discriminator(WIDTHS)))
    path = tmp_path / f"dcgan{suffix}"
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    row = take(path, folder)
    prior = PriorLibrary((folder,)).load("dcgan", device=CPU)
    z = torch.randn(5, LATENT_SIZE)
    # What is left is the rounding of half precision.
    assert torch.allclose(prior.generate(z), generator(z[..., None, None]), atol=0.01)
    assert row.latent_distribution == "normal"
    assert read_manifest(folder) == (row,)


def test_a_safetensors_file_of_the_tutorial(tmp_path: Path, folder: Path, generator: torch.nn.Module) -> None:
    path = tmp_path / "g.safetensors"
    safetensors.torch.save_file(state_of(generator), path)
    assert take(path, folder, name="other").resolution == 16
    assert PriorLibrary((folder,)).row("other").base_width == 8


def test_the_discriminator_comes_along(tmp_path: Path, folder: Path, generator: torch.nn.Module) -> None:
    discriminator = tutorial_discriminator((12, 6))
    torch.save({"G": state_of(generator), "D": state_of(discriminator)}, tmp_path / "gan.pt")
    assert take(tmp_path / "gan.pt", folder).judge_width == 6
    prior = PriorLibrary((folder,)).load("gan", device=CPU)
    images = torch.rand(4, 3, 16, 16) * 2 - 1
    assert torch.allclose(prior.score(images).sigmoid(), discriminator(images)[:, 0, 0, 0], atol=0.01)
    assert "no discriminator" not in (folder / "gan.md").read_text("utf-8")


def test_what_the_card_and_the_row_say(source: Path, folder: Path) -> None:
    row = take(source, folder, name="birds", title="Birds", subject="scenes", licence="CC BY 4.0", data="12 birds")
    assert (row.name, row.title, row.subject, row.licence, row.data) == (
        "birds", "Birds", "scenes", "CC BY 4.0", "12 birds",
    )  # fmt: skip
    card = (folder / "birds.md").read_text("utf-8")
    digest = untrusted_weights.file_hash(source)
    for said in ("# Birds", "netG_epoch_9.pth", digest, "CC BY 4.0", "12 birds", "inpaintgui evaluate --prior birds"):
        assert said in card
    assert "replaces the perceptual loss by the latent prior" in card
    assert sorted(path.name for path in folder.iterdir()) == ["birds.md", "birds.safetensors", "manifest.toml"]


def test_a_fill_with_an_imported_generator_alone(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = replace(PRESETS["normal"], steps=6, candidates=2, draw=4)
    monkeypatch.setattr(presets, "PRESETS", {"normal": short})
    take(source, folder, name="own")
    pixels = np.random.default_rng(0).integers(0, 255, (90, 110, 3)).astype(np.uint8)
    mask = np.zeros((90, 110), np.uint8)
    mask[30:55, 40:70] = 255
    request = FillRequest(pixels, mask, FillSettings(prior="own", device="cpu"))
    result = run_to_end(fill(request, library=PriorLibrary((folder,))))
    (region,), (patch,) = result.report.regions, result.patches
    assert (region.prior, region.prior_used) == ("own", True)
    assert region.losses is not None
    assert region.losses.perceptual > 0  # of the latents: it would be log 2 for a discriminator that knows nothing
    assert abs(region.losses.perceptual - np.log(2)) > 1e-3
    assert (patch.pixels != pixels[patch.box.slices]).any(axis=2).mean() > 0.9


# Names


@pytest.mark.parametrize(
    "name", ["", "../up", "a/b", "a\\b", ".hidden", "ends.", "two words", "auto", "x" * 65, "ü", "a\n"]
)
def test_names_that_are_none(source: Path, folder: Path, name: str) -> None:
    refused(source, folder, "cannot be called", name=name)


def test_a_name_is_taken_once(source: Path, folder: Path, generator: torch.nn.Module) -> None:
    first = take(source, folder, name="own")
    refused(source, folder, "“own” already", name="own")
    refused(source, folder, "“own” already", name="OWN")
    refused(source, folder, "“own” already", name="OWN", replace=True)
    torch.save(state_of(tutorial_generator(3, WIDTHS)), source)
    second = take(source, folder, name="own", replace=True)
    assert read_manifest(folder) == (second,)
    assert (first.latent_size, second.latent_size) == (LATENT_SIZE, 3)
    assert PriorLibrary((folder,)).load("own", device=CPU).row.latent_size == 3


def test_the_names_of_shipped_priors_are_taken(source: Path, folder: Path, library: PriorLibrary) -> None:
    with pytest.raises(BadInputError, match="“faces-tiny” already"):
        import_prior(source, ImportWishes(name="faces-tiny"), folder=folder, library=library)


@pytest.mark.parametrize("wish", ["title", "licence", "data"])
@pytest.mark.parametrize("text", ["two\nlines", "\x1b[2J", "x" * 501])
def test_texts_are_one_line(source: Path, folder: Path, wish: str, text: str) -> None:
    refused(source, folder, "one line each", **{wish: text})


def test_where_nothing_can_be_written_nothing_is_left(
    source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise SaveError("The disk is full.")

    monkeypatch.setattr(importing, "write_manifest_row", full)
    with pytest.raises(SaveError, match="disk is full"):
        take(source, folder)
    assert list(folder.iterdir()) == []
    nowhere = folder.parent / "link"
    nowhere.symlink_to(folder / "missing")
    with pytest.raises(SaveError, match="Cannot make the folder"):
        take(source, nowhere)


# Our own files


def test_our_own_file_with_its_manifest(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "there").mkdir()
    told = write_tiny_prior(tmp_path / "there", "faces-tiny", "faces", context_error_p95=0.125)
    there = tmp_path / "there" / told.file
    row = take(there, folder)
    assert row == told
    assert (folder / row.file).read_bytes() == there.read_bytes()
    assert "context_error_p95: 0.125" in (folder / "faces-tiny.md").read_text("utf-8")
    renamed = take(there, folder, name="mine", licence="CC0")
    assert (renamed.name, renamed.file, renamed.sha256) == ("mine", "mine.safetensors", told.sha256)


def test_our_own_file_without_a_manifest(tmp_path: Path, folder: Path) -> None:
    told = write_tiny_prior(tmp_path, "faces-tiny", "faces", context_error_p95=0.125)
    (tmp_path / "manifest.toml").unlink()
    row = take(tmp_path / told.file, folder)
    sizes = ("architecture", "resolution", "base_width", "latent_size", "latent_distribution", "judge_width", "sha256")
    assert all(getattr(row, name) == getattr(told, name) for name in sizes)
    assert (row.metrics, row.licence, row.subject) == ({}, "not stated", "scenes")


def write_completion(path: Path, **changes: Any) -> PriorRow:
    row = replace(tiny_row("c", "faces"), architecture="completion", resolution=64, judge_width=6, **changes)
    generator = CompletionGenerator(latent_size=row.latent_size, resolution=64, base_width=row.base_width)
    torch.nn.init.normal_(generator.paint.weight, std=0.1)
    return save_prior(
        path,
        row,
        generator,
        Discriminator(resolution=64, base_width=6),
        encoder=Encoder(latent_size=row.latent_size, resolution=64, base_width=6),
        mean_image=torch.zeros(3, 64, 64),
    )


def test_our_own_completion_with_everything(tmp_path: Path, folder: Path) -> None:
    told = write_completion(tmp_path / "c.safetensors")
    row = take(tmp_path / "c.safetensors", folder, subject="faces", title="c", licence="CC0", data="none")
    assert row == replace(told, guide_resolution=64)
    prior = PriorLibrary((folder,)).load("c", device=CPU)
    assert prior.encoder is not None
    assert prior.mean_image is not None
    assert "generator, discriminator, encoder" in (folder / "c.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"generator.project.weight": None}, "no such generator"),
        ({"generator.stages.0.bias": None}, "lacks “generator.stages.0.bias”"),
        ({"generator.stages.0.bias": torch.zeros(3)}, "another shape"),
        ({"generator.stages.0.bias": torch.full((8,), torch.inf)}, "not numbers"),
        ({"generator.stages.0.bias": torch.zeros(8, dtype=torch.int8)}, "int8"),
        ({"surprise": torch.zeros(3)}, "unknown tensor “surprise”"),
        ({"generator.project.weight": torch.zeros(1, 5000)}, "latent code of 5,000"),
        ({"generator.stages.5.weight": torch.zeros(1000, 3, 0, 4)}, "base width of 1,000"),
        ({f"generator.stages.{k}.weight": torch.zeros(4, 3, 0, 1) for k in range(90, 150)}, "pixels"),
        ({"architecture": "pixel2style"}, "unknown architecture “pixel2style”"),
        ({"architecture": "completion"}, "no such generator"),
    ],
)
def test_our_own_file_changed(tmp_path: Path, folder: Path, change: Mapping[str, Any], reason: str) -> None:
    told = write_tiny_prior(tmp_path, "p", "faces")
    tensors = safetensors.torch.load_file(tmp_path / told.file)
    architecture = str(change.get("architecture", "dcgan"))
    tensors |= {name: value for name, value in change.items() if isinstance(value, torch.Tensor)}
    tensors = {name: value for name, value in tensors.items() if change.get(name, value) is not None}
    path = tmp_path / "changed.safetensors"
    safetensors.torch.save_file(tensors, path, metadata={"format": "inpaintgui-prior/1", "architecture": architecture})
    refused(path, folder, reason)


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "perhaps"},
        {"subject": ["faces"]},
        {"guide_resolution": 17},
        {"guide_resolution": "all"},
        {"title": 7},
        {"latent_distribution": "cauchy"},
    ],
)
def test_a_manifest_that_means_nothing(tmp_path: Path, folder: Path, change: dict[str, Any]) -> None:
    told = write_tiny_prior(tmp_path, "p", "faces")
    write_manifest_row(tmp_path, replace(told, **change))
    refused(tmp_path / told.file, folder, "mean nothing here")

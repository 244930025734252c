from __future__ import annotations

import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from inpaintgui.engine.prior_rows import read_manifest, write_manifest_row
from inpaintgui.engine.priors import PriorLibrary, file_hash, load_prior
from inpaintgui.errors import BadInputError, PriorError
from tests.engine.conftest import write_tiny_prior

CPU = torch.device("cpu")


@pytest.fixture
def folder(weights_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(weights_folder, tmp_path / "weights"))


def test_a_prior_survives_the_file(tmp_path: Path) -> None:
    row = write_tiny_prior(tmp_path, "p", "faces", context_error_p95=0.125)
    assert read_manifest(tmp_path) == (row,)
    prior = PriorLibrary((tmp_path,)).load("p", device=CPU)
    random = torch.Generator().manual_seed(1)
    latents = prior.draw(5, random)
    assert latents.shape == (5, row.latent_size)
    assert latents.abs().max() <= 1
    images = prior.generate(latents)
    assert images.shape == (5, 3, row.resolution, row.resolution)
    assert prior.score(images).shape == (5,)
    assert not any(p.requires_grad for n in (prior.generator, prior.discriminator) for p in n.parameters())


def test_latents_are_kept_in_their_support(library: PriorLibrary) -> None:
    prior = library.load("faces-tiny", device=CPU)
    latents = torch.tensor([[-3.0, 0.5, 2.0]])
    prior.confine_(latents)
    assert latents.tolist() == [[-1.0, 0.5, 1.0]]
    normal = replace(prior, row=replace(prior.row, latent_distribution="normal"))
    latents = torch.tensor([[-3.0]])
    normal.confine_(latents)
    assert latents.item() == -3.0
    assert normal.draw(4000, torch.Generator().manual_seed(0)).abs().max() > 2


def test_a_loaded_prior_is_kept(library: PriorLibrary) -> None:
    assert library.load("faces-tiny", device=CPU) is library.load("faces-tiny", device=CPU)


def test_an_unknown_name_is_bad_input_and_names_the_others(library: PriorLibrary) -> None:
    with pytest.raises(BadInputError, match="faces-tiny, scenes-tiny"):
        library.load("cats", device=CPU)


def test_a_later_folder_wins(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    row = write_tiny_prior(own, "faces-tiny", "scenes")
    assert PriorLibrary((folder, own)).row("faces-tiny") == row


def test_a_missing_file(folder: Path) -> None:
    (folder / "faces-tiny.safetensors").unlink()
    with pytest.raises(PriorError, match="cannot be read"):
        PriorLibrary((folder,)).load("faces-tiny", device=CPU)


@pytest.mark.parametrize("damage", ["truncated", "changed", "pickle"])
def test_a_changed_file_is_not_loaded(folder: Path, damage: str) -> None:
    path = folder / "faces-tiny.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(content[:-100])
    elif damage == "changed":
        content[-1] ^= 1
        path.write_bytes(content)
    else:
        path.write_bytes(pickle.dumps({"generator": [1, 2, 3]}))
    with pytest.raises(PriorError, match="not the file that its manifest names"):
        PriorLibrary((folder,)).load("faces-tiny", device=CPU)


def test_a_pickle_with_the_right_hash_is_refused_unopened(folder: Path) -> None:
    path = folder / "faces-tiny.safetensors"
    path.write_bytes(pickle.dumps({"generator": [1, 2, 3]}))
    row = replace(read_manifest(folder)[0], sha256=file_hash(path))
    with pytest.raises(PriorError, match="cannot be used"):
        load_prior(path, row, device=CPU)


@pytest.mark.parametrize("damage", ["nan", "missing", "shape"])
def test_weights_that_do_not_fit(folder: Path, damage: str) -> None:
    path = folder / "faces-tiny.safetensors"
    tensors = safetensors.torch.load_file(path)
    name = "generator.project.weight"
    if damage == "nan":
        tensors[name][0, 0] = torch.nan
    elif damage == "missing":
        del tensors[name]
    else:
        tensors[name] = tensors[name][:-1].clone()
    safetensors.torch.save_file(tensors, path)
    row = replace(read_manifest(folder)[0], sha256=file_hash(path))
    with pytest.raises(PriorError):
        load_prior(path, row, device=CPU)


@pytest.mark.parametrize("text", ["prior = 3", "[[prior]]\nname = 'x'", "not toml", "\udcff"])
def test_a_damaged_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PriorError, match="list of priors"):
        read_manifest(tmp_path)


def test_a_manifest_cannot_point_out_of_its_folder(folder: Path) -> None:
    row = replace(read_manifest(folder)[0], file="../elsewhere.safetensors")
    write_manifest_row(folder, row)
    with pytest.raises(PriorError, match="outside its folder"):
        read_manifest(folder)


def test_no_manifest_means_no_priors(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == ()

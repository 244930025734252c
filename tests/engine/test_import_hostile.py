"""Whatever a file holds, no code in it is run, and only the program's own errors come out."""

from __future__ import annotations

import contextlib
import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inpaintgui.engine import untrusted_weights
from inpaintgui.errors import InpaintguiError
from tests.engine.conftest import write_tiny_prior
from tests.engine.importing import LATENT_SIZE, WIDTHS, refused, take
from tests.engine.tutorial import state_of, tutorial_generator

FREELY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


class Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


@pytest.mark.parametrize("write", ["zip", "legacy", "pickle", "whole module"])
def test_code_is_refused_and_never_run(tmp_path: Path, folder: Path, generator: torch.nn.Module, write: str) -> None:
    mark, path = tmp_path / "it ran", tmp_path / "bomb.pth"
    content = {"main": state_of(generator), "more": Bomb(mark)}
    if write == "pickle":
        path.write_bytes(pickle.dumps(content, protocol=2))
    elif write == "whole module":
        torch.save(generator, path)
    else:
        torch.save(content, path, _use_new_zipfile_serialization=write == "zip")
    refused(path, folder, "pickled code .* not run")
    assert not mark.exists()


@pytest.mark.parametrize("content", [[1, 2], torch.zeros(3), 7, {}, {"a": 1}, {"model": {"a": torch.zeros(3)}}])
def test_a_checkpoint_of_something_else(tmp_path: Path, folder: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.pt")
    refused(tmp_path / "a.pt", folder, "no table of tensors|no generator")


def test_tables_without_end(tmp_path: Path, folder: Path) -> None:
    table: dict[str, Any] = {"a": torch.zeros(1)}
    table |= {str(k): table for k in range(100)}
    torch.save(table, tmp_path / "a.pt")
    refused(tmp_path / "a.pt", folder, "tables within tables")


def test_files_that_are_none(tmp_path: Path, folder: Path) -> None:
    refused(tmp_path / "missing.pt", folder, "no such file")
    refused(tmp_path, folder, "it is no file")
    (tmp_path / "empty.pt").touch()
    refused(tmp_path / "empty.pt", folder, "damaged")


def test_large_files_are_not_read(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted_weights, "LARGEST_FILE", 10_000)
    refused(source, folder, "is larger than")


@pytest.mark.parametrize("legacy", [False, True])
def test_small_files_cannot_grow_in_memory(tmp_path: Path, folder: Path, source: Path, legacy: bool) -> None:
    path = tmp_path / "bomb.pt"
    torch.save({"a": bytearray(3)}, path, _use_new_zipfile_serialization=not legacy)
    refused(path, folder, "bytearray")
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in archive.infolist():
            packed.writestr(entry.filename, archive.read(entry))
    refused(path, folder, "compressed")


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_tensors_that_only_look_like_tensors(tmp_path: Path, folder: Path, generator: torch.nn.Module) -> None:
    nested = torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])
    torch.save(state_of(generator) | {"main.0.weight": nested}, tmp_path / "a.pt")
    refused(tmp_path / "a.pt", folder, "not a plain tensor")
    disguised = state_of(generator)
    for method in ("detach", "numel", "float", "half"):
        setattr(disguised["main.0.weight"], method, 7)
    torch.save(disguised, tmp_path / "b.pt")
    assert take(tmp_path / "b.pt", folder).latent_size == LATENT_SIZE


def survives(path: Path, folder: Path) -> None:
    with contextlib.suppress(InpaintguiError):
        take(path, folder, name="x", replace=True)


@FREELY
@given(data=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\x03\x04", b"\x80\x02", b"\x08\0\0\0\0\0\0\0{"]))
def test_any_bytes(tmp_path: Path, folder: Path, data: bytes, start: bytes) -> None:
    (tmp_path / "a.pt").write_bytes(start + data)
    survives(tmp_path / "a.pt", folder)
    assert not folder.exists()


@FREELY
@given(
    kind=st.sampled_from(["zip", "legacy", "own"]),
    end=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
)
def test_damaged_files(
    tmp_path: Path, folder: Path, generator: torch.nn.Module, kind: str, end: float, changes: list[tuple[float, int]]
) -> None:
    buffer = io.BytesIO()
    if kind == "own":
        told = write_tiny_prior(tmp_path, "p", "faces")
        buffer.write((tmp_path / told.file).read_bytes())
    else:
        torch.save({"G": state_of(generator)}, buffer, _use_new_zipfile_serialization=kind == "zip")
    data = bytearray(buffer.getvalue())
    for place, value in changes:
        data[int(place * len(data))] = value
    (tmp_path / "a.pt").write_bytes(data[: round(end * len(data))] if not changes else data)
    survives(tmp_path / "a.pt", folder)


TENSORS = st.builds(
    lambda shape, dtype: torch.zeros(shape, dtype=dtype),
    st.lists(st.integers(0, 5), max_size=5),
    st.sampled_from([torch.float32, torch.float16, torch.int64, torch.bool, torch.complex64]),
)
NAMES = st.one_of(
    st.builds("main.{}.{}".format, st.integers(0, 9), st.sampled_from(["weight", "bias", "running_mean"])),
    st.text(max_size=8),
    st.integers(-3, 3),
)
TABLES = st.recursive(
    st.one_of(TENSORS, st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=3)),
    lambda values: st.dictionaries(NAMES, values, max_size=6),
    max_leaves=25,
)


@FREELY
@given(content=TABLES)
def test_any_tables(tmp_path: Path, folder: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.pt")
    survives(tmp_path / "a.pt", folder)
    assert not folder.exists()

"""Projects come back bit for bit with their history; foreign ones are read or refused."""

import contextlib
import io
import json
import zipfile
import zlib
from dataclasses import fields, replace

import numpy as np
import pytest
from fakes import filled, make_photo, ready
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inpaintgui import limits
from inpaintgui.contracts import FillSettings, PhotoMetadata
from inpaintgui.errors import BadInputError, InpaintguiError, SaveError
from inpaintgui.session.blobs import MANIFEST, FolderWriter, blob_name
from inpaintgui.session.document import Document
from inpaintgui.session.history import Layer
from inpaintgui.session.project import Project, open_project, save_project, write_project

NO_FILE = "no original is a file here"


def decode(data, name):
    raise AssertionError(NO_FILE)


def edited(**kind):
    """A document with strokes, a fill, more strokes and something undone."""
    document = Document(make_photo(width=300, height=280, **kind), history_budget=1 << 30)
    for start in (20, 150):
        document.begin_stroke("Brush")
        document.paint((start, 30), (start + 90, 200), radius=9, hardness=0.4)
        document.end_stroke()
    document.begin_stroke("Exclude sources", Layer.EXCLUSION)
    document.paint((200, 30), (280, 200), radius=9)
    document.end_stroke()
    request = document.request(FillSettings(seed=4))
    document.apply_fill(ready(request, filled(request, 7)))
    document.invert_mask()
    document.begin_stroke("Brush")
    document.paint((10, 10), (20, 20), radius=3, erase=True)
    document.end_stroke()
    document.undo()
    return document


def project_of(document):
    return Project(document.photo, document.freeze(), document.path)


def assert_same(one, two):
    """Down to every step of the history, forwards and backwards."""
    assert np.array_equal(one.original, two.original)
    assert one.history.entries == two.history.entries
    for position in [*range(one.history.position, -1, -1), *range(len(one.history.entries) + 1)]:
        one.go_to(position)
        two.go_to(position)
        assert np.array_equal(one.pixels, two.pixels)
        assert np.array_equal(one.mask, two.mask)
        assert np.array_equal(one.exclusion, two.exclusion)
        assert one.mask_visible == two.mask_visible
        assert one.is_modified == two.is_modified
        assert one.mask_box == two.mask_box


def assert_same_records(one, two):
    for first, second in zip(one, two, strict=True):
        assert replace(first, mask=second.mask, exclusion=second.exclusion) == second
        assert np.array_equal(first.exclusion.unpack(), second.exclusion.unpack())
        assert np.array_equal(first.mask.unpack(), second.mask.unpack())


@pytest.mark.parametrize("kind", [{}, {"channels": 1}, {"channels": 4, "dtype": np.uint16}, {"channels": 2}])
def test_a_project_comes_back_with_its_history(tmp_path, kind):
    document = edited(**kind)
    save_project(tmp_path / "beach.inpaint", project_of(document))
    project = open_project(tmp_path / "beach.inpaint", decode)
    again = Document.restored(project.photo, project.state, history_budget=1 << 30)
    assert_same_records(document.history.records, again.history.records)
    assert_same(document, again)


def test_metadata_come_back_where_the_file_is_gone(tmp_path):
    metadata = PhotoMetadata(exif=b"II*\0", xmp=b"<x/>", icc=b"profile")
    photo = replace(make_photo(), metadata=metadata, jpeg_quality=88, jpeg_sampling="4:2:0", file_hash="0" * 64)
    document = Document(photo, path=tmp_path / "gone.jpg")
    save_project(tmp_path / "a.inpaint", project_of(document))
    again = open_project(tmp_path / "a.inpaint", decode)
    assert again.path == tmp_path / "gone.jpg"
    for field in fields(photo):
        if field.name not in ("pixels", "file_hash"):
            assert getattr(again.photo, field.name) == getattr(photo, field.name)


@pytest.mark.parametrize("changed", [False, True])
def test_the_original_file_is_kept_unless_it_changed_underneath(tmp_path, changed):
    data = b"the bytes of a file"
    photo = replace(make_photo(), file_hash=blob_name(data))
    (tmp_path / "a.jpg").write_bytes(b"other bytes" if changed else data)
    save_project(tmp_path / "a.inpaint", project_of(Document(photo, path=tmp_path / "a.jpg")))
    seen = []
    project = open_project(tmp_path / "a.inpaint", lambda *given: seen.append(given) or photo)
    assert seen == ([] if changed else [(data, "a.jpg")])
    assert np.array_equal(project.photo.pixels, photo.pixels)


def test_a_history_with_lost_steps_keeps_pixels_mask_and_records(tmp_path):
    document = edited()
    small = Document.restored(document.photo, document.freeze(), history_budget=0)
    assert small.history.entries == ()
    assert np.array_equal(small.pixels, document.pixels)
    save_project(tmp_path / "a.inpaint", project_of(small))
    project = open_project(tmp_path / "a.inpaint", decode)
    again = Document.restored(project.photo, project.state)
    assert np.array_equal(again.pixels, document.pixels)
    assert np.array_equal(again.mask, document.mask)
    assert again.is_modified
    assert_same_records(again.history.records, document.history.records)


def test_freezing_counts_an_open_stroke_and_leaves_it_open():
    document = edited()
    document.begin_stroke("Brush")
    document.paint((100, 100), (150, 150), radius=6, erase=True)
    frozen = document.freeze()
    assert document.stroke_open
    again = Document.restored(document.photo, frozen)
    document.end_stroke()
    assert_same(document, again)


def test_a_frozen_state_never_changes():
    document = edited()
    frozen = document.freeze()
    before = frozen.pixels.copy(), frozen.mask.copy(), frozen.history
    document.go_to(0)
    document.clear_mask()
    assert np.array_equal(frozen.pixels, before[0])
    assert np.array_equal(frozen.mask, before[1])
    assert frozen.history == before[2]


def test_a_folder_grows_only_by_what_is_new_and_forgets_what_is_not_used(tmp_path):
    document = edited()
    write_project(FolderWriter(tmp_path / "s"), project_of(document))
    times = {part: part.stat().st_mtime_ns for part in (tmp_path / "s" / "parts").iterdir()}
    document.begin_stroke("Brush")
    document.paint((250, 250), (260, 260), radius=4, erase=True)
    document.end_stroke()
    write_project(FolderWriter(tmp_path / "s"), project_of(document))
    after = {part: part.stat().st_mtime_ns for part in (tmp_path / "s" / "parts").iterdir()}
    kept = times.keys() & after.keys()
    assert len(after.keys() - times.keys()) == 2  # the stroke and the mask
    assert len(times.keys() - after.keys()) == 2  # the mask, and what was undone
    assert all(times[part] == after[part] for part in kept)
    project = open_project(tmp_path / "s", decode)
    assert_same(document, Document.restored(project.photo, project.state))


def test_a_failed_save_leaves_the_last_project(tmp_path, monkeypatch):
    path = tmp_path / "a.inpaint"
    save_project(path, project_of(edited()))
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SaveError, match="No space left"):
        save_project(path, project_of(edited(seed=1)))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture(scope="module")
def bytes_of_a_project(tmp_path_factory):
    path = tmp_path_factory.mktemp("project") / "a.inpaint"
    document = Document(make_photo(), path=None)
    document.begin_stroke("Brush")
    document.paint((10, 10), (40, 30), radius=5)
    document.end_stroke()
    request = document.request(FillSettings())
    document.apply_fill(ready(request, filled(request, 7)))
    save_project(path, project_of(document))
    return path.read_bytes()


def rewritten(data, change):
    """The project with its description changed by ``change``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == MANIFEST:
                described = json.loads(content)
                change(described)
                content = json.dumps(described).encode()
            new.writestr(name, content)
    return out.getvalue()


def refused(tmp_path, data, *words):
    path = tmp_path / "bad.inpaint"
    path.write_bytes(data)
    with pytest.raises(BadInputError) as caught:
        open_project(path, decode)
    assert str(caught.value).endswith(".")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "inpaintgui-project/99"),
        (("original", "shape"), [48, 64]),
        (("original", "shape"), [48, 65, 3]),
        (("original", "shape"), [10**6, 10**6, 3]),
        (("original", "type"), "float64"),
        (("original", "pixels"), "../../etc/passwd"),
        (("original", "pixels"), "0" * 64),
        (("mask", "part"), None),
        (("pixels", "boxes", 0, 3), 10**9),
        (("pixels", "boxes", 0, 0), "mask"),
        (("pixels", "lengths", 0, 0), -1),
        (("pixels", "lengths", 0, 1), 10**12),
        (("pixels", "lengths"), []),
        (("history", "position"), 5),
        (("history", "states"), [0]),
        (("history", "states"), ["0", "1", "2"]),
        (("history", "steps", 0, "kind"), "spell"),
        (("history", "steps", 0, "shows"), [1, 2]),
        (("history", "steps", 1, "record", "mask", "deflated"), "AAAA"),
        (("history", "dropped"), -1),
        (("history",), None),
    ],
)
def test_a_project_that_lies_is_refused(tmp_path, bytes_of_a_project, place, value):
    def change(described):
        *way, last = place
        for key in way:
            described = described[key]
        described[last] = value

    refused(tmp_path, rewritten(bytes_of_a_project, change))


def test_no_part_is_taken_from_outside_and_nothing_is_unpacked(tmp_path, bytes_of_a_project):
    out = io.BytesIO(bytes_of_a_project)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../escaped.txt", b"out")
        archive.writestr("/tmp/escaped.txt", b"out")
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.inpaint"
    path.write_bytes(out.getvalue())
    assert open_project(path, decode).photo.width == 64
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["a.inpaint", "in"]


def test_a_bomb_is_not_unpacked(tmp_path, bytes_of_a_project, monkeypatch):
    monkeypatch.setattr(limits, "PROJECT_MANIFEST", 1 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b" " * (4 << 20))
    refused(tmp_path, out.getvalue(), "larger")
    twice = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bytes_of_a_project)) as old, zipfile.ZipFile(twice, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
    refused(tmp_path, twice.getvalue(), "compressed twice")
    huge = zlib.compress(bytes(50 << 20))

    def lie(described):
        described["mask"]["part"] = blob_name(huge)

    data = io.BytesIO(rewritten(bytes_of_a_project, lie))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(f"parts/{blob_name(huge)}", huge)
    refused(tmp_path, data.getvalue(), "another length")


def test_a_part_that_is_named_again_and_again_is_refused(tmp_path, bytes_of_a_project, monkeypatch):
    from inpaintgui.session.blobs import MeteredReader

    monkeypatch.setattr(MeteredReader, "_ANYWAY", 0)

    def repeat(described):
        history = described["history"]
        history["steps"] *= 400
        history["states"] = [0] * (len(history["steps"]) + 1)

    refused(tmp_path, rewritten(bytes_of_a_project, repeat), "again and again")


FREELY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FREELY
@given(place=st.integers(0, 10**6), value=st.integers(0, 255), cut=st.none() | st.integers(0, 10**6))
def test_any_damage_is_noticed_or_harmless(tmp_path, bytes_of_a_project, place, value, cut):
    damaged = bytearray(bytes_of_a_project)
    damaged[place % len(damaged)] = value
    if cut is not None:
        del damaged[cut % len(damaged) :]
    path = tmp_path / "damaged.inpaint"
    path.write_bytes(damaged)
    with contextlib.suppress(InpaintguiError):
        project = open_project(path, decode)
        Document.restored(project.photo, project.state).go_to(0)


@FREELY
@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, data):
    refused(tmp_path, data)

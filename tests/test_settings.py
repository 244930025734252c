"""Settings survive what happens to files, and their declarations hold."""

import json
import math
import os
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui import settings
from inpaintgui.contracts import ContextSquare, FillSettings
from inpaintgui.errors import BadInputError, SaveError
from inpaintgui.settings import Settings, declaration, declarations, fill_settings

OTHER = Settings(
    prior="faces",
    preset="published-yeh",
    candidates=12,
    variations=4,
    seed=7,
    device="cpu",
    brush_size=33.5,
    brush_hardness=0.5,
    brush_smoothing=0.25,
    pen_pressure="hardness",
    wand_tolerance=9,
    wand_contiguous=False,
    mask_colour="blue",
    mask_opacity=0.25,
    wheel_zooms=False,
    language="zh_CN",
    theme="light",
    recipe_sidecar=True,
    autosave_seconds=5,
    history_megabytes=64,
    history_disk_megabytes=100,
)


def allowed(declared):
    """Values that a declaration allows."""
    if declared.choices:
        values = st.sampled_from(declared.choices)
    elif declared.kind is bool:
        values = st.booleans()
    elif declared.kind is str:
        values = st.text()
    elif declared.kind is int:
        values = st.integers(int(declared.low), int(declared.high))
    else:
        values = st.floats(declared.low, declared.high)
    return st.none() | values if declared.optional else values


@pytest.fixture
def file(tmp_path):
    return tmp_path / "new folder" / "settings.json"


def test_without_a_file_the_defaults_hold_and_nothing_is_said(file):
    assert settings.load(file) == (Settings(), ())


def test_what_was_saved_comes_back(file):
    settings.save(OTHER, file)
    assert settings.load(file) == (OTHER, ())
    assert all(getattr(OTHER, item.name) != item.default for item in declarations()), "an untested setting"


@given(st.builds(Settings, **{item.name: allowed(item) for item in declarations()}))
def test_any_allowed_settings_survive_the_file_format(chosen):
    assert settings.parse(json.loads(json.dumps(asdict(chosen)))) == (chosen, ())


def test_the_user_s_file_lies_in_the_configuration_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("INPAINTGUI_HOME", str(tmp_path))
    settings.save(OTHER)
    assert (tmp_path / "config" / "settings.json").is_file()
    assert settings.load() == (OTHER, ())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b"null", b"[" * 100_000])
def test_a_broken_file_gives_the_defaults_and_a_warning(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    loaded, warnings = settings.load(file)
    assert loaded == Settings()
    assert len(warnings) == 1
    assert str(file) in warnings[0]
    assert "defaults are used" in warnings[0]


def test_a_folder_in_the_file_s_place_gives_the_defaults_and_a_warning(tmp_path):
    loaded, warnings = settings.load(tmp_path)
    assert loaded == Settings()
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("candidates", 0),
        ("candidates", 2.0),
        ("seed", True),
        ("seed", -1),
        ("seed", None),
        ("preset", "fastest"),
        ("mask_colour", ["orange"]),
        ("mask_opacity", math.nan),
        ("mask_opacity", "0.5"),
        ("brush_size", 1e9),
        ("wheel_zooms", 1),
        ("prior", None),
    ],
)
def test_a_refused_value_costs_only_itself(file, name, value):
    file.parent.mkdir()
    file.write_text(json.dumps({"theme": "dark", name: value}), encoding="utf-8")
    loaded, warnings = settings.load(file)
    assert loaded == Settings(theme="dark")
    assert len(warnings) == 1
    assert name in warnings[0]


def test_names_of_a_newer_version_are_passed_over(file):
    file.parent.mkdir()
    file.write_text('{"theme": "dark", "telepathy": true}', encoding="utf-8")
    assert settings.load(file) == (Settings(theme="dark"), ())


def test_a_whole_number_is_taken_for_a_float():
    value = declaration("brush_size").check(20)
    assert value == 20.0
    assert type(value) is float


def test_a_failed_save_leaves_the_last_good_file_and_no_litter(file, monkeypatch):
    settings.save(OTHER, file)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError, match="No space left on device"):
        settings.save(Settings(), file)
    assert settings.load(file) == (OTHER, ())
    assert list(file.parent.iterdir()) == [file]


def test_saving_where_no_folder_can_be_made_says_so(tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(SaveError, match="cannot be made"):
        settings.save(Settings(), tmp_path / "taken" / "settings.json")


def test_every_default_is_allowed_and_every_setting_explained():
    assert [item.name for item in declarations()] == [item.name for item in fields(Settings)]
    for item in declarations():
        assert item.check(item.default) == item.default
        assert item.help.endswith(".")


def test_a_fill_gets_what_was_chosen():
    square = ContextSquare(1, 2, 30)
    chosen = FillSettings("faces", preset="published-yeh", candidates=12, variations=4, seed=7, device="cpu")
    expected = replace(chosen, squares=(square,))
    assert fill_settings(OTHER, (square,)) == expected
    offered = {item.name for item in declarations() if item.fill}
    assert offered == {item.name for item in fields(FillSettings)} - {"squares"}


def test_unknown_settings_and_flags():
    with pytest.raises(KeyError):
        declaration("telepathy")
    assert declaration("brush_size").flag == "--brush-size"
    with pytest.raises(BadInputError, match="from 1 to 1024"):
        declaration("candidates").check(4096)


def test_the_presets_offered_are_the_engines():
    from inpaintgui.engine.presets import PRESETS

    assert set(settings.PRESETS) == set(PRESETS)

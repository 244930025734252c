"""Recipes: written by fills, followed by “replay”, honest about what is different, and safe to read."""

import base64
import contextlib
import json
import os
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui import limits, paths
from inpaintgui.cli import run
from inpaintgui.contracts import Box, ContextSquare, FillRequest, FillSettings, Photo, RaceControl, Start, run_to_end
from inpaintgui.engine.fill import fill
from inpaintgui.engine.progress import ProgressScale
from inpaintgui.engine.recipe_file import make_recipe, parse_recipe, read_recipe, to_json
from inpaintgui.engine.replay import replay
from inpaintgui.errors import BadInputError
from inpaintgui.session.fills import filled_pixels
from inpaintgui.session.recipe import FillRecord, PackedMask, pixel_hash
from inpaintgui.session.record_json import JsonError
from tests.engine.conftest import write_tiny_priors

pytestmark = pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")

PIXELS = np.random.default_rng(0).integers(0, 255, (80, 100, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_priors(tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def _tiny_priors(weights, monkeypatch):
    monkeypatch.setattr(paths, "weights", lambda: weights)


@pytest.fixture
def library(weights):
    from inpaintgui.engine.priors import PriorLibrary

    return PriorLibrary((weights,))


def a_mask():
    mask = np.zeros((80, 100), np.uint8)
    mask[30:50, 40:60] = 255
    mask[30, 40:60] = 77
    return mask


def a_record():
    latent = np.linspace(-1, 1, 8, dtype=np.float32)
    start = Start(Box(40, 30, 60, 50), "faces", ContextSquare(1.5, 2.0, 64.0), latent, texture=2)
    return FillRecord(
        PackedMask.of(a_mask()),
        FillSettings(seed=3, squares=(ContextSquare(20.25, 10.0, 60.0, 12.5),)),
        "cpu",
        {"faces": "a" * 64},
        "b" * 64,
        (start,),
        PackedMask.of(np.roll(a_mask(), 9, axis=0)),
    )


def a_recipe():
    return make_recipe("beach.jpg", Photo(PIXELS), Photo(PIXELS[::-1]), [a_record()])


@pytest.fixture
def files(tmp_path):
    photo, mask = tmp_path / "海 photo.png", tmp_path / "mask.png"
    photo.write_bytes(cv2.imencode(".png", PIXELS)[1].tobytes())
    mask.write_bytes(cv2.imencode(".png", (a_mask() > 128).astype(np.uint8) * 255)[1].tobytes())
    return photo, mask


@pytest.fixture
def filled(files, tmp_path):
    photo, mask = files
    out, recipe = tmp_path / "out.png", tmp_path / "recipe.json"
    code = run(["fill", str(photo), "--mask", str(mask), "-o", str(out), "--seed", "5", "--recipe", str(recipe)])
    assert code == 0
    return photo, recipe, out


def test_replay_makes_the_same_file(filled, tmp_path, capsys):
    photo, recipe, out = filled
    again = tmp_path / "again.png"
    capsys.readouterr()
    assert run(["replay", str(recipe), str(photo), "-o", str(again), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is True
    assert told["differences"] == []
    assert again.read_bytes() == out.read_bytes()


def test_every_variation_has_a_recipe_of_its_own(files, tmp_path, capsys):
    photo, mask = files
    out, recipe = tmp_path / "out.png", tmp_path / "recipe.json"
    options = ["--mask", str(mask), "-o", str(out), "--recipe", str(recipe), "--variations", "3", "--seed", "5"]
    assert run(["fill", str(photo), *options]) == 0
    results = [tmp_path / name for name in ("out.png", "out-2.png", "out-3.png")]
    assert len({path.read_bytes() for path in results}) == 3
    for result, name in zip(results, ("recipe.json", "recipe-2.json", "recipe-3.json"), strict=True):
        again = tmp_path / "again.png"
        assert run(["replay", str(tmp_path / name), str(photo), "-o", str(again)]) == 0, capsys.readouterr()
        assert again.read_bytes() == result.read_bytes()


def test_no_variation_s_recipe_takes_a_result_s_place(files, tmp_path, capsys):
    photo, mask = files
    options = ["--mask", str(mask), "-o", str(tmp_path / "a.png"), "--recipe", str(tmp_path / "a-2.png")]
    assert run(["fill", str(photo), *options, "--variations", "2"]) == 2
    assert "would overwrite another file" in capsys.readouterr().err


def test_what_was_excluded_is_replayed(files, tmp_path, capsys):
    photo, mask = files
    out, recipe, exclude = tmp_path / "out.png", tmp_path / "recipe.json", tmp_path / "exclude.png"
    left = np.zeros((80, 100), np.uint8)
    left[:, :40] = 255
    exclude.write_bytes(cv2.imencode(".png", left)[1].tobytes())
    options = [str(photo), "--mask", str(mask), "--seed", "5"]
    assert run(["fill", *options, "-o", str(out), "--exclude", str(exclude), "--recipe", str(recipe)]) == 0
    assert run(["fill", *options, "-o", str(tmp_path / "without.png")]) == 0
    assert out.read_bytes() != (tmp_path / "without.png").read_bytes()
    again = tmp_path / "again.png"
    assert run(["replay", str(recipe), str(photo), "-o", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_a_recipe_says_what_it_was_made_with(filled, weights):
    photo, recipe, _ = filled
    content = json.loads(recipe.read_text("utf-8"))
    assert content["source"] == photo.name
    assert content["before"] == pixel_hash(PIXELS[..., ::-1])
    (only,) = content["fills"]
    assert only["settings"]["seed"] == 5
    assert len(only["priors"]["scenes-tiny"]) == 64
    assert {"inpaintgui", "torch", "numpy", "python", "threads"} <= content["versions"].keys()
    mask = cv2.imdecode(np.frombuffer(base64.b64decode(only["mask"]["png"]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (19, 20)
    assert (mask == 255).all()


def test_another_photo_and_other_weights_and_versions_are_told(filled, tmp_path, capsys, monkeypatch):
    photo, recipe, _ = filled
    other = PIXELS.copy()
    other[0, 0] ^= 1
    photo.write_bytes(cv2.imencode(".png", other)[1].tobytes())
    content = json.loads(recipe.read_text("utf-8"))
    content["versions"]["torch"] = "0.0.1"
    content["fills"][0]["priors"]["scenes-tiny"] = "0" * 64
    content["fills"][0]["device"] = "cuda:7"
    recipe.write_text(json.dumps(content), "utf-8")
    assert run(["replay", str(recipe), str(photo), "-o", str(tmp_path / "again.png")]) == 3
    captured = capsys.readouterr()
    assert "OTHER PIXELS" in captured.out
    for words in ("not the one of the recipe", "“scenes-tiny” is not", "0.0.1 the first time", "cuda:7, is not here"):
        assert words in captured.err
    assert (tmp_path / "again.png").exists()


@pytest.mark.parametrize(("threads", "used"), [("1", 1), ("2", 2), ("999999", 2), ("none", 2)])
def test_it_is_repeated_on_as_many_threads_as_the_first_time(filled, tmp_path, capsys, monkeypatch, threads, used):
    """Within what the machine has: a recipe from elsewhere cannot ask for more."""
    photo, recipe, _ = filled
    content = json.loads(recipe.read_text("utf-8"))
    content["versions"]["threads"] = threads
    recipe.write_text(json.dumps(content), "utf-8")
    seen = []
    step = ProgressScale.step
    monkeypatch.setattr(
        ProgressScale, "step", lambda *arguments: seen.append(torch.get_num_threads()) or step(*arguments)
    )
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        run(["replay", str(recipe), str(photo), "-o", str(tmp_path / "again.png")])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert set(seen) == {used}
    assert (f"{threads} the first time" in capsys.readouterr().err) == (threads != str(used))


def test_a_photo_of_another_size_is_refused(filled, tmp_path, capsys):
    photo, recipe, _ = filled
    photo.write_bytes(cv2.imencode(".png", PIXELS[:40])[1].tobytes())
    assert run(["replay", str(recipe), str(photo), "-o", str(tmp_path / "again.png")]) == 2
    assert "100 × 80" in capsys.readouterr().err
    assert not (tmp_path / "again.png").exists()


def test_neither_photo_nor_recipe_are_ever_the_target(filled, tmp_path, capsys):
    photo, recipe, _ = filled
    before = photo.read_bytes(), recipe.read_bytes()
    for target in (photo, recipe):
        assert run(["replay", str(recipe), str(photo), "-o", str(target)]) == 2
    mask = tmp_path / "mask.png"
    out = tmp_path / "new.png"
    for target in (photo, mask, out):
        assert run(["fill", str(photo), "--mask", str(mask), "-o", str(out), "--recipe", str(target)]) == 2
        assert "would overwrite" in capsys.readouterr().err
    assert (photo.read_bytes(), recipe.read_bytes()) == before
    assert not out.exists()


def test_what_is_written_is_read(tmp_path):
    recipe = a_recipe()
    (tmp_path / "r.json").write_text(to_json(recipe), "utf-8")
    again = read_recipe(tmp_path / "r.json")
    assert replace(again, fills=()) == replace(recipe, fills=())
    (one,), (two,) = recipe.fills, again.fills
    assert np.array_equal(two.mask.unpack(), a_mask())
    assert (two.settings, two.device, two.priors, two.result) == (one.settings, one.device, one.priors, one.result)
    assert np.array_equal(two.starts[0].latent, one.starts[0].latent)
    assert replace(two.starts[0], latent=None) == replace(one.starts[0], latent=None)


def test_a_chain_of_fills_is_replayed(library):
    opened = Photo(PIXELS)
    photo, records = opened, []
    for seed, shift in ((1, 0), (2, 15)):
        request = FillRequest(photo.pixels, np.roll(a_mask(), shift, axis=1), FillSettings(seed=seed), previews=False)
        result = run_to_end(fill(request, library=library))
        photo = replace(photo, pixels=filled_pixels(request, result))
        records.append(FillRecord.of(request, result, photo.pixels))
    recipe = parse_recipe(to_json(make_recipe("a.png", opened, photo, records)).encode())
    replayed = run_to_end(replay(recipe, opened, library=library))
    assert replayed.same
    assert np.array_equal(replayed.photo.pixels, photo.pixels)
    other = run_to_end(replay(replace(recipe, after="0" * 64), opened, library=library))
    assert not other.same


def test_a_step_without_a_record_makes_no_recipe():
    with pytest.raises(BadInputError, match="cannot repeat"):
        make_recipe("a.png", Photo(PIXELS), Photo(PIXELS), [a_record(), None])


def test_pixel_hashes_know_type_shape_and_values_but_not_layout():
    wide = PIXELS.astype(np.uint16)
    hashes = {pixel_hash(one) for one in (PIXELS, wide, PIXELS.reshape(100, 80, 3), PIXELS[::-1])}
    assert len(hashes) == 4
    assert pixel_hash(np.asfortranarray(PIXELS)) == pixel_hash(PIXELS)


def set_at(content, place, value):
    *way, last = place
    for key in way:
        content = content[key]
    content[last] = value


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("format",), "inpaintgui-recipe/99", "format"),
        (("shape",), [80, 100], "3 whole numbers"),
        (("shape",), [10**9, 10**9, 3], "shape is impossible"),
        (("shape",), [True, 100, 3], "whole numbers"),
        (("before",), "0", "SHA-256"),
        (("versions",), [], "JSON object"),
        (("fills",), {}, "list of fills"),
        (("fills",), [1], "JSON object"),
        (("fills", 0, "mask", "box"), [0, 0, 10**9, 10**9], "outside"),
        (("fills", 0, "mask", "box"), [5, 5, 5, 5], "empty"),
        (("fills", 0, "mask", "png"), "!!", "base64"),
        (("fills", 0, "mask", "png"), "AAAA", "not a PNG"),
        (("fills", 0, "settings", "telepathy"), 1, "telepathy"),
        (("fills", 0, "settings", "seed"), -1, "seed"),
        (("fills", 0, "settings", "square"), {"x": float("nan"), "y": 0, "side": 1}, "made of numbers"),
        (("fills", 0, "priors", "faces"), 3, "SHA-256"),
        (("fills", 0, "starts", 0, "latent"), "AAA=", "length"),
        (("fills", 0, "starts", 0, "texture"), -1, "texture"),
        (("fills", 0, "starts", 0, "texture"), 10**9, "texture"),
        (("fills", 0, "starts", 0, "texture"), True, "texture"),
        (("fills", 0, "starts", 0, "latent"), base64.b64encode(b"\0\0\xc0\x7f").decode(), "impossible"),
        (("fills", 0, "starts", 0, "square"), None, "no context square"),
    ],
)
def test_a_damaged_recipe_is_refused_with_the_reason(tmp_path, place, value, words):
    content = json.loads(to_json(a_recipe()))
    set_at(content, place, value)
    (tmp_path / "r.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(BadInputError) as caught:
        read_recipe(tmp_path / "r.json")
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_missing_and_a_huge_recipe(tmp_path, monkeypatch):
    with pytest.raises(BadInputError, match="cannot be read"):
        read_recipe(tmp_path / "none.json")
    (tmp_path / "r.json").write_text(to_json(a_recipe()), "utf-8")
    monkeypatch.setattr(limits, "RECIPE_FILE", 10)
    with pytest.raises(BadInputError, match="larger"):
        read_recipe(tmp_path / "r.json")


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_recipe_or_an_error(data):
    for text in (data, b"{" + data, b"[" * 100_000):
        with pytest.raises(JsonError):
            parse_recipe(text)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4)
PLACES = [(key,) for key in ("shape", "versions", "fills", "source", "before")] + [
    ("fills", 0, key) for key in ("mask", "settings", "starts", "device", "priors", "result")
]


@given(place=st.sampled_from(PLACES), value=JSON)
def test_any_value_in_any_place_is_read_or_refused(place, value):
    content = json.loads(to_json(a_recipe()))
    set_at(content, place, value)
    with contextlib.suppress(JsonError):
        assert parse_recipe(json.dumps(content).encode()).shape == (80, 100, 3)


def test_a_steered_race_is_recorded_by_its_winner(library):
    race = RaceControl()
    race.drop(0, 1)
    request = FillRequest(PIXELS, a_mask(), FillSettings(), previews=False, race=race)
    result = run_to_end(fill(request, library=library))
    record = FillRecord.of(request, result, filled_pixels(request, result))
    assert len(record.starts) == len(result.searches)
    assert all(start.exact for start in record.starts)

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inpaintgui.errors import TrainingError
from inpaintgui.training.datasets import (
    HELD_OUT_SHARE,
    CropSampler,
    build_cache,
    centred_square,
    is_held_out,
    load_images,
    mean_square,
)


def test_a_folder_and_a_zip_hold_the_same_images(image_folder: Path, image_zip: Path, tmp_path: Path) -> None:
    from_folder = build_cache(image_folder, tmp_path / "cache", short_side=64)
    from_zip = build_cache(image_zip, tmp_path / "cache", short_side=64)
    assert len(from_folder) == len(from_zip) == 40
    for k in range(40):
        file = image_folder / from_folder.names[k]
        expected = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
        assert np.array_equal(from_folder.image(k), expected)
        assert np.array_equal(from_zip.image(k), expected)


def test_the_second_call_maps_what_the_first_one_wrote(
    image_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_cache(image_folder, tmp_path / "cache", short_side=16)
    monkeypatch.setattr("inpaintgui.training.datasets._write_cache", lambda *_: pytest.fail("decoded again"))
    second = build_cache(image_folder, tmp_path / "cache", short_side=16)
    assert np.array_equal(first.pixels, second.pixels)
    assert first.sizes.min() == 16


def test_what_is_no_image_is_skipped_and_listed(image_folder: Path, tmp_path: Path) -> None:
    (image_folder / "broken.jpg").write_bytes(b"no image")
    (image_folder / "empty.png").write_bytes(b"")
    (image_folder / "notes.txt").write_text("ignored")
    cache = build_cache(image_folder, tmp_path / "cache", short_side=64)
    assert cache.skipped == ("broken.jpg", "empty.png")
    assert len(cache) == 40


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_unusable_data(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "file":
        path.write_text("x")
    elif kind == "empty":
        path.mkdir()
    with pytest.raises(TrainingError):
        build_cache(path, tmp_path / "cache", short_side=64)
    assert not list(tmp_path.rglob("*.partial"))


def test_the_split_depends_on_the_name_alone() -> None:
    names = [f"{k:05}.jpg" for k in range(4000)]
    held_out = [n for n in names if is_held_out(n)]
    assert len(held_out) / 4000 == pytest.approx(HELD_OUT_SHARE, abs=0.01)
    assert held_out == [n for n in reversed(names) if is_held_out(n)][::-1]


def sampler(folder: Path, cache: Path, **changes: object) -> CropSampler:
    built = load_images([folder], cache, short_side=64)
    options: dict = {"images": built, "indices": np.arange(len(built)), "resolution": 8, "batch": 8, "seed": 1}
    return CropSampler(**{**options, **changes})


def test_batches_are_a_function_of_seed_and_step(image_folder: Path, tmp_path: Path) -> None:
    one, two = (sampler(image_folder, tmp_path / "c", smallest_scale=0.5) for _ in range(2))
    assert np.array_equal(one.images_at(7), two.images_at(7))
    assert not np.array_equal(one.images_at(7), one.images_at(8))
    other = sampler(image_folder, tmp_path / "c", smallest_scale=0.5, seed=2)
    assert not np.array_equal(one.images_at(7), other.images_at(7))
    assert one.images_at(0).shape == (8, 8, 8, 3)


def test_every_image_is_seen_once_per_epoch(image_folder: Path, tmp_path: Path) -> None:
    whole = sampler(image_folder, tmp_path / "c", resolution=16, flip=False)
    seen = np.concatenate([whole.images_at(step) for step in range(5)])
    expected = np.stack([centred_square(whole.images.image(k), 16) for k in range(40)])
    order = np.argsort([row.tobytes() for row in seen.reshape(40, -1)])
    expected_order = np.argsort([row.tobytes() for row in expected.reshape(40, -1)])
    assert np.array_equal(seen[order], expected[expected_order])


def test_workers_share_a_batch_that_one_would_have_seen_alone(image_folder: Path, tmp_path: Path) -> None:
    alone = sampler(image_folder, tmp_path / "c", batch=8, smallest_scale=0.5)
    halves = sampler(image_folder, tmp_path / "c", batch=4, smallest_scale=0.5)
    for step in (0, 7):
        parts = [halves.images_at(step, worker=k, workers=2) for k in range(2)]
        assert np.array_equal(np.concatenate(parts), alone.images_at(step))


def test_several_sources_are_numbered_through(image_folder: Path, image_zip: Path, tmp_path: Path) -> None:
    one = load_images([image_folder], tmp_path / "c", short_side=64)
    both = load_images([image_folder, image_zip], tmp_path / "c", short_side=64)
    assert len(both) == 2 * len(one) == 80
    assert both.names[:40] == one.names
    assert both.names[40].startswith("sub/")
    for k in (0, 39):
        assert np.array_equal(both.image(k), one.image(k))
        assert np.array_equal(both.image(40 + k), one.image(k))
    parts = [both.split(held_out=flag) for flag in (True, False)]
    assert sorted(np.concatenate(parts)) == list(range(80))
    assert [is_held_out(both.names[k]) for k in parts[0]] == [True] * len(parts[0])


def test_the_mean_image_is_the_mean_of_what_is_trained_on(image_folder: Path, tmp_path: Path) -> None:
    images = load_images([image_folder], tmp_path / "c", short_side=64)
    chosen = np.array([0, 3, 5])
    squares = np.stack([centred_square(images.image(k), 16) for k in chosen])
    np.testing.assert_allclose(mean_square(images, chosen, 16), squares.mean(axis=0), atol=1e-3)

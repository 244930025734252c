from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch

from inpaintgui.contracts import run_to_end
from inpaintgui.engine.presets import SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.errors import BadInputError
from inpaintgui.training.evaluation import baselines, completing
from inpaintgui.training.evaluation.baselines import baselines_for
from inpaintgui.training.evaluation.completing import complete
from inpaintgui.training.evaluation.evaluate import OURS, Evaluation, MisledPrior, evaluate
from inpaintgui.training.evaluation.images import Squares
from inpaintgui.training.evaluation.masks import center
from inpaintgui.training.evaluation.metrics import psnr, ssim
from inpaintgui.training.evaluation.perceptual import PACKAGES, load_feature_network
from tests.training.evaluation.conftest import CPU, pictures, squares

HOLE = center(16, 0)


@pytest.fixture(scope="module")
def measured(plain: Prior, quick: SearchPreset) -> Evaluation:
    return run_to_end(evaluate(plain, quick, squares(4, 16), "half", seed=7))


def test_figures_belong_to_the_fills(measured: Evaluation) -> None:
    for k in range(4):
        truth, own, hole = measured.images.pixels[k], measured.fills[OURS][k], measured.holes[k]
        assert measured.ours.psnr[k] == psnr(truth, own, hole)
        assert measured.ours.ssim[k] == ssim(truth, own, hole)
    assert (measured.ours.seconds > 0).all()


def test_no_method_changes_a_known_pixel(measured: Evaluation) -> None:
    assert {OURS, "telea", "navier_stokes"} <= set(measured.fills)
    for fills in measured.fills.values():
        assert (fills == measured.images.pixels)[~measured.holes].all()
        assert (fills != measured.images.pixels)[measured.holes].any()


def test_nobody_sees_what_is_in_the_hole(measured: Evaluation, plain: Prior, quick: SearchPreset) -> None:
    known = ~measured.holes[..., None]
    other = Squares(np.where(known, measured.images.pixels, pictures(4, 16, seed=9)), measured.images.names, "other")
    again = run_to_end(evaluate(plain, quick, other, "half", seed=7))
    for name, fills in measured.fills.items():
        assert (again.fills[name] == fills).all(), name


def test_as_json_holds_means_and_paired_intervals(measured: Evaluation) -> None:
    report = json.loads(json.dumps(measured.as_json()))
    assert (report["prior"], report["mask"], report["n"], report["seed"]) == ("plain-tiny", "half", 4, 7)
    assert report["ours"]["psnr"] == pytest.approx(measured.ours.psnr.mean(), abs=1e-4)
    assert report["ours"]["perceptual"] is None
    assert report["interval"]["perceptual"] is None
    assert report["baselines"]["mean"] is None
    assert report["interval"]["psnr_gain"]["mean"] is None
    telea = measured.baselines["telea"]
    assert telea is not None
    gains = measured.ours.psnr - telea.psnr
    low, high = report["interval"]["psnr_gain"]["telea"]
    assert gains.min() - 1e-3 <= low <= gains.mean() <= high <= gains.max() + 1e-3
    assert "ablation" not in report


def test_progress_counts_images(plain: Prior, quick: SearchPreset) -> None:
    assert list(evaluate(plain, quick, squares(3, 16), "box4")) == [1, 2, 3]


def test_the_mean_image_is_a_baseline_where_it_is_known(plain: Prior) -> None:
    mean = torch.linspace(-1.2, 1.2, 3 * 16 * 16).reshape(3, 16, 16)
    fill = baselines_for(dataclasses.replace(plain, mean_image=mean))["mean"]
    assert fill is not None
    filled = fill(pictures(1, 16)[0], HOLE)
    expected = ((mean.clamp(-1, 1) + 1) * 127.5).permute(1, 2, 0).numpy()
    assert np.abs(filled - expected).max() <= 0.5 + 1e-4


def test_patchmatch_takes_part_where_it_is_installed(plain: Prior, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(baselines, "find_spec", lambda _name: None)
        assert baselines_for(plain)["patchmatch"] is None
    pytest.importorskip("patchmatch")
    fill = baselines_for(plain)["patchmatch"]
    assert fill is not None
    shown = np.where(HOLE[..., None], np.uint8(0), pictures(1, 16)[0])
    filled = fill(shown, HOLE)
    assert (filled[HOLE] != 0).any()
    assert (fill(shown, HOLE) == filled).all()


def test_the_network_adds_perceptual_distances(plain: Prior, quick: SearchPreset) -> None:
    for package in PACKAGES:
        pytest.importorskip(package)
    report = run_to_end(evaluate(plain, quick, squares(2, 16), "center", network=load_feature_network(CPU))).as_json()
    assert report["ours"]["perceptual"] > 0
    assert report["baselines"]["telea"]["perceptual"] > 0
    assert len(report["interval"]["perceptual"]) == 2


def test_a_changed_known_pixel_is_a_bug(plain: Prior, quick: SearchPreset, monkeypatch: pytest.MonkeyPatch) -> None:
    def dishonest(problem: Any, *_arguments: Any, **_options: Any) -> Generator[object, None, np.ndarray]:
        yield
        return problem.target + 0.01

    monkeypatch.setattr(completing, "prior_answer", dishonest)
    with pytest.raises(RuntimeError, match="known pixels"):
        complete(plain, quick, pictures(1, 16)[0], HOLE, seed=0)


def test_the_seed_decides(plain: Prior, quick: SearchPreset) -> None:
    image = pictures(1, 16)[0]
    fills = [complete(plain, quick, image, HOLE, seed=seed) for seed in (1, 1, 2)]
    assert (fills[0] == fills[1]).all()
    assert (fills[0] != fills[2]).any()


def test_a_misled_generator_sees_another_context_but_the_losses_do_not(completion: Prior) -> None:
    own, foreign = (torch.from_numpy(p).permute(2, 0, 1)[None] / 127.5 - 1 for p in pictures(2, 32))
    known = torch.from_numpy(~center(32, 0))[None, None].float()
    parts = {name: getattr(completion, name) for name in Prior.__dataclass_fields__}
    seen = MisledPrior(**parts, foreign=foreign).look_at(own, known)
    true, other = completion.look_at(own, known), completion.look_at(foreign, known)
    assert torch.equal(seen.pixels, true.pixels)
    assert seen.conditions is not None
    assert true.conditions is not None
    assert other.conditions is not None
    assert torch.equal(seen.conditions.code, other.conditions.code)
    assert not torch.equal(seen.conditions.code, true.conditions.code)


def test_shuffling_the_context_worsens_and_is_named(completion: Prior, quick: SearchPreset) -> None:
    images = squares(3, 32)
    true, shuffled = (
        run_to_end(evaluate(completion, quick, images, "box8", shuffle_context=shuffle)) for shuffle in (False, True)
    )
    assert shuffled.as_json()["ablation"] == "shuffled context"
    assert (shuffled.fills[OURS] != true.fills[OURS]).any()
    assert (shuffled.fills["telea"] == true.fills["telea"]).all()


def test_only_contexts_that_are_looked_at_can_be_shuffled(plain: Prior, completion: Prior, quick: SearchPreset) -> None:
    with pytest.raises(BadInputError, match="no context"):
        run_to_end(evaluate(plain, quick, squares(2, 16), "center", shuffle_context=True))
    with pytest.raises(BadInputError, match="two images"):
        run_to_end(evaluate(completion, quick, squares(1, 32), "center", shuffle_context=True))

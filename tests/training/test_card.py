from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inpaintgui.errors import BadInputError, TrainingError
from inpaintgui.training.card_record import CardRecord, TrainingRecord
from inpaintgui.training.model_card import update_card
from tests.engine.conftest import write_tiny_prior

TRAINING = TrainingRecord(
    part="generator and discriminator",
    commands=((0, "inpaintgui train dcgan --data photos.zip"), (8, "inpaintgui train dcgan --resume")),
    images=90,
    steps=20,
    images_seen=1280,
    minutes=1.5,
    machine="an abacus",
    losses=("errD_real", "spread"),
    tenths=((10.0, 0.693, None), (20.0, 0.5, 0.25)),
)


def evaluation(mask: str = "center", psnr: float = 20.5, **more: Any) -> dict[str, Any]:
    ours = {"psnr": psnr, "ssim": 0.71, "perceptual": None, "seconds": 0.5}
    baselines = {"telea": {**ours, "psnr": 17.25}, "patchmatch": None}
    interval = {"psnr": [19.0, 22.0], "ssim": [0.6, 0.8], "perceptual": None, "psnr_gain": {}}
    return {"mask": mask, "images": "faces.zip, held out", "n": 40, "ours": ours, "baselines": baselines,
            "interval": interval, **more}  # fmt: skip


def first_guess() -> dict[str, Any]:
    losses = {"random_latent": 900.25, "first_guess": 301.5, "step_200": 350.0}
    return {"mask": "center", "images": "faces.zip", "n": 100, "preset": "published-bamos", "median_loss": losses}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    write_tiny_prior(tmp_path, "faces-tiny", "faces", context_error_median=0.05, context_error_p95=0.1,
                     context_error_images=64)  # fmt: skip
    return tmp_path / "faces-tiny.safetensors"


def test_a_record_survives_the_file(weights: Path) -> None:
    record = CardRecord("grey days only", (TRAINING,), (evaluation(),), {"recall": 0.5}, (first_guess(),))
    record.write(weights)
    assert CardRecord.read(weights) == record
    assert CardRecord.read(weights.with_name("other.safetensors")) == CardRecord()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"trainings": [{}], "evaluations": [], "first_guesses": []}'])
def test_a_damaged_record(weights: Path, text: str) -> None:
    weights.with_suffix(".json").write_text(text)
    with pytest.raises(TrainingError, match="cannot be read"):
        CardRecord.read(weights)


def test_what_measured_the_same_is_replaced_and_nothing_else() -> None:
    record = CardRecord().with_evaluation(evaluation()).with_evaluation(evaluation("half"))
    record = record.with_evaluation(evaluation(psnr=21.0)).with_evaluation(evaluation(ablation="shuffled context"))
    assert [(e["mask"], e["ours"]["psnr"], e.get("ablation")) for e in record.evaluations] == [
        ("center", 21.0, None),
        ("half", 20.5, None),
        ("center", 20.5, "shuffled context"),
    ]
    assert CardRecord().with_training(TRAINING).with_training(TRAINING).trainings == (TRAINING,)


def test_the_card_tells_what_the_record_holds(weights: Path) -> None:
    weights.with_suffix(".jpg").write_bytes(b"a picture")
    update_card(weights, CardRecord("grey days only", (TRAINING,), (evaluation(),), {"recall": 0.5}, (first_guess(),)))
    card = weights.with_suffix(".md").read_text("utf-8")
    for line in (
        "![Unpicked samples.](faces-tiny.jpg)",
        "| this prior, searched | 20.50 (19.00 to 22.00) | 0.710 | – | 0.500 |",
        "| OpenCV, Telea | 17.25 | 0.710 | – | 0.500 |",
        "| `center`, 100 images | 900.2 | 301.5 | 350.0 |",
        "| recall | 0.500 |",
        "    inpaintgui train dcgan --data photos.zip",
        "    # from step 8 on",
        "    inpaintgui train dcgan --resume",
        "90 images, 20 steps, 1,280 images seen, 2 minutes on an abacus.",
        "| 10 | 0.693 | – |",
        "grey days only",
    ):
        assert line in card.splitlines()
    assert "0.05 in the median, below 0.1 for 95 %" in card
    assert "PyPatchMatch" not in card  # it was not there to be compared with
    assert "-fills.jpg" not in card


def test_a_file_that_no_manifest_names(weights: Path) -> None:
    with pytest.raises(BadInputError, match="No manifest"):
        update_card(weights.with_name("other.safetensors"), CardRecord())
    assert not weights.with_name("other.json").exists()

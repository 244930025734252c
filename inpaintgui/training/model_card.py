"""The model card of a prior, as Markdown, from its manifest row and its record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inpaintgui.engine.prior_rows import PriorRow, row_of
from inpaintgui.staged_file import replace_file
from inpaintgui.training.card_record import CardRecord, TrainingRecord

KINDS = {
    "dcgan": "DCGAN (Radford et al. 2016): the latent code alone makes the image.",
    "completion": (
        "Conditional completion network (after CoModGAN, Zhao et al. 2021): the latent code and the context make the "
        "image together."
    ),
}
METHODS = {
    "ours": "this prior, searched",
    "mean": "mean training image",
    "telea": "OpenCV, Telea",
    "navier_stokes": "OpenCV, Navier–Stokes",
    "patchmatch": "PyPatchMatch, radius 3",
}
PICTURES = {
    "": "Unpicked samples.",
    "-fills": "Fills of photos that may be shown, best to worst; for their authors see resources/samples/README.md.",
}
"""Pictures beside the weights file, by what follows its stem."""


def write_card(folder: Path, row: PriorRow, record: CardRecord) -> None:
    """Write ``NAME.md`` beside the weights file."""
    stem = Path(row.file).stem
    pictures = {suffix: text for suffix, text in PICTURES.items() if (folder / f"{stem}{suffix}.jpg").exists()}
    sections = [_head(row)]
    sections += [[f"![{text}]({stem}{suffix}.jpg)", "", text] for suffix, text in pictures.items()]
    sections += [_evaluations(record), _first_guesses(record), _samples(record), _fit(row)]
    sections += [training_section(training) for training in record.trainings]
    if record.limits:
        sections.append(["## Limits", "", record.limits])
    lines = [line for section in sections if section for line in (*section, "")]
    replace_file(folder / f"{stem}.md", ("\n".join(lines).rstrip() + "\n").encode())


def update_card(weights: Path, record: CardRecord) -> None:
    """Write the record beside a weights file, and the card anew. Raises BadInputError if no manifest knows the file."""
    row = row_of(weights)
    record.write(weights)
    write_card(weights.parent, row, record)


def _head(row: PriorRow) -> list[str]:
    support = "z ~ U(-1, 1)" if row.latent_distribution == "uniform" else "z ~ N(0, 1)"
    return [
        f"# {row.title} (`{row.name}`)",
        "",
        KINDS[row.architecture],
        "",
        f"- **Images:** {row.resolution}×{row.resolution}×3; {support}, {row.latent_size} entries.",
        f"- **Data:** {row.data}",
        f"- **Terms:** {row.licence}",
    ]


def training_section(training: TrainingRecord) -> list[str]:
    """How a network was trained."""
    columns = ("up to step", *training.losses)
    return [
        f"## Training: {training.part}",
        "",
        (
            f"{training.images:,} images, {training.steps:,} steps, {training.images_seen:,} images seen, "
            f"{training.minutes:.0f} minutes on {training.machine}."
        ),
        "",
        *(
            f"    {command}" if step == 0 else f"    # from step {step:,} on\n    {command}"
            for step, command in training.commands
        ),
        "",
        "Losses, means over tenths of the run:",
        "",
        *table(columns, ([f"{row[0]:,.0f}", *(_number(v, 3) for v in row[1:])] for row in training.tenths)),
    ]


def _evaluations(record: CardRecord) -> list[str]:
    if not record.evaluations:
        return []
    lines = [
        "## Figures",
        "",
        (
            "Inside the hole, on images that the training never saw: mean PSNR in dB (with the 95 % bootstrap "
            "interval), SSIM, perceptual distance (lower is better), seconds per image."
        ),
    ]
    columns = ("method", "PSNR", "SSIM", "perceptual", "seconds")
    for evaluation in record.evaluations:
        methods = {"ours": evaluation["ours"], **evaluation["baselines"]}
        what = f"Mask `{evaluation['mask']}`, {evaluation['n']} images of {evaluation['images']}"
        if evaluation.get("ablation"):
            what += f", ablation: {evaluation['ablation']}"
        rows = (
            [METHODS[name], *_figures(figures, evaluation.get("interval") if name == "ours" else None)]
            for name, figures in methods.items()
            if figures is not None
        )
        lines += ["", f"{what}:", "", *table(columns, rows)]
    return lines


def _figures(figures: Mapping[str, Any], interval: Mapping[str, Any] | None) -> list[str]:
    psnr = _number(figures["psnr"], 2)
    bounds = (interval or {}).get("psnr")
    if bounds:
        psnr += f" ({_number(bounds[0], 2)} to {_number(bounds[1], 2)})"
    others = (_number(figures.get(name), 3) for name in ("ssim", "perceptual", "seconds"))
    return [psnr, *others]


def _first_guesses(record: CardRecord) -> list[str]:
    if not record.first_guesses:
        return []
    columns = list(record.first_guesses[0]["median_loss"])
    rows = (
        [f"`{figures['mask']}`, {figures['n']} images", *(_number(figures["median_loss"][c], 1) for c in columns)]
        for figures in record.first_guesses
    )
    return [
        "## The encoder's first guess",
        "",
        (
            f"Total loss of the preset `{record.first_guesses[0]['preset']}` (lower is better), medians: of a random "
            "latent, of the encoder's guess, and of the search from the random latent after so many steps."
        ),
        "",
        *table(("mask", *(c.replace("_", " ") for c in columns)), rows),
    ]


def _samples(record: CardRecord) -> list[str]:
    if not record.samples:
        return []
    rows = ([name.replace("_", " "), _number(v, 3)] for name, v in record.samples.items() if isinstance(v, int | float))
    return ["## Samples", "", *table(("figure", "value"), rows)]


def _fit(row: PriorRow) -> list[str]:
    figures = row.metrics
    if "context_error_p95" not in figures:
        return []
    lines = [
        "## Fit",
        "",
        (
            f"The default search on {figures['context_error_images']} held-out images with the middle third of each "
            "side missing: mean absolute error over known pixels (0 to 1) "
            f"{figures['context_error_median']} in the median, below {figures['context_error_p95']} for 95 %. A region "
            "with a clearly larger error is not what this prior was made for, and the program then leaves its answer "
            "out."
        ),
    ]
    if "variety" in figures:
        lines += [
            "",
            (
                "Variety: two of its samples for one context differ in the hole "
                f"{figures['variety']} times as much as two different images do (medians of mean absolute differences; "
                "0: the latent code decides nothing)."
            ),
        ]
    return lines


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"

"""A trained prior as it ships: weights, manifest row, model card, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inpaintgui.engine.presets import preset_called
from inpaintgui.engine.prior_rows import PriorRow, write_manifest_row
from inpaintgui.engine.priors import load_prior, save_prior
from inpaintgui.training.fit import measure_fit
from inpaintgui.training.run_dcgan import PreparedRun, read_losses, sample_sheet, write_sheet


@dataclass(frozen=True)
class CardTexts:
    """What only a person can say about a prior.

    subject: "faces" or "scenes". guide_resolution: see :class:`PriorRow`; None: the prior's own.
    """

    name: str
    title: str
    subject: str
    data: str
    licence: str
    limits: str = ""
    guide_resolution: int | None = None


FIT_IMAGES = 64
"""Held-out images on which an exported prior is measured."""


def export_prior(run: PreparedRun, texts: CardTexts, *, command: str) -> PriorRow:
    """Write weights, sample sheet, model card and manifest row beside the run's ``out``; returns the row.

    command: what started the run, for the card.
    """
    trainer, options = run.trainer, run.options
    config = trainer.config
    generator = trainer.shippable_generator()
    row = PriorRow(
        name=texts.name,
        title=texts.title,
        subject=texts.subject,
        architecture="dcgan",
        resolution=config.resolution,
        guide_resolution=texts.guide_resolution or config.resolution,
        base_width=config.base_width,
        latent_size=config.latent_size,
        latent_distribution="uniform",
        file=options.out.name,
        sha256="",
        licence=texts.licence,
        data=texts.data,
        metrics={
            "steps": trainer.step,
            "images_seen": trainer.step * config.batch,
            "training_minutes": round(trainer.seconds / 60, 1),
        },
    )
    row = save_prior(options.out, row, generator, trainer.discriminator)
    prior = load_prior(options.out, row, device=trainer.device)
    fit = measure_fit(prior, preset_called("default"), run.cache, limit=FIT_IMAGES)
    row = replace(row, metrics={**row.metrics, **fit})
    write_manifest_row(options.out.parent, row)
    write_sheet(options.out.with_suffix(".jpg"), sample_sheet(generator))
    write_card(
        options.out.parent,
        row,
        read_losses(options.losses),
        texts=texts,
        images=len(run.sampler.indices),
        command=command,
    )
    return row


def write_card(
    folder: Path,
    row: PriorRow,
    losses: Sequence[tuple[int, float, float, float]],
    *,
    texts: CardTexts,
    images: int,
    command: str,
) -> None:
    """Write the model card beside the weights file, with ``.md`` in place of its suffix."""
    minutes, seen = row.metrics["training_minutes"], row.metrics["images_seen"]
    lines = [
        f"# {row.title} (`{row.name}`)",
        "",
        (
            f"DCGAN (Radford et al. 2016), {row.resolution}×{row.resolution}×3, z ~ U(-1, 1) with {row.latent_size} "
            "entries; generator and discriminator in half precision."
        ),
        "",
        f"- **Data:** {row.data}",
        f"- **Terms:** {row.licence}",
        (
            f"- **Training:** {images:,} images, {row.metrics['steps']:,} steps, {seen:,} images seen, "
            f"{minutes} minutes. Per batch D once, then G twice; sigmoid cross entropy; DiffAugment; the exponential "
            "moving average of G ships."
        ),
        f"- **Command:** `{command}`",
        "",
        f"![Samples, not picked]({Path(row.file).stem}.jpg)",
        "",
        "Samples from the prior, not picked.",
        "",
        "## Losses",
        "",
        "Sigmoid cross entropy, means over tenths of the run. At equilibrium D's two parts are 0.69 each.",
        "",
        "| steps up to | errD_real | errD_fake | errG |",
        "|---|---|---|---|",
        *_tenths(losses),
    ]
    if "context_error_p95" in row.metrics:
        lines += ["", "## Fit", "", _fit_sentence(row)]
    if texts.limits:
        lines += ["", "## Limits", "", texts.limits]
    (folder / f"{Path(row.file).stem}.md").write_text("\n".join(lines) + "\n", "utf-8")


def _fit_sentence(row: PriorRow) -> str:
    figures = row.metrics
    return (
        f"The default search on {figures['context_error_images']} held-out images with the middle third of each side "
        f"missing: mean absolute error over the known pixels (0 to 1) {figures['context_error_median']} in the median, "
        f"below {figures['context_error_p95']} for 95 %. A region with a clearly larger error is not what this prior "
        "was made for, and the program then leaves its answer out."
    )


def _tenths(losses: Sequence[tuple[int, float, float, float]]) -> list[str]:
    rows = []
    for k in range(10):
        part = losses[len(losses) * k // 10 : len(losses) * (k + 1) // 10]
        if part:
            real, fake, generator = (sum(row[c] for row in part) / len(part) for c in (1, 2, 3))
            rows.append(f"| {part[-1][0]:,} | {real:.3f} | {fake:.3f} | {generator:.3f} |")
    return rows

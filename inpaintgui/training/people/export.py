"""The trained network as it ships: weights, manifest row, card record, model card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inpaintgui.engine.people.finder import PEOPLE
from inpaintgui.engine.people.rows import FinderRow, read_finders, write_finder
from inpaintgui.engine.people.weights import save_people_net
from inpaintgui.errors import BadInputError
from inpaintgui.staged_file import replace_file
from inpaintgui.training.card_record import CardRecord
from inpaintgui.training.export import counts, training_record
from inpaintgui.training.model_card import table, training_section
from inpaintgui.training.people.trainer import PeopleData, PeopleTrainer
from inpaintgui.training.run import RunOptions

PAIRS, COMPOSITES, POINTS = "pairs", "composites", "points"
"""What was measured, as its figures say under “mask”."""

_METHOD = (
    "A convolutional network (coarse to fine and back, after Lin et al. 2017) that says of each pixel how likely it "
    "shows a person. It looks at the photo at up to four scales, of which two neighbouring ones have to agree; the "
    "outlines of what it finds are settled by GrabCut (Rother, Kolmogorov & Blake 2004) or a guided filter (He, Sun & "
    "Tang 2010). It was trained by this program from random weights."
)
_COLUMNS = (
    "IoU: intersection over union of the network's mask, mean and median over the images. Covered: mean share of the "
    "people's pixels that the proposals' silhouettes cover; spilled: pixels beyond, as a share of the people's, median."
)


def export_people(
    trainer: PeopleTrainer, data: PeopleData, options: RunOptions, *, data_note: str, licence: str, limits: str
) -> FinderRow:
    """Write the averaged network and everything that stands beside it; returns the manifest's row."""
    row = FinderRow(
        name=options.out.stem,
        title="People",
        finds=PEOPLE,
        width=trainer.config.width,
        file=options.out.name,
        sha256="",
        licence=licence,
        data=data_note,
        metrics=counts(trainer),
    )
    row = save_people_net(options.out, row, trainer.averaged)
    images = len(data.sampler.chosen) + len(data.sampler.places)
    training = training_record(trainer, options, part="network", images=images)
    record = CardRecord(limits=limits, trainings=(training,))
    write_finder(options.out.parent, row)
    write_people_card(options.out, row, record)
    return row


def finder_row_of(weights: Path) -> FinderRow:
    """The row of a weights file in the manifest beside it. Raises BadInputError if there is none."""
    row = next((row for row in read_finders(weights.parent) if row.file == weights.name), None)
    if row is None:
        raise BadInputError(f"No manifest.toml beside “{weights}” has a row for it.")
    return row


def write_people_card(weights: Path, row: FinderRow, record: CardRecord) -> None:
    """Write the record beside the weights file, and the card ``NAME.md``."""
    record.write(weights)
    sections = [_head(row), _figures(record), *(training_section(training) for training in record.trainings)]
    if record.limits:
        sections.append(["## Limits", "", record.limits])
    lines = [line for section in sections if section for line in (*section, "")]
    replace_file(weights.with_suffix(".md"), ("\n".join(lines).rstrip() + "\n").encode())


def _head(row: FinderRow) -> list[str]:
    return [
        f"# {row.title} (`{row.name}`)",
        "",
        _METHOD,
        "",
        f"- **Data:** {row.data}",
        f"- **Terms:** {row.licence}",
    ]


def _figures(record: CardRecord) -> list[str]:
    measured = {figures["mask"]: figures for figures in record.evaluations}
    lines = ["## Figures", ""] if measured else []
    overlaps = {
        "photos with masks": measured.get(PAIRS),
        "people of 5 to 20 % of the height, pasted onto scenes": measured.get(COMPOSITES),
    }
    rows = [_overlap_line(name, figures) for name, figures in overlaps.items() if figures is not None]
    if rows:
        lines += [
            _COLUMNS,
            "",
            *table(("images", "number", "IoU", "median", "covered", "spilled", "seconds per image"), rows),
            "",
        ]
    finds = measured.get(POINTS)
    if finds is not None:
        lines.append(
            f"{finds['n']} photos of “{finds['images']}” with {finds['people']} people, counted by eye: "
            f"{finds['recall']:.0%} found, {finds['false_alarms']} proposals that are nobody."
        )
    return lines


def _overlap_line(name: str, figures: Mapping[str, Any]) -> list[str]:
    name = f"held-out {name}" if figures.get("held_out") else name
    values = (f"{figures[column]:.3f}" for column in ("iou", "iou_median", "covered", "spilled", "seconds"))
    return [name, str(figures["n"]), *values]

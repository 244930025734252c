"""Follows a recipe: the same fills on the same photo, and what was different from the first time."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch

from inpaintgui.contracts import FillReport, FillRequest, FillStep, Photo
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.fill import fill
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.versions import versions
from inpaintgui.errors import BadInputError, DeviceError
from inpaintgui.session.fills import filled_pixels
from inpaintgui.session.recipe import FillRecord, Recipe, pixel_hash


@dataclass(frozen=True)
class Replayed:
    """What came of it.

    photo: the result. same: whether its pixels are those of the first time. differences: sentences, also where they
    made no difference to the pixels. reports: one per fill.
    """

    photo: Photo
    same: bool
    differences: tuple[str, ...]
    reports: tuple[FillReport, ...]


def replay(
    recipe: Recipe, photo: Photo, *, library: PriorLibrary, device: str | None = None
) -> Generator[FillStep, None, Replayed]:
    """Do the recipe's fills on ``photo``. device: another one than the recipe's.

    Raises BadInputError if the photo has another size or kind of pixels, and what a fill raises.
    """
    if photo.pixels.shape != recipe.shape:
        height, width, channels = recipe.shape
        raise BadInputError(
            f"The recipe is for a photo of {width} × {height} pixels with {channels} channels; this one has "
            f"{photo.width} × {photo.height} with {photo.pixels.shape[2]}."
        )
    with _threads_of(recipe):
        return (yield from _replay(recipe, photo, library, device))


@contextmanager
def _threads_of(recipe: Recipe) -> Iterator[None]:
    """Compute on as many threads as the first time, where there are so many: another split of a sum rounds differently.

    A batch in several processes has fewer threads for each of them.
    """
    before, wanted = torch.get_num_threads(), recipe.versions.get("threads", "")
    if wanted.isdecimal() and 1 <= int(wanted) <= (os.cpu_count() or 1):
        torch.set_num_threads(int(wanted))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _replay(
    recipe: Recipe, photo: Photo, library: PriorLibrary, device: str | None
) -> Generator[FillStep, None, Replayed]:
    differences = [] if pixel_hash(photo.pixels) == recipe.before else ["The photo is not the one of the recipe."]
    reports: list[FillReport] = []
    for number, record in enumerate(recipe.fills, 1):
        chosen, remark = _device(record, device)
        differences += [remark] if remark else []
        request = FillRequest(
            photo.pixels,
            record.mask.unpack(),
            replace(record.settings, device=chosen),
            previews=False,
            starts=record.starts,
            exclusion=None if record.exclusion is None else record.exclusion.unpack(),
        )
        result = yield from fill(request, library=library)
        photo = replace(photo, pixels=filled_pixels(request, result))
        reports.append(result.report)
        differences += _fill_differences(number, record, result.report)
        if pixel_hash(photo.pixels) != record.result:
            differences.append(f"Fill {number} gave other pixels than the first time.")
    here = versions(reports[-1].device if reports else "cpu")
    differences += _version_differences(recipe, here)
    same = pixel_hash(photo.pixels) == recipe.after
    return Replayed(photo, same, tuple(dict.fromkeys(differences)), tuple(reports))


def _device(record: FillRecord, wanted: str | None) -> tuple[str, str]:
    """The device to use, and a remark if it is not the recorded one."""
    if wanted is not None:
        return wanted, "" if wanted == record.device else f"Computed on {wanted}, the first time on {record.device}."
    try:
        return str(resolve_device(record.device)), ""
    except (DeviceError, BadInputError):
        return "auto", f"The device of the first time, {record.device}, is not here."


def _fill_differences(number: int, record: FillRecord, report: FillReport) -> list[str]:
    used = {region.prior: region.prior_hash for region in report.regions}
    told = []
    for name in sorted(used.keys() | record.priors.keys()):
        if name not in used or name not in record.priors:
            told.append(
                f"Fill {number} searched other priors: {', '.join(used)} instead of {', '.join(record.priors)}."
            )
        elif used[name] != record.priors[name]:
            told.append(f"The prior “{name}” is not the one of the first time.")
    return told


def _version_differences(recipe: Recipe, here: dict[str, str]) -> list[str]:
    names = sorted(here.keys() | recipe.versions.keys())
    return [
        f"{name}: {here.get(name, 'none')} here, {recipe.versions.get(name, 'none')} the first time."
        for name in names
        if here.get(name) != recipe.versions.get(name)
    ]

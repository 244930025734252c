"""How long a fill will take, said before it begins.

The work is counted in units whose price on this machine is learnt: every fill notes what its phases took per unit, an
estimate multiplies. Before the first fill the search's price is measured on the spot, that of detail is a guess.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inpaintgui import paths
from inpaintgui.contracts import Box, FillReport, FillRequest, Phase, run_to_end
from inpaintgui.engine.choice import choose_prior, faces_if_needed
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.presets import BUDGETS, SearchPreset
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.regions import find_regions
from inpaintgui.engine.search import requested_preset
from inpaintgui.engine.search_outcome import TUNED
from inpaintgui.engine.variations import TO_CHOOSE_FROM
from inpaintgui.errors import SaveError
from inpaintgui.staged_file import replace_file

log = logging.getLogger(__name__)

BACKWARD = 3.0
"""Price of a pass forward and backward, in passes forward."""

LOOKING = 6.0
"""Price of an encoder's guess or of encoding the context, and of what else a search does once, in passes forward."""

DETAIL_START = 20_000
"""Price of beginning to paint detail, in pixels of hole."""

FIRST_START_PRICE = 0.2
"""Seconds for looking for faces and the like, until a fill has told better."""

FIRST_DETAIL_PRICE = 6e-6
"""Seconds per pixel of hole, until a fill has told better."""

REMEMBERED = 5
"""Fills whose prices count; the median of them is the price."""


@dataclass(frozen=True)
class Work:
    """What a region costs: passes of G forward, pixels of detail."""

    passes: float
    pixels: float


def estimate(request: FillRequest, library: PriorLibrary) -> dict[str, float]:
    """Seconds that the request would take with each budget; empty if there is nothing to fill or nothing to ask.

    Faces are looked for only where several variations are wanted, which cost more in a face than elsewhere: that takes
    longer than all the rest, and one fill costs the same with all priors of one kind.
    """
    if not request.mask.any() or not library.rows():
        return {}
    device = resolve_device(request.settings.device)
    photo = Box(0, 0, request.mask.shape[1], request.mask.shape[0])
    regions = find_regions(request.mask)
    faces = run_to_end(faces_if_needed(request, regions, library)) if request.settings.variations > 1 else ()
    rows = [choose_prior(region, photo, request.settings, library, faces).row for region in regions]
    holes = [int(np.count_nonzero(region.hole)) for region in regions]
    priors = [library.load(row.name, device=device) for row in rows]
    prices = _read()
    seconds = {}
    for name in BUDGETS:
        preset = requested_preset(name, request.settings, regions=len(regions))
        total = _price(prices, "start", FIRST_START_PRICE)
        for prior, pixels in zip(priors, holes, strict=True):
            work = _work(prior, preset, pixels, request.settings.variations)
            total += work.passes * _price(prices, f"{_key(prior)}/{name}", _pass_price(prices, prior))
            total += work.pixels * _price(prices, "detail", FIRST_DETAIL_PRICE)
        seconds[name] = total
    return seconds


def learn(request: FillRequest, report: FillReport, library: PriorLibrary) -> None:
    """Note what a fill's phases took. A file that cannot be written is no reason to bother anybody."""
    if request.starts or report.warnings:
        return  # not the usual work
    prices = _read()
    preset = requested_preset(report.preset, request.settings, regions=len(report.regions))
    _note(prices, "start", max(0.0, report.seconds - sum(sum(told.seconds.values()) for told in report.regions)))
    for region, told in zip(find_regions(request.mask), report.regions, strict=True):
        prior = library.load(told.prior, device=resolve_device(report.device))
        work = _work(prior, preset, int(np.count_nonzero(region.hole)), request.settings.variations)
        price = told.seconds[Phase.SEARCH.value] / work.passes
        _note(prices, _key(prior), price)
        _note(prices, f"{_key(prior)}/{preset.name}", price)  # large batches are cheaper by the piece
        if preset.detail:
            painting = told.seconds[Phase.DETAIL.value] + told.seconds[Phase.BLEND.value]
            _note(prices, "detail", painting / work.pixels)
    _write(prices)


def _work(prior: Prior, preset: SearchPreset, pixels: int, variations: int) -> Work:
    guided = preset.warm_start and prior.encoder is not None
    fitted = preset.for_prior(conditional=prior.conditional, guided=guided, deaf=prior.row.is_deaf)
    drawn = max(fitted.draw, fitted.candidates)
    answers = fitted.candidates + (drawn if prior.conditional else TUNED * fitted.averaged)
    passes = LOOKING + drawn + BACKWARD * fitted.steps * fitted.candidates + answers
    if fitted.mirrored and prior.row.answer == "mean":
        passes *= 2
    if variations > 1 and not prior.conditional:
        passes += prior.row.latent_size + 2 * TO_CHOOSE_FROM * variations
    return Work(passes, variations * (pixels + DETAIL_START))


def _key(prior: Prior) -> str:
    return f"{prior.row.architecture}/{prior.row.resolution}/{prior.row.base_width}/{prior.device}"


def _pass_price(prices: dict[str, list[float]], prior: Prior) -> float:
    key = _key(prior)
    if key not in prices:
        prices[key] = [_measured_pass(prior)]
        _write(prices)
    return _price(prices, key, 0.0)


@torch.no_grad()
def _measured_pass(prior: Prior, count: int = 8) -> float:
    """Seconds that G takes for one latent."""
    side = prior.resolution
    context = prior.look_at(torch.zeros(1, 3, side, side), torch.ones(1, 1, side, side))
    latents = prior.draw(count, torch.Generator().manual_seed(0))
    took = []
    for _ in range(4):  # the first is for warming up
        began = time.perf_counter()
        prior.generate(latents, context)
        took.append(time.perf_counter() - began)
    return min(took) / count


def _price(prices: Mapping[str, Sequence[float]], key: str, otherwise: float) -> float:
    return float(np.median(prices[key])) if prices.get(key) else otherwise


def _note(prices: dict[str, list[float]], key: str, price: float) -> None:
    prices[key] = [*prices.get(key, []), price][-REMEMBERED:]


def _write(prices: Mapping[str, Sequence[float]]) -> None:
    folder = paths.cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / "prices.json", json.dumps(prices).encode())
    except (OSError, SaveError):
        log.warning("the prices of fills cannot be kept", exc_info=True)


def _read() -> dict[str, list[float]]:
    """The prices learnt so far; none if the file is missing or not what it should be."""
    try:
        told = json.loads((paths.cache_dir() / "prices.json").read_bytes())
        return {str(key): [float(price) for price in prices][-REMEMBERED:] for key, prices in told.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}

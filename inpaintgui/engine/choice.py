"""Which prior answers for a region, through which square of the photo, and why."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from inpaintgui.contracts import Box, ContextSquare, FillRequest, FillSettings, RegionContext, Start, run_to_end
from inpaintgui.engine.faces import INSIDE_FACE, Face, finding_faces
from inpaintgui.engine.prior_rows import PriorRow
from inpaintgui.engine.priors import PriorLibrary
from inpaintgui.engine.regions import Region, context_square, find_regions
from inpaintgui.errors import PriorError
from inpaintgui.sentences import Sentence, clauses, say

NORMAL_P95 = 1.6449
"""95th percentile of the standard normal distribution."""

_SPOTS = 8
"""Spots along each side of a region at which it is looked whether a square holds them."""

MISFIT = 1.25
"""A prior does not fit if its context error exceeds this many times what it reaches on its own kind of images."""


@dataclass(frozen=True)
class Choice:
    """The prior for one region. forced: the user named it, so its answer is used even where it fits badly."""

    row: PriorRow
    square: ContextSquare
    reason: Sentence
    forced: bool


def choose_prior(
    region: Region, photo: Box, settings: FillSettings, library: PriorLibrary, faces: Sequence[Face]
) -> Choice:
    """Decide for one region. faces: what was found in the photo. Raises PriorError if no prior is installed."""
    face = next((f for f in faces if f.share_inside(region.box) >= INSIDE_FACE), None)
    forced = settings.prior != "auto"
    if forced:
        row, reason = library.row(settings.prior), say("chosen by the user")
    elif face is not None:
        row, reason = _for_variations(_first_of("faces", library), say("the region lies in a face"), settings, library)
    else:
        why = say("no face was found around the region")
        row, reason = _for_variations(_first_of("scenes", library), why, settings, library)
    square = hand_set(region, settings.squares)
    if square is not None:
        return Choice(row, square, clauses(reason, say("square set by hand")), forced)
    if row.subject == "faces":
        if face is not None:
            return Choice(row, face.square, clauses(reason, say("aligned to the face")), forced)
        centred = say("no face was found to align to, so the square is centred on the region")
        reason = clauses(reason, centred)
    return Choice(row, context_square(region.box, photo, resolution=row.resolution), reason, forced)


def hand_set(region: Region, squares: Sequence[ContextSquare]) -> ContextSquare | None:
    """The square that holds most of the region's box, the last one of several; None if all of them miss it."""
    box = region.box
    spots = [(k + 0.5) / _SPOTS for k in range(_SPOTS)]
    points = [(box.left + u * box.width, box.top + v * box.height) for u in spots for v in spots]
    shares = [sum(square.contains(x, y) for x, y in points) for square in squares]
    most = max(shares, default=0)
    return squares[len(shares) - 1 - shares[::-1].index(most)] if most else None


def contexts(request: FillRequest, library: PriorLibrary) -> tuple[RegionContext, ...]:
    """What priors would see of the regions of a request, before any search; empty if no prior is installed."""
    if not library.rows():
        return ()
    photo = Box(0, 0, request.mask.shape[1], request.mask.shape[0])
    regions = find_regions(request.mask)
    faces = run_to_end(faces_if_needed(request, regions, library))
    found = []
    for region in regions:
        choice = choose_prior(region, photo, request.settings, library, faces)
        by_hand = hand_set(region, request.settings.squares) is not None
        found.append(RegionContext(region.box, choice.row.name, choice.square, by_hand))
    return tuple(found)


def faces_if_needed(
    request: FillRequest, regions: Sequence[Region], library: PriorLibrary
) -> Generator[None, None, Sequence[Face]]:
    """The faces that the regions may belong to, unless the chosen prior has no use for them.

    Yields where it can be given up.
    """
    name = request.settings.prior
    if name != "auto" and library.row(name).subject != "faces":
        return ()
    return (yield from finding_faces(request.pixels, [region.box for region in regions]))


def second_choice(
    choice: Choice, region: Region, photo: Box, settings: FillSettings, library: PriorLibrary
) -> Choice | None:
    """What to try if the prior that was chosen for a face does not fit: one for scenes. None if there is none."""
    scenes = next((row for row in library.rows() if row.subject == "scenes"), None)
    if choice.forced or choice.row.subject != "faces" or scenes is None:
        return None
    row, reason = _for_variations(
        scenes, say("the prior “{name}” does not fit", name=choice.row.name), settings, library
    )
    square = context_square(region.box, photo, resolution=row.resolution)
    return Choice(row, square, reason, forced=False)


def choose_again(start: Start, settings: FillSettings, library: PriorLibrary) -> Choice:
    """The prior and the square of an earlier search, for a region that goes on from it."""
    reason = say("goes on from an earlier search")
    return Choice(library.row(start.prior), start.square, reason, settings.prior != "auto")


def start_for(region: Region, starts: Sequence[Start]) -> Start | None:
    """The start whose box the region shares most with, if the region lies in its square."""

    def shared(start: Start) -> int:
        common = start.box.intersect(region.box)
        return common.width * common.height

    start = max(starts, key=shared, default=None)
    if start is None or not shared(start):
        return None
    return start if start.square.holds(region.box) else None


def _first_of(subject: str, library: PriorLibrary) -> PriorRow:
    rows = library.rows()
    if not rows:
        raise PriorError(say("No prior is installed: the folder of weights is missing or empty."))
    return next((row for row in rows if row.subject == subject), rows[0])


def _for_variations(
    row: PriorRow, reason: Sentence, settings: FillSettings, library: PriorLibrary
) -> tuple[PriorRow, Sentence]:
    """The prior, or one whose fills differ more where several are wanted, and why."""
    varied = _varied_in_place_of(row, library) if settings.variations > 1 else None
    if varied is None:
        return row, reason
    why = say(
        "“{varied}” for the sake of variations: those of “{usual}” are nearly alike", varied=varied.name, usual=row.name
    )
    return varied, clauses(reason, why)


def _varied_in_place_of(row: PriorRow, library: PriorLibrary) -> PriorRow | None:
    """A prior of the same subject whose fills differ more; None if there is none.

    A conditional generator that was trained to reconstruct alone hardly heeds z; an unconditional one has nothing else.
    """
    if row.architecture != "completion" or row.is_varied:
        return None
    others = [other for other in library.rows() if other.subject == row.subject]
    heeding = (other for other in others if other.architecture == "completion" and other.is_varied)
    unconditional = (other for other in others if other.architecture == "dcgan")
    return next(itertools.chain(heeding, unconditional), None)


def typical_error(row: PriorRow) -> float | None:
    """The context error that the prior stays below on 95 % of unseen images of its own kind, if it was measured."""
    value = row.metrics.get("context_error_p95")
    return float(value) if isinstance(value, int | float) else None


def fit_score(row: PriorRow, context_error: float) -> float | None:
    """The share of unseen images of its own kind, 0 to 1, on which the prior errs more than here, if that is known.

    The errors are taken to be log-normal, with the measured median and 95th percentile.
    """
    median, high = row.metrics.get("context_error_median"), row.metrics.get("context_error_p95")
    if not isinstance(median, int | float) or not isinstance(high, int | float) or not 0 < median < high:
        return None
    if context_error <= 0:
        return 1.0
    deviation = math.log(high / median) / NORMAL_P95
    return 0.5 * math.erfc(math.log(context_error / median) / (deviation * math.sqrt(2)))


def largest_fitting_error(row: PriorRow) -> float:
    """The context error up to which the prior fits; infinite where its usual error was never measured."""
    typical = typical_error(row)
    return math.inf if typical is None else MISFIT * typical


def fits(row: PriorRow, context_error: float) -> bool:
    """Whether the prior knows anything like this region. True where its usual error was never measured."""
    return context_error <= largest_fitting_error(row)

"""Fills one photo of a batch, in whatever process it is called. Importing this module imports no heavy library."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from inpaintgui.batch.plan import BatchTask
from inpaintgui.contracts import FillRequest, FillResult, Mask, Outcome, Photo
from inpaintgui.errors import BadInputError, InpaintguiError
from inpaintgui.sentences import in_a_row, say
from inpaintgui.staged_file import make_folder, replace_file

if TYPE_CHECKING:
    from inpaintgui.engine.people.finder import PeopleFinder
    from inpaintgui.engine.priors import PriorLibrary
    from inpaintgui.selecting import Proposal

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class BatchResult:
    """What became of a task. reason: a sentence. pixels: hash of the result's pixels.

    Of a photo that was filled the reason is empty, or says what about its file could not be kept.
    """

    task: BatchTask
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    pixels: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a line of output."""
        return {
            "photo": str(self.task.photo),
            "output": str(self.task.out) if self.outcome in (Outcome.FILLED, Outcome.KEPT) else None,
            "outcome": str(self.outcome),
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
            "pixels_sha256": self.pixels or None,
        }


class Stopped(BaseException):
    """The batch is being ended: whatever runs gives up at its next step."""


def never() -> bool:
    """A batch that nobody ends."""
    return False


@functools.cache
def library() -> PriorLibrary:
    """The priors, once per process: each is loaded by the first photo that needs it and kept for the others."""
    from inpaintgui.engine.priors import PriorLibrary

    return PriorLibrary.shipped()


@functools.cache
def people_finder() -> PeopleFinder:
    """What finds people, once per process, with its network."""
    from inpaintgui.engine.people.finder import PeopleFinder

    return PeopleFinder()


def run_task(task: BatchTask, stopped: Callable[[], bool] = never) -> BatchResult:
    """Do one task. Never raises for a bad photo; raises Stopped once ``stopped()`` is true."""
    started = time.perf_counter()

    def ended(outcome: Outcome, reason: str = "", pixels: str = "") -> BatchResult:
        log.info("%s: %s %s", task.photo, outcome, reason)
        return BatchResult(task, outcome, reason, time.perf_counter() - started, pixels)

    try:
        pixels, notes = _fill(task, stopped)
    except InpaintguiError as error:
        return ended(Outcome.FAILED, error.sentence)
    except MemoryError:
        return ended(Outcome.FAILED, say("There is not enough memory for this photo."))
    except (Stopped, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # one photo's bug must not cost the others; a Rust library's is no Exception
        log.exception("batch: %s", task.photo)
        fault = say("This is a fault of the program: {kind}: {error}", kind=type(error).__name__, error=error)
        return ended(Outcome.FAILED, fault)
    return ended(Outcome.FILLED, in_a_row(notes), pixels) if pixels else ended(Outcome.NOTHING, _nothing(task))


def _nothing(task: BatchTask) -> str:
    if task.find is None:
        return say("The mask is empty.")
    return say("No people were found.") if task.find == "people" else say("No faces were found.")


def _fill(task: BatchTask, stopped: Callable[[], bool]) -> tuple[str, tuple[str, ...]]:
    """Fill and write; the hash of the result's pixels, empty if there is nothing to fill, and notes on its file."""
    from inpaintgui.engine.image_io import check_format, load_mask, load_photo, save_photo
    from inpaintgui.session.fills import filled_pixels
    from inpaintgui.session.recipe import FillRecord

    if task.mask is None and task.find is None:
        raise BadInputError(say("There is no mask for “{photo}”.", photo=task.photo))
    photo = load_photo(task.photo)
    mask = _mask(task, photo, stopped)
    if not mask.any():
        return "", ()
    check_format(task.out, photo)
    shape = (photo.height, photo.width)
    exclusion = None if task.exclude is None else load_mask(task.exclude, shape)
    request = FillRequest(photo.pixels, mask, task.settings, previews=False, exclusion=exclusion)
    result = _filled(request, stopped)
    filled = replace(photo, pixels=filled_pixels(request, result))
    record = FillRecord.of(request, result, filled.pixels)
    make_folder(task.out.parent)
    if task.recipe is not None:
        _write_recipe(task, photo, filled, record)
    return record.result, save_photo(task.out, filled)


def _filled(request: FillRequest, stopped: Callable[[], bool]) -> FillResult:
    from inpaintgui.engine.fill import fill

    return _driven(fill(request, library=library()), stopped)


def _driven(job: Generator[object, None, _Result], stopped: Callable[[], bool]) -> _Result:
    """The job's result; raises Stopped if the batch is being ended before."""
    try:
        while not stopped():
            next(job)
    except StopIteration as end:
        result: _Result = end.value
        return result
    finally:
        job.close()
    raise Stopped


def _mask(task: BatchTask, photo: Photo, stopped: Callable[[], bool]) -> Mask:
    from inpaintgui.engine.image_io import load_mask

    shape = photo.pixels.shape[:2]
    if task.mask is not None:
        return load_mask(task.mask, (shape[0], shape[1]))
    if task.find == "people":
        return silhouettes((shape[0], shape[1]), _driven(people_finder().find(photo.pixels), stopped))
    from inpaintgui.engine.faces import find_faces

    return ellipses((shape[0], shape[1]), [face.square for face in find_faces(photo.pixels)])


def silhouettes(shape: tuple[int, int], proposals: Iterable[Proposal]) -> Mask:
    """A mask of ``shape`` (H, W) with the silhouettes of all proposals."""
    mask = np.zeros(shape, np.uint8)
    for proposal in proposals:
        there = mask[proposal.part.box.slices]
        np.maximum(there, proposal.part.values, out=there)
    return mask


def ellipses(shape: tuple[int, int], squares: Any) -> Mask:
    """A mask of ``shape`` (H, W) with the ellipse inside each ContextSquare, three quarters as wide as it is high."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    mask = np.zeros(shape, np.uint8)
    for square in squares:
        radius = square.side / 2
        across = (columns + 0.5 - square.x - radius) / (0.75 * radius)
        down = (rows + 0.5 - square.y - radius) / radius
        mask[across**2 + down**2 <= 1] = 255
    return mask


def _write_recipe(task: BatchTask, photo: Photo, filled: Photo, record: Any) -> None:
    from inpaintgui.engine.recipe_file import make_recipe, to_json

    if task.recipe is not None:
        replace_file(task.recipe, to_json(make_recipe(task.photo.name, photo, filled, [record])).encode())

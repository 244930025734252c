"""Which photos, which mask for each, and where the results go. Settled before anything is filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inpaintgui.contracts import FillSettings, Holes
from inpaintgui.engine.image_io import FORMATS_BY_SUFFIX, READ_SUFFIXES
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import say

_MASK_SUFFIXES = (".png", ".tif", ".tiff", ".webp", ".bmp", ".jpg", ".jpeg")
RECIPE_SUFFIX = ".recipe.json"


@dataclass(frozen=True)
class BatchTask:
    """One photo to fill; can be sent to another process.

    mask: None if there is none or ``find`` says what to do. exclude: mask of what must not be copied from.
    """

    photo: Path
    out: Path
    mask: Path | None = None
    find: str | None = None
    settings: FillSettings = field(default_factory=FillSettings)
    recipe: Path | None = None
    exclude: Path | None = None


def plan(
    inputs: Sequence[Path], holes: Holes, out: Path, settings: FillSettings, *, recipes: bool = False
) -> tuple[BatchTask, ...]:
    """One task per photo, in an order that is the same wherever the same files lie.

    inputs: photos and folders of photos; a folder's own sub-folders appear again under ``out``. recipes: write one
    beside each result. Raises BadInputError if an input is missing, or two results would have the same name, or a
    result that of a photo or mask.
    """
    tasks = []
    for photo, name in _photos(inputs):
        target = out / name
        if target.suffix.lower() not in FORMATS_BY_SUFFIX:
            target = target.with_name(target.name + ".png")
        mask = holes.mask if holes.folder is None else _mask_in(holes.folder, name)
        recipe = target.with_name(target.name + RECIPE_SUFFIX) if recipes else None
        tasks.append(BatchTask(photo, target, mask, holes.find, settings, recipe))
    if not tasks:
        raise BadInputError(say("There is no photo among the inputs."))
    _check_targets(tasks)
    return tuple(tasks)


def shard(tasks: Sequence[BatchTask], number: int, count: int) -> tuple[BatchTask, ...]:
    """The part ``number`` (from 1) of ``count`` parts, which together are all tasks. Raises BadInputError."""
    if not 1 <= number <= count:
        raise BadInputError(say("There is no part {number} of {count}.", number=number, count=count))
    return tuple(tasks[number - 1 :: count])


def _photos(inputs: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Photos and their names below the folder that was named."""
    for path in inputs:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file())
            for file in files:
                if file.suffix.lower() in READ_SUFFIXES:
                    yield file, file.relative_to(path)
        elif path.exists():
            yield path, Path(path.name)
        else:
            raise BadInputError(say("There is no file or folder “{path}”.", path=path))


def _mask_in(folder: Path, name: Path) -> Path | None:
    """The mask of the photo called ``name``: of the same name, or with “-mask” added, in any lossless format."""
    for stem in (name.stem, f"{name.stem}-mask"):
        for suffix in _MASK_SUFFIXES:
            path = folder / name.with_name(stem + suffix)
            if path.is_file():
                return path
    return None


def _check_targets(tasks: Sequence[BatchTask]) -> None:
    sources = {task.photo.resolve(): task.photo for task in tasks}
    sources |= {task.mask.resolve(): task.mask for task in tasks if task.mask is not None}
    targets: dict[Path, Path] = {}
    for task in tasks:
        target = task.out.resolve()
        if target in sources:
            raise BadInputError(
                say("A result would overwrite “{path}”; choose another folder for the results.", path=sources[target])
            )
        if target in targets:
            raise BadInputError(
                say(
                    "“{first}” and “{second}” would give results of the same name.",
                    first=targets[target],
                    second=task.photo,
                )
            )
        targets[target] = task.photo

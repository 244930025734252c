"""``inpaintgui batch``: fill many photos, go on after a bad one, and say what became of each."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inpaintgui.batch.begin import begin
from inpaintgui.batch.plan import BatchTask
from inpaintgui.batch.run import Batch, run_here, run_in_processes, run_on_cluster
from inpaintgui.batch.work import BatchResult
from inpaintgui.contracts import FOUND, BatchOrder, Existing, FillSettings, Holes, Outcome
from inpaintgui.settings import declarations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``inpaintgui batch`` takes."""
    parser.description = (
        "Fill many photos. Results have the photos' names in another folder. A photo that fails does not stop the "
        "others. Exit code 0: all done; 1: some failed, each with its reason; 2: bad use, and nothing was begun."
    )
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="photo, or folder of photos")
    holes = parser.add_mutually_exclusive_group(required=True)
    holes.add_argument("--mask", type=Path, metavar="FILE", help="one mask for all photos, white = hole")
    holes.add_argument("--masks", type=Path, metavar="DIR", help="masks NAME.png or NAME-mask.png for photos NAME.*")
    holes.add_argument("--find", choices=FOUND, help="fill what is found in the photo")
    parser.add_argument("--exclude", type=Path, metavar="FILE", help="mask for all photos: white is never copied from")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument("--shard", type=_part, metavar="I/N", help="do only part I of N, for example on machine I")
    parser.add_argument("--cluster", metavar="ADDRESS", help="fill on the workers of this Dask scheduler")
    there = parser.add_mutually_exclusive_group()
    there.add_argument("--resume", action="store_true", help="keep results that are there, do the others")
    there.add_argument("--overwrite", action="store_true", help="do all, replace results that are there")
    parser.add_argument("--recipes", action="store_true", help="write NAME.recipe.json beside each result")
    parser.add_argument("--json", action="store_true", help="one JSON object per photo on stdout, as they are ready")
    for item in declarations():
        if item.fill:
            parser.add_argument(item.flag, type=item.kind, default=item.default, help=item.help)


def _part(text: str) -> tuple[int, int]:
    try:
        number, count = (int(part) for part in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not I/N, such as 1/4") from None
    return number, count


def run(arguments: argparse.Namespace) -> int:
    """Carry the command out. Returns the exit code."""
    settings = FillSettings(
        **{item.name: item.check(getattr(arguments, item.name)) for item in declarations() if item.fill}
    )
    existing = Existing.KEEP if arguments.resume else Existing.REPLACE if arguments.overwrite else Existing.REFUSE
    order = BatchOrder(
        inputs=tuple(arguments.inputs),
        holes=Holes(arguments.mask, arguments.masks, arguments.find),
        out=arguments.out,
        settings=settings,
        existing=existing,
        recipes=arguments.recipes,
        exclude=arguments.exclude,
        jobs=arguments.jobs,
    )
    begun = begin(order, arguments.shard or (1, 1))
    counts = _report(begun.kept, _batch(begun.waiting, arguments), len(begun.tasks), as_json=arguments.json)
    return 1 if counts[Outcome.FAILED] else 0


def _batch(tasks: Sequence[BatchTask], arguments: argparse.Namespace) -> Batch:
    if arguments.cluster is not None:
        return run_on_cluster([_absolute(task) for task in tasks], arguments.cluster)
    if arguments.jobs > 1 and len(tasks) > 1:
        return run_in_processes(tasks, arguments.jobs)
    return run_here(tasks)


def _absolute(task: BatchTask) -> BatchTask:
    """The same task for a process with another working folder."""
    return replace(
        task,
        photo=task.photo.absolute(),
        out=task.out.absolute(),
        mask=task.mask.absolute() if task.mask is not None else None,
        recipe=task.recipe.absolute() if task.recipe is not None else None,
        exclude=task.exclude.absolute() if task.exclude is not None else None,
    )


def _report(kept: Sequence[BatchResult], batch: Batch, total: int, *, as_json: bool) -> Counter[Outcome]:
    """Tell about every result as it comes; how many there are of each outcome."""
    from tqdm import tqdm

    counts: Counter[Outcome] = Counter()
    with tqdm(total=total, file=sys.stderr, unit="photo") as bar:

        def tell(result: BatchResult) -> None:
            counts[result.outcome] += 1
            bar.update()
            with bar.external_write_mode(file=sys.stdout):
                print(json.dumps(result.as_json(), ensure_ascii=False) if as_json else _line(result), flush=True)

        for result in kept:
            tell(result)
        try:
            for result in batch:
                tell(result)
        finally:
            batch.close()
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    print(f"{total} photos: {told}", file=sys.stderr)
    return counts


def _line(result: BatchResult) -> str:
    if result.outcome is Outcome.FILLED:
        note = f" {result.reason}" if result.reason else ""
        return f"{result.task.photo} → {result.task.out} ({result.seconds:.1f} s){note}"
    return f"{result.task.photo}: {result.outcome}: {result.reason}"

"""``inpaintgui replay``: does what a recipe says on its photo, and tells whether the pixels are the same."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from inpaintgui.errors import BadInputError

DIFFERENT = 3
"""Exit code: the result was written, but its pixels are not those of the first time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``inpaintgui replay`` takes."""
    parser.description = (
        "Repeat the fills that a recipe describes. On the same machine the pixels are the same; elsewhere it says what "
        f"is different. Exit code 0: the same pixels; {DIFFERENT}: written, but with other pixels."
    )
    parser.add_argument("recipe", type=Path, metavar="RECIPE", help="file written by --recipe or beside an export")
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="the photo that was filled")
    parser.add_argument("-o", "--out", type=Path, required=True, help="file to write; its suffix is the format")
    parser.add_argument("--device", help="another device than the recipe's: auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Carry the command out. Returns the exit code."""
    from inpaintgui.engine.image_io import load_photo, save_photo
    from inpaintgui.engine.priors import PriorLibrary
    from inpaintgui.engine.recipe_file import read_recipe
    from inpaintgui.engine.replay import replay
    from inpaintgui.progress import watch

    for read in (arguments.photo, arguments.recipe):
        if arguments.out.exists() and read.exists() and arguments.out.samefile(read):
            raise BadInputError(f"The result would overwrite “{read}”; choose another name for it.")
    recipe = read_recipe(arguments.recipe)
    photo = load_photo(arguments.photo)
    job = replay(recipe, photo, library=PriorLibrary.shipped(), device=arguments.device)
    replayed = watch(job)
    for note in save_photo(arguments.out, replayed.photo):
        print(f"note: {note}", file=sys.stderr)
    if arguments.json:
        told = {
            "output": str(arguments.out),
            "same": replayed.same,
            "differences": list(replayed.differences),
            "fills": [asdict(report) for report in replayed.reports],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"{arguments.out}: {'the same pixels' if replayed.same else 'OTHER PIXELS'} as the first time")
        for difference in replayed.differences:
            print(f"note: {difference}", file=sys.stderr)
    return 0 if replayed.same else DIFFERENT

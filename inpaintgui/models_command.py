"""``inpaintgui models``: list, import, look at and play with priors."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inpaintgui import paths
from inpaintgui.contracts import ContextSquare, Photo
from inpaintgui.errors import BadInputError

if TYPE_CHECKING:
    from torch import Tensor

    from inpaintgui.engine.prior import Context, Prior

MOST_STEPS = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of ``inpaintgui models``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the priors that can be searched, and what finds people")
    listing.add_argument("--json", action="store_true", help="as one JSON array on stdout")
    _declare_import(actions.add_parser("import", help="add a prior from a weights file"))
    _declare_sample(actions.add_parser("sample", help="a sheet of what a prior makes, numbered"))
    _declare_morph(actions.add_parser("morph", help="walk from one sample to another, or add and subtract samples"))


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action. Returns the exit code."""
    handlers: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list,
        "import": _import,
        "sample": _sample,
        "morph": _morph,
    }
    handlers[arguments.action](arguments)
    return 0


def _declare_import(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Add a prior: a safetensors file of this program, or a checkpoint in the layout of PyTorch's DCGAN tutorial "
        "(.pth, .pt, .tar) with or without its discriminator. Code in a file is never run."
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--name", help="what to call it (default: the file's name)")
    parser.add_argument("--title", metavar="T", help="one line for the user interface")
    parser.add_argument("--subject", choices=("faces", "scenes"), help="what its images show (default: scenes)")
    parser.add_argument("--licence", metavar="TEXT", help="terms under which the weights may be used")
    parser.add_argument("--data", metavar="TEXT", help="what it was trained on")
    parser.add_argument("--replace", action="store_true", help="put it in the place of a prior of the same name")
    parser.add_argument("--json", action="store_true", help="print the new prior as one JSON object on stdout")


def _declare_sample(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write a sheet of samples. Each has a number, SEED:NUMBER, by which “models morph” knows it."
    parser.add_argument("name", metavar="NAME", help="see “inpaintgui models list”")
    parser.add_argument("-n", "--count", type=int, default=16, metavar="N", help="how many (default: 16)")
    parser.add_argument("--columns", type=int, default=8, metavar="N", help="samples side by side (default: 8)")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    _declare_picture(parser)


def _declare_morph(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write a strip of pictures: either from one sample to another, or the means of groups of samples and what "
        "comes of adding and subtracting them, such as --plus (smiling women) --minus (neutral women) --plus "
        "(neutral men). Samples are named SEED:NUMBER, as “models sample” counts them."
    )
    parser.add_argument("name", metavar="NAME", help="see “inpaintgui models list”")
    walk = parser.add_argument_group("a walk")
    walk.add_argument("--from", dest="start", metavar="S:K", help="the first sample")
    walk.add_argument("--to", dest="end", metavar="S:K", help="the last sample")
    walk.add_argument("--steps", type=int, metavar="N", help="pictures, both ends included (default: 8)")
    sums = parser.add_argument_group("a sum (each option may be given several times)")
    sums.add_argument("--plus", action="append", default=[], metavar="S:K,S:K,…", help="add the mean of these")
    sums.add_argument("--minus", action="append", default=[], metavar="S:K,S:K,…", help="subtract the mean of these")
    _declare_picture(parser)


def _declare_picture(parser: argparse.ArgumentParser) -> None:
    context = parser.add_argument_group("context (for priors that complete images)")
    context_help = "photo whose largest centred square is completed"
    context.add_argument("--context", type=Path, metavar="PHOTO", help=context_help)
    context.add_argument("--mask", type=Path, help="image of the photo's size, white = hole")
    parser.add_argument("-o", "--out", type=Path, required=True, help="picture to write; its suffix is the format")
    parser.add_argument("--overwrite", action="store_true", help="write even if there is such a file")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--json", action="store_true", help="print what was made as one JSON object on stdout")


def _list(arguments: argparse.Namespace) -> None:
    from inpaintgui.engine.people.finder import installed_finders
    from inpaintgui.engine.priors import PriorLibrary

    infos = PriorLibrary.shipped().infos()
    if arguments.json:
        print(json.dumps([dataclasses.asdict(info) for info in infos], ensure_ascii=False, indent=2))
        return
    for info in infos:
        size = f"{info.resolution}×{info.resolution}"
        print(f"{info.name:16} {size:9} {info.architecture:8} {info.title}\n{'':16} {info.licence}")
    for _, row in installed_finders().values():
        print(f"{row.name:16} {'':9} {'finder':8} {row.title}\n{'':16} {row.licence}")


def _import(arguments: argparse.Namespace) -> None:
    from inpaintgui.engine.import_prior import ImportWishes, import_prior
    from inpaintgui.engine.priors import PriorLibrary

    wishes = ImportWishes(
        name=arguments.name,
        title=arguments.title,
        subject=arguments.subject,
        licence=arguments.licence,
        data=arguments.data,
        replace=arguments.replace,
    )
    folder = paths.user_weights()
    row = import_prior(arguments.file, wishes, folder=folder, library=PriorLibrary.shipped())
    if arguments.json:
        told = {**dataclasses.asdict(row.info()), "path": str(folder / row.file), "sha256": row.sha256}
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    print(f"{row.name}: {row.title}, {row.architecture}, {row.resolution}×{row.resolution}, in {folder / row.file}")
    print(f"Its card is {folder / f'{row.name}.md'}. “inpaintgui models sample {row.name}” shows what it makes,")
    print(f"“inpaintgui fill --prior {row.name}” fills with it.")


def _sample(arguments: argparse.Namespace) -> None:
    from inpaintgui.engine.latent_play import LARGEST_SEED, MOST_SAMPLES, SampleNumber, numbered_latents

    if not 1 <= arguments.count <= MOST_SAMPLES:
        raise BadInputError(f"-n must lie between 1 and {MOST_SAMPLES:,}.")
    if not 1 <= arguments.columns <= MOST_STEPS:
        raise BadInputError(f"--columns must lie between 1 and {MOST_STEPS}.")
    if not 0 <= arguments.seed <= LARGEST_SEED:
        raise BadInputError("--seed must be a number from 0 to 2⁶³ - 1.")
    prior, context = _opened(arguments)
    latents = numbered_latents(prior, arguments.count, arguments.seed)
    numbers = [str(SampleNumber(arguments.seed, k)) for k in range(arguments.count)]
    _write_sheet(arguments, prior, context, latents, numbers, columns=arguments.columns)
    samples = [
        {"sample": number, "row": k // arguments.columns, "column": k % arguments.columns}
        for k, number in enumerate(numbers)
    ]
    last = f" to {numbers[-1]}" if len(numbers) > 1 else ""
    _tell(arguments, {"seed": arguments.seed, "samples": samples}, f"samples {numbers[0]}{last}, row by row")


def _morph(arguments: argparse.Namespace) -> None:
    walk = arguments.start is not None or arguments.end is not None or arguments.steps is not None
    if walk and (arguments.plus or arguments.minus):
        raise BadInputError("Either walk, with --from and --to, or add, with --plus and --minus; not both at once.")
    if arguments.plus or arguments.minus:
        _add_up(arguments)
    elif arguments.start is not None and arguments.end is not None:
        _walk(arguments)
    else:
        raise BadInputError("Say what to do: --from S:K --to S:K for a walk, or --plus S:K,S:K … for a sum.")


def _walk(arguments: argparse.Namespace) -> None:
    from inpaintgui.engine.latent_play import SampleNumber, interpolate, latent_of

    steps = 8 if arguments.steps is None else arguments.steps
    if not 2 <= steps <= MOST_STEPS:
        raise BadInputError(f"--steps must lie between 2 and {MOST_STEPS}.")
    start, end = SampleNumber.parse(arguments.start), SampleNumber.parse(arguments.end)
    prior, context = _opened(arguments)
    distribution = prior.row.latent_distribution
    latents = interpolate(latent_of(prior, start), latent_of(prior, end), steps, distribution=distribution)
    captions = [f"{k / (steps - 1):.0%}" for k in range(steps)]
    captions[0], captions[-1] = str(start), str(end)
    _write_sheet(arguments, prior, context, latents, captions, columns=steps)
    _tell(arguments, {"from": str(start), "to": str(end), "steps": steps}, f"from {start} to {end} in {steps} pictures")


def _add_up(arguments: argparse.Namespace) -> None:
    import torch

    from inpaintgui.engine.latent_play import SampleNumber, arithmetic, latent_of

    groups = {
        sign: [[SampleNumber.parse(part) for part in text.split(",")] for text in texts]
        for sign, texts in (("plus", arguments.plus), ("minus", arguments.minus))
    }
    prior, context = _opened(arguments)
    latents = {
        sign: [torch.stack([latent_of(prior, number) for number in group]) for group in found]
        for sign, found in groups.items()
    }
    means, result = arithmetic(prior, latents["plus"], latents["minus"])
    captions = [f"{sign} {_short(g)}" for sign, found in zip("+-", groups.values(), strict=True) for g in found]
    pictures = torch.cat([means, result[None]])
    _write_sheet(arguments, prior, context, pictures, [*captions, "= result"], columns=len(pictures))
    told = {sign: [[str(number) for number in group] for group in found] for sign, found in groups.items()}
    _tell(arguments, told, "the groups' means, first what is added, then what is subtracted, then the result")


def _short(group: list[Any]) -> str:
    """A group as a caption that fits under its picture."""
    return str(group[0]) if len(group) == 1 else f"mean of {len(group)}"


def _opened(arguments: argparse.Namespace) -> tuple[Prior, Context | None]:
    """The prior and, for one that completes images, its context. Nothing is computed if the result has no place."""
    from inpaintgui.engine.devices import resolve_device
    from inpaintgui.engine.priors import PriorLibrary

    _check_out(arguments)
    library = PriorLibrary.shipped()
    completes = library.row(arguments.name).architecture == "completion"
    if not completes and (arguments.context or arguments.mask):
        raise BadInputError(f"“{arguments.name}” makes whole images: it looks at no --context and no --mask.")
    if completes and not (arguments.context and arguments.mask):
        raise BadInputError(f"“{arguments.name}” completes images: give it a --context PHOTO and a --mask.")
    prior = library.load(arguments.name, device=resolve_device(arguments.device))
    return prior, _context(prior, arguments.context, arguments.mask) if completes else None


def _check_out(arguments: argparse.Namespace) -> None:
    out: Path = arguments.out
    if not out.exists():
        return
    if any(source is not None and source.exists() and out.samefile(source) for source in _sources(arguments)):
        raise BadInputError("The picture would overwrite the photo or its mask; choose another name for it.")
    if not arguments.overwrite:
        raise BadInputError(f"“{out}” exists already: choose another name, or say --overwrite.")


def _sources(arguments: argparse.Namespace) -> tuple[Path | None, Path | None]:
    return arguments.context, arguments.mask


def _context(prior: Prior, photo_path: Path, mask_path: Path) -> Context:
    """What is known in the photo's largest centred square."""
    import torch

    from inpaintgui.engine.image_io import load_mask, load_photo
    from inpaintgui.engine.regions import search_problem

    photo = load_photo(photo_path)
    mask = load_mask(mask_path, (photo.height, photo.width))
    side = min(photo.height, photo.width)
    square = ContextSquare((photo.width - side) // 2, (photo.height - side) // 2, side)
    problem = search_problem(photo.pixels, mask, square, prior.resolution)
    if problem.known.all() or not problem.known.any():
        what = "no hole" if problem.known.all() else "nothing but a hole"
        raise BadInputError(f"There is {what} in the photo's largest centred square, so there is nothing to complete.")
    pixels = torch.from_numpy(problem.target * 2 - 1).permute(2, 0, 1)[None]
    return prior.look_at(pixels, torch.from_numpy(problem.known)[None, None])


def _write_sheet(
    arguments: argparse.Namespace,
    prior: Prior,
    context: Context | None,
    latents: Tensor,
    captions: list[str],
    *,
    columns: int,
) -> None:
    from inpaintgui.engine.image_io import save_photo
    from inpaintgui.engine.latent_play import pictures_of
    from inpaintgui.engine.picture_sheet import picture_sheet

    sheet = picture_sheet(pictures_of(prior, latents, context), captions, columns=columns)
    save_photo(arguments.out, Photo(sheet))


def _tell(arguments: argparse.Namespace, told: dict[str, Any], sentence: str) -> None:
    if arguments.json:
        whole = {"output": str(arguments.out), "prior": arguments.name, **told}
        print(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        print(f"{arguments.out}: {sentence}")

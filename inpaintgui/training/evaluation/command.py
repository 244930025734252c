"""``inpaintgui evaluate``: how good a prior is, in figures and pictures."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.people.finder import PEOPLE
from inpaintgui.engine.presets import preset_called
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary, open_prior
from inpaintgui.engine.search import with_candidates
from inpaintgui.errors import BadInputError
from inpaintgui.training.card_record import CardRecord
from inpaintgui.training.evaluation.evaluate import OURS, Evaluation, Scores, evaluate
from inpaintgui.training.evaluation.first_guess import measure_first_guess
from inpaintgui.training.evaluation.images import load_squares
from inpaintgui.training.evaluation.masks import NAMED
from inpaintgui.training.evaluation.perceptual import FeatureNetwork, load_feature_network
from inpaintgui.training.evaluation.sample_quality import SampleQuality, measure_samples
from inpaintgui.training.evaluation.sheet import fill_sheet, labelled_rows
from inpaintgui.training.evaluation.watching import watched
from inpaintgui.training.model_card import update_card
from inpaintgui.training.people import evaluate as people
from inpaintgui.training.run import write_sheet

FILLS, SAMPLES = 100, 1000
"""Images that are filled, and samples that are drawn at most, where no limit is given."""

ARTICLE, SEARCH_STEPS = "published-bamos", (50, 100, 200)
"""What a first guess is compared with: this preset after so many steps."""

TRAINING_IMAGES = 10_000
"""Training images at most among which the neighbours of samples are looked for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui evaluate``."""
    parser.description = (
        "Measure a prior on images that it was not trained on, beside plain baselines; or the finder of people."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--prior", metavar="NAME|FILE", help="a prior's name or its .safetensors file")
    people_help = "measure finding people instead, with the installed network or another weights file"
    what.add_argument("--people", nargs="?", const=PEOPLE, metavar="FILE", help=people_help)
    parser.add_argument("--images", type=Path, required=True, metavar="PATH", help="zip file or folder of images")
    masks = f"{', '.join(NAMED)}, boxN (N pixels) or a zip of masks; several: repeat, or separate by commas"
    parser.add_argument("--mask", action="append", metavar="KIND", help=masks)
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help=f"images, evenly spread (default: {FILLS}; with --samples at most {SAMPLES})",
    )
    parser.add_argument("--held-out", action="store_true", help="only images that a training on PATH leaves out")
    parser.add_argument("--json", action="store_true", help="one JSON object per kind of mask, one a line, on stdout")
    parser.add_argument("--sheet", type=Path, metavar="FILE.jpg", help="write some fills, from the best to the worst")
    shuffle = "show the generator of a completion prior the context of another image"
    parser.add_argument("--shuffle-context", action="store_true", help=shuffle)
    samples = parser.add_argument_group("samples (the images of PATH that a training leaves out, and all others)")
    samples.add_argument("--samples", action="store_true", help="measure G's samples instead of fills")
    neighbours = "write 16 samples above the nearest training images"
    samples.add_argument("--neighbours-sheet", type=Path, metavar="FILE.jpg", help=neighbours)
    guess = parser.add_argument_group("first guess")
    guess_help = "compare the loss of the encoder's first guess with the steps of a search from a random latent"
    guess.add_argument("--first-guess", action="store_true", help=guess_help)
    people.add_arguments(parser)
    parser.add_argument("--card", action="store_true", help="put the figures into the model card")
    search = parser.add_argument_group("search")
    search.add_argument("--preset", default="normal", help="draft, normal, best, published-bamos or published-yeh")
    search.add_argument("--candidates", type=int, metavar="N", help="latents searched at once")
    search.add_argument("--seed", type=int, default=0, metavar="N")
    search.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; returns the exit code."""
    _check_numbers(arguments)
    if arguments.people is not None:
        return people.run(arguments)
    _check(arguments)
    device = resolve_device(arguments.device)
    prior = open_prior(arguments.prior, device=device)
    network = load_feature_network(device)
    if network is None and not arguments.samples:
        print("note: no perceptual distance: install inpaintgui[evaluation] for it", file=sys.stderr)
    if arguments.samples:
        return _samples(arguments, prior, network)
    if arguments.first_guess:
        return _first_guesses(arguments, prior)
    return _fills(arguments, prior, network)


def _check_numbers(arguments: argparse.Namespace) -> None:
    if arguments.limit is not None and arguments.limit < 1:
        raise BadInputError("--limit must be at least 1.")
    if arguments.candidates is not None and arguments.candidates < 1:
        raise BadInputError("--candidates must be at least 1.")


def _check(arguments: argparse.Namespace) -> None:
    if arguments.scenes or arguments.points:
        raise BadInputError("--scenes and --points belong to --people.")
    if bool(arguments.mask) == arguments.samples:
        raise BadInputError("Say what is to be measured: either --mask KIND or --samples.")
    if arguments.first_guess and (arguments.sheet or arguments.shuffle_context or arguments.samples):
        raise BadInputError("--first-guess goes with --mask and nothing else that is measured.")
    if arguments.samples and (arguments.sheet or arguments.shuffle_context):
        raise BadInputError("--sheet and --shuffle-context belong to --mask, not to --samples.")
    if arguments.neighbours_sheet and not arguments.samples:
        raise BadInputError("--neighbours-sheet belongs to --samples.")


def _fills(arguments: argparse.Namespace, prior: Prior, network: FeatureNetwork | None) -> int:
    preset = with_candidates(preset_called(arguments.preset), arguments.candidates)
    held_out = True if arguments.held_out else None
    images = load_squares(arguments.images, prior.resolution, limit=arguments.limit or FILLS, held_out=held_out)
    _report_skipped(images.skipped)
    masks = _masks(arguments)
    for mask in masks:
        steps = evaluate(
            prior,
            preset,
            images,
            mask,
            seed=arguments.seed,
            network=network,
            shuffle_context=arguments.shuffle_context,
        )
        evaluation = watched(steps, len(images), mask)
        if arguments.json:
            print(json.dumps(evaluation.as_json(), ensure_ascii=False), flush=True)
        else:
            _print_block(evaluation)
        if arguments.card:
            weights = _weights_file(arguments.prior)
            update_card(weights, CardRecord.read(weights).with_evaluation(evaluation.as_json()))
        if arguments.sheet:
            write_sheet(_sheet_path(arguments.sheet, mask, alone=len(masks) == 1), fill_sheet(evaluation))
    return 0


def _samples(arguments: argparse.Namespace, prior: Prior, network: FeatureNetwork | None) -> int:
    if network is None:
        raise BadInputError("--samples needs packages that are not installed: pip install 'inpaintgui[evaluation]'.")
    limit = arguments.limit or SAMPLES
    held_out = load_squares(arguments.images, prior.resolution, limit=limit, held_out=True)
    training = load_squares(arguments.images, prior.resolution, limit=TRAINING_IMAGES, held_out=False)
    _report_skipped(held_out.skipped + training.skipped)
    steps = measure_samples(prior, network, held_out, training, seed=arguments.seed)
    quality = watched(steps, 2 * len(held_out) + len(training), "samples")
    if arguments.json:
        print(json.dumps(quality.as_json(), ensure_ascii=False), flush=True)
    else:
        _print_quality(quality)
    if arguments.card:
        weights = _weights_file(arguments.prior)
        update_card(weights, replace(CardRecord.read(weights), samples=quality.as_json()))
    if arguments.neighbours_sheet:
        sheet = labelled_rows({"sample": quality.samples, "nearest": quality.nearest})
        write_sheet(arguments.neighbours_sheet, sheet)
    return 0


def _first_guesses(arguments: argparse.Namespace, prior: Prior) -> int:
    held_out = True if arguments.held_out else None
    images = load_squares(arguments.images, prior.resolution, limit=arguments.limit or FILLS, held_out=held_out)
    _report_skipped(images.skipped)
    for mask in _masks(arguments):
        steps = measure_first_guess(
            prior, preset_called(ARTICLE), images, mask, steps=SEARCH_STEPS, seed=arguments.seed
        )
        figures = watched(steps, len(images), mask).as_json()
        if arguments.card:
            weights = _weights_file(arguments.prior)
            update_card(weights, CardRecord.read(weights).with_first_guess(figures))
        print(json.dumps(figures, ensure_ascii=False, indent=None if arguments.json else 1), flush=True)
    return 0


def _masks(arguments: argparse.Namespace) -> list[str]:
    return [mask for option in arguments.mask for mask in option.split(",")]


def _weights_file(name: str) -> Path:
    """Where the prior's weights, and therefore its card, lie."""
    return Path(name) if Path(name).suffix == ".safetensors" else PriorLibrary.shipped().file(name)


def _report_skipped(names: tuple[str, ...]) -> None:
    for name in names:
        print(f"skipped “{name}”: not an image that can be read", file=sys.stderr)


def _sheet_path(path: Path, mask: str, *, alone: bool) -> Path:
    return path if alone else path.with_stem(f"{path.stem}-{Path(mask).stem}")


def _print_block(evaluation: Evaluation) -> None:
    about = "" if evaluation.ablation is None else f", {evaluation.ablation}"
    print(
        f"{evaluation.prior}, mask {evaluation.mask}, {len(evaluation.images)} images, "
        f"preset {evaluation.preset.name}{about}"
    )
    print(f"{'':14} {'PSNR dB':>8} {'SSIM':>7} {'perceptual':>10} {'seconds':>8}  95 % interval of our gain in PSNR")
    intervals = evaluation.intervals()
    print(_line(OURS, evaluation.ours))
    for name, scores in evaluation.baselines.items():
        if scores is None:
            print(f"{name:14} not to be had")
        else:
            low, high = intervals["psnr_gain"][name]
            print(f"{_line(name, scores)}  {low:+.2f} … {high:+.2f}")
    for name in ("psnr", "ssim", "perceptual"):
        if intervals[name] is not None:
            print(f"95 % interval of our {name}: {intervals[name][0]:.3f} … {intervals[name][1]:.3f}")
    print(flush=True)


def _line(name: str, scores: Scores) -> str:
    means = scores.means()
    perceptual = "–" if means["perceptual"] is None else f"{means['perceptual']:.3f}"
    return f"{name:14} {means['psnr']:8.2f} {means['ssim']:7.3f} {perceptual:>10} {means['seconds']:8.3f}"


def _print_quality(quality: SampleQuality) -> None:
    figures = quality.as_json()
    print(f"{quality.prior}, samples of {quality.samples_of}, as many as held-out images: {quality.images}")
    print(
        f"Fréchet distance to the held-out images: {quality.frechet:.3f}; of training images: "
        f"{quality.frechet_training:.3f} (features of {figures['features']}; not the usual FID)"
    )
    print(f"precision {quality.precision:.3f}, recall {quality.recall:.3f}")
    print(
        f"nearest of {quality.training_images} training images: {len(quality.samples)} samples at "
        f"{figures['sample_to_training_median']:.2f} in the median, {figures['sample_to_training_least']:.2f} "
        f"at least; held-out images at {figures['held_out_to_training_median']:.2f} "
        f"and {figures['held_out_to_training_least']:.2f}"
    )

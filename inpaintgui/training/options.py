"""The options of ``inpaintgui train``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui train``."""
    parser.epilog = (
        "Several processes, on one machine or many, train together under PyTorch's launcher: "
        "torchrun --nproc-per-node 2 -m inpaintgui train …"
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    dcgan = kinds.add_parser("dcgan", help="the article's generator and discriminator")
    _common(dcgan)
    _crops(dcgan)
    _architecture(dcgan)
    _rate(dcgan)
    dcgan.add_argument("--no-augment", action="store_true", help="no DiffAugment (for large data sets)")
    _card(dcgan)

    completion = kinds.add_parser("completion", help="a generator that looks at the context")
    _common(completion)
    _crops(completion)
    _architecture(completion)
    _rate(completion)
    _holes(completion)
    _completion(completion)
    _card(completion)

    _encoder(kinds.add_parser("encoder", help="a warm start of the search, for an existing dcgan prior"))

    finetune = kinds.add_parser("finetune", help="an existing prior goes on learning, from your own photos")
    _common(finetune)
    _crops(finetune)
    _origin(finetune)
    _rate(finetune)
    _holes(finetune)
    _completion(finetune)
    _names(finetune)

    _people(kinds.add_parser("people", help="the network that finds people"))


def _encoder(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    _crops(parser)
    _origin(parser)
    _rate(parser)
    known_help = "weight of the error on known pixels beside that in the hole (default: 1)"
    parser.add_argument("--known-weight", type=float, metavar="W", help=known_help)
    further_help = "go on from the prior's own encoder"
    parser.add_argument("--further", action="store_true", help=further_help)
    _holes(parser)


def _people(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    scenes_help = "zip files or folders of scenes without people, that people are pasted onto"
    parser.add_argument("--scenes", type=Path, nargs="+", required=True, metavar="PATH", help=scenes_help)
    parser.add_argument("--resolution", type=int, help="side of the training images (default: 192)")
    _rate(parser)
    _texts(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    data_help = "zip files or folders of images"
    parser.add_argument("--data", type=Path, nargs="+", required=True, metavar="PATH", help=data_help)
    parser.add_argument("--out", type=Path, required=True, help="weights file to write, NAME.safetensors")
    length = parser.add_argument_group("length (the run ends at whichever comes first; Ctrl+C ends it in good order)")
    length.add_argument("--minutes", type=float, help="minutes of training, earlier parts of a resumed run included")
    length.add_argument("--steps", type=int, help="batches, earlier parts included")
    length.add_argument("--resume", action="store_true", help="go on from the run's checkpoint, if there is one")
    run = parser.add_argument_group("run")
    work_help = "folder of checkpoint, loss log and latest samples (default: runs)"
    run.add_argument("--work", type=Path, default=Path("runs"), metavar="DIR", help=work_help)
    run.add_argument("--batch", type=int, default=64, help="images per step and process (default: 64)")
    run.add_argument("--seed", type=int, default=0)
    run.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    run.add_argument("--threads", type=int, help="CPU threads (default: torch's choice)")
    run.add_argument("--float32", action="store_true", help="no bfloat16, which is used where the device multiplies it")
    run.add_argument("--checkpoint-minutes", type=float, default=4.0, help="time between checkpoints (default: 4)")
    run.add_argument("--tensorboard", type=Path, metavar="DIR", help="write TensorBoard logs there")


def _crops(parser: argparse.ArgumentParser) -> None:
    scale_help = "random crops down to this share of the short side; 1 = the centred square (default: 1)"
    parser.add_argument("--crop-scale", type=float, default=1.0, metavar="MIN", help=scale_help)


def _architecture(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--resolution", type=int, default=64, help="side of the images: 64, 128, … (default: 64)")


def _origin(parser: argparse.ArgumentParser) -> None:
    origin_help = "name of an installed prior, or a weights file with its manifest beside it"
    parser.add_argument("--from", dest="from_", required=True, metavar="PRIOR", help=origin_help)


def _holes(parser: argparse.ArgumentParser) -> None:
    silhouettes_help = "zip or folder of PNG masks, white = object; their shapes are among the holes"
    parser.add_argument("--silhouettes", type=Path, metavar="PATH", help=silhouettes_help)


def _rate(parser: argparse.ArgumentParser) -> None:
    rate_help = "step size of Adam (default: the kind's own); a lower one for the last part of a run pays"
    parser.add_argument("--learning-rate", type=float, metavar="RATE", help=rate_help)


def _completion(parser: argparse.ArgumentParser) -> None:
    after_help = "step at which the discriminator comes in; before, reconstruction alone (default: 10000)"
    parser.add_argument("--adversarial-after", type=int, metavar="STEP", help=after_help)
    weight_help = "weight of the adversarial loss beside the L1 distance (default: 0.05)"
    parser.add_argument("--adversarial-weight", type=float, metavar="W", help=weight_help)
    feature_help = "weight of the distance in D's features (default: 1)"
    parser.add_argument("--feature-weight", type=float, metavar="W", help=feature_help)
    energy_help = (
        "teach two samples per context by the energy score, so that different latents give different completions"
    )
    parser.add_argument("--energy", action="store_true", default=None, help=energy_help)


def _names(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    card = _texts(parser)
    card.add_argument("--name", help="name of the prior (default: OUT's stem)")
    card.add_argument("--title", help="one line for the user interface")
    return card


def _texts(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    card = parser.add_argument_group("what the model card and the manifest say")
    card.add_argument("--data-note", help="where the images come from (default: the file names)")
    card.add_argument("--licence", default="not stated", help="terms under which the weights may be used")
    card.add_argument("--limits", default="", help="known limits and biases")
    return card


def _card(parser: argparse.ArgumentParser) -> None:
    card = _names(parser)
    card.add_argument("--subject", choices=("faces", "scenes"), default="scenes", help="default: scenes")
    guide_help = (
        "pixels across at which the answer steers detail: less for priors whose details are poor (default: all)"
    )
    card.add_argument("--guide-resolution", type=int, metavar="N", help=guide_help)
    answer_help = "what fills a hole: the best candidate or the mean of all (default: best)"
    card.add_argument("--answer", choices=("best", "mean"), default="best", help=answer_help)

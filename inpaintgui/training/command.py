"""``inpaintgui train``: trains a prior from a folder or zip of images."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from inpaintgui import paths
from inpaintgui.engine.devices import resolve_device
from inpaintgui.engine.networks import stage_widths
from inpaintgui.errors import BadInputError
from inpaintgui.training.dcgan import DcganConfig
from inpaintgui.training.model_card import CardTexts, export_prior
from inpaintgui.training.run_dcgan import RunOptions, prepare_run, read_losses, train_dcgan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``inpaintgui train``."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    dcgan = kinds.add_parser("dcgan", help="the article's generator and discriminator")
    dcgan.add_argument("--data", type=Path, required=True, help="zip file or folder of images")
    dcgan.add_argument("--out", type=Path, required=True, help="weights file to write, NAME.safetensors")
    length = dcgan.add_argument_group("length (the run ends at whichever comes first; Ctrl+C ends it in good order)")
    length.add_argument("--minutes", type=float, help="minutes of training, earlier parts of a resumed run included")
    length.add_argument("--steps", type=int, help="batches, earlier parts included")
    length.add_argument("--resume", action="store_true", help="go on from the run's checkpoint, if there is one")
    run = dcgan.add_argument_group("run")
    work_help = "folder of checkpoint, loss log and latest samples (default: runs)"
    run.add_argument("--work", type=Path, default=Path("runs"), metavar="DIR", help=work_help)
    run.add_argument("--resolution", type=int, default=64, help="side of the images: 64, 128, … (default: 64)")
    run.add_argument("--batch", type=int, default=64, help="images per step (default: 64)")
    scale_help = "random crops down to this share of the short side; 1 = the centred square (default: 1)"
    run.add_argument("--crop-scale", type=float, default=1.0, metavar="MIN", help=scale_help)
    run.add_argument("--seed", type=int, default=0)
    run.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps")
    run.add_argument("--threads", type=int, help="CPU threads (default: torch's choice)")
    run.add_argument("--float32", action="store_true", help="no bfloat16 autocast")
    run.add_argument("--no-augment", action="store_true", help="no DiffAugment (for large data sets)")
    run.add_argument("--checkpoint-minutes", type=float, default=4.0, help="time between checkpoints (default: 4)")
    card = dcgan.add_argument_group("what the model card and the manifest say")
    card.add_argument("--name", help="name of the prior (default: OUT's stem)")
    card.add_argument("--title", help="one line for the user interface")
    card.add_argument("--subject", choices=("faces", "scenes"), default="scenes", help="default: scenes")
    guide_help = (
        "pixels across at which the answer steers detail: less for priors whose details are poor (default: all)"
    )
    card.add_argument("--guide-resolution", type=int, metavar="N", help=guide_help)
    card.add_argument("--data-note", help="where the images come from (default: the file name)")
    card.add_argument("--licence", default="not stated", help="terms under which the weights may be used")
    card.add_argument("--limits", default="", help="known limits and biases")


def run(arguments: argparse.Namespace) -> int:
    """Train, export, and say where the files are. Returns the exit code."""
    options, config = _options(arguments), _config(arguments)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    prepared = prepare_run(config, options, device=resolve_device(arguments.device))
    trainer = prepared.trainer
    if prepared.cache.skipped:
        print(f"skipped {len(prepared.cache.skipped)} files that are no images", file=sys.stderr)
    total = (options.minutes or 0) * 60 or options.steps
    with tqdm(total=total, unit="s" if options.minutes else "step", file=sys.stderr) as bar:
        batches = train_dcgan(prepared)
        try:
            for losses in batches:
                bar.n = round(trainer.seconds) if options.minutes else trainer.step
                bar.set_postfix_str(
                    f"step {losses.step} errD_real {losses.err_d_real:.3f} errD_fake {losses.err_d_fake:.3f} "
                    f"errG {losses.err_g:.3f} {trainer.images_per_second:.0f} img/s"
                )
        except KeyboardInterrupt:
            print("stopped; what was learnt so far is exported, --resume goes on", file=sys.stderr)
        finally:
            batches.close()
    texts = CardTexts(
        name=arguments.name or options.out.stem,
        title=arguments.title or f"Own {arguments.subject}",
        subject=arguments.subject,
        data=arguments.data_note or options.data.name,
        licence=arguments.licence,
        limits=arguments.limits,
        guide_resolution=arguments.guide_resolution,
    )
    command = shlex.join(["inpaintgui", "train", *arguments.typed])
    row = export_prior(prepared, texts, command=command)
    last = read_losses(options.losses)[-1:]
    print(f"{options.out}: {row.metrics['images_seen']} images seen, last losses {last}", file=sys.stderr)
    return 0


def _options(arguments: argparse.Namespace) -> RunOptions:
    if arguments.minutes is None and arguments.steps is None:
        raise BadInputError("Say how long to train: --minutes or --steps.")
    if arguments.out.suffix != ".safetensors":
        raise BadInputError("The weights file must be called NAME.safetensors.")
    if arguments.guide_resolution is not None and not 1 <= arguments.guide_resolution <= arguments.resolution:
        raise BadInputError("--guide-resolution must lie between 1 and --resolution.")
    if not 0 < arguments.crop_scale <= 1:
        raise BadInputError("--crop-scale must lie above 0 and not above 1.")
    return RunOptions(
        data=arguments.data,
        out=arguments.out,
        work=arguments.work,
        cache_dir=paths.cache_dir() / "training",
        minutes=arguments.minutes,
        steps=arguments.steps,
        smallest_scale=arguments.crop_scale,
        checkpoint_every=arguments.checkpoint_minutes * 60,
        resume=arguments.resume,
    )


def _config(arguments: argparse.Namespace) -> DcganConfig:
    try:
        stage_widths(arguments.resolution, 1)
    except ValueError as error:
        raise BadInputError(f"--resolution: {error}.") from error
    if arguments.batch < 2:
        raise BadInputError("--batch must be at least 2: batch norm needs company.")
    return DcganConfig(
        resolution=arguments.resolution,
        batch=arguments.batch,
        augment=not arguments.no_augment,
        bf16=not arguments.float32,
        seed=arguments.seed,
    )

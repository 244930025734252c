"""Networks in the layout of PyTorch's DCGAN tutorial, turned exactly into ours.

The tutorial writes both networks as one ``nn.Sequential``; its images, widths and activations are ours:

    G: 0 ConvTranspose2d(nz, 8·ngf, 4, stride 1) from 1×1, 1 BatchNorm2d, 2 ReLU, then 3·k ConvTranspose2d, … tanh
    D: 0 Conv2d(3, ndf, 4, stride 2), 1 LeakyReLU(0.2), then 3·k-1 Conv2d, 3·k BatchNorm2d, … Conv2d(8·ndf, 1, 4)

G's first layer is a linear map, as is D's last one. ``stages`` of our generator begins behind that map, so its
layers are the tutorial's less one; those of our discriminator have the same numbers. A bias before a batch norm is
taken off the norm's mean. What a state_dict does not tell (activations, strides, the norms' epsilon) is taken to be
the tutorial's.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from inpaintgui.engine.networks import SMALLEST_MAP, Discriminator, Generator, stage_widths
from inpaintgui.engine.untrusted_weights import COUNTER, check_sizes, check_tensors, printable
from inpaintgui.errors import BadInputError

KERNEL = (SMALLEST_MAP, SMALLEST_MAP)
NORM = ("weight", "bias", "running_mean", "running_var")
_NAME = re.compile(rf"(?P<prefix>(?:.*\.)?)(?P<layer>\d{{1,4}})\.(?P<part>{'|'.join(NORM)}|{COUNTER})", re.DOTALL)

Layers = dict[int, dict[str, Tensor]]
"""The tensors of one ``nn.Sequential``: by layer, then by name."""


@dataclass(frozen=True)
class TutorialNetworks:
    """Both networks, float32, in eval mode; no discriminator if the file has none."""

    generator: Generator
    discriminator: Discriminator | None
    base_width: int
    judge_width: int


def convert_networks(tensors: Mapping[str, Tensor]) -> TutorialNetworks:
    """Find G and D among the tensors by their shapes, under whatever prefix, and convert them.

    Raises BadInputError with the reason if there is no such generator or something about it does not fit.
    """
    sequences = _sequences(tensors)
    makers = {prefix: layers for prefix, layers in sequences.items() if _widens_to_an_image(layers)}
    judges = {prefix: layers for prefix, layers in sequences.items() if _ends_in_one_number(layers)}
    if not makers:
        raise BadInputError(
            "The file holds no generator in the layout of the DCGAN tutorial (main.0.weight of latent size × "
            "channels × 4 × 4, then batch norms and transposed convolutions)."
        )
    for what, found in (("generators", makers), ("discriminators", judges)):
        if len(found) > 1:
            names = ", ".join(f"“{printable(prefix)}”" for prefix in sorted(found)[:5])
            raise BadInputError(f"The file holds {len(found)} {what} ({names}): leave one of them in it.")
    generator, base_width = _generator(next(iter(makers.values())))
    if not judges:
        return TutorialNetworks(generator, None, base_width, judge_width=0)
    discriminator, judge_width = _discriminator(next(iter(judges.values())))
    if discriminator.resolution != generator.resolution:
        raise BadInputError(
            f"The generator makes images of {generator.resolution} pixels, but the discriminator takes "
            f"{discriminator.resolution}."
        )
    return TutorialNetworks(generator, discriminator, base_width, judge_width)


def _sequences(tensors: Mapping[str, Tensor]) -> dict[str, Layers]:
    """Groups of tensors called PREFIX, number, part: by prefix, layers in order."""
    found: dict[str, Layers] = {}
    for name, value in tensors.items():
        match = _NAME.fullmatch(name)
        if match is not None:
            layers = found.setdefault(match["prefix"], {})
            layers.setdefault(int(match["layer"]), {})[match["part"]] = value
    return {prefix: dict(sorted(layers.items())) for prefix, layers in found.items()}


def _kernels(layers: Layers) -> dict[int, Tensor]:
    """The weights of the convolutions, by layer."""
    return {k: parts["weight"] for k, parts in layers.items() if "weight" in parts and parts["weight"].ndim == 4}


def _widens_to_an_image(layers: Layers) -> bool:
    """Whether these are transposed convolutions, each of which takes what the one before gives, down to colours."""
    kernels = list(_kernels(layers).values())
    chained = all(a.shape[1] == b.shape[0] for a, b in itertools.pairwise(kernels))
    return len(kernels) > 1 and chained and kernels[-1].shape[1] in {1, 3}


def _ends_in_one_number(layers: Layers) -> bool:
    """Whether these are convolutions, each of which takes what the one before gives, from colours to one number."""
    kernels = list(_kernels(layers).values())
    chained = all(a.shape[0] == b.shape[1] for a, b in itertools.pairwise(kernels))
    return len(kernels) > 1 and chained and kernels[0].shape[1] in {1, 3} and kernels[-1].shape[0] == 1


def _generator(layers: Layers) -> tuple[Generator, int]:
    """The generator and its base width."""
    kernels = _kernels(layers)
    latent_size = next(iter(kernels.values())).shape[0]
    widths = [kernel.shape[1] for kernel in kernels.values()]
    resolution = _checked_sizes("generator", kernels, widths[:-1], colours=widths[-1], latent_size=latent_size)
    last = 3 * len(kernels) - 3
    _check_layers("generator", layers, convolutions=range(0, last + 1, 3), norms=range(1, last, 3))
    state: dict[str, Tensor] = {}
    for number, parts in layers.items():
        if number % 3 == 0 and number != last:
            name = "project.weight" if number == 0 else f"stages.{number - 1}.weight"
            kernel = parts["weight"].float()
            state[name] = kernel if number else kernel.flatten(1).t().contiguous()
        elif number != last:
            state |= _norm(parts, layers[number - 1], f"stages.{number - 1}.")
    state[f"stages.{last - 1}.weight"] = layers[last]["weight"].float()
    state[f"stages.{last - 1}.bias"] = layers[last].get("bias", torch.zeros(3)).float()
    generator = Generator(latent_size=latent_size, resolution=resolution, base_width=widths[-2])
    generator.load_state_dict(state)
    return generator.requires_grad_(False).eval(), widths[-2]


def _discriminator(layers: Layers) -> tuple[Discriminator, int]:
    """The discriminator and its base width."""
    kernels = _kernels(layers)
    widths = [kernel.shape[0] for kernel in kernels.values()][:-1]
    colours = next(iter(kernels.values())).shape[1]
    resolution = _checked_sizes("discriminator", kernels, widths[::-1], colours=colours)
    last = 3 * len(kernels) - 4
    _check_layers("discriminator", layers, convolutions=(0, *range(2, last + 1, 3)), norms=range(3, last, 3))
    state: dict[str, Tensor] = {
        "judge.weight": layers[last]["weight"].float().flatten(1),
        "judge.bias": layers[last].get("bias", torch.zeros(1)).float(),
        "stages.0.weight": layers[0]["weight"].float(),
        "stages.0.bias": layers[0].get("bias", torch.zeros(widths[0])).float(),
    }
    for number in range(3, last, 3):
        state[f"stages.{number - 1}.weight"] = layers[number - 1]["weight"].float()
        state |= _norm(layers[number], layers[number - 1], f"stages.{number}.")
    discriminator = Discriminator(resolution=resolution, base_width=widths[0])
    discriminator.load_state_dict(state)
    return discriminator.requires_grad_(False).eval(), widths[0]


def _checked_sizes(
    network: str, kernels: Mapping[int, Tensor], widths: list[int], *, colours: int, latent_size: int = 1
) -> int:
    """The resolution of a network whose maps have ``widths`` channels, widest first. Raises BadInputError."""
    if colours != 3:
        raise BadInputError(f"The {network}'s images have {colours} channel; only RGB images, of three, can be used.")
    other = next((kernel for kernel in kernels.values() if tuple(kernel.shape[2:]) != KERNEL), None)
    if other is not None:
        shown = "×".join(str(side) for side in other.shape[2:])
        raise BadInputError(f"The {network} has a kernel of {shown}; those of the DCGAN tutorial are all 4×4.")
    resolution = SMALLEST_MAP << min(len(widths), 30)
    check_sizes(resolution=resolution, base_width=widths[-1], latent_size=latent_size)
    expected = stage_widths(resolution, widths[-1])
    if widths != expected:
        raise BadInputError(
            f"The {network}'s maps have {_row(widths)} channels; for images of {resolution} pixels only "
            f"{_row(expected)} can be used."
        )
    return resolution


def _row(widths: list[int]) -> str:
    return ", ".join(str(width) for width in widths)


def _check_layers(network: str, layers: Layers, *, convolutions: range | tuple[int, ...], norms: range) -> None:
    """Refuse other layers than the tutorial's, and tensors that do not fit their layer. Raises BadInputError."""
    if set(layers) != {*convolutions, *norms}:
        raise BadInputError(f"The {network}'s layers are not in the order of the DCGAN tutorial.")
    channels = 0
    for number, parts in layers.items():
        check_tensors({f"{number}.{part}": value for part, value in parts.items()})
        if number in norms:
            complete = all(part in parts and tuple(parts[part].shape) == (channels,) for part in NORM)
            if not complete or bool((parts["running_var"] < 0).any()):
                raise BadInputError(f"The {network}'s batch norm {number} is incomplete or does not fit its layer.")
        else:
            kernel, bias = parts["weight"], parts.get("bias")
            channels = kernel.shape[1] if network == "generator" else kernel.shape[0]
            if set(parts) > {"weight", "bias"} or (bias is not None and tuple(bias.shape) != (channels,)):
                raise BadInputError(f"The {network}'s layer {number} is not a convolution like the DCGAN tutorial's.")


def _norm(parts: dict[str, Tensor], convolution: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    """A batch norm's tensors under their new name, with the bias of the convolution before it taken in."""
    state = {name + part: parts[part].float() for part in NORM}
    if "bias" in convolution:
        state[name + "running_mean"] = state[name + "running_mean"] - convolution["bias"].float()
    return state | {name + COUNTER: parts.get(COUNTER, torch.tensor(0)).to(torch.int64)}

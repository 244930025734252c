"""A conditional generator for image completion: G(z, x·M, M).

The idea is that of CoModGAN (Zhao et al., “Large Scale Image Completion via Co-Modulated Generative Adversarial
Networks”, ICLR 2021): an encoder–decoder with skip connections whose decoder is modulated by the latent code *and*
by what the encoder sees, so that one network covers small holes, where the context decides nearly everything, and
large ones, where the latent code has to invent. This one is made for two CPU cores:

- The hole is first filled smoothly (pull–push, Gortler et al. 1996) and the network answers with a correction.
- Pixels are folded into channels (Shi et al. 2016): the widest maps are 32×32 at every resolution.

    fold → 48×32×32 → 96×16×16 → 192×8×8 → 288×4×4 ─┬─→ style ←─ z
    3×R×R ← unfold ← 48×32×32 ← 96×16×16 ← 192×8×8 ←┘     (every decoder convolution is modulated by the style)
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inpaintgui.engine.pull_push import pull_push

WIDEST_MAP = 32
WIDTHS = (1, 2, 4, 6)
"""Channels at 32×32, 16×16, 8×8 and 4×4, in units of the base width."""

ATTENTION_MAP = 8
STYLE_SIZE = 256
SLOPE = 0.2


@dataclass(frozen=True)
class Conditions:
    """What the encoder made of N contexts.

    smooth: (N, 3, R, R), the pull–push fill. maps: encoder maps, widest first. code: (N, STYLE_SIZE).
    """

    smooth: Tensor
    maps: tuple[Tensor, ...]
    code: Tensor

    def of(self, owner: Tensor) -> Conditions:
        """For latents of which ``owner`` (N,) says to which context each belongs; of one context as views."""
        if len(self.code) > 1:
            return Conditions(self.smooth[owner], tuple(m[owner] for m in self.maps), self.code[owner])
        count = len(owner)
        return Conditions(
            self.smooth.expand(count, -1, -1, -1),
            tuple(m.expand(count, -1, -1, -1) for m in self.maps),
            self.code.expand(count, -1),
        )


class ModulatedConv(nn.Module):
    """Convolution whose weights are scaled per image by a style (Karras et al. 2020, StyleGAN2).

    Scaling input channels before and output channels after a shared convolution is the same as convolving with
    modulated and demodulated weights, without a weight tensor per image.
    """

    def __init__(self, narrow: int, wide: int, *, upsample: bool = False) -> None:
        super().__init__()
        self.conv: nn.Conv2d | nn.ConvTranspose2d
        if upsample:
            self.conv = nn.ConvTranspose2d(narrow, wide, 4, stride=2, padding=1, bias=False)
        else:
            self.conv = nn.Conv2d(narrow, wide, 3, padding=1, bias=False)
        self.upsample = upsample
        self.scales = nn.Linear(STYLE_SIZE, narrow)
        self.bias = nn.Parameter(torch.zeros(wide))
        # A transposed convolution of stride 2 sums a quarter of its taps per output pixel.
        self._taps = 4 if upsample else 9
        nn.init.normal_(self.conv.weight, 0.0, 1 / math.sqrt(narrow * self._taps))
        nn.init.normal_(self.scales.weight, 0.0, 0.1 / math.sqrt(STYLE_SIZE))
        nn.init.ones_(self.scales.bias)

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        scales = self.scales(style)
        energy = self.conv.weight.float().square().sum(dim=(2, 3))
        if self.upsample:
            energy = energy.t() / 4
        with torch.autocast(maps.device.type, enabled=False):
            demodulation = torch.rsqrt(scales.float().square() @ energy.t() + 1e-6)
        modulated: Tensor = self.conv(maps * scales[:, :, None, None].to(maps.dtype))
        scaled: Tensor = modulated * demodulation[:, :, None, None].to(maps.dtype)
        return scaled + self.bias[:, None, None].to(maps.dtype)


class SelfAttention(nn.Module):
    """Residual self-attention over all places of a map, with learnt positions (Zhang et al. 2019, SAGAN).

    It lets the hole copy from far away: the other half of a face, the horizon on the other side.
    """

    def __init__(self, width: int, side: int, *, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.positions = nn.Parameter(torch.randn(side * side, width) * 0.02)
        self.queries_keys_values = nn.Linear(width, 3 * width, bias=False)
        self.merge = nn.Linear(width, width)
        nn.init.zeros_(self.merge.weight)
        nn.init.zeros_(self.merge.bias)

    def forward(self, maps: Tensor) -> Tensor:
        n, width, height, across = maps.shape
        tokens = maps.flatten(2).transpose(1, 2)
        mixed = self.queries_keys_values(self.norm(tokens) + self.positions.to(tokens.dtype))
        queries, keys, values = mixed.view(n, -1, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(queries, keys, values)
        merged = self.merge(heard.transpose(1, 2).reshape(n, -1, width))
        heard_map: Tensor = merged.transpose(1, 2).reshape(n, width, height, across)
        return maps + heard_map.to(maps.dtype)


def _activate(maps: Tensor) -> Tensor:
    return F.leaky_relu(maps, SLOPE) * math.sqrt(2)


def _conv(narrow: int, wide: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    conv = nn.Conv2d(narrow, wide, kernel, stride=stride, padding=(kernel - 1) // 2)
    nn.init.normal_(conv.weight, 0.0, 1 / math.sqrt(narrow * kernel**2))
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return conv


class CompletionGenerator(nn.Module):
    """Maps latents and contexts to RGB images.

    forward(z, pixels, known): z (N, latent_size); pixels (N, 3, R, R) in [-1, 1]; known (N, 1, R, R), 1 where the
    pixels count. Returns (N, 3, R, R), about [-1, 1] while training, clamped to it in eval mode.
    :meth:`encode` and :meth:`decode` are its halves: a search encodes once and decodes per latent.
    """

    def __init__(self, *, latent_size: int = 100, resolution: int = 64, base_width: int = 48) -> None:
        super().__init__()
        if resolution % WIDEST_MAP or resolution < WIDEST_MAP:
            raise ValueError(f"resolution must be a multiple of {WIDEST_MAP}, not {resolution}")
        self.latent_size = latent_size
        self.resolution = resolution
        self.fold = resolution // WIDEST_MAP
        widths = [factor * base_width for factor in WIDTHS]
        self.stem = _conv(4 * self.fold**2, widths[0], 3)
        self.down = nn.ModuleList(_conv(a, b, 4, stride=2) for a, b in itertools.pairwise(widths))
        self.look = nn.ModuleList(_conv(b, b, 3) for b in widths[1:])
        smallest = WIDEST_MAP >> (len(WIDTHS) - 1)
        self.see = nn.Linear(widths[-1] * smallest**2, STYLE_SIZE)
        self.style = nn.Sequential(
            nn.Linear(STYLE_SIZE + latent_size, STYLE_SIZE), nn.LeakyReLU(SLOPE), nn.Linear(STYLE_SIZE, STYLE_SIZE)
        )
        self.deepest = ModulatedConv(widths[-1], widths[-1])
        self.attention = SelfAttention(widths[2], ATTENTION_MAP)
        rising = reversed(list(itertools.pairwise(widths)))
        self.up = nn.ModuleList(ModulatedConv(b, a, upsample=True) for a, b in rising)
        self.refine = nn.ModuleList(ModulatedConv(a, a) for a in reversed(widths[:-1]))
        self.paint = _conv(widths[0], 3 * self.fold**2, 3)
        nn.init.zeros_(self.paint.weight)  # the first answer is the smooth fill

    def encode(self, pixels: Tensor, known: Tensor) -> Conditions:
        """What the context says, for :meth:`decode`."""
        smooth = pull_push(pixels, known)
        maps = [_activate(self.stem(F.pixel_unshuffle(torch.cat((smooth, known), dim=1), self.fold)))]
        for down, look in zip(self.down, self.look, strict=True):
            lower = _activate(down(maps[-1]))
            maps.append((lower + _activate(look(lower))) * math.sqrt(0.5))
        return Conditions(smooth, tuple(maps), self.see(maps[-1].flatten(1)))

    def decode(self, z: Tensor, conditions: Conditions) -> Tensor:
        """The image for every latent (N, latent_size) under its conditions (N)."""
        style = self.style(torch.cat((F.leaky_relu(conditions.code, SLOPE), z), dim=1))
        skips = list(conditions.maps)
        maps = skips.pop()
        maps = (maps + _activate(self.deepest(maps, style))) * math.sqrt(0.5)
        for up, refine in zip(self.up, self.refine, strict=True):
            maps = (_activate(up(maps, style)) + skips.pop()) * math.sqrt(0.5)
            if maps.shape[-1] == ATTENTION_MAP:
                maps = self.attention(maps)
            maps = (maps + _activate(refine(maps, style))) * math.sqrt(0.5)
        image = conditions.smooth + F.pixel_shuffle(self.paint(maps), self.fold)
        return image if self.training else image.clamp(-1, 1)

    def forward(self, z: Tensor, pixels: Tensor, known: Tensor) -> Tensor:
        return self.decode(z, self.encode(pixels, known))

    @torch.no_grad()
    def drowning(self, pixels: Tensor, known: Tensor) -> float:
        """How many times louder than z, drawn from U(-1, 1), the context is where the two meet in the style.

        A training that only reconstructs has no use for z. It lets the context's code grow until z is not heard; then
        nothing that z does comes through, and no gradient can tell how to make use of it.
        """
        entry, code = self._entry(), self.encode(pixels, known).code
        of_context = F.linear(F.leaky_relu(code, SLOPE), entry[:, :STYLE_SIZE]).square().mean()
        of_latent = entry[:, STYLE_SIZE:].square().sum(dim=1).mean() / 3  # the variance of each entry of z is ⅓
        return float((of_context / of_latent.clamp(min=1e-12)).sqrt())

    @torch.no_grad()
    def raise_latent(self, times: float) -> None:
        """Let z be heard ``times`` as loudly."""
        self._entry()[:, STYLE_SIZE:] *= times

    def _entry(self) -> Tensor:
        weight: Tensor = self.style[0].weight  # type: ignore[assignment]
        return weight

"""The DCGAN generator and discriminator, and an encoder for them (Radford, Metz & Chintala 2016, arXiv:1511.06434).

At resolution 64 the networks are those of the article this program starts from:

    G: z (100) → linear → 512×4×4 → BN, ReLU → 256×8×8 → 128×16×16 → 64×32×32 → 3×64×64, tanh
    D: 3×64×64 → 64×32×32 → 128×16×16 → 256×8×8 → 512×4×4 → linear → 1 logit

A higher resolution adds one stride-2 stage at the wide end for every doubling, so that the narrow end, which
holds most of the parameters, stays as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import torch
from torch import Tensor, nn

from inpaintgui.engine.pull_push import pull_push

SMALLEST_MAP = 4


def stage_widths(resolution: int, base_width: int) -> list[int]:
    """Channels of the feature maps from 4×4 up to ``resolution / 2``, widest first.

    >>> stage_widths(64, 64)
    [512, 256, 128, 64]
    """
    stages = (resolution // SMALLEST_MAP).bit_length() - 1
    if stages < 1 or SMALLEST_MAP << stages != resolution:
        raise ValueError(f"resolution must be 4 times a power of two and at least 8, not {resolution}")
    return [base_width << min(k, 3) for k in reversed(range(stages))]


class Generator(nn.Module):
    """Maps latent codes (N, latent_size) to RGB images (N, 3, resolution, resolution), float, in [-1, 1]."""

    def __init__(self, *, latent_size: int = 100, resolution: int = 64, base_width: int = 64) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.resolution = resolution
        widths = stage_widths(resolution, base_width)
        self.project = nn.Linear(latent_size, widths[0] * SMALLEST_MAP**2, bias=False)
        layers: list[nn.Module] = [nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)]
        for narrow, wide in itertools.pairwise(widths):
            layers += [
                nn.ConvTranspose2d(narrow, wide, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(wide),
                nn.ReLU(inplace=True),
            ]
        layers += [nn.ConvTranspose2d(widths[-1], 3, 4, stride=2, padding=1), nn.Tanh()]
        self.stages = nn.Sequential(*layers)
        self.apply(_initialise)

    def forward(self, z: Tensor) -> Tensor:
        maps = self.project(z).unflatten(1, (-1, SMALLEST_MAP, SMALLEST_MAP))
        image: Tensor = self.stages(maps)
        return image


class Discriminator(nn.Module):
    """Maps RGB images (N, 3, resolution, resolution) in [-1, 1] to real/fake logits (N,); positive = real."""

    def __init__(self, *, resolution: int = 64, base_width: int = 64) -> None:
        super().__init__()
        self.resolution = resolution
        self.base_width = base_width
        widths = stage_widths(resolution, base_width)[::-1]
        layers: list[nn.Module] = [nn.Conv2d(3, widths[0], 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        for wide, narrow in itertools.pairwise(widths):
            layers += [
                nn.Conv2d(wide, narrow, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(narrow),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        self.stages = nn.Sequential(*layers)
        self.judge = nn.Linear(widths[-1] * SMALLEST_MAP**2, 1)
        self.apply(_initialise)

    def forward(self, image: Tensor) -> Tensor:
        return self.look(image)[0]

    def look(self, image: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The logits (N,), and the feature maps after every stage, widest first."""
        features = []
        maps = image
        for layer in self.stages:
            maps = layer(maps)
            if isinstance(layer, nn.LeakyReLU):
                features.append(maps)
        logit: Tensor = self.judge(maps.flatten(1))
        return logit.squeeze(1), features


class Encoder(nn.Module):
    """Guesses the latent code of an image of which a part is known: E(x·M, M) → z.

    forward(pixels, known, generate): pixels (N, 3, R, R) in [-1, 1], 0 where unknown; known (N, 1, R, R); generate:
    G, latents (N, latent_size) → (N, 3, R, R). Returns (N, latent_size), in [-1, 1] if ``bounded`` (for a uniform
    distribution of latents), else unbounded.

    E looks at what G made of its guess and corrects it, ``corrections`` times (ReStyle: Alaluf, Patashnik &
    Cohen-Or, ICCV 2021). All these passes share D's convolutions, without its batch norm, whose statistics would
    differ from pass to pass. While it learns, it returns the last guess, and gradients are those of the last pass
    alone; otherwise the guess whose image agrees best with the known pixels.
    """

    CORRECTIONS = 5

    def __init__(
        self, *, latent_size: int = 100, resolution: int = 64, base_width: int = 64, bounded: bool = True
    ) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.resolution = resolution
        self.bounded = bounded
        widths = stage_widths(resolution, base_width)[::-1]
        layers: list[nn.Module] = []
        for wide, narrow in itertools.pairwise([7, *widths]):
            layers += [nn.Conv2d(wide, narrow, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        self.stages = nn.Sequential(*layers)
        self.features = nn.Sequential(nn.Linear(widths[-1] * SMALLEST_MAP**2, 512), nn.LeakyReLU(0.2))
        self.guess = nn.Linear(512, latent_size)
        self.correction = nn.Linear(512, latent_size)
        for layer in [*layers, *self.features]:
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(layer.weight, a=0.2)
                nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)

    def forward(
        self, pixels: Tensor, known: Tensor, generate: Callable[[Tensor], Tensor], corrections: int = CORRECTIONS
    ) -> Tensor:
        filled = pull_push(pixels, known)
        learns = torch.is_grad_enabled()
        with torch.set_grad_enabled(learns and corrections == 0):
            code: Tensor = self.guess(self._look(filled, known, torch.zeros_like(filled)))
        best, least = code, known.new_full((len(known),), torch.inf)
        for left in reversed(range(corrections)):
            with torch.no_grad():
                images = generate(self._confined(code))
                if not learns:
                    best, least = _better(best, least, code, _context_error(images, filled, known))
            with torch.set_grad_enabled(learns and left == 0):
                code = code + self.correction(self._look(filled, known, images))
        if learns:
            return self._confined(code)
        images = generate(self._confined(code))
        return self._confined(_better(best, least, code, _context_error(images, filled, known))[0])

    def _confined(self, code: Tensor) -> Tensor:
        return code.tanh() if self.bounded else code

    def _look(self, filled: Tensor, known: Tensor, images: Tensor) -> Tensor:
        features: Tensor = self.features(self.stages(torch.cat((filled, known, images), dim=1)).flatten(1))
        return features


def _context_error(images: Tensor, filled: Tensor, known: Tensor) -> Tensor:
    """Sum of the absolute errors over known pixels, (N,)."""
    return ((images - filled).abs() * known).sum(dim=(1, 2, 3))


def _better(best: Tensor, least: Tensor, code: Tensor, error: Tensor) -> tuple[Tensor, Tensor]:
    """The codes with the lesser errors, and these."""
    improved = error < least
    return torch.where(improved[:, None], code, best), torch.where(improved, error, least)


def _initialise(module: nn.Module) -> None:
    """Weights from N(0, 0.02), batch-norm gains from N(1, 0.02), as in the DCGAN paper."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@torch.no_grad()
def recalibrate_batch_norm(generator: Generator, latents: Tensor, *, batch: int = 64) -> None:
    """Replace the running statistics by the exact mean over ``latents`` (N, latent_size).

    Averaged weights (an EMA) never saw the statistics of any training step, so those that the training
    collected do not belong to them.
    """
    norms = [m for m in generator.modules() if isinstance(m, nn.BatchNorm2d)]
    momenta = [m.momentum for m in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # cumulative average
    generator.train()
    for part in torch.split(latents, batch):
        generator(part)
    generator.eval()
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum

"""A prior at work: networks on a device behind one interface, whatever their kind.

| kind (architecture) | generate(z, context) | score | encode |
|---|---|---|---|
| ``dcgan`` | G(z), the context is not looked at | D, if it came along | E, if it was trained |
| ``completion`` | G(z, x·M, M) | D | E, if it was trained |
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from inpaintgui.engine.completion import CompletionGenerator, Conditions
from inpaintgui.engine.error_model import ErrorModel
from inpaintgui.engine.networks import Discriminator, Encoder, Generator
from inpaintgui.engine.prior_rows import PriorRow


@dataclass(frozen=True)
class Context:
    """What is known around P holes, on the prior's device.

    pixels: float32 (P, 3, R, R) in [-1, 1], 0 where unknown. known: float32 (P, 1, R, R), 1 where pixels count.
    conditions: what a conditional generator made of them.
    """

    pixels: Tensor
    known: Tensor
    conditions: Conditions | None = None

    def of(self, owner: Tensor) -> Context:
        """The contexts of N latents, of which ``owner`` (N,) says to which each belongs."""
        conditions = None if self.conditions is None else self.conditions.of(owner)
        return Context(self.pixels[owner], self.known[owner], conditions)


@dataclass(frozen=True)
class Prior:
    """A generator with its discriminator and encoder on one device, in eval mode, their weights frozen.

    discriminator: None if whoever trained the generator did not give it away. encoder: None if none was trained.
    mean_image: mean of the training images, float32 (3, R, R) in [-1, 1], if it is known. errors: what G gets wrong
    when E guesses, if that was measured.
    """

    row: PriorRow
    generator: Generator | CompletionGenerator
    discriminator: Discriminator | None
    device: torch.device
    encoder: Encoder | None = None
    mean_image: Tensor | None = None
    errors: ErrorModel | None = None

    @property
    def resolution(self) -> int:
        """Side of the images that G makes, in pixels."""
        return self.row.resolution

    @property
    def latent_variance(self) -> float:
        """Of each entry of a latent, in the prior's own distribution."""
        return 1.0 if self.row.latent_distribution == "normal" else 1 / 3

    @property
    def conditional(self) -> bool:
        """Whether G looks at the context."""
        return isinstance(self.generator, CompletionGenerator)

    def draw(self, count: int, random: torch.Generator) -> Tensor:
        """Latents from the prior's own distribution: float32 (count, latent_size) on its device.

        ``random`` is a CPU generator, so that one seed means one set of candidates on every device.
        """
        if self.row.latent_distribution == "normal":
            latents = torch.randn(count, self.row.latent_size, generator=random, device="cpu")
        else:
            latents = torch.rand(count, self.row.latent_size, generator=random, device="cpu") * 2 - 1
        return latents.to(self.device)

    @torch.no_grad()
    def confine_(self, latents: Tensor) -> None:
        """Move latents back into the support of their distribution, in place."""
        if self.row.latent_distribution == "uniform":
            latents.clamp_(-1, 1)

    def unlikeliness(self, latents: Tensor) -> Tensor:
        """-log p(z) per latent entry, up to a constant: (N, latent_size) → (N,).

        Zero everywhere in the support of a uniform distribution.
        """
        if self.row.latent_distribution == "normal":
            return latents.square().mean(dim=1) / 2
        return latents.new_zeros(len(latents))

    @torch.no_grad()
    def look_at(self, pixels: Tensor, known: Tensor) -> Context:
        """Prepare a context, so that :meth:`generate` need not look at it again for every latent.

        pixels: (P, 3, R, R) in [-1, 1]; known: (P, 1, R, R). Both are moved to the prior's device.
        """
        known = known.to(self.device, torch.float32)
        pixels = pixels.to(self.device, torch.float32) * known
        if isinstance(self.generator, CompletionGenerator):
            return Context(pixels, known, self.generator.encode(pixels, known))
        return Context(pixels, known)

    def generate(self, latents: Tensor, context: Context | None = None) -> Tensor:
        """G's images for latents (N, latent_size): (N, 3, R, R) in [-1, 1].

        context: one for all of them, or one for each. Raises ValueError if a conditional generator is given none.
        """
        if isinstance(self.generator, CompletionGenerator):
            if context is None or context.conditions is None:
                raise ValueError(f"the prior “{self.row.name}” completes images: it needs a context")
            conditions = context.conditions
            if len(conditions.code) != len(latents):
                conditions = conditions.of(torch.zeros(len(latents), dtype=torch.long, device=latents.device))
            return self.generator.decode(latents, conditions)
        image: Tensor = self.generator(latents)
        return image

    @torch.no_grad()
    def sample(self, count: int, random: torch.Generator, context: Context | None = None) -> Tensor:
        """``count`` images from the prior, (count, 3, R, R) in [-1, 1]; completions of ``context`` if it has one."""
        return self.generate(self.draw(count, random), context)

    def judged_view(self, images: Tensor, context: Context) -> Tensor:
        """What D is to be shown of G's images: the images, or the completed context if that is what D learnt from."""
        if context.conditions is None:
            return images
        return context.pixels + (1 - context.known) * images

    def score(self, images: Tensor) -> Tensor:
        """D's logits: (N, 3, R, R) in [-1, 1] → (N,); higher looks more real.

        Without a discriminator all images look equally real: zeros.
        """
        if self.discriminator is None:
            return images.new_zeros(len(images))
        logits: Tensor = self.discriminator(images)
        return logits

    @torch.no_grad()
    def encode(self, pixels: Tensor, known: Tensor) -> Tensor | None:
        """E's guess of the latents whose images agree with the contexts, or None if there is no encoder.

        pixels: (N, 3, R, R) in [-1, 1]; known: (N, 1, R, R). Returns (N, latent_size) within the support.
        """
        if self.encoder is None:
            return None
        context = self.look_at(pixels, known) if self.conditional else None
        guess: Tensor = self.encoder(pixels * known, known, lambda latents: self.generate(latents, context))
        self.confine_(guess)
        return guess

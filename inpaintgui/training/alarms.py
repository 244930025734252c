"""Early warnings: a discriminator that has won, a generator that makes one image only, losses that are no numbers."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping

WINDOW = 200
"""Steps over which losses are averaged before anything is said."""

D_WON = 0.1
"""Sum of D's two losses (1.39 at equilibrium) below which G learns nothing any more."""

COLLAPSED = 0.25
"""Spread of a batch of generated images, as a share of that of real ones, below which they are too much alike."""


class Alarms:
    """Watches the losses; says each thing once until it has got better."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._said: set[str] = set()

    def look_at(self, losses: Mapping[str, float]) -> Iterator[str]:
        """Take in the losses of one step; yields a sentence for every new reason to worry."""
        for name, value in losses.items():
            self._seen.setdefault(name, deque(maxlen=WINDOW)).append(value)
        judged = self._mean("errD_real") + self._mean("errD_fake")
        yield from self._once(judged < D_WON, "the discriminator has won: the generator gets no useful gradient")
        collapsed = self._mean("diversity") < COLLAPSED
        yield from self._once(collapsed, "the generated images are nearly all alike: the generator has collapsed")
        broken = any(math.isinf(v) for v in losses.values()) or math.isnan(next(iter(losses.values())))
        yield from self._once(broken, "a loss is no number any more: start again with a lower learning rate")

    def _mean(self, name: str) -> float:
        """Mean over a full window; NaN before, and where the loss did not occur."""
        values = self._seen.get(name, ())
        return sum(values) / WINDOW if len(values) == WINDOW else math.nan

    def _once(self, worrying: bool, sentence: str) -> Iterator[str]:
        if not worrying:
            self._said.discard(sentence)
        elif sentence not in self._said:
            self._said.add(sentence)
            yield sentence

"""Our search with single stages switched off: what each of them is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from inpaintgui.engine.presets import SearchPreset

Change = Callable[[SearchPreset], SearchPreset]


def _at_every_effort(preset: SearchPreset, **changes: Any) -> SearchPreset:
    """The same changes for a search at random and for one that the context informs."""
    return replace(preset, **changes, informed=preset.informed and replace(preset.informed, **changes))


ABLATIONS: Mapping[str, Change] = {
    "no-encoder": lambda preset: replace(preset, warm_start=False),
    "blind-no-draw": lambda preset: _at_every_effort(replace(preset, warm_start=False), draw=0),
    "blind-no-halving": lambda preset: replace(preset, warm_start=False, halve_at=()),
    "no-steps": lambda preset: _at_every_effort(preset, steps=0),
    "one-candidate": lambda preset: _at_every_effort(preset, candidates=1),
    "more-effort": lambda preset: replace(preset, informed=None),
    "no-density": lambda preset: replace(preset, guess_precision=0.0),
    "no-error-metric": lambda preset: replace(preset, error_metric=False),
    "no-discriminator": lambda preset: _at_every_effort(preset, perceptual_weight=0.0),
    "no-tuning": lambda preset: replace(preset, tuning=False),
    "unjudged-tuning": lambda preset: replace(preset, realism_slack=math.inf),
    "no-averaging": lambda preset: replace(preset, averaged=0),
    "no-rim-weighting": lambda preset: replace(preset, rim_weighting=False),
    "no-mirror": lambda preset: replace(preset, mirrored=False),
    "no-blending": lambda preset: replace(preset, blend=False),
}
"""By name: the preset as it is → the preset without that stage.

Draw and halving belong to a search that no encoder informs, so they are switched off in such a one (“blind”, to be
compared with “no-encoder”); “more-effort” gives an informed search the steps and candidates of a blind one. A stage
that plays no part with a prior leaves the same fills when it is gone, and the benchmark says so.
"""

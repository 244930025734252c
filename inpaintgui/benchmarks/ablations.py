"""Our search with single stages switched off: what each of them is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from inpaintgui.engine.presets import SearchPreset

Change = Callable[[SearchPreset], SearchPreset]


def _without_draw(preset: SearchPreset) -> SearchPreset:
    informed = preset.informed and replace(preset.informed, draw=0)
    return replace(preset, draw=0, informed=informed)


def _without_steps(preset: SearchPreset) -> SearchPreset:
    informed = preset.informed and replace(preset.informed, steps=0)
    return replace(preset, steps=0, informed=informed)


ABLATIONS: Mapping[str, Change] = {
    "no-encoder": lambda preset: replace(preset, warm_start=False),
    "no-draw": _without_draw,
    "no-steps": _without_steps,
    "no-halving": lambda preset: replace(preset, halve_at=()),
    "no-discriminator": lambda preset: replace(preset, perceptual_weight=0.0),
    "no-window": lambda preset: replace(preset, weighting="binary"),
    "no-informed-effort": lambda preset: replace(preset, informed=None),
    "no-blending": lambda preset: replace(preset, blend=False),
}
"""By name: the preset as it is → the preset without that stage.

A stage that the preset does not use with a prior anyway costs nothing when it is gone: no candidate of an informed
search is dropped, for example.
"""

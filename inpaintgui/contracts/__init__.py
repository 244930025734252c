"""Types that all layers share: photos, fill requests, progress, results, and the services that the window needs.

Conventions everywhere in the program: images are numpy arrays (H, W, C) in RGB order; masks are uint8 (H, W) with
0 = keep, 255 = hole and feather between; points are (x, y) in image pixels, pixel k covers [k, k + 1).
"""

from __future__ import annotations

from inpaintgui.contracts.batch import (
    FOUND,
    BatchJob,
    BatchOrder,
    BatchStep,
    Existing,
    Holes,
    Outcome,
    PhotoResult,
)
from inpaintgui.contracts.geometry import Box, ContextSquare, bounding_box, surroundings
from inpaintgui.contracts.photos import Glimpse, Mask, Photo, PhotoMetadata, Pixels
from inpaintgui.contracts.requests import FillRequest, FillSettings, RaceControl, Start
from inpaintgui.contracts.results import (
    Candidate,
    FilledPatch,
    FillJob,
    FillReport,
    FillResult,
    FillStep,
    Losses,
    Phase,
    Preview,
    Race,
    RegionContext,
    RegionReport,
    RegionSearch,
    Variation,
    run_to_end,
)
from inpaintgui.contracts.services import FinderInfo, PriorInfo, Services

__all__ = [
    "FOUND",
    "BatchJob",
    "BatchOrder",
    "BatchStep",
    "Box",
    "Candidate",
    "ContextSquare",
    "Existing",
    "FillJob",
    "FillReport",
    "FillRequest",
    "FillResult",
    "FillSettings",
    "FillStep",
    "FilledPatch",
    "FinderInfo",
    "Glimpse",
    "Holes",
    "Losses",
    "Mask",
    "Outcome",
    "Phase",
    "Photo",
    "PhotoMetadata",
    "PhotoResult",
    "Pixels",
    "Preview",
    "PriorInfo",
    "Race",
    "RaceControl",
    "RegionContext",
    "RegionReport",
    "RegionSearch",
    "Services",
    "Start",
    "Variation",
    "bounding_box",
    "run_to_end",
    "surroundings",
]

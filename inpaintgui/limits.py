"""How much of anything a file from outside may ask for. Every reader of foreign bytes takes its limits from here."""

from __future__ import annotations

MEBIBYTE = 1 << 20

MEGAPIXELS = 400
"""Larger images are refused before they are decoded: a small file can claim any size."""

IMAGE_FILE = 4096 * MEBIBYTE
"""Bytes of an image file; 400 megapixels of 16-bit RGBA, uncompressed, are 3,052 MiB."""

INFLATED_BLOCK = 16 * MEBIBYTE
"""Bytes of an unpacked colour profile or XMP packet; a small chunk can unpack to any size."""

PRIOR_FILE = 512 * MEBIBYTE
"""Bytes of a weights file."""

RECIPE_FILE = 64 * MEBIBYTE
RECIPE_LIST = 1000
"""Bytes of a recipe, and the most entries of its lists."""

LATENT = 1 << 16
"""Numbers of a latent in a recipe."""

VARIATIONS = 16
"""Different fills of one hole, in a recipe and at all."""

PROJECT_MANIFEST = 64 * MEBIBYTE
PROJECT_MEMBERS = 100_000
PROJECT_STEPS = 100_000
PROJECT_BOXES = 1_000_000
"""Bytes of a project's description, how many parts it has, how many undo steps, and boxes in one step."""

PROJECT_BLOB = 8192 * MEBIBYTE
"""Bytes of one blob of a project: an original, or the edits of one step."""

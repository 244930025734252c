"""Saves a photo that came from a JPEG as a JPEG again: what did not change stays as it was coded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import Photo, Pixels
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.image_blocks import insert_blocks
from inpaintgui.engine.image_codec import decode, with_fitting_profile
from inpaintgui.engine.image_header import HeaderError, ImageFormat, read_header
from inpaintgui.engine.jpeg_blocks import BlocksError, with_changes
from inpaintgui.sentences import say


def recoded(photo: Photo) -> bytes:
    """A JPEG file of the photo, out of the JPEG that it was read from; turned and mirrored as that one was.

    Raises BlocksError if that cannot be done, and OSError if the temporary folder cannot be written.
    """
    if photo.jpeg_file is None:
        raise BlocksError(say("it comes from no JPEG"))
    header = read_header(photo.jpeg_file)
    decoded = decode(photo.jpeg_file, header)
    pixels = _as_stored(photo.pixels, decoded.orientation)
    if pixels.shape != decoded.pixels.shape or pixels.dtype != decoded.pixels.dtype:
        raise BlocksError(say("it has another size or depth now"))
    bare = with_changes(photo.jpeg_file, decoded.pixels, pixels)
    try:
        if read_header(bare).width != header.width:
            raise BlocksError(say("its blocks could not be written"))
    except HeaderError as error:
        raise BlocksError(say("its blocks could not be written")) from error
    metadata = with_fitting_profile(photo.metadata, pixels.shape[2])
    exif = metadata.exif and _turned(metadata.exif, decoded.orientation)
    return insert_blocks(bare, ImageFormat.JPEG, replace(metadata, exif=exif))


def _turned(exif: bytes, orientation: int) -> bytes:
    """The block with the orientation that the file had."""
    tags = tiff_tags.read_tags(exif)
    tag = tags.get(tiff_tags.ORIENTATION)
    return exif if tag is None else tiff_tags.with_number(exif, tag, orientation)


def _as_stored(pixels: Pixels, orientation: int) -> Pixels:
    """Upright pixels as a file with that EXIF orientation stores them: the reverse of applying it."""
    stored: NDArray[Any] = pixels
    if orientation in (2, 3, 6, 7):
        stored = stored[:, ::-1]
    if orientation in (3, 4, 7, 8):
        stored = stored[::-1]
    return np.ascontiguousarray(stored.swapaxes(0, 1) if orientation >= 5 else stored)

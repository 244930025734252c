"""Image files as bytes to pixels and metadata blocks, and back. BGR, OpenCV's order, exists only in this module.

OpenCV carries EXIF, XMP and ICC for JPEG, PNG and WebP. In a TIFF they are tags of the file itself, which are read and
added here; OpenCV also premultiplies 8-bit TIFF alpha and half applies the orientation, so both tags are neutralised
in the copy that it decodes. An EXIF block is a TIFF structure without the "Exif" prefix that JPEG puts before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import PhotoMetadata, Pixels
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.image_header import ImageFormat, ImageHeader
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.tiff_tags import Tag, TiffTagsError

_BYTE, _SHORT, _UNDEFINED = 1, 3, 7
_UNSPECIFIED, _ASSOCIATED, _UNASSOCIATED = 0, 1, 2
_EXIF_PREFIX = b"Exif\0\0"


class CodecError(ValueError):
    """The file cannot be decoded, or the pixels cannot be stored in this format."""


@dataclass(frozen=True)
class Decoded:
    """pixels: (H, W, C) as stored, RGB order. orientation: EXIF's, 1 to 8, not applied yet; the block says 1."""

    pixels: Pixels
    metadata: PhotoMetadata
    orientation: int


def decode(data: bytes, header: ImageHeader) -> Decoded:
    """Take an image file apart. Raises CodecError."""
    try:
        decoded = _decode_tiff(data) if header.format is ImageFormat.TIFF else _decode_with_metadata(data)
    except cv2.error as error:
        raise CodecError("not decodable") from error
    pixels = decoded.pixels
    if header.grey_alpha and pixels.shape[2] == 4:
        pixels = _contiguous(pixels[..., 2:])
    return replace(decoded, pixels=pixels, metadata=with_fitting_profile(decoded.metadata, pixels.shape[2]))


def encode(pixels: Pixels, image_format: ImageFormat, metadata: PhotoMetadata, parameters: Sequence[int]) -> bytes:
    """An image file of pixels (H, W, C) in RGB order; C is 1, 3 or 4. ``parameters``: OpenCV's. Raises CodecError."""
    metadata = with_fitting_profile(metadata, pixels.shape[2])
    bgr = _swapped(pixels)
    try:
        if image_format is ImageFormat.TIFF:
            _, buffer = cv2.imencode(".tiff", bgr, parameters)
            return tiff_tags.add_tags(buffer.tobytes(), _tiff_tags_of(metadata, pixels.shape[2]))
        blocks = {
            cv2.IMAGE_METADATA_EXIF: metadata.exif,
            cv2.IMAGE_METADATA_XMP: metadata.xmp,
            cv2.IMAGE_METADATA_ICCP: metadata.icc,
        }
        present = {kind: _as_array(block) for kind, block in blocks.items() if block}
        if present and image_format is not ImageFormat.BMP:
            kinds, values = list(present), list(present.values())
            done, buffer = cv2.imencodeWithMetadata(f".{image_format.lower()}", bgr, kinds, values, parameters)
        else:
            done, buffer = cv2.imencode(f".{image_format.lower()}", bgr, parameters)
    except (cv2.error, TiffTagsError) as error:
        raise CodecError("not encodable") from error
    if not done:
        raise CodecError("not encodable")
    return buffer.tobytes()


def with_fitting_profile(metadata: PhotoMetadata, channels: int) -> PhotoMetadata:
    """Without an ICC profile that is for another colour model (CMYK for RGB pixels, RGB for grey ones)."""
    expected = b"GRAY" if channels <= 2 else b"RGB "
    return metadata if metadata.icc is None or metadata.icc[16:20] == expected else replace(metadata, icc=None)


def _as_array(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


def _checked(decoded: NDArray[Any] | None) -> Pixels:
    """OpenCV's answer as RGB (H, W, C)."""
    if decoded is None or decoded.dtype not in (np.uint8, np.uint16):
        raise CodecError("not decodable")
    return _swapped(decoded[..., None] if decoded.ndim == 2 else decoded)


def _swapped(pixels: Pixels) -> Pixels:
    """RGB(A) from BGR(A) or the other way round; grey stays. Contiguous."""
    order = {3: [2, 1, 0], 4: [2, 1, 0, 3]}.get(pixels.shape[2])
    return _contiguous(pixels if order is None else pixels[..., order])


def _contiguous(pixels: NDArray[Any]) -> Pixels:
    return np.ascontiguousarray(pixels)


def _decode_with_metadata(data: bytes) -> Decoded:
    decoded, kinds, blocks = cv2.imdecodeWithMetadata(_as_array(data), flags=cv2.IMREAD_UNCHANGED)
    pixels = _checked(decoded)
    found = {int(kind): np.asarray(block).tobytes() for kind, block in zip(kinds, blocks, strict=True)}
    exif, orientation = _upright(found.get(cv2.IMAGE_METADATA_EXIF, b"").removeprefix(_EXIF_PREFIX))
    xmp, icc = found.get(cv2.IMAGE_METADATA_XMP), found.get(cv2.IMAGE_METADATA_ICCP)
    return Decoded(pixels, PhotoMetadata(exif=exif, xmp=xmp or None, icc=icc or None), orientation)


def _upright(exif: bytes) -> tuple[bytes | None, int]:
    """The block with orientation 1 and without its preview, and the orientation it had.

    A block that cannot be read is dropped: it could not be trusted to keep its orientation or its preview to itself.
    """
    try:
        tags = tiff_tags.read_tags(exif)
        orientation = tiff_tags.orientation(tags)
        if tiff_tags.ORIENTATION in tags:
            exif = tiff_tags.with_number(exif, tags[tiff_tags.ORIENTATION], 1)
        return tiff_tags.without_thumbnail(exif), orientation
    except TiffTagsError:
        return None, 1


def _decode_tiff(data: bytes) -> Decoded:
    tags = tiff_tags.read_tags(data)
    orientation, alpha = tiff_tags.orientation(tags), tags.get(tiff_tags.EXTRA_SAMPLES)
    neutral = data
    if orientation != 1:
        neutral = tiff_tags.with_number(neutral, tags[tiff_tags.ORIENTATION], 1)
    if alpha is not None:
        neutral = tiff_tags.with_number(neutral, alpha, _UNSPECIFIED)
    pixels = _checked(cv2.imdecode(_as_array(neutral), cv2.IMREAD_UNCHANGED))
    if alpha is not None and alpha.numbers[0] == _ASSOCIATED and pixels.shape[2] == 4:
        pixels = _unpremultiplied(pixels)
    said = tiff_tags.descriptive(tags)
    icc, xmp = tags.get(tiff_tags.ICC_PROFILE), tags.get(tiff_tags.XMP)
    metadata = PhotoMetadata(
        exif=tiff_tags.build_exif(said) if said else None,
        xmp=xmp.value if xmp else None,
        icc=icc.value if icc else None,
    )
    return Decoded(pixels, metadata, orientation)


def _unpremultiplied(pixels: Pixels) -> Pixels:
    """Colour divided by alpha, rounded; where alpha is 0 the colour stays."""
    top = np.iinfo(pixels.dtype).max
    alpha = np.maximum(pixels[..., 3:].astype(np.uint32), 1)
    colour = np.minimum((pixels[..., :3].astype(np.uint32) * top + alpha // 2) // alpha, top)
    colour = np.where(pixels[..., 3:] == 0, pixels[..., :3], colour)
    return np.concatenate([colour.astype(pixels.dtype), pixels[..., 3:]], axis=2)


def _tiff_tags_of(metadata: PhotoMetadata, channels: int) -> Mapping[int, Tag]:
    tags: dict[int, Tag] = {}
    if metadata.exif:
        tags |= tiff_tags.descriptive(tiff_tags.read_tags(metadata.exif))
    if metadata.xmp:
        tags[tiff_tags.XMP] = Tag(_BYTE, metadata.xmp)
    if metadata.icc:
        tags[tiff_tags.ICC_PROFILE] = Tag(_UNDEFINED, metadata.icc)
    if channels == 4:
        tags[tiff_tags.EXTRA_SAMPLES] = Tag(_SHORT, _UNASSOCIATED.to_bytes(2, "little"))
    return tags

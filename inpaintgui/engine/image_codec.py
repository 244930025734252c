"""Image files as bytes to pixels and metadata blocks, and back. BGR, OpenCV's order, exists only in this module.

OpenCV codes the pixels; the blocks go past it. In a TIFF they are tags of the file itself. OpenCV also premultiplies
8-bit TIFF alpha and half applies the orientation, so both tags are neutralised in the copy that it decodes; and it
leaves 16-bit grey inverted where the file says that white is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui.contracts import PhotoMetadata, Pixels
from inpaintgui.engine import tiff_tags
from inpaintgui.engine.heic import decode_heic, full_range
from inpaintgui.engine.heif_boxes import HeifError, read_boxes
from inpaintgui.engine.image_blocks import BlockTooLargeError, insert_blocks, read_blocks, with_alpha, without_blocks
from inpaintgui.engine.image_header import ImageFormat, ImageHeader
from inpaintgui.engine.opencv import cv2
from inpaintgui.engine.tiff_tags import Tag, TiffTagsError
from inpaintgui.sentences import say

_BYTE, _SHORT, _UNDEFINED = 1, 3, 7
_WHITE_IS_ZERO, _BLACK_IS_ZERO = 0, 1
_UNSPECIFIED, _ASSOCIATED, _UNASSOCIATED = 0, 1, 2


class CodecError(ValueError):
    """The file cannot be decoded, or the photo cannot be stored in this format.

    The text says why; the user reads it where a photo cannot be stored.
    """


@dataclass(frozen=True)
class Decoded:
    """pixels: (H, W, C) as stored, RGB order. orientation: EXIF's, 1 to 8, not applied yet; the block says 1."""

    pixels: Pixels
    metadata: PhotoMetadata
    orientation: int


def decode(data: bytes, header: ImageHeader, seen: Callable[[Pixels], None] | None = None) -> Decoded:
    """Take an image file apart. Raises CodecError.

    seen: gets the rows of a PNG from above, some at a time, in RGB order, if they come upright and in that order.
    """
    try:
        if header.format is ImageFormat.PNG:
            decoded = _decode_with_blocks(data, header.format, seen)
        else:
            decoded = _DECODERS.get(header.format, _decode_with_blocks)(data, header.format)
    except cv2.error as error:
        raise CodecError("it cannot be decoded") from error
    pixels = decoded.pixels
    if header.grey_alpha and pixels.shape[2] == 4:
        pixels = _contiguous(pixels[..., 2:])
    return replace(decoded, pixels=pixels, metadata=with_fitting_profile(decoded.metadata, pixels.shape[2]))


def encode(pixels: Pixels, image_format: ImageFormat, metadata: PhotoMetadata, parameters: Sequence[int]) -> bytes:
    """An image file of pixels (H, W, C) in RGB order; C is 1, 3 or 4. ``parameters``: OpenCV's. Raises CodecError."""
    metadata = with_fitting_profile(metadata, pixels.shape[2])
    try:
        done, buffer = cv2.imencode(f".{image_format.lower()}", _swapped(pixels), parameters)
        if not done:
            raise CodecError(say("it cannot be coded"))
        if image_format is ImageFormat.TIFF:
            return tiff_tags.add_tags(buffer.tobytes(), _tiff_tags_of(metadata, pixels.shape[2]))
        data = buffer.tobytes()
        if image_format is ImageFormat.WEBP and pixels.shape[2] == 4:
            data = with_alpha(data)
        return insert_blocks(data, image_format, metadata)
    except cv2.error as error:
        raise CodecError(say("it cannot be coded")) from error
    except (BlockTooLargeError, TiffTagsError) as error:
        raise CodecError(*error.args) from error


def with_fitting_profile(metadata: PhotoMetadata, channels: int) -> PhotoMetadata:
    """Without an ICC profile that is for another colour model (CMYK for RGB pixels, RGB for grey ones)."""
    expected = b"GRAY" if channels <= 2 else b"RGB "
    return metadata if metadata.icc is None or metadata.icc[16:20] == expected else replace(metadata, icc=None)


def _as_array(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


def _checked(decoded: NDArray[Any] | None) -> Pixels:
    """OpenCV's answer as RGB (H, W, C)."""
    if decoded is None or decoded.dtype not in (np.uint8, np.uint16):
        raise CodecError("it cannot be decoded")
    return _swapped(decoded[..., None] if decoded.ndim == 2 else decoded)


def _swapped(pixels: Pixels) -> Pixels:
    """RGB(A) from BGR(A) or the other way round; grey stays. Contiguous."""
    code = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}.get(pixels.shape[2])
    return _contiguous(pixels if code is None else cv2.cvtColor(pixels, code))


def _contiguous(pixels: NDArray[Any]) -> Pixels:
    return np.ascontiguousarray(pixels)


def _decode_with_blocks(
    data: bytes, image_format: ImageFormat, seen: Callable[[Pixels], None] | None = None
) -> Decoded:
    blocks = read_blocks(data, image_format)
    exif, orientation = _upright(blocks.exif) if blocks.exif else (None, 1)
    pixels = None
    if seen is not None and orientation == 1:
        pixels = _decode_bands(data, seen)
    if pixels is None:
        coded = without_blocks(data) if image_format is ImageFormat.PNG else data
        pixels = _checked(cv2.imdecode(_as_array(coded), cv2.IMREAD_UNCHANGED))
    return Decoded(pixels, replace(blocks, exif=exif), orientation)


def _decode_bands(data: bytes, seen: Callable[[Pixels], None]) -> Pixels | None:
    from inpaintgui.engine.png_bands import BandsError, decode_in_bands  # numba, which smaller photos need not wait for

    try:
        return decode_in_bands(data, seen)
    except BandsError as error:
        raise CodecError("it cannot be decoded") from error


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


def _decode_avif(data: bytes, _format: ImageFormat) -> Decoded:
    """OpenCV leaves 10 and 12 bits as they are stored, and does not turn."""
    info = read_boxes(data)
    pixels = _checked(cv2.imdecode(_as_array(data), cv2.IMREAD_UNCHANGED))
    if pixels.shape[:2] != (info.height, info.width):
        raise CodecError("it cannot be decoded")
    if pixels.dtype == np.uint16:
        pixels = full_range(pixels, info.bits)
    return Decoded(pixels, _without_turn(info.metadata), info.orientation)


def _decode_heic(data: bytes, _format: ImageFormat) -> Decoded:
    """The decoder turns and mirrors by itself."""
    try:
        pixels = decode_heic(data)
    except HeifError as error:
        raise CodecError("it cannot be decoded") from error
    return Decoded(pixels, _without_turn(read_boxes(data).metadata), 1)


def _without_turn(metadata: PhotoMetadata) -> PhotoMetadata:
    """HEIC and AVIF are turned by boxes of their own; what EXIF says of it does not count."""
    exif, _ = _upright(metadata.exif) if metadata.exif else (None, 1)
    return replace(metadata, exif=exif)


def _decode_tiff(data: bytes, _format: ImageFormat) -> Decoded:
    tags = tiff_tags.read_tags(data)
    orientation, alpha = tiff_tags.orientation(tags), tags.get(tiff_tags.EXTRA_SAMPLES)
    neutral = data
    if orientation != 1:
        neutral = tiff_tags.with_number(neutral, tags[tiff_tags.ORIENTATION], 1)
    if alpha is not None:
        neutral = tiff_tags.with_number(neutral, alpha, _UNSPECIFIED)
    pixels = _checked(cv2.imdecode(_as_array(neutral), cv2.IMREAD_UNCHANGED))
    if 8 * pixels.dtype.itemsize < _first(tags, tiff_tags.BITS_PER_SAMPLE, 1):
        raise CodecError("its 16 bits cannot be decoded")
    if pixels.dtype == np.uint16 and _first(tags, tiff_tags.PHOTOMETRIC, _BLACK_IS_ZERO) == _WHITE_IS_ZERO:
        pixels = np.uint16(65535) - pixels
    if alpha is not None and alpha.first(_UNSPECIFIED) == _ASSOCIATED and pixels.shape[2] == 4:
        pixels = _unpremultiplied(pixels)
    said = tiff_tags.descriptive(tags)
    icc, xmp = tags.get(tiff_tags.ICC_PROFILE), tags.get(tiff_tags.XMP)
    metadata = PhotoMetadata(
        exif=tiff_tags.build_exif(said) if said else None,
        xmp=xmp.value if xmp else None,
        icc=icc.value if icc else None,
        density=tiff_tags.density(tags),
    )
    return Decoded(pixels, metadata, orientation)


def _first(tags: Mapping[int, Tag], number: int, default: int) -> int:
    return tags[number].first(default) if number in tags else default


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
    if metadata.density:
        tags |= tiff_tags.density_tags(*metadata.density)
    if metadata.xmp:
        tags[tiff_tags.XMP] = Tag(_BYTE, metadata.xmp)
    if metadata.icc:
        tags[tiff_tags.ICC_PROFILE] = Tag(_UNDEFINED, metadata.icc)
    if channels == 4:
        tags[tiff_tags.EXTRA_SAMPLES] = Tag(_SHORT, _UNASSOCIATED.to_bytes(2, "little"))
    return tags


_DECODERS: dict[ImageFormat, Callable[[bytes, ImageFormat], Decoded]] = {
    ImageFormat.TIFF: _decode_tiff,
    ImageFormat.HEIC: _decode_heic,
    ImageFormat.AVIF: _decode_avif,
}

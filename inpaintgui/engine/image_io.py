"""Photos and masks from files and back: JPEG, PNG, TIFF, WebP, BMP; 8 and 16 bits; grey and RGB, with or without alpha.

HEIC and AVIF can only be read, 10 and 12 bits as 16. They lose a little at every writing, so that is left to others.

Lossless formats keep every pixel bit for bit and WebP is written lossless. A JPEG that was read from a JPEG keeps the
blocks in which nothing changed; where that cannot be, it is written with the quality and chroma sampling that it came
with. EXIF, XMP and ICC travel along where the format can carry them (BMP cannot). The EXIF orientation is applied to
the pixels once and set to 1 (a JPEG from a JPEG is stored turned as that was); the preview picture inside EXIF is
dropped, because it would still show what was removed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inpaintgui import limits
from inpaintgui.contracts import Glimpse, Mask, Photo, Pixels
from inpaintgui.engine.glimpse import Show, Unveiling, is_large, reduced
from inpaintgui.engine.image_codec import CodecError, Decoded, decode, encode
from inpaintgui.engine.image_header import HeaderError, ImageFormat, ImageHeader, read_header
from inpaintgui.engine.jpeg_blocks import BlocksError
from inpaintgui.engine.jpeg_quality import estimate_quality
from inpaintgui.engine.jpeg_source import recoded
from inpaintgui.engine.opencv import cv2
from inpaintgui.errors import BadInputError, ImageFileError, SaveError
from inpaintgui.sentences import Sentence, os_reason, say
from inpaintgui.staged_file import check_writable, replace_file

MAX_MEGAPIXELS = limits.MEGAPIXELS

DEFAULT_JPEG_QUALITY = 95
DEFAULT_JPEG_SAMPLING = "4:4:4"
FORMATS_BY_SUFFIX = {
    ".jpg": ImageFormat.JPEG,
    ".jpeg": ImageFormat.JPEG,
    ".png": ImageFormat.PNG,
    ".tif": ImageFormat.TIFF,
    ".tiff": ImageFormat.TIFF,
    ".webp": ImageFormat.WEBP,
    ".bmp": ImageFormat.BMP,
}
"""What can be written, by the ending of the name."""
READ_SUFFIXES = frozenset({*FORMATS_BY_SUFFIX, ".heic", ".heif", ".avif"})
_SAMPLING_FLAGS = {
    "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "4:4:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    "4:1:1": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
}
_WEBP_MAX_SIDE = 16383
_JPEG_MAX_SIDE = 65500


def load_photo(path: Path, show: Show | None = None) -> Photo:
    """Read a photo. Pixels as in :class:`Photo`, with the EXIF orientation applied.

    Palettes become RGB(A), CMYK JPEGs become RGB without their profile; animations, CMYK TIFFs and images above
    MAX_MEGAPIXELS are refused. show: gets glimpses of a large photo as it is decoded. Raises ImageFileError.
    """
    return photo_from_bytes(_read_bytes(path), path, show)


def photo_from_bytes(data: bytes, path: Path, show: Show | None = None) -> Photo:
    """As :func:`load_photo`, of the bytes of a file. path: for messages."""
    header = _read_header(path, data)
    if header.format is ImageFormat.JPEG or not is_large(header):  # of a JPEG there was a glimpse before
        show = None
    try:
        decoded = decode(data, header, Unveiling(header.width, header.height, show).add if show else None)
        if show is not None:
            show(_glimpse_of(decoded))
    except MemoryError as error:
        raise ImageFileError(say('Cannot open "{path}": there is not enough memory.', path=path)) from error
    except CodecError as error:
        raise ImageFileError(
            say('Cannot open "{path}": it is damaged, or of a kind that cannot be read.', path=path)
        ) from error
    return Photo(
        pixels=_oriented(decoded.pixels, decoded.orientation),
        metadata=decoded.metadata,
        jpeg_quality=estimate_quality(header.jpeg) if header.jpeg else None,
        jpeg_sampling=(header.jpeg.sampling or None) if header.jpeg else None,
        jpeg_file=data if header.jpeg else None,
        file_hash=hashlib.sha256(data).hexdigest(),
    )


def save_photo(path: Path, photo: Photo) -> tuple[Sentence, ...]:
    """Write a photo in the format that the file name's ending says, staged and atomic.

    Returns sentences about what the format or the file did not allow to be kept, for the user; mostly none.

    Grey + alpha is written as RGBA with equal channels. JPEG, WebP and BMP hold 8 bits: 16-bit values are divided by
    257 and rounded. Raises SaveError, before anything is written, if the ending is unknown, JPEG would lose
    transparency, or the format cannot hold the size; and if the file cannot be written.
    """
    image_format = check_format(path, photo)
    check_writable(path)
    try:
        data, notes = _encode(photo, image_format)
    except MemoryError as error:
        raise SaveError(say('Cannot save "{path}": there is not enough memory.', path=path)) from error
    except CodecError as error:
        raise SaveError(
            say('Cannot save "{path}" as {image_format}: {error}.', path=path, image_format=image_format, error=error)
        ) from error
    except OSError as error:
        raise SaveError(say('Cannot save "{path}": {reason}.', path=path, reason=os_reason(error))) from error
    replace_file(path, data)
    return notes


def check_format(path: Path, photo: Photo) -> ImageFormat:
    """The format that the ending of ``path`` says. Raises SaveError if there is none, or it cannot hold the photo.

    A fill changes neither size nor transparency: this can be asked before minutes of work go into one.
    """
    image_format = FORMATS_BY_SUFFIX.get(Path(path).suffix.lower())
    if image_format is None:
        endings = " ".join(FORMATS_BY_SUFFIX)
        raise SaveError(say('Cannot save "{path}": its name must end in one of {endings}.', path=path, endings=endings))
    limit = {ImageFormat.WEBP: _WEBP_MAX_SIDE, ImageFormat.JPEG: _JPEG_MAX_SIDE}.get(image_format)
    if limit is not None and max(photo.width, photo.height) > limit:
        raise SaveError(
            say(
                'Cannot save "{path}": {image_format} holds at most {limit} pixels per side.',
                path=path,
                image_format=image_format,
                limit=limit,
            )
        )
    if image_format is ImageFormat.JPEG and not _is_opaque(photo.pixels):
        raise SaveError(say('Cannot save "{path}": JPEG cannot hold transparency; use PNG, TIFF or WebP.', path=path))
    return image_format


def load_mask(path: Path, shape: tuple[int, int]) -> Mask:
    """Read a mask, white = hole, for a photo of ``shape`` (height, width). Returns uint8 (H, W), 0 or 255.

    Pixels whose luminance is at least half of white (128 of 255) are hole. Alpha is ignored unless the colour channels
    are one flat colour: then what is painted is in the alpha, and opaque means hole. Raises ImageFileError, and
    BadInputError if the sizes differ.
    """
    pixels = load_photo(path).pixels
    if pixels.shape[:2] != tuple(shape):
        raise BadInputError(
            say(
                'The mask "{path}" is {width} × {height} pixels, but the photo is {photo_width} × {photo_height}.',
                path=path,
                width=pixels.shape[1],
                height=pixels.shape[0],
                photo_width=shape[1],
                photo_height=shape[0],
            )
        )
    return np.where(_whiteness(pixels) >= 128, np.uint8(255), np.uint8(0))


def load_brightness(path: Path) -> NDArray[np.float32]:
    """Any image's luminance, 0 to 255, float32 (H, W); alpha as in :func:`load_mask`. Raises ImageFileError."""
    return _whiteness(load_photo(path).pixels)


def save_mask(path: Path, mask: Mask) -> None:
    """Write a mask, uint8 (H, W), as a grey image in a lossless format; feather is kept. Raises SaveError."""
    photo = Photo(mask[..., None])
    if check_format(path, photo) is ImageFormat.JPEG:
        raise SaveError(say('Cannot save the mask "{path}" as JPEG, which would blur it; use PNG.', path=path))
    save_photo(path, photo)


def _whiteness(pixels: Pixels) -> NDArray[np.float32]:
    """Luminance 0 to 255 (ITU-R BT.601), or alpha where the colour says nothing: (H, W)."""
    channels = pixels.shape[2]
    colour, alpha = pixels[..., : 1 if channels <= 2 else 3], pixels[..., -1]
    levels: NDArray[np.float32]
    if channels in (2, 4) and (alpha != alpha[0, 0]).any() and (colour == colour[0, 0]).all():
        levels = alpha.astype(np.float32)
    elif channels <= 2:
        levels = colour[..., 0].astype(np.float32)
    else:
        red, green, blue = (colour[..., channel].astype(np.float32) for channel in range(3))
        levels = (np.float32(299) * red + np.float32(587) * green + np.float32(114) * blue) / np.float32(1000)
    return levels if pixels.dtype == np.uint8 else levels / np.float32(257)


def _read_bytes(path: Path) -> bytes:
    try:
        if Path(path).stat().st_size > limits.IMAGE_FILE:
            raise ImageFileError(say('Cannot open "{path}": the file is larger than any photo may be.', path=path))
        data = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise ImageFileError(say('Cannot open "{path}": there is no such file.', path=path)) from error
    except IsADirectoryError as error:
        raise ImageFileError(say('Cannot open "{path}": it is a folder.', path=path)) from error
    except OSError as error:
        raise ImageFileError(say('Cannot open "{path}": {reason}.', path=path, reason=os_reason(error))) from error
    if not data:
        raise ImageFileError(say('Cannot open "{path}": the file is empty.', path=path))
    return data


def _read_header(path: Path, data: bytes) -> ImageHeader:
    try:
        header = read_header(data)
    except HeaderError as error:
        raise ImageFileError(say('"{path}" {error}', path=path, error=error)) from error
    if header.width * header.height > MAX_MEGAPIXELS * 1_000_000:
        raise ImageFileError(
            say(
                '"{path}" claims {width} × {height} pixels; at most {most} megapixels can be opened.',
                path=path,
                width=header.width,
                height=header.height,
                most=MAX_MEGAPIXELS,
            )
        )
    return header


def _oriented(pixels: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation: 2 to 4 mirror or turn by 180°, 5 to 8 also swap the sides (EXIF 2.3, tag 274)."""
    turned: NDArray[Any] = pixels
    if orientation >= 5:
        turned = turned.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)


def _glimpse_of(decoded: Decoded) -> Glimpse:
    height, width = decoded.pixels.shape[:2]
    if decoded.orientation >= 5:
        width, height = height, width
    small = _oriented(reduced(decoded.pixels), decoded.orientation)
    return Glimpse(small.astype(np.uint8, copy=False), width, height)


def _is_opaque(pixels: Pixels) -> bool:
    return pixels.shape[2] in (1, 3) or bool((pixels[..., -1] == np.iinfo(pixels.dtype).max).all())


def _encode(photo: Photo, image_format: ImageFormat) -> tuple[bytes, tuple[Sentence, ...]]:
    """The file, and what is to be said about it."""
    notes: list[Sentence] = []
    if image_format is ImageFormat.JPEG and photo.jpeg_file is not None:
        try:
            return recoded(photo), ()
        except BlocksError as error:
            notes.append(say("The whole JPEG was compressed again, because {error}.", error=error))
    if photo.jpeg_file is not None and _is_cmyk(photo.jpeg_file):
        notes.append(say("The photo was CMYK; the file is RGB."))
    pixels = photo.pixels
    if image_format in (ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.BMP) and pixels.dtype == np.uint16:
        pixels = _to_8_bits(pixels)
        notes.append(say("The photo has 16 bits per channel; {image_format} holds 8.", image_format=image_format))
    if image_format is ImageFormat.BMP and (photo.metadata.exif or photo.metadata.xmp or photo.metadata.icc):
        notes.append(say("BMP holds no metadata and no colour profile."))
    if pixels.shape[2] == 2:
        pixels = np.concatenate([np.repeat(pixels[..., :1], 3, axis=2), pixels[..., 1:]], axis=2)
    if image_format is ImageFormat.JPEG and pixels.shape[2] == 4:
        pixels = pixels[..., :3]
    return encode(pixels, image_format, photo.metadata, _parameters(photo, image_format)), tuple(notes)


def _is_cmyk(jpeg_file: bytes) -> bool:
    tables = read_header(jpeg_file).jpeg
    return tables is not None and tables.channels == 4


def _to_8_bits(pixels: Pixels) -> NDArray[np.uint8]:
    """(v + 128) // 257 rounds v / 257: 0 stays 0 and 65535 becomes 255."""
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _parameters(photo: Photo, image_format: ImageFormat) -> list[int]:
    if image_format is ImageFormat.JPEG:
        sampling = _SAMPLING_FLAGS.get(photo.jpeg_sampling or DEFAULT_JPEG_SAMPLING)
        quality = photo.jpeg_quality or DEFAULT_JPEG_QUALITY
        parameters = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        return parameters if sampling is None else [*parameters, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    if image_format is ImageFormat.WEBP:
        return [cv2.IMWRITE_WEBP_LOSSLESS_MODE, cv2.IMWRITE_WEBP_LOSSLESS_PRESERVE_COLOR]
    return []

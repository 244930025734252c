"""Wide-gamut photos look right; the pixels stay theirs. Little CMS, through Pillow, says what right is."""

import io
from dataclasses import replace

import numpy as np
import pytest
from fakes import make_photo
from PIL import Image, ImageCms
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColorSpace

from inpaintgui.contracts import Box, PhotoMetadata, Preview
from inpaintgui.ui.display_colour import converter
from inpaintgui.ui.preview_image import PreviewImage
from inpaintgui.ui.pyramid import to_bgra

Named, Curve = QColorSpace.NamedColorSpace, QColorSpace.TransferFunction
PIXELS = make_photo(width=60, height=300, seed=2).pixels


def profile(space):
    return bytes(QColorSpace(space).iccProfile().data())


def as_little_cms_shows(pixels, icc):
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    target = ImageCms.createProfile("sRGB")
    image = Image.fromarray(pixels)
    return np.asarray(ImageCms.profileToProfile(image, source, target, ImageCms.Intent.RELATIVE_COLORIMETRIC))


@pytest.mark.parametrize("space", [Named.DisplayP3, Named.AdobeRgb, Named.ProPhotoRgb])
def test_wide_gamut_colours_are_converted(space):
    icc = profile(space)
    shown = converter(icc)(PIXELS)
    expected = as_little_cms_shows(PIXELS, icc)
    assert np.abs(shown[..., 2::-1].astype(int) - expected).max() <= 3
    assert (shown[..., 3] == 255).all()
    assert np.abs(shown[..., 2::-1].astype(int) - PIXELS).max() > 20


def test_16_bits_and_transparency():
    wide = np.dstack([PIXELS, np.full(PIXELS.shape[:2], 128, np.uint8)]).astype(np.uint16) * 257
    icc = profile(Named.DisplayP3)
    shown = converter(icc)(wide)
    assert (shown[..., 3] == 128).all()
    opaque = converter(icc)(PIXELS)
    # Half the levels, rounded before and after the conversion.
    assert np.abs(2 * shown[..., :3].astype(int) - opaque[..., :3]).mean() < 1.5


def test_grey_profiles():
    linear = bytes(QColorSpace(QPointF(0.3127, 0.3290), Curve.Linear).iccProfile().data())
    grey = np.arange(256, dtype=np.uint8).reshape(1, 256, 1)
    shown = converter(linear)(grey)[0, :, 0]
    assert (shown[0], shown[255]) == (0, 255)
    assert shown[55] == pytest.approx(128, abs=2)
    with_alpha = np.concatenate([grey, np.full_like(grey, 255)], axis=2)
    assert np.array_equal(converter(linear)(with_alpha)[0, :, 0], shown)


@pytest.mark.parametrize("icc", [None, profile(Named.SRgb), b"", b"junk" * 100, profile(Named.DisplayP3)[:200]])
def test_nothing_is_done_where_nothing_would_change_or_the_profile_is_bad(icc):
    assert converter(icc) is to_bgra


def test_the_window_shows_the_profile_and_exports_the_pixels(qtbot, window, services, answers, open_photo):
    icc = profile(Named.DisplayP3)
    services.photo = replace(services.photo, metadata=PhotoMetadata(icc=icc))
    document = open_photo()
    pyramid = window.controller.photo_pyramid
    assert np.array_equal(pyramid.levels[0], converter(icc)(services.photo.pixels))
    assert np.array_equal(document.pixels, services.photo.pixels)
    window.controller.apply(
        document.set_mask(np.full((48, 64), 255, np.uint8) * (np.arange(64) < 9).astype(np.uint8), "m")
    )
    with qtbot.waitSignal(window.controller.report_changed):
        window.controller.fill()
    assert np.array_equal(pyramid.levels[0], converter(icc)(document.pixels))
    with qtbot.waitSignal(window.files.exported):
        window.files.export_as()
    saved = services.saved[answers.export_path]
    assert np.array_equal(saved.pixels[:, 9:], services.photo.pixels[:, 9:])
    assert saved.metadata.icc == icc


def test_previews_are_converted_like_the_photo():
    convert = converter(profile(Named.AdobeRgb))
    pixels = PIXELS[:20, :20]
    preview = PreviewImage.of(Preview(Box(0, 0, 20, 20), pixels, np.ones((20, 20), bool)), convert)
    assert np.array_equal(preview.levels[0], convert(pixels))

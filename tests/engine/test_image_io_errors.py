"""Every failure is one sentence that names the file; nothing that was there before is lost."""

import io
import os
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from inpaintgui import staged_file
from inpaintgui.contracts import Photo, PhotoMetadata
from inpaintgui.engine import image_io, tiff_tags
from inpaintgui.engine.image_io import load_photo, save_photo
from inpaintgui.errors import ImageFileError, SaveError

SUFFIXES = [".jpg", ".png", ".tiff", ".webp", ".bmp"]
NOISE = np.random.default_rng(3).integers(0, 256, (60, 80, 3), dtype=np.uint8)


def assert_refused(path, *words):
    with pytest.raises(ImageFileError) as caught:
        load_photo(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


def test_a_missing_file(tmp_path):
    assert_refused(tmp_path / "none.png", "no such file")


def test_a_folder(tmp_path):
    assert_refused(tmp_path, "is a folder")


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.jpg").touch()
    assert_refused(tmp_path / "empty.jpg", "empty")


def test_a_text_file(tmp_path):
    (tmp_path / "notes.png").write_text("this is not a picture")
    assert_refused(tmp_path / "notes.png", "not an image")


@pytest.mark.parametrize(("name", "told"), [("a.gif", "GIF"), ("a.jp2", "JPEG 2000")])
def test_a_format_that_is_known_but_not_read_is_named(tmp_path, name, told):
    Image.fromarray(NOISE).save(tmp_path / name)
    assert_refused(tmp_path / name, told, "convert")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("part", [0.001, 0.02, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(tmp_path, capfd, suffix, part):
    save_photo(tmp_path / f"whole{suffix}", Photo(NOISE, PhotoMetadata(xmp=b"<x/>")))
    data = (tmp_path / f"whole{suffix}").read_bytes()
    (tmp_path / f"cut{suffix}").write_bytes(data[: max(1, int(len(data) * part))])
    assert_refused(tmp_path / f"cut{suffix}")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_random_damage_is_refused_or_read_but_never_crashes(tmp_path, suffix):
    save_photo(tmp_path / f"whole{suffix}", Photo(NOISE, PhotoMetadata(xmp=b"<x/>")))
    data = np.frombuffer((tmp_path / f"whole{suffix}").read_bytes(), np.uint8)
    rng = np.random.default_rng(4)
    outcomes = set()
    for _ in range(60):
        damaged = data.copy()
        places = rng.integers(0, min(200, data.size), 4)
        damaged[places] = rng.integers(0, 256, places.size)
        (tmp_path / f"damaged{suffix}").write_bytes(damaged.tobytes())
        try:
            outcomes.add(load_photo(tmp_path / f"damaged{suffix}").pixels.ndim)
        except ImageFileError:
            outcomes.add("refused")
    assert outcomes <= {3, "refused"}
    assert "refused" in outcomes


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bomb)
    monkeypatch.setattr(image_io, "decode", lambda *_: pytest.fail("was decoded"))
    assert_refused(tmp_path / "bomb.png", "60000 × 60000", "400 megapixels")


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_an_animation(tmp_path, suffix):
    frames = [Image.fromarray(np.roll(NOISE, shift, axis=1)) for shift in range(3)]
    frames[0].save(tmp_path / f"moving{suffix}", save_all=True, append_images=frames[1:], duration=100)
    assert_refused(tmp_path / f"moving{suffix}", "animation")


def test_a_cmyk_tiff(tmp_path):
    Image.new("CMYK", (8, 8), (1, 2, 3, 4)).save(tmp_path / "cmyk.tif")
    assert_refused(tmp_path / "cmyk.tif", "CMYK")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_grey_tiff_with_alpha(tmp_path, dtype):
    pixels = np.zeros((8, 8, 2), dtype)
    tifffile.imwrite(tmp_path / "ga.tif", pixels, photometric="minisblack", extrasamples=["unassalpha"])
    assert_refused(tmp_path / "ga.tif", "grey TIFF with transparency")


def test_a_16_bit_tiff_in_planes(tmp_path):
    planes = np.zeros((3, 8, 8), np.uint16)
    tifffile.imwrite(tmp_path / "planes.tif", planes, photometric="rgb", planarconfig="separate")
    assert_refused(tmp_path / "planes.tif", "plane per channel")


def test_a_floating_point_tiff(tmp_path):
    Image.fromarray(np.zeros((8, 8), np.float32)).save(tmp_path / "float.tif")
    assert_refused(tmp_path / "float.tif", "floating-point")


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path):
    for name in ("photo.xyz", "photo", "photo.gif"):
        with pytest.raises(SaveError, match=r"must end in one of \.jpg"):
            save_photo(tmp_path / name, Photo(NOISE))
    assert list(tmp_path.iterdir()) == []


def test_transparency_is_not_lost_in_a_jpeg(tmp_path):
    clear = np.zeros((8, 8, 4), np.uint8)
    with pytest.raises(SaveError, match="transparency"):
        save_photo(tmp_path / "a.jpg", Photo(clear))
    assert list(tmp_path.iterdir()) == []


def test_a_side_that_webp_cannot_hold(tmp_path):
    with pytest.raises(SaveError, match="16383"):
        save_photo(tmp_path / "wide.webp", Photo(np.zeros((1, 16384, 3), np.uint8)))


def test_exif_that_jpeg_cannot_hold(tmp_path):
    block = b"II*\0\x08\0\0\0" + bytes(70_000)
    with pytest.raises(SaveError, match="EXIF block is larger"):
        save_photo(tmp_path / "a.jpg", Photo(NOISE, PhotoMetadata(exif=block)))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(tmp_path):
    with pytest.raises(SaveError, match="does not exist"):
        save_photo(tmp_path / "none" / "a.png", Photo(NOISE))


def test_a_folder_as_target(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(SaveError, match="is a folder"):
        save_photo(tmp_path / "a.png", Photo(NOISE))


@pytest.mark.parametrize("protected", ["folder", "file"])
def test_a_write_protected_place(tmp_path, monkeypatch, protected):
    """Asked of the system by a stand-in, because root may write everywhere."""
    target = tmp_path / "a.png"
    save_photo(target, Photo(NOISE))
    before = target.read_bytes()
    place = tmp_path if protected == "folder" else target
    monkeypatch.setattr(staged_file.os, "access", lambda path, _: path != place)
    with pytest.raises(SaveError, match=rf"{protected} .*write-protected"):
        save_photo(target, Photo(NOISE[::-1]))
    assert target.read_bytes() == before


def test_a_directory_that_names_the_same_bytes_again_and_again_is_refused():
    entries = b"".join(struct.pack("<HHII", 1000 + number, 7, 9000, 8) for number in range(700))
    with pytest.raises(tiff_tags.TiffTagsError, match="overlap"):
        tiff_tags.read_tags(b"II*\0\x08\0\0\0" + struct.pack("<H", 700) + entries + bytes(1000))


@pytest.mark.parametrize("broken", ["fsync", "replace", "write"])
def test_the_last_good_file_survives_a_failure(tmp_path, monkeypatch, broken):
    path = tmp_path / "good.png"
    save_photo(path, Photo(NOISE))
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    class FullDisk(io.BytesIO):
        write = fail

        def fileno(self):
            return 0

    if broken == "fsync":
        monkeypatch.setattr(staged_file.os, "fsync", fail)
    elif broken == "replace":
        monkeypatch.setattr(staged_file.Path, "replace", fail)
    else:
        monkeypatch.setattr(staged_file.os, "fdopen", lambda descriptor, _: os.close(descriptor) or FullDisk())
    with pytest.raises(SaveError, match="No space left on device"):
        save_photo(path, Photo(NOISE[::-1]))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["good.png"]


def test_the_permissions_of_an_existing_file_are_kept(tmp_path):
    path = tmp_path / "mine.png"
    save_photo(path, Photo(NOISE))
    path.chmod(0o640)
    save_photo(path, Photo(NOISE[::-1]))
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.png"]


def test_a_new_file_gets_the_usual_permissions(tmp_path):
    (tmp_path / "usual").touch()
    save_photo(tmp_path / "new.png", Photo(NOISE))
    assert (tmp_path / "new.png").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_symbolic_link_stays_a_link(tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    save_photo(real / "a.png", Photo(NOISE))
    (tmp_path / "link.png").symlink_to(real / "a.png")
    save_photo(tmp_path / "link.png", Photo(NOISE[::-1]))
    assert (tmp_path / "link.png").is_symlink()
    assert np.array_equal(load_photo(real / "a.png").pixels, NOISE[::-1])

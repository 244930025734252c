"""Coverage-guided fuzzing of everything that reads files from elsewhere, with atheris.

``python tests/fuzz/fuzz.py TARGET [SECONDS]`` from the repository's root, after ``pip install atheris``. TARGET is one
of image, mask, project, recipe, manifest, checkpoint. It begins with whole files and changes them; it fails if anything
but the program's own family of errors comes out, if a single allocation is larger than MOST_MEGABYTES, or if a file
appears where none should be. A case that broke becomes a test under tests/, by hand.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
MOST_MEGABYTES = 1500

with atheris.instrument_imports(include=["inpaintgui", "zipfile", "json", "tomllib"]):
    import numpy as np
    from fakes import filled, make_photo, ready

    from inpaintgui.contracts import FillSettings, Photo, PhotoMetadata
    from inpaintgui.engine import image_io
    from inpaintgui.engine.image_codec import encode
    from inpaintgui.engine.image_header import ImageFormat
    from inpaintgui.engine.import_prior import ImportWishes, import_prior
    from inpaintgui.engine.prior_rows import read_manifest
    from inpaintgui.engine.priors import PriorLibrary
    from inpaintgui.engine.recipe_file import make_recipe, parse_recipe, to_json
    from inpaintgui.errors import InpaintguiError
    from inpaintgui.session.document import Document
    from inpaintgui.session.project import Project, open_project, save_project
    from inpaintgui.session.record_json import JsonError
    from tests.engine.conftest import write_tiny_prior

Target = Callable[[bytes], object]


def images() -> list[bytes]:
    """One file of every format, depth and number of channels."""
    random = np.random.default_rng(0)
    metadata = PhotoMetadata(exif=b"II*\0\x08\0\0\0\0\0\0\0\0\0", xmp=b"<x/>", icc=bytes(128))
    files = []
    for image_format in (ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.TIFF, ImageFormat.WEBP, ImageFormat.BMP):
        for channels in (1, 3, 4):
            for dtype in (np.uint8, np.uint16):
                pixels = random.integers(0, 255, (9, 7, channels)).astype(dtype)
                if image_format is ImageFormat.JPEG and channels == 4:
                    continue
                if dtype is np.uint16 and image_format not in (ImageFormat.PNG, ImageFormat.TIFF):
                    continue
                files.append(encode(pixels, image_format, metadata, ()))
    return [*files, *phone_images(random)]


def phone_images(random: np.random.Generator) -> list[bytes]:
    """What is read and not written: HEIC and AVIF."""
    import cv2
    import pillow_heif

    pixels = random.integers(0, 255, (16, 16, 3)).astype(np.uint8)
    heic = io.BytesIO()
    pillow_heif.from_bytes("RGB", (16, 16), pixels.tobytes()).save(
        heic, exif=b"II*\0\x08\0\0\0\0\0\0\0\0\0", xmp=b"<x/>"
    )
    return [heic.getvalue(), cv2.imencode(".avif", pixels)[1].tobytes()]


def an_edited_document() -> Document:
    document = Document(make_photo())
    document.begin_stroke("Brush")
    document.paint((10, 10), (40, 30), radius=5)
    document.end_stroke()
    request = document.request(FillSettings())
    document.apply_fill(ready(request, filled(request, 7)))
    return document


def target(name: str, folder: Path) -> tuple[Target, list[bytes]]:
    """What is called with every case, and the files to begin with. It may write into ``folder``/inside only."""
    path = folder / "case"
    inside = folder / "inside"

    def through(read: Callable[[Path], object]) -> Target:
        def call(data: bytes) -> object:
            path.write_bytes(data)
            return read(path)

        return call

    if name == "image":
        return lambda data: image_io.photo_from_bytes(data, path), images()
    if name == "mask":
        return through(lambda case: image_io.load_mask(case, (9, 7))), images()
    if name == "project":
        document = an_edited_document()
        save_project(path, Project(document.photo, document.freeze()))

        def restore(case: Path) -> None:
            project = open_project(case, lambda data, name: image_io.photo_from_bytes(data, Path(name)))
            Document.restored(project.photo, project.state).go_to(0)

        return through(restore), [path.read_bytes(), stored_manifest(path.read_bytes())]
    if name == "recipe":
        document = an_edited_document()
        photo = Photo(document.pixels)
        return parse_recipe, [to_json(make_recipe("a", document.photo, photo, document.history.records)).encode()]
    write_tiny_prior(inside, "faces-tiny", "faces")
    if name == "manifest":
        manifest = inside / "manifest.toml"

        def read_rows(data: bytes) -> object:
            manifest.write_bytes(data)
            return read_manifest(inside)

        return read_rows, [manifest.read_bytes()]
    library, wishes = PriorLibrary(()), ImportWishes(name="x", replace=True)
    return through(lambda case: import_prior(case, wishes, folder=inside, library=library)), checkpoints(inside)


def stored_manifest(data: bytes) -> bytes:
    """A project whose description is not compressed, so that single bytes of it can be changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


def checkpoints(inside: Path) -> list[bytes]:
    import torch

    from tests.engine.tutorial import state_of, tutorial_generator

    out = io.BytesIO()
    torch.save(state_of(tutorial_generator(8, (8, 4, 4, 4))), out)
    legacy = io.BytesIO()
    torch.save(state_of(tutorial_generator(8, (8, 4, 4, 4))), legacy, _use_new_zipfile_serialization=False)
    return [(inside / "faces-tiny.safetensors").read_bytes(), out.getvalue(), legacy.getvalue()]


def main(name: str, seconds: int) -> None:
    warnings.simplefilter("ignore")
    kept = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    folder = kept / "work"
    (folder / "inside").mkdir(parents=True)
    call, seeds = target(name, folder)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    allowed = {"case", "inside", "corpus"}

    def one(data: bytes) -> None:
        with contextlib.suppress(InpaintguiError, JsonError):
            call(data)
        if {entry.name for entry in folder.iterdir()} - allowed:
            raise RuntimeError(f"a file was written outside: {sorted(folder.iterdir())}")

    options = [
        f"-max_total_time={seconds}",
        f"-malloc_limit_mb={MOST_MEGABYTES}",
        f"-rss_limit_mb={2 * MOST_MEGABYTES}",
        f"-artifact_prefix={kept}/broke-",
        "-timeout=60",
        f"-max_len={2 * max(map(len, seeds))}",
        "-print_final_stats=1",
    ]
    os.environ["INPAINTGUI_HOME"] = str(folder / "inside")
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600)

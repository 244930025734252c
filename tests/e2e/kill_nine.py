"""Kills the program with SIGKILL at random moments of editing, filling and saving, and looks at what is left.

``python tests/e2e/kill_nine.py [KILLS]`` from the repository's root. The window and the files are real; fills come from
the tests' engine, so that hundreds of them fit into the minutes that this takes. After every kill:

- the original is what it was, bit for bit;
- the exported photo and the saved project are whole files, or not there yet;
- the next start offers the session, and what it restores was the present at most AUTOSAVE + ALLOWANCE seconds before
  the kill.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

AUTOSAVE = 1
ALLOWANCE = 1.5
"""Seconds that a write may take on a busy machine."""


# The program that is killed


def child(folder: Path, seed: int) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QTimer, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from inpaintgui.settings import Settings
    from inpaintgui.ui.main_window import MainWindow

    # Qt's offscreen platform complains at every window that is shown.
    qInstallMessageHandler(lambda _kind, _context, text: None if "propagateSizeHints" in text else say("qt", text))
    random.seed(seed)
    application = QApplication([])
    window = MainWindow(services(), Settings(autosave_seconds=AUTOSAVE), dialogs=answers(folder))
    controller = window.controller
    controller.failed.connect(lambda summary, error: say("failed", f"{summary} {error!r}"))
    controller.message.connect(lambda text: say("message", text))

    def act() -> None:
        action = random.choices((stroke, fill, undo, redo, export, project), weights=(4, 3, 2, 1, 2, 1))[0]
        action(window)
        QTimer.singleShot(random.randrange(60), act)

    def begin() -> None:
        controller.changed.connect(lambda _: say("state", state_of(controller.document)))
        say("begun", state_of(controller.document))
        act()

    def offer() -> None:
        if not window.recovery.offer():
            say("nothing", "")
            window.files.opened.connect(lambda _: begin())
            window.files.open_path(folder / "photo 海.png")

    window.recovery.restored.connect(begin)
    controller.engine_ready.connect(offer)
    window.show()
    application.exec()


def say(kind: str, text: str) -> None:
    sys.stdout.write(f"{time.time():.4f} {kind} {text}\n")
    sys.stdout.flush()


def state_of(document) -> str:
    digest = hashlib.sha256(document.pixels.tobytes())
    digest.update(document.mask.tobytes())
    digest.update(repr((document.history.position, document.history.entries)).encode())
    return digest.hexdigest()[:16]


def services():
    from fakes import FakeServices

    from inpaintgui.engine.image_io import load_photo, photo_from_bytes, save_photo

    class Services(FakeServices):
        def open_photo(self, path, show):
            return load_photo(path)

        def decode_photo(self, data, name):
            return photo_from_bytes(data, Path(name))

        def save_photo(self, path, photo):
            return save_photo(path, photo)

        def fill(self, request):
            self.value = random.randrange(256)
            return super().fill(request)

    return Services()


def answers(folder: Path):
    from inpaintgui.ui.dialogs import Lost

    class Answers:
        def ask_lost(self, *_):
            return Lost.RESTORE

        def ask_export(self, _):
            return folder / "out.png"

        def ask_project(self, _):
            return folder / "work.inpaint"

        def show_error(self, summary, error):
            say("failed", f"{summary} {error!r}")

    return Answers()


def stroke(window) -> None:
    controller, document = window.controller, window.controller.document
    if controller.can_edit:
        x, y = random.randrange(document.width), random.randrange(document.height)
        change = document.begin_stroke("Brush")
        change |= document.paint((x, y), (x + random.randrange(60), y + 20), radius=random.randrange(3, 25))
        controller.apply(change | document.end_stroke())


def fill(window) -> None:
    window.controller.fill()


def undo(window) -> None:
    window.controller.edit("undo")


def redo(window) -> None:
    window.controller.edit("redo")


def export(window) -> None:
    if not window.files.busy:
        window.files.export_as()


def project(window) -> None:
    if not window.files.busy:
        window.files.save_project()


# The one who kills it


@dataclass
class Told:
    """What a child said before it died: (time, kind, text)."""

    lines: list[tuple[float, str, str]]
    killed: float

    def states(self) -> list[tuple[float, str]]:
        return [(at, text) for at, kind, text in self.lines if kind in ("state", "begun")]

    def begun(self) -> str | None:
        return next((text for _, kind, text in self.lines if kind == "begun"), None)

    def restored(self) -> bool:
        return not any(kind == "nothing" for _, kind, _ in self.lines)


def run_and_kill(folder: Path, seed: int, chance: random.Random) -> Told:
    environment = {**os.environ, "INPAINTGUI_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, __file__, "--child", str(folder), str(seed)]
    lines: list[tuple[float, str, str]] = []
    begun = threading.Event()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:

        def listen() -> None:
            for line in process.stdout:
                if line.endswith("\n"):
                    at, kind, text = line[:-1].split(" ", 2)
                    lines.append((float(at), kind, text))
                    if kind == "begun":
                        begun.set()

        listener = threading.Thread(target=listen)
        listener.start()
        # One in ten dies while it starts or restores, the others while they work.
        begun.wait(chance.uniform(0, 3) if chance.random() < 0.1 else 60)
        begun.wait(0) and time.sleep(chance.uniform(0, 3))
        killed = time.time()
        process.kill()
        process.wait()
        listener.join()
    return Told(lines, killed)


def check(folder: Path, original: bytes, before: Told | None, now: Told) -> None:
    from inpaintgui.engine.image_io import load_photo, photo_from_bytes
    from inpaintgui.session.project import open_project

    assert (folder / "photo 海.png").read_bytes() == original, "the original was touched"
    if (folder / "out.png").exists():
        load_photo(folder / "out.png")
    if (folder / "work.inpaint").exists():
        open_project(folder / "work.inpaint", lambda data, name: photo_from_bytes(data, Path(name)))
    failures = [text for _, kind, text in now.lines if kind == "failed" or (kind == "message" and "crash" in text)]
    assert not failures, failures
    if before is None or now.begun() is None or not before.states():
        return
    states = before.states()
    limit = before.killed - AUTOSAVE - ALLOWANCE
    if not now.restored():
        assert states[0][0] > limit or len(states) == 1, "a session was lost"
        return
    places = [number for number, (_, state) in enumerate(states) if state == now.begun()]
    assert places, "what was restored was never the present"
    outdated = states[places[-1] + 1][0] if places[-1] + 1 < len(states) else before.killed
    assert outdated > limit, f"{before.killed - outdated:.1f} s were lost"


def main(kills: int, seed: int = 0) -> None:
    import cv2
    import numpy as np

    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noise = np.random.default_rng(seed).integers(0, 255, (480, 640, 3)).astype(np.uint8)
        original = cv2.imencode(".png", noise)[1].tobytes()
        (folder / "photo 海.png").write_bytes(original)
        before = None
        restored = states = 0
        for number in range(kills):
            told = run_and_kill(folder, number, chance)
            check(folder, original, before, told)
            restored += told.begun() is not None and told.restored()
            states += len(told.states())
            if told.begun() is not None:
                before = told
            print(f"{number + 1}: {len(told.states())} changes, {'restored' if told.restored() else 'new'}", flush=True)
        exported, saved = (folder / "out.png").exists(), (folder / "work.inpaint").exists()
    print(f"{kills} kills, {states} changes, {restored} sessions restored; export {exported}, project {saved}, whole")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

"""A virtual X server, and the program on it: driven by real key and mouse events, followed by its log and screen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import numpy as np

DEADLINE = 240.0
"""Seconds until a state must have been reached; long, because the machine may be busy with other things."""
WINDOW = (1280, 720)


def wait_until(condition, what, seconds=DEADLINE):
    """The first value of ``condition()`` that is neither None, False nor empty; fails with ``what`` after that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value is not None and value is not False and len(value if hasattr(value, "__len__") else "x"):
            return value
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {what}")


class XServer:
    """Xvfb on a display of its own choice."""

    def __init__(self, folder: Path):
        self._folder = folder
        reader, writer = os.pipe()
        self._process = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writer), "-nolisten", "tcp", "-fbdir", str(folder)),
                *("-screen", "0", f"{WINDOW[0]}x{WINDOW[1]}x24"),
            ],
            pass_fds=[writer],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = ":" + pipe.readline().strip()

    def screen(self):
        """What is on the screen, uint8 RGB (H, W, 3), from the server's framebuffer file in XWD format."""
        data = (self._folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(data, ">u4", 20)
        header_size, width, height, line, colours = (int(header[k]) for k in (0, 4, 5, 12, 19))
        start = header_size + 12 * colours
        rows = np.frombuffer(data, np.uint8, line * height, start).reshape(height, line)
        return rows[:, : 4 * width].reshape(height, width, 4)[..., 2::-1].copy()

    def tool(self, *arguments):
        """Run xdotool; its output, empty where it finds nothing."""
        words = [str(argument) for argument in arguments]
        done = subprocess.run(
            ["xdotool", *words], env=os.environ | {"DISPLAY": self.display}, capture_output=True, text=True, check=False
        )
        return done.stdout.split()

    def stop(self):
        self._process.terminate()
        self._process.wait(DEADLINE)


class Program:
    """The program in a process of its own."""

    def __init__(self, server: XServer, home: Path, *arguments):
        self.server = server
        self._log = home / "stderr.txt"
        (home / "config").mkdir(parents=True, exist_ok=True)
        if not (home / "config" / "window.ini").exists():  # the first cards would lie over the canvas
            (home / "config" / "window.ini").write_text("[General]\nhints_seen=yes\n")
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        surroundings |= {
            "DISPLAY": server.display,
            "QT_QPA_PLATFORM": "xcb",
            "INPAINTGUI_HOME": str(home),
            "INPAINTGUI_DEBUG": "1",
        }
        with self._log.open("w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inpaintgui", *map(str, arguments)], env=surroundings, stderr=stderr
            )

    def log(self):
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, pattern, count=1):
        """The ``count``-th match of a pattern in the log, as soon as it is there."""

        def found():
            matches = list(re.finditer(pattern, self.log()))
            if len(matches) < count and self.process.poll() is not None:
                raise AssertionError(f"the program ended before {pattern!r}:\n{self.log()}")
            return matches[count - 1] if len(matches) >= count else None

        try:
            return wait_until(found, pattern)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def time_of(self, pattern):
        """When the log says it last happened, seconds since the epoch."""
        line = [line for line in self.log().splitlines() if re.search(pattern, line)][-1]
        return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").timestamp()

    def focus(self, title):
        """Give a window of that title the keyboard; there is no window manager to do it."""
        found = wait_until(lambda: self.server.tool("search", "--onlyvisible", "--name", title), f"a window {title!r}")
        self.server.tool("windowfocus", "--sync", found[-1])

    def key(self, *keys):
        self.server.tool("key", *keys)

    def view(self):
        """Screen point of an image point, from the view that was logged last and where the canvas begins."""
        match = list(re.finditer(r"canvas at (\d+), (\d+).* zoom=([\d.]+), left=([-\d.]+), top=([-\d.]+)", self.log()))
        x, y, zoom, left, top = map(float, match[-1].groups())
        return lambda px, py: (round(x + (px - left) * zoom), round(y + (py - top) * zoom))

    def drag(self, points):
        """Press at the first of some image points, move over all, release at the last."""
        place = self.view()
        first, *others = [place(*point) for point in points]
        events = ["mousemove", *first, "mousedown", 1]
        for point in others:
            events += ["mousemove", "--sync", *point]
        self.server.tool(*events, "mouseup", 1)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE)

"""User settings, declared once: the window's panel, the command line's flags and the file derive from here.

Every field of :class:`Settings` carries a :class:`Declaration` (help, choices or range). The file is JSON in
``paths.config_dir()``; a bad file or value is never fatal: the default is taken and a warning says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from inpaintgui import limits, paths
from inpaintgui.contracts import ContextSquare, FillSettings
from inpaintgui.errors import BadInputError
from inpaintgui.sentences import in_a_row, say
from inpaintgui.staged_file import make_folder, replace_file
from inpaintgui.translatable import QT_TRANSLATE_NOOP

PRESETS = ("draft", "normal", "best", "published-bamos", "published-yeh")


@dataclass(frozen=True)
class Declaration:
    """What a setting may be.

    kind: the type of a value. choices: allowed values, empty = any. low, high: inclusive range of a number.
    optional: None is a value too. fill: belongs to :class:`FillSettings` and is offered by the fill panel and as a
    command line flag.
    """

    name: str
    kind: type
    default: Any
    help: str
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    optional: bool = False
    fill: bool = False

    @property
    def flag(self) -> str:
        """The command line's spelling."""
        return "--" + self.name.replace("_", "-")

    def check(self, value: Any) -> Any:
        """The value, if it is allowed (an int is taken for a float); raises BadInputError otherwise."""
        if value is None and self.optional:
            return None
        if self.kind is float and type(value) is int:
            value = float(value)
        if type(value) is not self.kind:
            raise BadInputError(
                say(
                    "The setting “{name}” must be of type {kind}, not {value}.",
                    name=self.name,
                    kind=self.kind.__name__,
                    value=repr(value),
                )
            )
        number: Any = value
        if self.choices and value not in self.choices:
            allowed = ", ".join(str(choice) for choice in self.choices)
            raise BadInputError(
                say(
                    "The setting “{name}” must be one of {allowed}, not {value}.",
                    name=self.name,
                    allowed=allowed,
                    value=repr(value),
                )
            )
        # Written so that not-a-number fails too.
        if not ((self.low is None or number >= self.low) and (self.high is None or number <= self.high)):
            raise BadInputError(
                say(
                    "The setting “{name}” must lie from {low} to {high}, not {value}.",
                    name=self.name,
                    low=self.low,
                    high=self.high,
                    value=repr(value),
                )
            )
        return value


def _declare(kind: type, default: Any, text: str, **limits: Any) -> Any:
    return field(default=default, metadata={"kind": kind, "help": text, **limits})


@dataclass(frozen=True)
class Settings:
    """All user settings; ``declarations()`` says what each may be."""

    prior: str = _declare(
        str, "auto", QT_TRANSLATE_NOOP("Settings", "The prior to search: auto, or a prior's name."), fill=True
    )
    preset: str = _declare(
        str, "normal", QT_TRANSLATE_NOOP("Settings", "How thoroughly to search."), choices=PRESETS, fill=True
    )
    candidates: int | None = _declare(
        int,
        None,
        QT_TRANSLATE_NOOP("Settings", "How many latent codes compete; empty: what the preset says."),
        low=1,
        high=1024,
        optional=True,
        fill=True,
    )
    variations: int = _declare(
        int,
        1,
        QT_TRANSLATE_NOOP("Settings", "How many different fills of a hole to make, to choose from."),
        low=1,
        high=limits.VARIATIONS,
        fill=True,
    )
    seed: int = _declare(
        int,
        0,
        QT_TRANSLATE_NOOP("Settings", "Start of the random numbers; the same seed repeats a fill."),
        low=0,
        high=2**31 - 1,
        fill=True,
    )
    device: str = _declare(
        str, "auto", QT_TRANSLATE_NOOP("Settings", "Where to compute: auto, or a device's name."), fill=True
    )
    brush_size: float = _declare(
        float, 60.0, QT_TRANSLATE_NOOP("Settings", "Diameter of the brush in image pixels."), low=1, high=2000
    )
    brush_hardness: float = _declare(
        float,
        1.0,
        QT_TRANSLATE_NOOP("Settings", "The part of the brush's radius that is painted fully; the rest fades."),
        low=0,
        high=1,
    )
    brush_smoothing: float = _declare(
        float,
        0.0,
        QT_TRANSLATE_NOOP("Settings", "How far the brush trails the pointer, in diameters: calms a trembling hand."),
        low=0,
        high=1,
    )
    pen_pressure: str = _declare(
        str,
        "size",
        QT_TRANSLATE_NOOP("Settings", "What the pressure of a pen changes."),
        choices=("size", "hardness", "nothing"),
    )
    wand_tolerance: int = _declare(
        int,
        24,
        QT_TRANSLATE_NOOP("Settings", "How different a colour may be for the magic wand to take it too."),
        low=0,
        high=255,
    )
    wand_contiguous: bool = _declare(
        bool, True, QT_TRANSLATE_NOOP("Settings", "The magic wand takes only what is connected to the clicked place.")
    )
    mask_colour: str = _declare(
        str,
        "orange",
        QT_TRANSLATE_NOOP("Settings", "Colour of the mask on the photo; all are told apart by colour-blind people."),
        choices=("orange", "blue", "green", "magenta"),
    )
    mask_opacity: float = _declare(
        float, 0.5, QT_TRANSLATE_NOOP("Settings", "How strongly the mask covers the photo."), low=0.1, high=0.9
    )
    wheel_zooms: bool = _declare(
        bool, True, QT_TRANSLATE_NOOP("Settings", "The wheel zooms without Ctrl; otherwise it pans.")
    )
    language: str = _declare(
        str,
        "system",
        QT_TRANSLATE_NOOP("Settings", "Language of the window; another one is used from the next start on."),
        choices=("system", "en", "zh_CN"),
    )
    theme: str = _declare(
        str, "system", QT_TRANSLATE_NOOP("Settings", "Light or dark window."), choices=("system", "light", "dark")
    )
    recipe_sidecar: bool = _declare(bool, False, QT_TRANSLATE_NOOP("Settings", "Write a recipe beside every export."))
    autosave_seconds: int = _declare(
        int,
        10,
        QT_TRANSLATE_NOOP("Settings", "Seconds after a change until the session is kept for a crash."),
        low=1,
        high=600,
    )
    history_megabytes: int = _declare(
        int, 512, QT_TRANSLATE_NOOP("Settings", "Memory for undo steps."), low=16, high=65536
    )
    history_disk_megabytes: int = _declare(
        int,
        4096,
        QT_TRANSLATE_NOOP("Settings", "Disk space for older undo steps that do not fit into their memory; 0: none."),
        low=0,
        high=1 << 20,
    )


def declarations() -> tuple[Declaration, ...]:
    """One per field of :class:`Settings`, in its order."""
    return tuple(Declaration(name=item.name, default=item.default, **item.metadata) for item in fields(Settings))


def declaration(name: str) -> Declaration:
    """The declaration of one setting; KeyError if there is none of that name."""
    return {item.name: item for item in declarations()}[name]


def fill_settings(settings: Settings, squares: tuple[ContextSquare, ...] = ()) -> FillSettings:
    """The part that a fill needs."""
    chosen = {item.name: getattr(settings, item.name) for item in declarations() if item.fill}
    return FillSettings(**chosen, squares=squares)


def settings_file() -> Path:
    """Where settings are kept."""
    return paths.config_dir() / "settings.json"


def parse(values: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Settings out of plain values, and a warning per value that was refused.

    Unknown names are passed over: a newer version of the program may have written them.
    """
    known = {item.name: item for item in declarations()}
    accepted: dict[str, Any] = {}
    warnings = []
    for name in values.keys() & known.keys():
        try:
            accepted[name] = known[name].check(values[name])
        except BadInputError as error:
            warnings.append(in_a_row([error.sentence, say("The default is used.")]))
    return Settings(**accepted), tuple(sorted(warnings))


def load(path: Path | None = None) -> tuple[Settings, tuple[str, ...]]:
    """The kept settings and warnings to show; defaults if there is no file or it cannot be read."""
    path = path or settings_file()
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError, RecursionError) as error:
        return Settings(), (
            say("The settings in {path} cannot be read ({error}). The defaults are used.", path=path, error=error),
        )
    if not isinstance(values, dict):
        return Settings(), (say("The settings in {path} are not a JSON object. The defaults are used.", path=path),)
    return parse(values)


def save(settings: Settings, path: Path | None = None) -> None:
    """Keep the settings; the old file stays whole if anything fails, which raises SaveError."""
    path = path or settings_file()
    make_folder(path.parent)
    replace_file(path, (json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n").encode())

"""``manifest.toml``: tables of rows, of one kind or several, beside the weights files that they describe."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import tomli_w

from inpaintgui.errors import PriorError
from inpaintgui.sentences import say
from inpaintgui.staged_file import replace_file

MANIFEST = "manifest.toml"


class Row(Protocol):
    """What every kind of row has: the name of its weights file."""

    @property
    def file(self) -> str: ...


AnyRow = TypeVar("AnyRow", bound=Row)


def read_rows(folder: Path, kind: str, make: Callable[..., AnyRow]) -> tuple[AnyRow, ...]:
    """The rows of one kind in ``folder/manifest.toml``, none if there is no such file.

    Raises PriorError if the file is damaged, or ``make`` takes other fields than a row has.
    """
    path = folder / MANIFEST
    try:
        rows = tuple(make(**table) for table in tomllib.loads(path.read_text("utf-8")).get(kind, []))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise PriorError(say("The list of priors “{path}” cannot be read: {error}", path=path, error=error)) from error
    for row in rows:
        if not isinstance(row.file, str) or Path(row.file).name != row.file:
            raise PriorError(
                say("The list of priors “{path}” names a file outside its folder: “{file}”.", path=path, file=row.file)
            )
    return rows


def write_row(folder: Path, kind: str, table: Mapping[str, Any]) -> None:
    """Add a row to ``folder/manifest.toml``, or put it in the place of the row of the same kind and name."""
    path = folder / MANIFEST
    content = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    rows = {old["name"]: old for old in content.get(kind, [])} | {table["name"]: dict(table)}
    replace_file(path, tomli_w.dumps({**content, kind: list(rows.values())}).encode())

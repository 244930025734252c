"""Build hook: makes the .qm files that the window loads out of the .ts files that people edit, with Qt's lrelease."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import PySide6
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Runs before every wheel, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile all translations in place; a failure ends the build."""
        del version, build_data
        tool = Path(PySide6.__file__).with_name("lrelease.exe" if sys.platform == "win32" else "lrelease")
        for source in sorted(Path(self.root, "resources", "translations").glob("*.ts")):
            compiled = source.with_suffix(".qm")
            subprocess.run([str(tool), "-silent", str(source), "-qm", str(compiled)], check=True)  # noqa: S603

"""Numba's compiler behind a typed decorator.

Compiled functions release the GIL and are cached on disk: beside the source, or where that folder is read-only in
the user's cache folder, which is numba's own rule (``NUMBA_CACHE_DIR`` overrides both).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile on first call; arithmetic may be reordered and NaN and infinity in the data are not expected."""
    relaxed = {"nsz", "arcp", "contract", "afn", "reassoc"}
    return cast("_Function", numba.njit(cache=True, nogil=True, fastmath=relaxed, boundscheck=False)(function))

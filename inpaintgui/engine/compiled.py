"""Numba's compiler behind a typed decorator.

Compiled functions release the GIL and are cached on disk: in ``NUMBA_CACHE_DIR`` if that is set, else beside the
source, or where that folder is read-only in the user's cache folder. Where none of them can be written, functions are
compiled anew in each process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])

_RELAXED = {"nsz", "arcp", "contract", "afn", "reassoc"}
"""Arithmetic may be reordered, but NaN and infinity keep their meaning."""

_log = logging.getLogger(__name__)


def compiled(function: _Function) -> _Function:
    """Compile on the first call with given types."""
    dispatcher = numba.njit(nogil=True, fastmath=_RELAXED, boundscheck=False)(function)
    try:
        dispatcher.enable_caching()
    except RuntimeError as error:  # no folder can be written
        _log.warning("compiled code cannot be cached: %s", error)
    return cast("_Function", dispatcher)

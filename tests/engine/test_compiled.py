"""Compiling with a cache where one can be had."""

import logging

import numba
import pytest

from inpaintgui.engine.compiled import compiled


def double(x: float) -> float:
    return 2 * x


def test_a_compiled_function_gives_what_the_plain_one_gives():
    assert compiled(double)(3.5) == double(3.5)


def test_without_a_folder_for_the_cache_the_function_still_works(monkeypatch, caplog):
    def nowhere(self):
        raise RuntimeError("no locator available")

    monkeypatch.setattr(numba.core.dispatcher.Dispatcher, "enable_caching", nowhere)
    with caplog.at_level(logging.WARNING):
        assert compiled(double)(3.5) == pytest.approx(7)
    assert "cannot be cached" in caplog.text

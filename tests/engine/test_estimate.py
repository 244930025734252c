from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
import torch

from inpaintgui import paths
from inpaintgui.contracts import ContextSquare, FillRequest, FillSettings, run_to_end
from inpaintgui.engine import estimate as estimate_module
from inpaintgui.engine.estimate import estimate, learn
from inpaintgui.engine.faces import Face
from inpaintgui.engine.fill import fill
from inpaintgui.engine.prior import Prior
from inpaintgui.engine.priors import PriorLibrary


def request(hole: int = 20, **settings: object) -> FillRequest:
    mask = np.zeros((120, 120), np.uint8)
    mask[40 : 40 + hole, 40 : 40 + hole] = 255
    pixels = np.random.default_rng(0).integers(0, 255, (120, 120, 3)).astype(np.uint8)
    return FillRequest(pixels, mask, FillSettings(**settings))  # type: ignore[arg-type]


def test_more_effort_more_hole_and_more_variations_take_longer(library: PriorLibrary) -> None:
    usual = estimate(request(), library)
    assert usual["draft"] < usual["normal"] < usual["best"]
    assert estimate(request(hole=60), library)["normal"] > usual["normal"]
    assert estimate(request(variations=4), library)["normal"] > usual["normal"]


def test_faces_are_looked_for_where_several_variations_are_wanted(
    library: PriorLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faces(*_: object) -> Generator[None, None, tuple[Face, ...]]:
        yield
        return (Face(ContextSquare(20, 20, 80)),)

    loaded: list[str] = []

    def load(name: str, *, device: torch.device) -> Prior:
        loaded.append(name)
        return PriorLibrary.load(library, name, device=device)

    monkeypatch.setattr(estimate_module, "faces_if_needed", faces)
    monkeypatch.setattr(library, "load", load)
    estimate(request(), library)
    estimate(request(variations=4), library)
    assert loaded == ["scenes-tiny", "faces-tiny"]


def test_nothing_to_fill_has_no_price(library: PriorLibrary) -> None:
    wanted = request()
    assert estimate(replace(wanted, mask=np.zeros_like(wanted.mask)), library) == {}
    assert estimate(wanted, PriorLibrary(())) == {}


def test_it_learns_from_what_fills_took(library: PriorLibrary) -> None:
    wanted = request()
    report = run_to_end(fill(wanted, library=library)).report
    slow = tuple(replace(r, seconds={k: 100 * v for k, v in r.seconds.items()}) for r in report.regions)
    learn(wanted, report, library)
    before = estimate(wanted, library)["normal"]
    phases = sum(sum(region.seconds[k] for k in ("search", "detail", "blend")) for region in report.regions)
    assert before == pytest.approx(phases, rel=0.3, abs=0.05)
    for _ in range(estimate_module.REMEMBERED):
        learn(wanted, replace(report, regions=slow), library)
    assert estimate(wanted, library)["normal"] > 20 * phases


def test_a_spoilt_record_is_no_record(library: PriorLibrary) -> None:
    paths.cache_dir().mkdir(parents=True, exist_ok=True)
    for content in ("", "[]", '{"detail": 3}', '{"detail": ["x"]}'):
        (paths.cache_dir() / "prices.json").write_text(content)
        assert estimate(request(), library)["normal"] > 0

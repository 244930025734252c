"""The network over whole photos: scales, tiles, memory."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inpaintgui.engine.people import likelihood
from inpaintgui.engine.people.likelihood import LONG_SIDES, REACH, Level, look
from inpaintgui.engine.people.network import PeopleNet, folded


def levels_of(network: PeopleNet, pixels: np.ndarray) -> tuple[list[float], tuple[Level, ...]]:
    shares, steps = [], look(network, pixels)
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return shares, end.value


def noise(height: int, width: int, channels: int = 3, dtype: type = np.uint8) -> np.ndarray:
    top = np.iinfo(dtype).max
    return np.random.default_rng(0).integers(0, top, (height, width, channels)).astype(dtype)


@pytest.mark.parametrize(("height", "width", "channels", "dtype"), [
    (50, 70, 3, np.uint8), (70, 50, 1, np.uint16), (5, 300, 4, np.uint8), (1, 1, 2, np.uint8),
])  # fmt: skip
def test_every_kind_of_photo_is_looked_at(network: PeopleNet, height, width, channels, dtype) -> None:
    shares, levels = levels_of(folded(network), noise(height, width, channels, dtype))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    finest = levels[-1]
    assert finest.scale == 1
    assert finest.logits.shape == (-(-height // 2), -(-width // 2))
    assert finest.logits.dtype == np.float32
    assert np.isfinite(finest.logits).all()


def test_scales_go_from_coarse_to_fine_and_end_at_a_limit(network: PeopleNet) -> None:
    width = 2 * LONG_SIDES[-1]
    _, levels = levels_of(folded(network), noise(64, width))
    assert [level.scale * width for level in levels] == list(LONG_SIDES)


def test_tiles_give_what_the_whole_gives(network: PeopleNet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likelihood, "LONG_SIDES", (1024,))
    monkeypatch.setattr(likelihood, "computes_bfloat16", lambda device: False)
    pixels = noise(96, 900)
    whole = levels_of(folded(network), pixels)[1][-1].logits
    monkeypatch.setattr(likelihood, "TILE", 160)
    shares, levels = levels_of(folded(network), pixels)
    assert len(set(shares)) == 6 + 1  # and the beginning
    np.testing.assert_allclose(levels[-1].logits, whole, atol=1e-4)  # some processors round a tile otherwise


def test_the_reach_is_that_of_the_network() -> None:
    """Beyond REACH a pixel changes nothing: tiles may leave it out."""
    torch.manual_seed(0)
    network = folded(PeopleNet(width=4))
    torch.nn.init.constant_(network.head.weight, 1.0)
    image = torch.zeros(1, 3, 32, 1024)
    changed = image.clone()
    changed[..., 512:] = 5.0
    difference = (network(changed) - network(image)).abs().amax(dim=(0, 1, 2))
    assert difference[: (512 - REACH) // 2].max() == 0
    assert difference[256:].max() > 0


def test_memory_does_not_grow_with_the_photo(network: PeopleNet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likelihood, "TILE", 64)
    monkeypatch.setattr(likelihood, "REACH", 32)
    seen = []
    faster = folded(network)
    faster.stem.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].shape[-2:]))
    levels_of(faster, noise(400, 3000))
    assert max(side for shape in seen for side in shape) <= 64 + 2 * 32
    assert len(seen) > 100

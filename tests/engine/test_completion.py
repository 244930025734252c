from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.engine.completion import CompletionGenerator, ModulatedConv, SelfAttention
from inpaintgui.engine.pull_push import pull_push


def contexts(count: int, side: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    pixels = torch.rand(count, 3, side, side, generator=random) * 2 - 1
    known = (torch.rand(count, 1, side, side, generator=random) > 0.4).float()
    return pixels * known, known


@given(seed=st.integers(0, 1000), share=st.floats(0, 1), side=st.sampled_from([1, 2, 8, 32]))
def test_pull_push_keeps_what_is_known_and_invents_no_new_extremes(seed: int, share: float, side: int) -> None:
    random = torch.Generator().manual_seed(seed)
    pixels = torch.rand(2, 3, side, side, generator=random) * 2 - 1
    known = (torch.rand(2, 1, side, side, generator=random) < share).float()
    filled = pull_push(pixels * known, known)
    assert torch.equal(filled * known, pixels * known)
    for image, mask, result in zip(pixels, known, filled, strict=True):
        seen = (image * mask)[:, mask[0] > 0]
        lowest, highest = (seen.min(), seen.max()) if seen.numel() else (torch.tensor(0.0), torch.tensor(0.0))
        assert result.min() >= min(lowest, torch.tensor(0.0)) - 1e-4
        assert result.max() <= max(highest, torch.tensor(0.0)) + 1e-4


def test_pull_push_of_one_colour_is_that_colour() -> None:
    known = torch.zeros(1, 1, 32, 32)
    known[..., 3, 5] = 1
    filled = pull_push(0.4 * known.expand(1, 3, 32, 32), known)
    torch.testing.assert_close(filled, torch.full_like(filled, 0.4))


@pytest.mark.parametrize("upsample", [False, True])
def test_modulation_outside_the_convolution_equals_modulated_weights(upsample: bool) -> None:
    torch.manual_seed(0)
    layer = ModulatedConv(6, 5, upsample=upsample).double()
    maps, style = torch.randn(3, 6, 8, 8, dtype=torch.double), torch.randn(3, 256, dtype=torch.double)
    layer.scales.weight.data *= 10
    result = layer(maps, style)
    for k in range(3):
        scales = layer.scales(style[k])
        if upsample:
            weights = layer.conv.weight * scales[:, None, None, None]
            energy = weights.square().sum(dim=(0, 2, 3)) / 4
            weights = weights / (energy + 1e-6).sqrt()[None, :, None, None]
            expected = torch.nn.functional.conv_transpose2d(maps[k : k + 1], weights, stride=2, padding=1)
        else:
            weights = layer.conv.weight * scales[None, :, None, None]
            energy = weights.square().sum(dim=(1, 2, 3))
            weights = weights / (energy + 1e-6).sqrt()[:, None, None, None]
            expected = torch.nn.functional.conv2d(maps[k : k + 1], weights, padding=1)
        torch.testing.assert_close(result[k : k + 1], expected, rtol=1e-4, atol=1e-5)


def test_attention_starts_as_the_identity_and_then_looks_everywhere() -> None:
    attention = SelfAttention(8, 4)
    maps = torch.randn(2, 8, 4, 4)
    assert torch.equal(attention(maps), maps)
    torch.nn.init.normal_(attention.merge.weight)
    changed = maps.clone()
    changed[:, 0, 3, 3] += 3
    difference = (attention(changed) - attention(maps)).abs().sum(dim=1)
    assert (difference > 1e-4).all()


@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_the_first_answer_is_the_smooth_fill(resolution: int) -> None:
    generator = CompletionGenerator(latent_size=8, resolution=resolution, base_width=4).eval()
    pixels, known = contexts(2, resolution)
    image = generator(torch.rand(2, 8), pixels, known)
    torch.testing.assert_close(image, pull_push(pixels, known).clamp(-1, 1))


def test_once_trained_both_the_latent_and_the_context_count() -> None:
    torch.manual_seed(0)
    generator = CompletionGenerator(latent_size=8, resolution=32, base_width=4)
    torch.nn.init.normal_(generator.paint.weight)
    pixels, known = contexts(1, 32)
    conditions = generator.encode(pixels, known)
    latents = torch.rand(2, 8)
    one, two = generator.decode(latents, conditions.of(torch.zeros(2, dtype=torch.long)))
    assert not torch.allclose(one, two)
    torch.testing.assert_close(generator(latents[:1], pixels, known)[0], one)
    elsewhere = generator(latents[:1], *contexts(1, 32, seed=1))
    assert not torch.allclose(elsewhere[0], one)
    one.sum().backward()
    assert all(p.grad is not None for name, p in generator.named_parameters())


def test_in_eval_mode_images_stay_in_range() -> None:
    generator = CompletionGenerator(latent_size=8, resolution=32, base_width=4).eval()
    torch.nn.init.normal_(generator.paint.weight, std=100)
    image = generator(torch.rand(1, 8), *contexts(1, 32))
    assert image.min() == -1
    assert image.max() == 1


@pytest.mark.parametrize("resolution", [16, 48])
def test_impossible_resolutions(resolution: int) -> None:
    with pytest.raises(ValueError, match="resolution"):
        CompletionGenerator(resolution=resolution)


def test_a_latent_that_the_context_drowns_is_raised_until_it_is_heard() -> None:
    torch.manual_seed(0)
    generator = CompletionGenerator(latent_size=8, resolution=32, base_width=4).eval()
    torch.nn.init.normal_(generator.paint.weight)
    pixels, known = contexts(6, 32)
    first, second = torch.rand(2, 6, 8) * 2 - 1

    def heard() -> float:
        return float((generator(first, pixels, known) - generator(second, pixels, known)).abs().mean())

    with torch.no_grad():
        generator.see.weight *= 1000
        before = heard()
        times = generator.drowning(pixels, known)
        generator.raise_latent(times)
        assert times > 100
        assert generator.drowning(pixels, known) == pytest.approx(1, rel=1e-3)
        assert heard() > 10 * before

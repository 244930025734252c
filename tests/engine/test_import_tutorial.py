"""The tutorial's networks compute the same before and after the conversion, and everything else is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from inpaintgui.engine.import_tutorial import convert_networks
from inpaintgui.engine.networks import stage_widths
from inpaintgui.errors import BadInputError
from tests.engine.tutorial import State, state_of, tutorial_discriminator, tutorial_generator

LATENT_SIZE, WIDTHS = 6, (16, 8)


@pytest.fixture(autouse=True)
def _the_same_weights() -> None:
    torch.manual_seed(0)


def a_generator(prefix: str = "main.") -> State:
    return state_of(tutorial_generator(LATENT_SIZE, WIDTHS), prefix)


def agrees(generator: torch.nn.Module, tensors: State) -> None:
    z = torch.randn(5, LATENT_SIZE)
    converted = convert_networks(tensors)
    assert torch.allclose(converted.generator(z), generator(z[..., None, None]), atol=1e-5)


@pytest.mark.parametrize(
    ("resolution", "ngf", "ndf", "latent_size"), [(64, 4, 4, 100), (64, 8, 3, 17), (128, 3, 5, 64), (16, 2, 2, 1)]
)
def test_both_networks_compute_the_same(resolution: int, ngf: int, ndf: int, latent_size: int) -> None:
    generator = tutorial_generator(latent_size, stage_widths(resolution, ngf))
    discriminator = tutorial_discriminator(stage_widths(resolution, ndf))
    converted = convert_networks(state_of(generator, "netG.main.") | state_of(discriminator, "netD.main."))
    assert (converted.base_width, converted.judge_width) == (ngf, ndf)
    z = torch.randn(5, latent_size)
    images = generator(z[..., None, None])
    assert images.shape == (5, 3, resolution, resolution)
    assert images.std() > 0.05
    assert torch.allclose(converted.generator(z), images, atol=1e-5)
    assert converted.discriminator is not None
    realism = discriminator(images)[:, 0, 0, 0]
    assert realism.std() > 1e-4
    assert torch.allclose(converted.discriminator(images).sigmoid(), realism, atol=1e-5)


def test_biases_before_and_without_a_norm_are_taken_along() -> None:
    generator = tutorial_generator(LATENT_SIZE, WIDTHS, bias=True)
    discriminator = tutorial_discriminator(WIDTHS, bias=True)
    tensors = state_of(generator, "g.") | state_of(discriminator, "d.")
    agrees(generator, tensors)
    images = torch.rand(5, 3, 16, 16) * 2 - 1
    judged = convert_networks(tensors).discriminator
    assert judged is not None
    assert torch.allclose(judged(images).sigmoid(), discriminator(images)[:, 0, 0, 0], atol=1e-5)


@pytest.mark.parametrize("prefix", ["", "main.", "module.main.", "state_dict.netG.module.main.", "модель.0.main."])
def test_any_prefix(prefix: str) -> None:
    generator = tutorial_generator(LATENT_SIZE, WIDTHS)
    agrees(generator, state_of(generator, prefix))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions(dtype: torch.dtype) -> None:
    generator = tutorial_generator(LATENT_SIZE, WIDTHS)
    tensors = {k: v.to(dtype) if v.is_floating_point() else v for k, v in state_of(generator).items()}
    generator.load_state_dict({k.removeprefix("main."): v for k, v in tensors.items()})
    agrees(generator, tensors)


def test_without_counters_of_batches() -> None:
    generator = tutorial_generator(LATENT_SIZE, WIDTHS)
    agrees(generator, {k: v for k, v in state_of(generator).items() if "num_batches" not in k})


def test_other_tensors_do_not_matter() -> None:
    generator = tutorial_generator(LATENT_SIZE, WIDTHS)
    more = {"optimiser.state.0.exp_avg": torch.zeros(3), "fixed_noise": torch.zeros(64, 100, 1, 1), "a": torch.zeros(1)}
    agrees(generator, state_of(generator) | more)


def without(state: State, *names: str) -> State:
    return {name: value for name, value in state.items() if name not in names}


def shifted(state: State) -> State:
    """With another layer (a dropout, say) before the last convolution."""
    return {name.replace("main.6.", "main.7."): value for name, value in state.items()}


REFUSED: dict[str, tuple[Callable[[], State], str]] = {
    "nothing": (dict, "no generator"),
    "no generator": (lambda: state_of(tutorial_discriminator(WIDTHS)), "no generator"),
    "grey": (lambda: state_of(tutorial_generator(4, WIDTHS, colours=1)), "1 channel"),
    "widths": (lambda: state_of(tutorial_generator(4, (24, 8))), "24, 8 channels; .* only 16, 8"),
    "kernel": (lambda: a_generator() | {"main.3.weight": torch.zeros(16, 8, 5, 5)}, "5×5"),
    "two": (lambda: a_generator("netG.") | a_generator("ema."), "2 generators"),
    "order": (lambda: shifted(a_generator()), "not in the order"),
    "no norm": (lambda: without(a_generator(), "main.4.running_var"), "batch norm 4"),
    "variance": (lambda: a_generator() | {"main.4.running_var": -torch.ones(8)}, "batch norm 4"),
    "norm's size": (lambda: a_generator() | {"main.4.bias": torch.zeros(9)}, "batch norm 4"),
    "bias' size": (lambda: a_generator() | {"main.6.bias": torch.zeros(4)}, "layer 6"),
    "not numbers": (lambda: a_generator() | {"main.1.bias": torch.full((16,), torch.nan)}, "not numbers"),
    "too large": (lambda: a_generator() | {"main.1.bias": torch.full((16,), 1e6)}, "half precision"),
    "integers": (lambda: a_generator() | {"main.1.bias": torch.zeros(16, dtype=torch.int32)}, "int32"),
    "complex": (lambda: a_generator() | {"main.1.bias": torch.zeros(16, dtype=torch.complex64)}, "complex64"),
    "sparse": (lambda: a_generator() | {"main.1.bias": torch.zeros(16).to_sparse()}, "sparse"),
    "no values": (lambda: a_generator() | {"main.1.bias": torch.zeros(16, device="meta")}, "without values"),
    "a view of any size": (
        lambda: a_generator() | {"main.0.weight": torch.zeros(1).expand(4096, 1 << 12, 4, 4)},
        "no generator",
    ),
    "a chain of views": (
        lambda: {
            "0.weight": torch.zeros(1).expand(4096, 4096, 4, 4),
            "1.running_var": torch.zeros(1),
            "3.weight": torch.zeros(1).expand(4096, 4096, 4, 4),
            "4.running_var": torch.zeros(1),
            "6.weight": torch.zeros(1).expand(4096, 3, 4, 4),
        },
        "base width of 4,096",
    ),
    "latent": (lambda: state_of(tutorial_generator(4097, (2,))), "latent code of 4,097"),
    "other sizes": (
        lambda: a_generator("g.") | state_of(tutorial_discriminator((16, 8, 4)), "d."),
        "16 pixels, but the discriminator takes 32",
    ),
    "many layers": (lambda: {f"{3 * k}.weight": torch.zeros(3, 3, 4, 4) for k in range(40)}, "pixels"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_does_not_fit_is_refused_in_one_sentence(case: str) -> None:
    make, reason = REFUSED[case]
    with pytest.raises(BadInputError, match=reason) as refusal:
        convert_networks(make())
    assert str(refusal.value).endswith((".", ")."))
    assert "\n" not in str(refusal.value)


def test_names_in_a_sentence_cannot_write_to_a_terminal() -> None:
    def named(name: str) -> dict[str, Tensor]:
        return {f"{name}.{key}": value for key, value in a_generator("").items()}

    with pytest.raises(BadInputError) as refusal:
        convert_networks(named("\x1b[2J") | named("x" * 500))
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 300

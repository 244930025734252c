from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaintgui.engine.error_model import ErrorModel

SIDE, COUNT, NOISE = 6, 4, 0.02
SIZE = 3 * SIDE * SIDE


def model(seed: int = 0) -> ErrorModel:
    random = torch.Generator().manual_seed(seed)
    return ErrorModel(
        mean=torch.randn(3, SIDE, SIDE, generator=random) * 0.1,
        patterns=torch.randn(COUNT, 3, SIDE, SIDE, generator=random) * 0.3,
        noise=NOISE,
    )


def known_pixels(seed: int) -> torch.Tensor:
    known = (torch.rand(2, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed)) < 0.6).float()
    known[:, :, 0, 0] = 1
    return known


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_it_is_the_conditional_mean_of_the_joint_gaussian(seed: int) -> None:
    """Against the textbook formula with the covariance matrix of all pixels written out."""
    errors_are, known = model(seed), known_pixels(seed)
    errors = torch.randn(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed + 1))
    owner = torch.tensor([0, 1, 1])
    seen = errors_are.seen(known)
    expected, misfit = seen.expected(errors, owner), seen.misfit(errors, owner)
    flat = errors_are.patterns.flatten(1).double().numpy()
    signal = flat.T @ flat
    for place in range(3):
        at = known[owner[place]].expand(3, -1, -1).flatten().bool().numpy()
        rest = (errors[place] - errors_are.mean).flatten().double().numpy()[at]
        solved = np.linalg.solve(signal[np.ix_(at, at)] + NOISE * np.eye(at.sum()), rest)
        mean = errors_are.mean.flatten().numpy() + signal[:, at] @ solved
        np.testing.assert_allclose(expected[place].flatten().numpy(), mean, atol=2e-3)
        assert float(misfit[place]) == pytest.approx(float(rest @ solved) / 2, rel=1e-3, abs=1e-3)


def test_products_are_those_of_the_metric_of_the_misfit() -> None:
    errors_are = model(2)
    seen = errors_are.seen(known_pixels(2))
    errors = torch.randn(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    products = seen.products(errors, 1)
    owner = torch.ones(3, dtype=torch.long)
    torch.testing.assert_close(products.diagonal() / 2, seen.misfit(errors + errors_are.mean, owner), rtol=1e-3, atol=0)
    both = seen.products((errors[:1] + errors[1:2]), 1)[0, 0]
    torch.testing.assert_close(both, products[0, 0] + products[1, 1] + 2 * products[0, 1], rtol=1e-3, atol=1e-3)


def test_what_is_not_known_does_not_matter() -> None:
    known = known_pixels(3)[:1]
    errors = torch.randn(1, 3, SIDE, SIDE)
    other = errors * known + 5 * (1 - known)
    seen, owner = model().seen(known), torch.zeros(1, dtype=torch.long)
    torch.testing.assert_close(seen.expected(errors, owner), seen.expected(other, owner))
    torch.testing.assert_close(seen.misfit(errors, owner), seen.misfit(other, owner))


def test_how_much_is_explained_is_the_reduction_of_the_variance_of_what_is_not_known() -> None:
    known = torch.cat((known_pixels(3), torch.ones(1, 1, SIDE, SIDE)))
    flat = model().patterns.flatten(1).double().numpy()
    wanted = []
    for row in known[:2]:
        at = row.expand(3, -1, -1).flatten().bool().numpy()
        seen, unseen = flat[:, at], flat[:, ~at]
        left = unseen.T @ np.linalg.inv(np.eye(COUNT) + seen @ seen.T / NOISE) @ unseen
        wanted.append(1 - np.trace(left) / np.square(unseen).sum())
    np.testing.assert_allclose(model().seen(known).explained, [*wanted, 1], atol=1e-3)


def test_an_error_that_is_usual_fits_better_than_one_of_the_same_size_that_is_not() -> None:
    errors_are = model()
    usual = errors_are.mean + errors_are.patterns[0]
    random = torch.randn(usual.shape, generator=torch.Generator().manual_seed(9))
    unusual = errors_are.mean + random * (usual - errors_are.mean).norm() / random.norm()
    seen = errors_are.seen(torch.ones(1, 1, SIDE, SIDE))
    misfit = seen.misfit(torch.stack((usual, unusual)), torch.zeros(2, dtype=torch.long))
    assert misfit[0] < misfit[1] / 5


def test_tensors_that_do_not_belong_together_are_refused() -> None:
    tensors = model().as_tensors()
    assert ErrorModel.from_tensors(tensors).noise == pytest.approx(NOISE)
    for change in ({"noise": torch.zeros(1)}, {"mean": torch.zeros(3, 5, 5)}, {"more": torch.zeros(1)}):
        with pytest.raises(ValueError, match="error model"):
            ErrorModel.from_tensors({**tensors, **change})

"""What a prior says about a context square once the search is over."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.blend import poisson_blend
from inpaintgui.engine.prior_rows import PriorRow
from inpaintgui.engine.search import SearchOutcome, SearchProblem


def prior_answer(
    problem: SearchProblem, outcome: SearchOutcome, row: PriorRow, *, blend: bool
) -> Generator[object, None, NDArray[np.float32]]:
    """The completed square, float32 (R, R, 3) in [0, 1]: known pixels as they are, the rest from G.

    A prior whose ``answer`` is "mean" is asked for what its candidates have in common. blend: in the gradient
    domain, so that the answer meets the known pixels without a seam. Yields where it can be cancelled.
    """
    source = outcome.mean_image if row.answer == "mean" else outcome.image
    context = np.where(problem.known[..., None], problem.target, source)
    if not blend or row.architecture == "completion":  # which meets the known pixels by itself
        return context
    return (yield from poisson_blend(context, source, ~problem.known))

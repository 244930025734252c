"""What a prior says about a context square once the search is over."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from inpaintgui.engine.blend import poisson_blend
from inpaintgui.engine.objective import SearchProblem
from inpaintgui.engine.prior_rows import PriorRow
from inpaintgui.engine.search_outcome import SearchOutcome


def prior_answer(
    problem: SearchProblem, outcome: SearchOutcome, row: PriorRow, *, blend: bool
) -> Generator[object, None, NDArray[np.float32]]:
    """The completed square of the best answer; see :func:`completed`.

    A prior whose ``answer`` is "mean" is asked for what its candidates have in common.
    """
    source = outcome.mean_answer if row.answer == "mean" else outcome.answer
    return (yield from completed(problem, source, row, blend=blend))


def completed(
    problem: SearchProblem, source: NDArray[np.float32], row: PriorRow, *, blend: bool
) -> Generator[object, None, NDArray[np.float32]]:
    """The completed square, float32 (R, R, 3) in [0, 1]: known pixels as they are, the rest from ``source``.

    blend: in the gradient domain, so that the answer meets the known pixels without a seam. Yields where it can be
    cancelled.
    """
    context = np.where(problem.known[..., None], problem.target, source)
    if not blend or row.architecture == "completion":  # which meets the known pixels by itself
        return context
    return (yield from poisson_blend(context, source, ~problem.known))

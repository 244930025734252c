"""The order in which contestants stand: the best first, but without places changing hands at every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MARGIN = 0.02
"""Part by which one's loss must be lower than its neighbour's to pass it."""


def rank(previous: Sequence[int], losses: Mapping[int, float]) -> tuple[int, ...]:
    """The contestants' numbers in the order to show them.

    previous: as last shown; who is gone leaves, who is new joins at the end. losses: of all present contestants, at
    least 0. Nobody stands right behind somebody who is worse by more than MARGIN; a nearer thing keeps its order.
    """
    stayed = [number for number in previous if number in losses]
    joined = sorted(losses.keys() - set(stayed), key=lambda number: (losses[number], number))
    order: list[int] = []
    for number in (*stayed, *joined):
        place = len(order)
        while place > 0 and losses[number] < losses[order[place - 1]] * (1 - MARGIN):
            place -= 1
        order.insert(place, number)
    return tuple(order)

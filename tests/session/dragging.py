"""A hand that drags a tool over a document."""

from __future__ import annotations


def drag(tool, document, *events):
    """Press at the first event, move over the others, release at the last; returns all that changed."""
    change = tool.press(events[0], document)
    for event in events[1:]:
        change |= tool.move(event, document)
    return change | tool.release(events[-1], document)

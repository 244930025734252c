"""What the program needs of the Qt bindings and some of their versions get wrong."""

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(object)


def test_emitting_keeps_the_reference_counts_of_constants():
    """Where each emit gives up a reference to True, Python 3.11 aborts when the last one is gone."""
    sender = Sender()
    received = []
    sender.sent.connect(received.append)
    before = sys.getrefcount(True), sys.getrefcount(False), sys.getrefcount(None)
    for _ in range(200):
        sender.sent.emit(1.5)
    after = sys.getrefcount(True), sys.getrefcount(False), sys.getrefcount(None)
    assert len(received) == 200
    assert all(abs(new - old) < 100 for old, new in zip(before, after, strict=True)), (before, after)

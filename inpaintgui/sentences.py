"""Sentences that the program below the window says to the user, in English, and can be said again in another language.

The command line, the log and JSON take a :class:`Sentence` for the text that it is. The window looks its template up
in the translations and puts the values in again. Qt's tools collect the templates: they are told to take calls of
:func:`say` for their own ``tr``, so a template is a literal, the first argument, and no value has a name of one letter.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any


class Sentence(str):
    """English text, with the template and the values that it was made of; both survive pickling.

    template: as for :meth:`str.format`. values: by their names in it; sentences among them are translated, too.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> Sentence:
        sentence = super().__new__(cls, template.format(**values))
        sentence.template, sentence.values = template, values
        return sentence

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Mapping[str, Any]]]:
        return Sentence, (self.template, self.values)


def say(template: str, /, **values: object) -> Sentence:
    """A sentence. Numbers are kept as they are, an error for what it says, everything else for its text."""
    return Sentence(template, {name: _kept(value) for name, value in values.items()})


def _kept(value: object) -> object:
    if isinstance(value, Exception) and value.args and isinstance(value.args[0], Sentence):
        return value.args[0]
    return value if isinstance(value, Sentence | int | float) else str(value)


def in_a_row(sentences: Iterable[str]) -> str:
    """One after the other, with what a language puts between; empty if there is none."""
    return reduce(lambda first, then: say("{first} {then}", first=first, then=then) if first else then, sentences, "")


def clauses(first: str, then: str) -> Sentence:
    """A clause that says something more about what the first one says."""
    return say("{first}; {then}", first=first, then=then)


def os_reason(error: OSError) -> str:
    """Why the system refuses, without a full stop. What is common can be translated."""
    return _OS_REASONS.get(error.errno or 0) or error.strerror or str(error)


_OS_REASONS = {
    errno.EACCES: say("Permission denied"),
    errno.EBUSY: say("Device or resource busy"),
    errno.EFBIG: say("File too large"),
    errno.EIO: say("Input/output error"),
    errno.EISDIR: say("Is a directory"),
    errno.EMFILE: say("Too many open files"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.ENOENT: say("No such file or directory"),
    errno.ENOMEM: say("Cannot allocate memory"),
    errno.ENOSPC: say("No space left on device"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EPERM: say("Operation not permitted"),
    errno.EROFS: say("Read-only file system"),
}

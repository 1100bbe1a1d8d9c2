"""A sentence for people: English here, and a template with values for whoever puts it elsewhere."""

from __future__ import annotations

from typing import Any, Self


class Message(str):
    """A sentence in English that still knows what it was made of.

    To whatever takes text (JSON, logs, tests) it is the English; a writer for people looks the
    template up in the reader's language and fills the values in anew.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """A template with `{name}` for each value, as `str.format` has it.

        Without any values it is taken as it is, braces and all. A value may be a sentence itself.
        """
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


class Series(tuple[object, ...]):
    """Things told one after the other: `a, b, c`."""

    __slots__ = ()
    BETWEEN = ", "

    def __str__(self) -> str:
        return self.BETWEEN.join(map(str, self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Parts(Series):
    """The parts of one sentence: `a; b; c`."""

    __slots__ = ()
    BETWEEN = "; "


class Choice(Series):
    """One of several: `a or b`."""

    __slots__ = ()
    BETWEEN = " or "


class Alternatives(Series):
    """One of several, as pydantic tells them: `a, b or c`."""

    __slots__ = ()

    def __str__(self) -> str:
        *others, last = map(str, self)
        return f"{', '.join(others)} or {last}" if others else last


class Slashed(Series):
    """Several that one thing holds for: `a/b/c`."""

    __slots__ = ()
    BETWEEN = "/"


def message_of(error: BaseException) -> str:
    """What an error says, as a sentence where it is one."""
    found = error.args[0] if error.args else None
    return found if isinstance(found, Message) else str(error)

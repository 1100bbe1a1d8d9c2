"""Translatable messages: English text that keeps its template and values."""

from __future__ import annotations

from typing import Any, Self


class _Count(int):
    """A number that chooses between two words: `{n:entry|entries}`."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == 1 else many


class Message(str):
    """An English sentence that keeps its template and values.

    JSON, logs and tests read it as English text. Output for people looks up the template in the
    reader's language and fills in the values again.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill a template with values, as `str.format` does.

        Without values the template is taken literally, braces included. A value may be a
        message itself. A whole number may choose between two words, as `{n:entry|entries}`.
        """
        filled = values
        if "|" in template:
            filled = {k: _Count(v) if type(v) is int else v for k, v in values.items()}
        made = super().__new__(cls, template.format(**filled) if values else template)
        made.template, made.values = template, values
        return made


class Bilingual(str):
    """English text with its Chinese beside it, for words that a measure brings along."""

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, en: str, zh: str, /) -> Self:
        """Return the English text; output in Chinese shows `zh`."""
        made = super().__new__(cls, en)
        made.zh = zh
        return made


class Series(tuple[object, ...]):
    """A list of values in a message: `a, b, c`."""

    __slots__ = ()
    BETWEEN = ", "

    def __str__(self) -> str:
        return self.BETWEEN.join(map(str, self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Parts(Series):
    """Parts of a sentence: `a; b; c`."""

    __slots__ = ()
    BETWEEN = "; "


class Choice(Series):
    """Alternatives, of which one applies: `a or b`."""

    __slots__ = ()
    BETWEEN = " or "


class Alternatives(Series):
    """Permitted values: `a, b or c`."""

    __slots__ = ()

    def __str__(self) -> str:
        *others, last = map(str, self)
        return f"{', '.join(others)} or {last}" if others else last


class Slashed(Series):
    """Values to which the same applies: `a/b/c`."""

    __slots__ = ()
    BETWEEN = "/"


def message_of(error: BaseException) -> str:
    """Return the text of an error, as a `Message` if it was made of one."""
    found = error.args[0] if error.args else None
    return found if isinstance(found, Message) else str(error)
